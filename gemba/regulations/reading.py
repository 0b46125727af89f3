"""The rules of a pack as a person reads them: title, words, facts, clause; one shape for every kind of rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gemba.kernel.numbers import counted, format_date, format_number
from gemba.regulations.pack import Pack
from gemba.regulations.pack.bodies import Body
from gemba.regulations.pack.plan import Deadline, OnEvent
from gemba.regulations.pack.procedures import bounds_text

NOT_DEFINED = "не определено положением"


@dataclass(frozen=True)
class Rule:
    """One rule ready to be shown."""

    kind: str
    code: str
    title: str
    text: str
    clauses: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    interpretations: tuple[str, ...] = ()
    group: str = ""
    level: int = 0


TITLES: dict[str, str] = {
    "acts": "Акты",
    "bodies": "Органы и роли",
    "executors": "Исполнители",
    "plan": "План мероприятий",
    "deadlines": "Сроки",
    "triggers": "Основания действовать",
    "projects": "Проекты",
    "procedures": "Порядок оценки",
    "tools": "Инструменты",
    "training": "Обучение",
    "diagnostics": "Диагностика культуры",
    "provisions": "Принципы, цели, задачи и прочее",
    "conventions": "Как читаются сроки",
}

ROLES = {
    "chair": "Председатель",
    "deputy": "Заместитель председателя",
    "secretary": "Секретарь",
    "member": "Член",
    "body": "Орган",
}
DUTIES = {"power": "полномочие", "right": "право", "duty": "обязанность"}
KINDS = {
    "omsu": "органы местного самоуправления",
    "structural_unit": "структурные подразделения",
    "institution": "учреждения",
    "organisation": "организации",
}
ACT_STATUS = {
    "in_force": "действует",
    "repealed": "утратил силу",
    "parent": "вышестоящий акт",
    "mentioned": "упомянут",
    "draft": "номер и дата не проставлены",
}
SCOPES = {
    "per_unit": "каждому исполнителю",
    "municipality": "муниципалитету в целом",
    "both": "видны оба прочтения: каждому и в целом",
}
LEVELS = {"legal": "законный срок", "reminder": "ранний срок, напоминает"}
TOPICS = {
    "programme": "Программа",
    "scope": "На кого распространяется",
    "aim": "Цели",
    "principle": "Принципы",
    "value": "Ценности",
    "task": "Задачи",
    "client": "Клиент",
    "relevance": "Актуальность",
    "introduction_stage": "Этапы внедрения",
    "yearly_measure": "Мероприятия в течение года",
    "final_measure": "Итоговые мероприятия",
    "popularisation": "Популяризация",
    "motivation": "Мотивация",
    "contest": "Конкурс",
    "replication": "Тиражирование",
    "reference_site": "Образцы",
    "satisfaction": "Удовлетворённость",
    "feedback": "Обратная связь",
    "support": "Сопровождение",
    "monitoring": "Мониторинг",
    "administration": "Администрирование",
    "publication": "Публикация",
    "methodical_base": "Методическая база",
    "assessment": "Оценка",
    "proposal": "Предложения по улучшению",
    "protection": "Защита данных",
    "other": "Прочее",
}


def rules_of(pack: Pack, kind: str) -> list[Rule]:
    """Return the rules of one kind in the order of the file.

    :raises KeyError: when there is no such kind.
    """
    return list(_READERS[kind](pack))


def all_rules(pack: Pack) -> Iterator[Rule]:
    """Yield every rule of the pack."""
    for kind in TITLES:
        yield from rules_of(pack, kind)


def rules_at(pack: Pack, ref: str) -> list[Rule]:
    """Return the rules that come from a clause."""
    return [rule for rule in all_rules(pack) if ref in rule.clauses]


def counts(pack: Pack) -> dict[str, int]:
    """Count the rules of each kind."""
    return {kind: sum(1 for _ in _READERS[kind](pack)) for kind in TITLES}


def _refs(value: Any) -> tuple[str, ...]:
    return tuple(value or ())


def _facts(*pairs: tuple[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in pairs if value not in (None, "", [], ()))


def _acts(pack: Pack) -> Iterator[Rule]:
    titles = {act.code: f"{act.kind} {_requisites(act)}".strip() for act in pack.acts}
    documents = {document.code: document.title for document in pack.documents}
    for act in pack.acts:
        entry = act.entry_into_force
        clauses = [
            *(_refs(act.parent.clause) if act.parent else ()),
            *(ref for amendment in act.amends for ref in amendment.clause),
            *(ref for repeal in act.repeals for ref in repeal.clause),
            *(_refs(entry.clause) if entry else ()),
            *(_refs(act.control.clause) if act.control else ()),
            *(ref for place in act.publication for ref in place.clause),
        ]
        yield Rule(
            "acts",
            act.code,
            f"{act.kind.capitalize()} {_requisites(act)}".strip(),
            act.title,
            tuple(dict.fromkeys(clauses)),
            _facts(
                ("Принял", act.issuer),
                ("Состояние", ACT_STATUS[act.status]),
                ("Во исполнение", _parent(act, titles)),
                ("Утверждает", "; ".join(documents[code] for code in act.approves)),
                ("Изменяет", "; ".join(f"{titles[a.act]}: {a.what}" for a in act.amends)),
                ("Признаёт утратившими силу", "; ".join(titles[repeal.act] for repeal in act.repeals)),
                ("Вступает в силу", entry.text if entry else ""),
                ("Контроль", act.control.position if act.control else ""),
                ("Подписал", act.signed_by),
                ("Обнародование", "; ".join(place.place for place in act.publication)),
            ),
            tuple(act.interpretations),
        )


def _requisites(act: Any) -> str:
    day = f"от {format_date(act.date)}" if act.date else "без даты"
    return f"{day} № {act.number}" if act.number else f"{day}, без номера"


def _parent(act: Any, titles: dict[str, str]) -> str:
    if not act.parent:
        return ""
    point = f"{act.parent.point} — " if act.parent.point else ""
    return f"{point}{titles[act.parent.act]}"


def _bodies(pack: Pack) -> Iterator[Rule]:
    for body in pack.bodies:
        yield Rule(
            "bodies",
            body.code,
            body.name,
            body.purpose or "",
            _refs(body.clause),
            _facts(("Создаётся", body.created_by), ("Временный", "да" if body.is_temporary else "")),
            tuple(body.interpretations),
        )
        yield from _inside(body)


def _inside(body: Body) -> Iterator[Rule]:
    for duty in body.functions:
        yield Rule("bodies", body.code, "Функция", duty.text, _refs(duty.clause), group=body.name, level=1)
    for duty in body.duties:
        title = f"{ROLES[duty.of]}: {DUTIES[duty.kind]}"
        yield Rule("bodies", body.code, title, duty.text, _refs(duty.clause), group=body.name, level=1)
    for seat in body.seats:
        acting = " (и.о.)" if seat.is_acting else ""
        yield Rule(
            "bodies",
            body.code,
            f"{seat.number}. {ROLES[seat.role]}{acting}",
            seat.position,
            _refs(seat.clause),
            group=body.name,
            level=1,
        )
    for line in body.eligibility:
        yield Rule(
            "bodies",
            body.code,
            f"Кто может быть: {line.organisations}",
            line.positions,
            _refs(line.clause),
            group=body.name,
            level=1,
        )
    if body.meetings:
        meetings = body.meetings
        forms = {"in_person": "очная", "absentee": "заочная"}
        yield Rule(
            "bodies",
            body.code,
            "Заседания",
            "",
            _refs(meetings.clause),
            _facts(
                ("Форма", ", ".join(forms[form] for form in meetings.forms)),
                ("Ведёт", meetings.led_by),
                ("Протокол подписывает", ", ".join(ROLES[r].lower() for r in meetings.minutes_signed_by)),
                ("Копии протокола", meetings.copies_to),
                ("Кворум", meetings.quorum or NOT_DEFINED),
                ("Большинство", meetings.majority or NOT_DEFINED),
                ("Решающий голос", _yes_no(meetings.casting_vote)),
                ("Срок заочного голосования", meetings.absentee_term_days or NOT_DEFINED),
            ),
            tuple(meetings.interpretations),
            body.name,
            1,
        )


def _yes_no(value: bool | None) -> str:
    return NOT_DEFINED if value is None else ("есть" if value else "нет")


def _executors(pack: Pack) -> Iterator[Rule]:
    for item in pack.executors:
        yield Rule(
            "executors",
            item.code,
            item.name,
            "",
            _refs(item.clause),
            _facts(
                ("Входят", ", ".join(KINDS[kind] for kind in item.kinds)),
                ("Участие", "по согласованию" if item.is_by_agreement else ""),
                ("Вне муниципалитета", "да" if item.is_external else ""),
            ),
            tuple(item.interpretations),
        )


def _plan(pack: Pack) -> Iterator[Rule]:
    for section in pack.plan.sections if pack.plan else []:
        for row in section.rows:
            named = [
                *row.interpretations,
                *(c for target in row.targets.values() for c in target.interpretations),
            ]
            yield Rule(
                "plan",
                row.code,
                f"{row.number} {row.title}",
                "",
                _refs(row.clause),
                _facts(
                    *((str(year), row.targets[year].as_written or "пусто") for year in row.targets),
                    ("Единица", row.unit or "в акте не указана"),
                    ("Исполнители", row.executors_as_written),
                    (
                        "Цель стоит перед",
                        SCOPES[row.scope]
                        .replace("каждому исполнителю", "каждым исполнителем")
                        .replace("муниципалитету", "муниципалитетом"),
                    ),
                    ("Примечание", row.note),
                ),
                tuple(dict.fromkeys(named)),
                f"{section.number}. {section.title}",
            )


def _deadlines(pack: Pack) -> Iterator[Rule]:
    names = {executor.code: executor.name for executor in pack.executors}
    names |= {body.code: body.name for body in pack.bodies}
    for item in pack.deadlines:
        yield Rule(
            "deadlines",
            item.code,
            item.title,
            item.as_written,
            _refs(item.clause),
            _facts(
                ("Кто", "; ".join(names[code] for code in item.who)),
                ("Кому", item.to),
                ("Правило", deadline_words(item)),
                ("Уровень", LEVELS[item.level]),
                ("Рекомендация", "носит рекомендательный характер" if item.is_recommended else ""),
            ),
            tuple(item.interpretations),
        )


PERIOD_AFTER = {
    "day": "дня",
    "week": "недели",
    "month": "месяца",
    "quarter": "квартала",
    "half_year": "полугодия",
    "year": "года",
}
PERIOD_IN = {
    "day": "в день",
    "week": "в неделю",
    "month": "в месяц",
    "quarter": "в квартал",
    "half_year": "в полугодие",
    "year": "в год",
}


def deadline_words(item: Deadline) -> str:
    """Say a deadline's rule in words."""
    rule = item.rule
    if rule.kind == "after_period":
        which = "следующего месяца" if rule.month == 1 else f"{rule.month}-го месяца"
        return f"до {rule.day} числа {which} после {PERIOD_AFTER[rule.period]}"
    if rule.kind == "in_period":
        which = "последнего месяца" if rule.month is None else f"{rule.month}-го месяца"
        day = f"{rule.day} числа" if rule.day else "последнего дня"
        working = ", последний рабочий день" if rule.is_working_day else ""
        return f"до {day} {which} {PERIOD_AFTER[rule.period]}{working}"
    if rule.kind == "yearly":
        return f"каждый год до {rule.day:02}.{rule.month:02}"
    if rule.kind == "dates":
        return "; ".join(f"до {format_date(day)}" for day in rule.dates)
    if rule.kind == "at_least_times":
        if rule.every > 1:
            return f"не реже {rule.times} раза за {rule.every} {PERIOD_AFTER[rule.per]}"
        return f"не реже {rule.times} раза {PERIOD_IN[rule.per]}"
    if rule.kind == "times":
        since = f", с {rule.from_year} года" if rule.from_year else ""
        return f"{rule.times} раз {PERIOD_IN[rule.per]}{since}; день не назван"
    if rule.kind == "daily":
        return f"ежедневно, {rule.minutes} минут"
    if rule.kind == "on_event":
        return _from_event(rule)
    return "регулярно; срок в днях не назван"


