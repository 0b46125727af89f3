"""Official papers of a project: passport, roadmap, protocol of a defence, act of closing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from gemba.documents.kinds import DocumentKind, Field, register
from gemba.documents.paper import Column, Paper, signed_name
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.models import MeasureState, Project
from gemba.projects.queries.card import approved_of, goal_views, measures_of, pending_of
from gemba.projects.queries.settings import acts_on
from gemba.projects.rules.passport import Passport
from gemba.projects.rules.states import Party

ISSUERS = access.EDITORS | {Party.CUSTOMER}
SMALL = 10.0


def register_all() -> None:
    """Enter the kinds of papers."""
    for code, title, fields, template, context, hindrances in (
        (
            "projects.passport",
            "Паспорт проекта",
            PASSPORT,
            passport_template,
            passport_context,
            passport_hindrances,
        ),
        ("projects.roadmap", "Дорожная карта проекта", ROADMAP, roadmap_template, roadmap_context, None),
        (
            "projects.defence",
            "Протокол защиты проекта",
            DEFENCE,
            defence_template,
            defence_context,
            defence_hindrances,
        ),
        (
            "projects.closing",
            "Акт закрытия проекта",
            CLOSING,
            closing_template,
            closing_context,
            closing_hindrances,
        ),
    ):
        register(
            DocumentKind(
                code=code,
                title=title,
                fields=fields,
                default_template=template,
                context=context,
                subject_model="projects.Project",
                act="projects.work",
                title_of=_named(title),
                may_issue=_may_issue,
                hindrances=hindrances,
            )
        )


def written_by(build: Callable[[Paper], None], **look: Any) -> Callable[[], bytes]:
    """Make a standard template out of a function that writes on a paper."""

    def template() -> bytes:
        paper = Paper(**look)
        build(paper)
        return paper.save()

    return template


def _named(title: str) -> Any:
    return lambda project: f"{title} «{project.title}»"


def _may_issue(actor: Actor, project: Project) -> bool:
    return bool(access.parties(actor, project) & ISSUERS)


_COMMON = [
    Field("проект", "Название проекта", "Быстрая выдача справок"),
    Field("организация", "Полное название организации", "Средняя школа № 1"),
    Field("заказчик", "Заказчик", "Громов Виктор Андреевич"),
    Field("заказчик_должность", "Должность заказчика", "Заместитель главы округа"),
    Field("руководитель", "Руководитель проекта", "Лапин Артём Сергеевич"),
    Field("подпись_заказчика", "Имя заказчика под документом", "В.А. Громов"),
    Field("подпись_руководителя", "Имя руководителя проекта под документом", "А.С. Лапин"),
]
PASSPORT = [
    *_COMMON,
    Field("название_формы", "Название формы", "Паспорт бережливого проекта"),
    Field("утверждён", "День согласования или место для даты", "21.11.2026"),
    Field("процесс", "Процесс", "Выдача справок"),
    Field("начало", "Событие, с которого процесс начинается", "родитель подал заявление"),
    Field("окончание", "Событие, которым процесс заканчивается", "справка выдана"),
    Field("команда", "Команда одной строкой", "Ёлкина О. П., Берёзкин П. О."),
    Field("обоснования", "Обоснования", [{"номер": 1, "текст": "За год 1200 справок, ждут по 40 минут."}]),
    Field("цели", "Цели", [{"название": "Время выдачи, мин", "сейчас": "40", "нужно": "15"}]),
    Field("эффекты", "Эффекты", "Родители не ждут"),
    Field(
        "этапы", "Этапы и сроки", [{"номер": 1, "название": "Согласование паспорта", "срок": "24.11.2026"}]
    ),
]
ROADMAP = [
    *_COMMON,
    Field(
        "строки",
        "Строки плана",
        [
            {
                "номер": 1,
                "проблема": "Очередь",
                "причина": "Один работник",
                "мероприятие": "Второй стол",
                "ответственный": "Ёлкина О. П.",
                "начало": "01.12.2026",
                "срок": "15.12.2026",
                "результат": "Нет очереди",
                "ресурсы": "Стол",
                "состояние": "Запланировано",
            }
        ],
    ),
]
DEFENCE = [
    *_COMMON,
    Field("перед_кем", "Перед кем защита", "План мероприятий перед заказчиком"),
    Field("проведена", "День защиты", "19.11.2026"),
    Field("место", "Где", "Кабинет 12"),
    Field("решение", "Решение", "Одобрено с замечаниями"),
    Field("кто_решил", "Кто принял решение", "Громов Виктор Андреевич, заместитель главы"),
    Field("обсуждение", "Обсуждение", "План рассмотрен."),
    Field(
        "замечания",
        "Замечания",
        [{"номер": 1, "текст": "Уточнить срок", "кто": "Лапин А. С.", "срок": "25.11.2026"}],
    ),
]
CLOSING = [
    *_COMMON,
    Field("закрыт", "День закрытия", "19.02.2027"),
    Field("итог", "Итог", "Цели достигнуты"),
    Field("выводы", "Решение и выводы", "Повторить в других школах."),
    Field(
        "цели",
        "Было, план, стало",
        [{"название": "Время выдачи, мин", "было": "40", "план": "15", "стало": "14"}],
    ),
    Field("часов", "Часов в год", "104"),
    Field("рублей", "Рублей в год", "36 400"),
]


def _people(project: Project, passport: Passport) -> dict[str, Any]:
    return {
        "проект": passport.title or project.title,
        "организация": project.organisation.name,
        "заказчик": passport.customer_name,
        "заказчик_должность": passport.customer_position or "заказчик проекта",
        "руководитель": passport.leader_name,
        "подпись_заказчика": signed_name(passport.customer_name) if passport.customer_name else "",
        "подпись_руководителя": signed_name(passport.leader_name) if passport.leader_name else "",
    }


def _in_force(project: Project) -> Passport:
    edition = approved_of(project) or pending_of(project)
    return edition.passport if edition else project.passport


def passport_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what the passport in force says; before the first approval, what is being written."""
    passport, edition = _in_force(project), approved_of(project)
    acts = acts_on(municipality_id=project.municipality_id, day=actor.today)
    days = passport.days()
    stages = []
    for kind in acts.stages:
        one = days.get(kind.number)
        term = "" if one is None else format_date(one.end)
        if one is not None and kind.is_period:
            term = f"с {format_date(one.start)} по {format_date(one.end)}"
        stages.append({"номер": kind.number, "название": kind.title, "срок": term})
    return {
        **_people(project, passport),
        "название_формы": acts.passport_title,
        "утверждён": format_date(edition.decided_at.date())
        if edition and edition.decided_at
        else "«___» __________ 20__ г.",
        "процесс": passport.process,
        "начало": passport.start_event,
        "окончание": passport.end_event,
        "команда": ", ".join(one.name for one in passport.team),
        "обоснования": [
            {"номер": n, "текст": text} for n, text in enumerate(passport.justifications, start=1)
        ],
        "цели": [
            {
                "название": f"{goal.title}, {goal.unit}",
                "сейчас": format_number(goal.values[0]),
                "нужно": format_number(goal.values[1]),
            }
            for goal in passport.goals
        ],
        "эффекты": passport.effects,
        "этапы": stages,
    }


