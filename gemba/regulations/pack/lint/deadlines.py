"""Findings about deadlines: contradictions, unnamed months, days off."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.plan import AfterPeriod, Deadline, FixedDates, Times, Yearly
from gemba.regulations.pack.schema import Pack

# 1–8 January are days off by the Labour Code, article 112.
NEW_YEAR_DAYS_OFF = range(1, 9)
DAY_OF_MONTH = re.compile(r"(до|не позднее)\s+«?\d{1,2}»?(-го)?\s+числа", re.I)
UNTIL = re.compile(r"\b(до|не позднее)\b\s+«?\d", re.I)
SELF_ASSESSMENT = {"self_assessment", "self_assessment_result"}


def check(pack: Pack) -> Iterator[Finding]:
    """Find contradicting deadlines and those a calendar will stumble over."""
    yield from _two_deadlines(pack)
    yield from _inclusive(pack)
    yield from _without_form(pack)
    for number, deadline in enumerate(pack.deadlines):
        place = ("deadlines", number)
        yield from _month(place, deadline)
        yield from _days_off(pack, place, deadline)
        yield from _not_named(place, deadline)


def _two_deadlines(pack: Pack) -> Iterator[Finding]:
    by_subject: dict[str, list[Deadline]] = defaultdict(list)
    for deadline in pack.deadlines:
        if isinstance(deadline.rule, AfterPeriod | Yearly | FixedDates):
            by_subject[deadline.subject].append(deadline)
    for same in by_subject.values():
        # Different people under different terms do not contradict each other.
        apart = all(deadline.who for deadline in same) and len(
            {who for deadline in same for who in deadline.who}
        ) == sum(len(deadline.who) for deadline in same)
        if (
            not apart
            and len({deadline.rule for deadline in same if not isinstance(deadline.rule, FixedDates)}) > 1
        ):
            clauses = tuple(ref for deadline in same for ref in deadline.clause)
            yield Finding(
                "two-deadlines",
                clauses,
                "Один предмет, разные сроки: "
                + "; ".join(f"«{deadline.as_written}» ({', '.join(deadline.clause)})" for deadline in same)
                + ".",
                "Законным считается один срок, более ранний напоминает.",
                interpretations=tuple(dict.fromkeys(code for d in same for code in d.interpretations)),
            )


def _month(place: tuple[str | int, ...], deadline: Deadline) -> Iterator[Finding]:
    if DAY_OF_MONTH.search(deadline.as_written) and "месяц" not in deadline.as_written.lower():
        yield Finding(
            "month-not-named",
            tuple(deadline.clause),
            f"«{deadline.as_written}»: не сказано, какого месяца.",
            "Читается: первого месяца после отчётного периода.",
            place,
            tuple(deadline.interpretations),
        )


def _inclusive(pack: Pack) -> Iterator[Finding]:
    silent = [
        deadline
        for deadline in pack.deadlines
        if UNTIL.search(deadline.as_written) and "включительно" not in deadline.as_written.lower()
    ]
    if silent:
        included = "входит" if pack.conventions.is_due_day_included else "не входит"
        yield Finding(
            "inclusive-not-said",
            tuple(ref for deadline in silent for ref in deadline.clause),
            f"«{silent[0].as_written}» и подобные сроки ({len(silent)}): не сказано, входит ли названный день.",
            f"Читается: день {included} в срок.",
            ("conventions",),
            tuple(pack.conventions.interpretations),
        )


def _days_off(pack: Pack, place: tuple[str | int, ...], deadline: Deadline) -> Iterator[Finding]:
    rule = deadline.rule
    falls = (
        isinstance(rule, AfterPeriod)
        and rule.period in {"month", "quarter", "year"}
        and rule.month == 1
        and rule.day in NEW_YEAR_DAYS_OFF
    ) or (isinstance(rule, Yearly) and rule.month == 1 and rule.day in NEW_YEAR_DAYS_OFF)
    if falls and pack.conventions.day_off == "keep":
        yield Finding(
            "day-off",
            tuple(deadline.clause),
            f"«{deadline.title}»: срок за IV квартал приходится на новогодние выходные, правила переноса в акте нет.",
            "Срок не переносится; напоминание приходит в последний рабочий день до него.",
            place,
            tuple(dict.fromkeys([*deadline.interpretations, *pack.conventions.interpretations])),
        )


def _not_named(place: tuple[str | int, ...], deadline: Deadline) -> Iterator[Finding]:
    if isinstance(deadline.rule, Times) and deadline.rule.per == "year" and deadline.rule.times > 1:
        yield Finding(
            "no-own-deadline",
            tuple(deadline.clause),
            f"«{deadline.title}»: сказано, сколько раз в год ({deadline.rule.times}), но не сказано, к какому числу.",
            "Считается число за год; дату назначает муниципалитет.",
            place,
            tuple(deadline.interpretations),
        )


def _without_form(pack: Pack) -> Iterator[Finding]:
    wanted = [deadline for deadline in pack.deadlines if deadline.subject in SELF_ASSESSMENT]
    if wanted and not any(procedure.use == "self_assessment" for procedure in pack.procedures):
        yield Finding(
            "deadline-without-form",
            tuple(ref for deadline in wanted for ref in deadline.clause),
            "Срок самооценки назван, а чем её проводить, не сказано: формы и критериев нет.",
            "Самооценка деятельности, чек-лист и оценка значимости проектов — разные вещи; не подменяйте одно другим.",
            interpretations=tuple(dict.fromkeys(code for d in wanted for code in d.interpretations)),
        )