def _from_event(rule: OnEvent) -> str:
    side = "до события" if rule.direction == "before" else "после события"
    if rule.days:
        return f"{counted(rule.days, 'день', 'дня', 'дней')} {side}"
    if rule.working_days:
        return f"{counted(rule.working_days, 'рабочий день', 'рабочих дня', 'рабочих дней')} {side}"
    if rule.months:
        return f"{counted(rule.months, 'месяц', 'месяца', 'месяцев')} {side}"
    return "при наступлении основания; срок не назван"


OPERATORS = {
    "more_than": "более",
    "at_least": "не менее",
    "less_than": "менее",
    "at_most": "не более",
    "equals": "ровно",
}


def _triggers(pack: Pack) -> Iterator[Rule]:
    for item in pack.triggers:
        condition = item.condition
        yield Rule(
            "triggers",
            item.code,
            item.title,
            item.event or "",
            _refs(item.clause),
            _facts(
                (
                    "Условие",
                    f"{OPERATORS[condition.operator]} {format_number(condition.value)} {condition.unit}"
                    if condition
                    else "",
                ),
                ("Что делать", item.action),
            ),
            tuple(item.interpretations),
        )


def _projects(pack: Pack) -> Iterator[Rule]:
    projects = pack.projects
    for kind in projects.kinds:
        yield Rule("projects", kind.code, kind.name, kind.definition or "", _refs(kind.clause), group="Виды")
    for ground in projects.grounds:
        yield Rule(
            "projects", ground.code, ground.text, "", _refs(ground.clause), group="Основания для открытия"
        )
    for stage in projects.stages:
        yield Rule(
            "projects",
            stage.code,
            f"{stage.number}. {stage.title}",
            "",
            _refs(stage.clause),
            _facts(("Срок", "одна дата" if stage.dates == "day" else "с … по …")),
            tuple(stage.interpretations),
            "Этапы",
        )
    if projects.passport:
        for block in projects.passport.blocks:
            for field in block.fields:
                yield Rule(
                    "projects",
                    field.code,
                    field.title,
                    field.hint or "",
                    _refs(field.clause),
                    _facts(("Блок", block.title), ("Графы", "; ".join(field.columns))),
                    group=projects.passport.title,
                )
    for form in projects.report_forms:
        for column in form.columns:
            yield Rule(
                "projects",
                column.code,
                f"Графа {column.number}. {column.title}",
                "",
                _refs(column.clause),
                interpretations=tuple(column.interpretations),
                group=form.title,
            )
    for phase in projects.phases:
        yield Rule(
            "projects",
            f"phase-{phase.number}",
            f"{phase.number}. {phase.title}",
            "; ".join(phase.tools),
            _refs(phase.clause),
            group="Этапы методики",
        )
    yield from _named("projects", projects.requirements, "Прочие правила о проектах")


