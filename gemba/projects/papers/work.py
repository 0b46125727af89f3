"""Papers of the work: the roadmap, the protocol of a defence, the act of closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gemba.documents.kinds import Field
from gemba.documents.paper import Column, Paper, on_fields
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.projects.models import (
    Decision,
    Defence,
    DefenceKind,
    Effect,
    EffectKind,
    Measure,
    MeasureKind,
    MeasureState,
    Project,
)
from gemba.projects.papers import story
from gemba.projects.papers.fields import COMMON, in_force, people
from gemba.projects.queries.card import approved_of, goal_views, measures_of

# A day to be written by hand.
NO_DAY = "«___» ____________ 20___ г."

ROADMAP = [
    *COMMON,
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
                "отметка": "Выполнено 15.12.2026. Накладная № 12",
            }
        ],
    ),
    Field("утверждена", "День, когда заказчик одобрил план", "19.11.2026"),
    Field("защита", "Решение защиты", "Одобрено с замечаниями 19.11.2026"),
    Field("составлена", "День, на который составлен документ", "21.11.2026"),
]
DEFENCE = [
    *COMMON,
    Field("перед_кем", "Перед кем защита", "План мероприятий перед заказчиком"),
    Field("проведена", "День защиты", "19.11.2026"),
    Field("место", "Где", "Кабинет 12"),
    Field("решение", "Решение", "Одобрено с замечаниями"),
    Field("кто_решил", "Кто принял решение", "Громов Виктор Андреевич, заместитель главы"),
    Field("обсуждение", "Обсуждение", "План рассмотрен."),
    Field("присутствовали", "Кто присутствовал", "Громов В. А., Лапин А. С., Ёлкина О. П."),
    Field("о_чём", "О чём слушали", "о плане мероприятий проекта (мероприятий: 4)"),
    Field("подписывает", "Кем подписан протокол", "Заместитель главы округа"),
    Field("подпись_решившего", "Имя решившего под документом", "В.А. Громов"),
    Field(
        "замечания",
        "Замечания",
        [{"номер": 1, "текст": "Уточнить срок", "кто": "Лапин А. С.", "срок": "25.11.2026"}],
    ),
]
CLOSING = [
    *COMMON,
    Field("закрыт", "День закрытия", "19.02.2027"),
    Field("итог", "Итог", "Цели достигнуты"),
    Field("выводы", "Решение и выводы", "Повторить в других школах."),
    Field(
        "цели",
        "Было, план, стало",
        [{"название": "Время выдачи, мин", "было": "40", "план": "15", "стало": "14", "итог": "достигнута"}],
    ),
    Field("паспорт", "По какой редакции паспорта", "редакция 2 от 27.11.2026"),
    Field("мероприятий", "Сколько мероприятий выполнено", "4 из 4"),
    Field("отклонения", "Почему цель не достигнута", ["Время выдачи: ждём новую программу"]),
    Field(
        "эффекты",
        "Эффект по видам",
        [
            {
                "вид": "Время",
                "сколько": "104 ч, 36 400 руб.",
                "как": "6 мин × 10 в неделю × 2 чел.",
                "проверка": "подтверждён",
            }
        ],
    ),
    story.POINTS,
    Field("владелец", "Кто проверяет стабильность", "Громов Виктор Андреевич"),
    Field("часов", "Часов в год", "104"),
    Field("рублей", "Рублей в год", "36 400"),
]


def roadmap_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the lines of the plan, and whether the customer has approved it."""
    defence = project.defences.filter(kind=DefenceKind.CUSTOMER_PLAN).order_by("-held_on", "-pk").first()
    is_approved = defence is not None and defence.decision in (Decision.APPROVED, Decision.REMARKS)
    return {
        **people(project, in_force(project)),
        "утверждена": format_date(defence.held_on) if defence and is_approved else NO_DAY,
        "защита": f"{defence.get_decision_display()} {format_date(defence.held_on)}" if defence else "",
        "составлена": format_date(actor.today),
        "строки": [
            {
                "номер": row.number,
                "проблема": row.problem,
                "причина": row.root_cause,
                "мероприятие": f"Веха: {row.title}" if row.kind == MeasureKind.MILESTONE else row.title,
                "ответственный": row.responsible.short_name if row.responsible else "",
                "начало": format_date(row.starts_on),
                "срок": format_date(row.due_on),
                "результат": row.expected,
                "ресурсы": row.resources,
                "состояние": row.get_state_display(),
                "отметка": _mark(row),
            }
            for row in measures_of(project=project)
            if row.state != MeasureState.CANCELLED
        ],
    }


