"""The canonical indicators that the journal feeds until the modules whose work they are take them over."""

from __future__ import annotations

from gemba.plan.metrics import FirstDate, Level, Metric, Ratio, ShareOfOrganisations, register
from gemba.plan.queries import journal, reports

_METRICS: dict[str, tuple[str, str, str, str]] = {
    "people_trained": (
        "Обучено сотрудников",
        "разные люди с документом об обучении за год; фабрика процессов — если выдан документ",
        "чел.", "дата документа или окончания обучения",
    ),
    "people_trained_or_factory": (
        "Обучено, включая фабрику без документа",
        "разные люди, которые прошли обучение или фабрику процессов, за год",
        "чел.", "дата окончания",
    ),
    "people_trained_factory": (
        "Прошли фабрику процессов", "разные люди, которые прошли фабрику процессов за год", "чел.", "дата проведения",
    ),
    "events_attended": (
        "Участие в мероприятиях", "участники круглых столов, конференций, семинаров: люди на мероприятиях", "участий",
        "дата мероприятия",
    ),
    "round_tables_held": ("Проведено круглых столов, семинаров", "число проведённых", "шт.", "дата проведения"),
    "consultations_given": ("Дано консультаций", "число консультаций", "шт.", "дата консультации"),
    "popularisation_events": ("Популяризация", "публикации, стенды, выступления", "шт.", "дата"),
    "contests_held": ("Проведено конкурсов", "конкурсы с итоговым протоколом", "шт.", "дата итогового протокола"),
    "contest_entries": ("Заявки на конкурсы", "заявки на конкурсы с итоговым протоколом", "шт.", "дата протокола"),
    "samples_confirmed": (
        "Подтверждено образцов", "образцы с положительным заключением партнёрской проверки; повторные не считаются",
        "шт.", "дата положительного заключения",
    ),
    "satisfaction_measurements": (
        "Измерения удовлетворённости", "завершённые опросы, в которых достаточно ответов", "шт.",
        "дата окончания опроса",
    ),
    "analytical_reports": (
        "Аналитическая информация", "кварталы года, за которые информация представлена; две за квартал — одна",
        "кварталов", "квартал, за который представлена",
    ),
    "culture_selfdiagnosis_done": (
        "Самодиагностика культуры", "организации, у которых за год есть хотя бы одна запись", "организаций",
        "дата проведения",
    ),
    "projects_closed": (
        "Закрыто проектов", "закрытые проекты; совместный — один в округе и один у каждого участника", "шт.",
        "дата закрытия",
    ),
    "projects_closed_quality": (
        "Закрыто проектов с показателем качества", "закрытые проекты с достигнутым показателем качества услуги", "шт.",
        "дата закрытия",
    ),
    "projects_replicated": (
        "Закрытые проекты, которые тиражированы",
        "проекты, закрытые в году, у которых к этому дню есть тиражирование «внедрено»", "шт.", "дата закрытия",
    ),
    "replications_count": (
        "Тиражирований", "записи «внедрено»: один проект в трёх местах — три", "шт.", "дата, когда внедрено",
    ),
}  # fmt: skip

_DATES = {
    "project_proposals_submitted_on_time": (
        "Предложения в план проектов направлены", "первый день, когда направлены предложения или «предложений нет»",
    ),
    "significance_assessed_on_time": (
        "Значимость проектов оценена", "первый день оценки или записи «оценивать нечего»",
    ),
    "project_plan_prepared_on": ("Проект плана на следующий год подготовлен", "день, когда проект плана подготовлен"),
    "defence_plan_approved_on": ("План защиты утверждён", "день утверждения плана защиты на год"),
}  # fmt: skip


def register_all() -> None:
    """Enter the indicators of the journal and of the quarterly reports into the registry."""
    register(
        Metric(
            "quarterly_reports_on_time", "Отчёты в срок",
            "кварталы года, за которые отчёт отправлен не позже срока; по округу — сводный отчёт закрыт не позже срока",
            "кварталов", "последний день квартала", reports.count_in_time, reports.records_in_time,
            reports.total_in_time,
        )
    )  # fmt: skip
    for code, (title, formula, unit, event) in _METRICS.items():
        register(
            Metric(
                code, title, formula, unit, event,
                journal.counter_of(code), journal.records_for(code), journal.totaller_of(code), journal.together,
                is_provisional=True,
            )
        )  # fmt: skip
    for code, (title, formula) in _DATES.items():
        register(
            FirstDate(
                code, title, formula, journal.first_dates, journal.records_for(code), is_provisional=True
            )
        )
    register(
        Level(
            "internal_trainers", "Внутренние тренеры",
            "наименьшее за год число людей с выделенным временем на последний день каждого квартала",
            "чел.", journal.trainers, journal.records_for("internal_trainers"), is_provisional=True,
        )
    )  # fmt: skip
    register(
        ShareOfOrganisations(
            "orgs_with_projects_share", "Доля организаций с закрытыми проектами",
            "организации, участвовавшие хотя бы в одном закрытом проекте года / все организации на день отчёта × 100",
            "projects_closed", is_provisional=True,
        )
    )  # fmt: skip
    register(
        ShareOfOrganisations(
            "institutions_with_proposals_share", "Доля учреждений с исполненными предложениями",
            "учреждения с исполненным предложением года / все учреждения на день отчёта × 100",
            "proposals_implemented", is_provisional=True,
        )
    )  # fmt: skip
    register(
        Ratio(
            "replicated_projects_share", "Доля тиражируемых проектов",
            "закрытые в году проекты, тиражированные к этому дню / все закрытые в году × 100",
            "projects_replicated", "projects_closed", is_provisional=True,
        )
    )  # fmt: skip
