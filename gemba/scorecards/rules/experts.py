"""Marks of several experts become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from gemba.kernel.problems import Problem
from gemba.regulations.pack.procedures import UNDEFINED, Criterion, Experts, Procedure
from gemba.scorecards.rules.context import Context
from gemba.scorecards.rules.criteria import ABSENT, score_answer
from gemba.scorecards.rules.exact import rounded, shown
from gemba.scorecards.rules.results import Remark, State, Subject
from gemba.scorecards.rules.scored import Scored, clause_of, said

ABSTAINED = {"abstain", "abstained", "воздержался", "воздержалась"}
WORDS = {
    "mean": "среднее",
    "median": "медиана",
    "sum": "сумма",
    "highest": "наибольшая",
    "lowest": "наименьшая",
}


@dataclass(frozen=True, slots=True)
class Sheets:
    """Answers by expert: what each said on each criterion, in the order of the experts' names."""

    answers: Mapping[str, Mapping[str, Any]]
    problems: list[Problem]


def sheets_of(procedure: Procedure, subject: Subject) -> Sheets:
    """Gather the marks, whether written by expert or by criterion."""
    answers: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    declared = {criterion.code: criterion for criterion in procedure.criteria}
    for expert, marks in subject.experts.items():
        if not isinstance(marks, Mapping):
            problems.append(
                Problem(
                    f"Эксперт {expert}: ожидаются оценки по критериям",
                    field=f"experts.{expert}",
                    mend="Запишите {критерий: оценка}.",
                )
            )
            continue
        for code, mark in marks.items():
            criterion = declared.get(str(code))
            if criterion is None or criterion.answered_by != "experts":
                text = (
                    f"критерия «{code}» нет"
                    if criterion is None
                    else f"критерий {code} оценивают не эксперты"
                )
                mend = "Уберите оценку." if criterion is None else "Перенесите ответ в answers."
                problems.append(
                    Problem(f"Эксперт {expert}: {text}", field=f"experts.{expert}.{code}", mend=mend)
                )
                continue
            answers.setdefault(str(expert), {})[str(code)] = mark
        answers.setdefault(str(expert), {})
    for code, criterion in declared.items():
        given = subject.answers.get(code)
        if criterion.answered_by != "experts" or given is None:
            continue
        if not isinstance(given, Mapping):
            problems.append(
                Problem(
                    f"Критерий {code} оценивают эксперты, а ответ один",
                    clause=clause_of(criterion),
                    field=f"answers.{code}",
                    mend='Запишите оценку каждого: {"эксперт": оценка}.',
                )
            )
            continue
        for expert, mark in given.items():
            if code in answers.get(str(expert), {}):
                problems.append(
                    Problem(
                        f"Критерий {code}: оценка эксперта {expert} записана дважды",
                        field=f"answers.{code}.{expert}",
                        mend="Оставьте одну.",
                    )
                )
            answers.setdefault(str(expert), {})[code] = mark
    return Sheets({name: answers[name] for name in sorted(answers)}, problems)


def marks_of(
    criterion: Criterion, rule: Experts, sheets: Sheets, context: Context
) -> dict[str, Scored | None]:
    """Score every expert's answer; None is an abstention."""
    found: dict[str, Scored | None] = {}
    for expert, answers in sheets.answers.items():
        answer = answers.get(criterion.code, ABSENT)
        if (
            answer is ABSENT
            or answer is None
            or (isinstance(answer, str) and answer.strip().lower() in ABSTAINED)
        ):
            found[expert] = _abstained(criterion, rule, expert)
        else:
            scored = score_answer(criterion, answer, context)
            scored.problems = [
                Problem(
                    f"Эксперт {expert}. {each.text}",
                    each.clause,
                    f"experts.{expert}.{criterion.code}",
                    each.mend,
                )
                for each in scored.problems
            ]
            found[expert] = scored
    return found