def _mark(row: Measure) -> str:
    """Say how far a line has come, and what shows it."""
    if row.state != MeasureState.DONE or not row.done_on:
        return "" if row.state == MeasureState.PLANNED else row.get_state_display()
    return f"Выполнено {format_date(row.done_on)}" + (f". {row.evidence}" if row.evidence else "")


def _roadmap(paper: Paper) -> None:
    paper.approval(post="{{ заказчик_должность }}", name="{{ подпись_заказчика }}", day="{{ утверждена }}")
    paper.text("Дорожная карта (план мероприятий) проекта", align="center", bold=True)
    paper.text("«{{ проект }}»", align="center", bold=True)
    paper.text("{{ организация }}", align="center", after=8)
    widths = (9, 34, 34, 44, 28, 20, 20, 32, 24, 34)
    titles = (
        "№",
        "Проблема",
        "Первопричина",
        "Мероприятие",
        "Ответственный",
        "Начало",
        "Срок",
        "Ожидаемый результат",
        "Ресурсы",
        "Отметка о выполнении",
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
        "отметка",
    )
    scale = paper.width_mm / sum(widths)
    paper.table(
        [Column(title, width * scale) for title, width in zip(titles, widths, strict=True)],
        each="строка in строки",
        row=[f"{{{{ строка.{name} }}}}" for name in names],
        size=9,
    )
    paper.text(
        "{% if защита %}Защита плана перед заказчиком: {{ защита }}. {% endif %}Составлено на {{ составлена }}.",
        size=10,
        before=6,
    )
    paper.signature("Руководитель проекта", "{{ подпись_руководителя }}", before=16)


roadmap_template = on_fields(_roadmap, landscape=True, size=12, margins_mm=(20, 10, 15, 15))