def passport_hindrances(project: Project) -> Sequence[Problem]:
    """Name why a passport may not go out."""
    if not project.edition_number:
        return [Problem("Паспорт ещё не согласован заказчиком.", mend="Отправьте его на согласование.")]
    return []


def _passport(paper: Paper) -> None:
    paper.text("{{ организация }}", size=SMALL, align="center")
    paper.approval(post="{{ заказчик_должность }}", name="{{ подпись_заказчика }}", day="{{ утверждён }}")
    paper.text("{{ название_формы }}", align="center", bold=True, size=13)
    paper.text("«{{ проект }}»", align="center", bold=True, after=4)
    width = paper.width_mm
    table = paper.grid([width / 2, width / 2], count=1)
    first = paper.inside(table.rows[0].cells[0], size=SMALL)
    first.text("1. Общие данные", bold=True)
    for word, name in (
        ("Заказчик", "заказчик"),
        ("Процесс", "процесс"),
        ("Границы процесса", "начало }} — {{ окончание"),
        ("Руководитель проекта", "руководитель"),
        ("Команда", "команда"),
    ):
        first.text(f"{word}: {{{{ {name} }}}}")
    second = paper.inside(table.rows[0].cells[1], size=SMALL)
    second.text("2. Обоснование", bold=True)
    second.condition("for строка in обоснования")
    second.text("{{ строка.номер }}. {{ строка.текст }}")
    second.condition("endfor")
    paper.text("3. Цели и эффекты", bold=True, size=SMALL)
    paper.table(
        [
            Column("Наименование цели, единица измерения", width * 0.6),
            Column("Текущий показатель", width * 0.2, "center"),
            Column("Целевой показатель", width * 0.2, "center"),
        ],
        each="строка in цели",
        row=["{{ строка.название }}", "{{ строка.сейчас }}", "{{ строка.нужно }}"],
        size=SMALL,
    )
    paper.text("Эффекты: {{ эффекты }}", size=SMALL)
    paper.text("4. Сроки", bold=True, size=SMALL)
    paper.table(
        [
            Column("№", width * 0.05, "center"),
            Column("Этап", width * 0.6),
            Column("Срок", width * 0.35, "center"),
        ],
        each="этап in этапы",
        row=["{{ этап.номер }}", "{{ этап.название }}", "{{ этап.срок }}"],
        size=SMALL,
    )