def _named(kind: str, items: list[Any], group: str) -> Iterator[Rule]:
    for item in items:
        yield Rule(
            kind,
            item.code,
            item.name,
            item.text or "",
            _refs(item.clause),
            interpretations=tuple(item.interpretations),
            group=group,
        )


def _procedures(pack: Pack) -> Iterator[Rule]:
    for procedure in pack.procedures:
        yield Rule(
            "procedures",
            procedure.code,
            procedure.title,
            "",
            _refs(procedure.clause),
            group=procedure.title,
        )
        for criterion in procedure.criteria:
            fixed = criterion.coefficient
            rows = getattr(criterion, "rows", None) or []
            yield Rule(
                "procedures",
                f"{procedure.code}.{criterion.code}",
                f"{criterion.code}. {criterion.title}",
                "",
                _refs(criterion.clause),
                (
                    *((row.text, _amount(row.points)) for row in rows),
                    ("Коэффициент", _amount(fixed)),
                ),
                tuple(criterion.interpretations),
                procedure.title,
                1,
            )
        for band in procedure.bands:
            title = next((o.title for o in procedure.outcomes if o.code == band.outcome), band.outcome)
            yield Rule(
                "procedures",
                procedure.code,
                title,
                f"Сумма баллов: {bounds_text(band)}",
                _refs(band.clause),
                group=procedure.title,
                level=1,
            )
        for cutoff in procedure.cutoffs:
            yield Rule(
                "procedures",
                procedure.code,
                "Отсечение",
                cutoff.text or "",
                _refs(cutoff.clause),
                group=procedure.title,
                level=1,
            )