def _abstained(criterion: Criterion, rule: Experts, expert: str) -> Scored | None:
    if rule.abstention == "allowed":
        return None
    clause = clause_of(rule)
    if rule.abstention == "refused":
        problem = Problem(
            f"Эксперт {expert} не поставил оценку по критерию {criterion.code}, а воздержаться нельзя",
            clause=clause,
            field=f"experts.{expert}.{criterion.code}",
            mend="Получите оценку эксперта.",
        )
        return Scored(State.REFUSED, problems=[problem])
    remark = Remark(
        f"Критерий {criterion.code}: эксперт {expert} не поставил оценку, как тогда считать: {UNDEFINED}",
        clause,
        criterion.code,
    )
    return Scored(State.UNDEFINED, undefined=[remark])


def combine_marks(criterion: Criterion, rule: Experts, marks: Mapping[str, Scored | None]) -> Scored:
    """Make one result of the marks of one criterion."""
    if not_applicable := [mark for mark in marks.values() if mark and mark.state is State.NOT_APPLICABLE]:
        if len(not_applicable) == len(marks):
            return not_applicable[0]
        marks = {name: None if mark in not_applicable else mark for name, mark in marks.items()}
    wrong = [mark for mark in marks.values() if mark and mark.state is not State.SCORED]
    result = Scored(
        remarks=[each for mark in wrong for each in mark.remarks],
        undefined=[each for mark in wrong for each in mark.undefined],
        problems=[each for mark in wrong for each in mark.problems],
    )
    if wrong:
        refused = any(mark.state is not State.UNDEFINED for mark in wrong)
        result.state = State.REFUSED if refused else State.UNDEFINED
        return result
    given = {name: mark.points for name, mark in marks.items() if mark and mark.points is not None}
    abstained = [name for name in marks if name not in given]
    combined = combine(rule, given, f"Критерий {criterion.code}", criterion.code)
    if abstained and combined.state is State.SCORED:
        combined.remarks.append(
            Remark(
                f"Критерий {criterion.code}: не оценивали {', '.join(abstained)}; учтены только поставившие оценку",
                clause_of(rule),
                criterion.code,
            )
        )
    if len(given) == 1 and rule.combine != "sum" and not combined.undefined:
        only = next(mark for mark in marks.values() if mark and mark.points is not None)
        combined.value = only.value
    if combined.state is State.SCORED and combined.remarks:
        first = combined.remarks[0]
        combined.remarks[0] = said(criterion, first.text)
    return combined


def combine(rule: Experts, given: Mapping[str, Fraction], what: str, criterion: str = "") -> Scored:
    """Make one number of the numbers of the experts, as the regulation prescribes."""
    clause = clause_of(rule)
    if len(given) < rule.minimum:
        text = f"{what}: оценок {len(given)}, а нужно не менее {rule.minimum}: {UNDEFINED}"
        return Scored(State.UNDEFINED, undefined=[Remark(text, clause, criterion)])
    marks = sorted(given.values())
    listed = "; ".join(f"{name} — {shown(value)}" for name, value in given.items())
    text = f"{what}: {listed}"
    if (rule.drop_lowest or rule.drop_highest) and len(marks) >= (rule.drop_from or 0):
        kept = marks[rule.drop_lowest : len(marks) - rule.drop_highest]
        if not kept:
            text = f"{what}: оценок {len(marks)}, без крайних не остаётся ни одной: {UNDEFINED}"
            return Scored(State.UNDEFINED, undefined=[Remark(text, clause, criterion)])
        text += f"; без крайних: {', '.join(shown(mark) for mark in kept)}"
        marks = kept
    match rule.combine:
        case "mean":
            points = sum(marks, Fraction(0)) / len(marks)
        case "median":
            points = Fraction(median(marks))
        case "sum":
            points = sum(marks, Fraction(0))
        case "highest":
            points = marks[-1]
        case "lowest":
            points = marks[0]
    final = rounded(points, rule.rounding)
    text += f"; {WORDS[rule.combine]} {shown(points)}"
    if final != points:
        text += f", округлено до {shown(final)}"
    return Scored(points=final, remarks=[Remark(text, clause, criterion)])