passport_template = written_by(
    _passport, landscape=True, size=12, margins_mm=(15, 10, 10, 10), has_page_numbers=False
)


def roadmap_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the lines of the plan."""
    return {
        **_people(project, _in_force(project)),
        "строки": [
            {
                "номер": row.number,
                "проблема": row.problem,
                "причина": row.root_cause,
                "мероприятие": row.title,
                "ответственный": row.responsible.short_name if row.responsible else "",
                "начало": format_date(row.starts_on),
                "срок": format_date(row.due_on),
                "результат": row.expected,
                "ресурсы": row.resources,
                "состояние": row.get_state_display(),
            }
            for row in measures_of(project=project)
            if row.state != MeasureState.CANCELLED
        ],
    }


def _roadmap(paper: Paper) -> None:
    paper.text("Дорожная карта проекта «{{ проект }}»", align="center", bold=True)
    paper.text("{{ организация }}", align="center", after=8)
    widths = (9, 36, 36, 48, 30, 20, 20, 36, 24)
    titles = (
        "№",
        "Проблема",
        "Первопричина",
        "Мероприятие",
        "Ответственный",
        "Начало",
        "Срок",
        "Результат",
        "Ресурсы",
    )
    names = (
        "номер",
        "проблема",
        "причина",
        "мероприятие",
        "ответственный",
        "начало",
        "срок",
        "результат",
        "ресурсы",
    )
    scale = paper.width_mm / sum(widths)
    paper.table(
        [Column(title, width * scale) for title, width in zip(titles, widths, strict=True)],
        each="строка in строки",
        row=[f"{{{{ строка.{name} }}}}" for name in names],
        size=9,
    )
    paper.signature("Руководитель проекта", "{{ подпись_руководителя }}")


roadmap_template = written_by(_roadmap, landscape=True, size=12, margins_mm=(20, 10, 15, 15))


def defence_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the last defence."""
    row = project.defences.order_by("-held_on", "-pk").first()
    remarks = list(row.remarks.select_related("responsible").order_by("pk")) if row else []
    return {
        **_people(project, _in_force(project)),
        "перед_кем": row.get_kind_display() if row else "",
        "проведена": format_date(row.held_on) if row else "",
        "место": row.place if row else "",
        "решение": row.get_decision_display() if row else "",
        "кто_решил": row.decided_by if row else "",
        "обсуждение": row.text if row else "",
        "замечания": [
            {
                "номер": n,
                "текст": one.text,
                "кто": str(one.responsible or ""),
                "срок": format_date(one.due_on),
            }
            for n, one in enumerate(remarks, start=1)
        ],
    }