def _amount(amount: Any) -> str:
    if amount.is_fixed:
        return NOT_DEFINED if amount.fixed is None else format_number(amount.fixed)
    return "зависит от условий"


def _tools(pack: Pack) -> Iterator[Rule]:
    for tool in pack.tools:
        yield Rule(
            "tools",
            tool.code,
            tool.name,
            tool.definition or "",
            _refs(tool.clause),
            _facts(("Применяется", "постоянно в каждой организации" if tool.is_permanent else "")),
            tuple(tool.interpretations),
        )


def _training(pack: Pack) -> Iterator[Rule]:
    yield from _named("training", pack.training.kinds, "Виды")
    yield from _named("training", pack.training.formats, "Форматы")
    yield from _named("training", pack.training.rules, "Правила")


def _diagnostics(pack: Pack) -> Iterator[Rule]:
    yield from _named("diagnostics", pack.diagnostics.methods, "Методы")
    yield from _named("diagnostics", pack.diagnostics.outcomes, "Чем завершается")
    yield from _named("diagnostics", pack.diagnostics.rules, "Правила")


def _provisions(pack: Pack) -> Iterator[Rule]:
    order = list(TOPICS)
    for item in sorted(pack.provisions, key=lambda item: order.index(item.topic)):
        yield Rule(
            "provisions",
            item.code,
            item.title or "",
            item.text,
            _refs(item.clause),
            interpretations=tuple(item.interpretations),
            group=TOPICS[item.topic],
        )


DAY_OFF = {
    "keep": "срок не переносится",
    "previous": "на предыдущий рабочий день",
    "next": "на следующий рабочий день",
}


def _conventions(pack: Pack) -> Iterator[Rule]:
    conventions = pack.conventions
    yield Rule(
        "conventions",
        "conventions",
        "Как читаются сроки, когда акт молчит",
        "",
        (),
        _facts(
            ("«До N числа»", "день N входит" if conventions.is_due_day_included else "день N не входит"),
            ("Срок выпал на выходной", DAY_OFF[conventions.day_off]),
            (
                "Напомнить за",
                ", ".join(str(days) for days in conventions.remind_working_days_before) + " рабочих дней",
            ),
        ),
        tuple(conventions.interpretations),
    )


_READERS: dict[str, Callable[[Pack], Iterator[Rule]]] = {
    "acts": _acts,
    "bodies": _bodies,
    "executors": _executors,
    "plan": _plan,
    "deadlines": _deadlines,
    "triggers": _triggers,
    "projects": _projects,
    "procedures": _procedures,
    "tools": _tools,
    "training": _training,
    "diagnostics": _diagnostics,
    "provisions": _provisions,
    "conventions": _conventions,
}