def defence_context(defence: Defence, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return one defence: before whom, who was there, what was decided, the remarks."""
    project = defence.project
    said = people(project, in_force(project))
    is_customers = defence.kind == DefenceKind.CUSTOMER_PLAN
    return {
        **said,
        "присутствовали": defence.attended,
        "о_чём": _about(project, is_plan=is_customers),
        "подписывает": said["заказчик_должность"] if is_customers else "Председательствующий",
        "подпись_решившего": said["подпись_заказчика"] if is_customers else defence.decided_by,
        "перед_кем": defence.get_kind_display(),
        "проведена": format_date(defence.held_on),
        "место": defence.place,
        "решение": defence.get_decision_display(),
        "кто_решил": defence.decided_by,
        "обсуждение": defence.text,
        "замечания": [
            {
                "номер": n,
                "текст": one.text,
                "кто": str(one.responsible or ""),
                "срок": format_date(one.due_on),
            }
            for n, one in enumerate(defence.remarks.select_related("responsible").order_by("pk"), start=1)
        ],
    }


def _about(project: Project, *, is_plan: bool) -> str:
    if not is_plan:
        return "о проекте и его результатах"
    count = project.measures.exclude(state=MeasureState.CANCELLED).exclude(kind=MeasureKind.MILESTONE).count()
    return f"о плане мероприятий проекта (мероприятий: {count})"


def _defence(paper: Paper) -> None:
    paper.letterhead("{{ организация }}")
    paper.text("ПРОТОКОЛ", align="center", bold=True)
    paper.text("защиты проекта «{{ проект }}»", align="center", bold=True, after=8)
    paper.dated()
    paper.body(
        "Защита проведена {{ проведена }}{% if место %}, {{ место }}{% endif %}. Вид защиты: {{ перед_кем }}."
    )
    paper.condition("if присутствовали")
    paper.body("**Присутствовали:** {{ присутствовали }}")
    paper.condition("endif")
    paper.body("**Слушали:** руководителя проекта ({{ руководитель }}) {{ о_чём }}.")
    paper.condition("if обсуждение")
    paper.body("**Обсудили:** {{ обсуждение }}")
    paper.condition("endif")
    paper.body("**Решили:** {{ решение }}. Решение принял: {{ кто_решил }}.", after=6)
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
    paper.signature("{{ подписывает }}", "{{ подпись_решившего }}")
    paper.signature("Руководитель проекта", "{{ подпись_руководителя }}", before=14)


defence_template = on_fields(_defence)


def closing_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the decision and the results: was, plan, became, the effect, what is to be checked later."""
    views = goal_views(project=project)
    measures = [row for row in measures_of(project=project) if row.state != MeasureState.CANCELLED]
    edition = approved_of(project)
    approved = f" от {format_date(edition.decided_at.date())}" if edition and edition.decided_at else ""
    return {
        **people(project, in_force(project)),
        "паспорт": f"редакция {edition.number}{approved}" if edition else "",
        "мероприятий": f"{sum(row.state == MeasureState.DONE for row in measures)} из {len(measures)}",
        "отклонения": [
            f"{one.goal.title}: {one.goal.deviation_reason}" for one in views if one.goal.deviation_reason
        ],
        "эффекты": [_effect(row) for row in project.effects.order_by("pk") if not row.counted_in],
        "стабильность": story.points(project),
        "владелец": str(project.process_owner or project.customer or ""),
        "закрыт": format_date(project.closed_on),
        "итог": project.get_outcome_display(),
        "выводы": project.closing_text,
        "цели": [
            {
                "название": f"{one.goal.title}, {one.goal.unit}",
                "было": format_number(one.goal.baseline),
                "план": format_number(one.goal.target),
                "стало": format_number(one.goal.final),
                "итог": ""
                if one.is_reached is None
                else "достигнута"
                if one.is_reached
                else f"{one.percent} %",
            }
            for one in views
        ],
        "часов": format_number(project.hours_a_year, 0),
        "рублей": format_number(project.money_a_year, 0),
    }


def _effect(row: Effect) -> dict[str, str]:
    """Write one effect as the act does: what, how much, how it was counted, who has checked."""
    if row.kind == EffectKind.SATISFACTION:
        much = f"{format_number(row.before)} → {format_number(row.after)} %"
    else:
        hours = f"{format_number(row.hours_a_year, 0)} ч, " if row.hours_a_year else ""
        much = f"{hours}{format_number(row.money_a_year, 0)} руб."
    how = row.text
    if row.minutes is not None:
        how = (
            f"{format_number(row.minutes)} мин × {format_number(row.times)} {row.get_frequency_display()} × "
            f"{row.people} чел., {row.method}"
        )
    checked = f"подтвердил {row.verified_by}, {format_date(row.verified_on)}"
    return {
        "вид": row.get_kind_display(),
        "сколько": much,
        "как": how,
        "проверка": checked if row.is_verified else "не проверен",
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
    paper.body(
        "Проект открыт по паспорту ({{ паспорт }}) и закрыт {{ закрыт }}. Решение заказчика: {{ итог }}. "
        "Выполнено мероприятий: {{ мероприятий }}.",
        after=6,
    )
    width = paper.width_mm
    paper.table(
        [
            Column("Цель", width * 0.4),
            *(Column(word, width * 0.14, "center") for word in ("Было", "План", "Стало")),
            Column("Итог", width * 0.18, "center"),
        ],
        each="строка in цели",
        row=[f"{{{{ строка.{name} }}}}" for name in ("название", "было", "план", "стало", "итог")],
        size=12,
    )
    paper.text("", size=6)
    paper.condition("for строка in отклонения")
    paper.body("Отклонение принято заказчиком. {{ строка }}")
    paper.condition("endfor")
    paper.body("Эффект в год: {{ часов }} часов, {{ рублей }} рублей.", after=4)
    paper.condition("if эффекты")
    paper.table(
        [
            Column("Эффект", width * 0.26),
            Column("Сколько в год", width * 0.22),
            Column("Как посчитан", width * 0.3),
            Column("Проверка", width * 0.22),
        ],
        each="строка in эффекты",
        row=[f"{{{{ строка.{name} }}}}" for name in ("вид", "сколько", "как", "проверка")],
        size=12,
    )
    paper.text("", size=6)
    paper.condition("endif")
    paper.condition("if выводы")
    paper.body("**Выводы:** {{ выводы }}")
    paper.condition("endif")
    paper.condition("if стабильность")
    paper.body(
        "Стабильность результата проверяет {{ владелец }}: {% for точка in стабильность %}{{ точка.точка }} — "
        "{{ точка.срок }}{% if not loop.last %}, {% endif %}{% endfor %}."
    )
    paper.condition("endif")
    paper.signature("Руководитель проекта", "{{ подпись_руководителя }}")
    paper.signature("{{ заказчик_должность }}", "{{ подпись_заказчика }}", before=14)


closing_template = on_fields(_closing)
