"""What this module enters into the frames of lower modules: menu, words of the record, usages of rules."""

from gemba.audit import words
from gemba.organisation.access import can, may
from gemba.organisation.roles import Role
from gemba.plan import papers
from gemba.plan.panels import measures_that_wait, panel, reports_that_wait
from gemba.regulations import usage
from gemba.workspace import menu, panels
from gemba.workspace.menu import MenuItem
from gemba.workspace.panels import Panel, Waiting


def register() -> None:
    """Enter everything."""
    menu.register(
        MenuItem(
            "plan", "План мероприятий", "target", "plan:current", "work", 10, can("plan.read"),
            ("plan:row", "plan:settings"),
        )
    )  # fmt: skip
    menu.register(
        MenuItem(
            "journal", "Журнал событий", "notebook", "plan:journal", "work", 40, can("plan.enter"),
            ("plan:entry", "plan:write", "plan:change", "plan:cancel"),
        )
    )  # fmt: skip
    menu.register(
        MenuItem(
            "head",
            "Как идут дела",
            "layout-dashboard",
            "plan:head",
            "work",
            5,
            can("plan.see_head"),
            ("plan:charts",),
        )
    )
    menu.register(
        MenuItem(
            "measures", "Поручения", "flag", "plan:measures", "work", 50, can("plan.read_measures"),
            ("plan:measure", "plan:give", "plan:move", "plan:report_measure", "plan:return_measure"),
        )
    )  # fmt: skip
    menu.register(
        MenuItem(
            "reports", "Отчёты", "clipboard-list", "plan:reports", "reports", 10,
            lambda actor: may(actor, "plan.report") or may(actor, "plan.read_reports"),
            ("plan:report", "plan:new_row", "plan:report_row", "plan:load", "plan:consolidated", "plan:locked",
             "plan:text",             "plan:return_report"),
        )
    )  # fmt: skip
    panels.register(
        Panel(
            "plan_state", "План", (Role.HEAD, Role.MONITOR, Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.CURATOR),
            20, "plan/panel.html", panel, icon="target",
        )
    )  # fmt: skip
    panels.register_waiting(Waiting("plan_measures", measures_that_wait))
    panels.register_waiting(Waiting("plan_reports", reports_that_wait))
    papers.register()
    usage.register("deadlines", "Сбор отчётов", "plan:reports")
    usage.register("plan", "План с фактами", "plan:current")
    words.name_acts(
        {
            "plan.enter_fact": "Внесено значение строки плана",
            "plan.allow": "Задана квота или освобождение по строке плана",
            "plan.withdraw_allowance": "Снята квота или освобождение",
            "plan.link_executor": "Исполнитель плана найден в реестре",
            "plan.read_row": "Изменено чтение строки плана",
            "plan.read_row_as_filed": "Возвращено чтение строки по положению",
            "plan.write_entry": "Запись в журнал событий",
            "plan.change_entry": "Исправлена запись журнала событий",
            "plan.cancel_entry": "Отменена запись журнала событий",
            "plan.begin_report": "Начат отчёт",
            "plan.load_report": "Отчёт загружен из файла",
            "plan.unload_report": "Отменена загрузка отчёта из файла",
            "plan.write_report_row": "Записана строка отчёта",
            "plan.remove_report_row": "Убрана строка отчёта",
            "plan.ask_report_approval": "Отчёт передан на согласование",
            "plan.give_report_back": "Руководитель вернул отчёт",
            "plan.send_report": "Отчёт согласован и отправлен",
            "plan.return_report": "Отчёт возвращён на доработку",
            "plan.accept_report": "Отчёт принят",
            "plan.remind": "Напоминание об отчётах",
            "plan.lock_quarter": "Квартал закрыт",
            "plan.write_text": "Написан текст аналитической информации",
            "plan.give_measure": "Дано поручение",
            "plan.move_measure": "Перенесён срок поручения",
            "plan.report_measure": "Сообщено об исполнении поручения",
            "plan.return_measure": "Поручение возвращено",
            "plan.close_measure": "Поручение снято с контроля",
        }
    )
    words.name_fields(
        {
            "fact_value": "значение", "fact_day": "когда сделано", "fact_evidence": "подтверждение",
            "fact_link": "ссылка",
            "row_quota": "квота", "row_counts": "что считается", "row_scope": "для кого цель",
            "row_executor": "исполнитель", "entry_day": "день", "entry_until": "до какого дня", "entry_title": "что",
            "entry_document": "документ", "entry_mark": "отметка", "entry_people": "кто", "entry_count": "сколько",
            "entry_partners": "участники", "measure_due": "срок", "measure_who": "кто отвечает",
            "measure_report": "что сделано", "report_receipt": "квитанция", "report_project": "проект",
            "report_reminded": "организаций", "report_told": "извещено человек", "report_rows": "строк плана",
            "report_missing": "отчётов не принято", "report_rows_loaded": "строк загружено",
            "report_corrections": "корректировок прошлого квартала",
        }
    )  # fmt: skip