def defence_hindrances(project: Project) -> Sequence[Problem]:
    """Name why there is nothing to protocol."""
    if not project.defences.exists():
        return [Problem("Защиты ещё не было.", mend="Внесите решение защиты.")]
    return []


def _defence(paper: Paper) -> None:
    paper.letterhead("{{ организация }}")
    paper.text("ПРОТОКОЛ", align="center", bold=True)
    paper.text("защиты проекта «{{ проект }}»", align="center", bold=True, after=8)
    paper.dated()
    paper.body("Вид защиты: {{ перед_кем }}. Дата: {{ проведена }}. Место: {{ место }}.")
    paper.body("Руководитель проекта: {{ руководитель }}.")
    paper.body("Рассмотрели: {{ обсуждение }}")
    paper.body("Решили: {{ решение }}. Решение принял: {{ кто_решил }}.", after=6)
    paper.condition("if замечания")
    width = paper.width_mm
    paper.table(
        [
            Column("№", width * 0.08),
            Column("Замечание", width * 0.5),
            Column("Ответственный", width * 0.25),
            Column("Срок", width * 0.17),
        ],
        each="строка in замечания",
        row=["{{ строка.номер }}", "{{ строка.текст }}", "{{ строка.кто }}", "{{ строка.срок }}"],
    )
    paper.condition("endif")
    paper.signature("{{ заказчик_должность }}", "{{ подпись_заказчика }}")


defence_template = written_by(_defence)


def closing_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the decision and the results: was, plan, became."""
    return {
        **_people(project, _in_force(project)),
        "закрыт": format_date(project.closed_on),
        "итог": project.get_outcome_display(),
        "выводы": project.closing_text,
        "цели": [
            {
                "название": f"{one.goal.title}, {one.goal.unit}",
                "было": format_number(one.goal.baseline),
                "план": format_number(one.goal.target),
                "стало": format_number(one.goal.final),
            }
            for one in goal_views(project=project)
        ],
        "часов": format_number(project.hours_a_year, 0),
        "рублей": format_number(project.money_a_year, 0),
    }


def closing_hindrances(project: Project) -> Sequence[Problem]:
    """Name why there is nothing to close by."""
    if project.closed_on is None:
        return [Problem("Проект ещё не закрыт.", mend="Закрытие принимает заказчик.")]
    return []


def _closing(paper: Paper) -> None:
    paper.letterhead("{{ организация }}")
    paper.text("АКТ", align="center", bold=True)
    paper.text("закрытия проекта «{{ проект }}»", align="center", bold=True, after=8)
    paper.dated()
    paper.body("Проект закрыт {{ закрыт }}. Итог: {{ итог }}.")
    paper.body("{{ выводы }}", after=6)
    width = paper.width_mm
    paper.table(
        [
            Column("Цель", width * 0.49),
            *(Column(word, width * 0.17, "center") for word in ("Было", "План", "Стало")),
        ],
        each="строка in цели",
        row=["{{ строка.название }}", "{{ строка.было }}", "{{ строка.план }}", "{{ строка.стало }}"],
    )
    paper.body("Эффект в год: {{ часов }} часов, {{ рублей }} рублей.")
    paper.signature("Руководитель проекта", "{{ подпись_руководителя }}")
    paper.signature("{{ заказчик_должность }}", "{{ подпись_заказчика }}", before=14)


closing_template = written_by(_closing)
