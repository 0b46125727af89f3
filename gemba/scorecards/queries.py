"""What is there to see: sheets, several assessors side by side, who is trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor
from gemba.organisation.models import Municipality
from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.regulations.queries import edition_on, pack_of
from gemba.scorecards import access, subjects
from gemba.scorecards.entering import Hint, chosen_with_points
from gemba.scorecards.models import Sheet, SheetProof, Subject, TrainingRecord
from gemba.scorecards.rules import Result, score_all
from gemba.scorecards.rules import Subject as Scored
from gemba.scorecards.rules.gaps import chosen_rows
from gemba.scorecards.rules.states import Stage, State
from gemba.statements import written

PAGE = 50


def procedures_of(edition: Edition) -> list[Procedure]:
    """Return the procedures that are filled here: all but the yearly self-assessment of organisations."""
    return [each for each in pack_of(edition).procedures if each.use != "self_assessment"]


def procedures_on(*, municipality_id: int, day: date) -> tuple[Edition | None, list[Procedure]]:
    """Return the edition in force with its procedures."""
    edition = edition_on(municipality_id=municipality_id, day=day)
    return edition, procedures_of(edition) if edition else []


def procedure_of(sheet: Sheet) -> Procedure:
    """Return the procedure of a sheet, by the edition it was opened with."""
    return next(each for each in pack_of(sheet.edition).procedures if each.code == sheet.procedure)


def listed(
    *, actor: Actor, state: str = "", words: str = "", after: int | None = None
) -> tuple[list[Sheet], bool]:
    """Return one page of sheets, the newest first, and whether there are more."""
    found = access.visible_sheets(actor).defer(
        "answers", "comments", "result", "edition__pack", "edition__source"
    )
    if state in set(State):
        found = found.filter(state=state)
    if words:
        found = found.filter(Q(subject__title__icontains=words) | Q(assessor_name__icontains=words))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def waiting_count(*, actor: Actor) -> int:
    """Count the sheets that wait for agreement, no further than a hundred."""
    if not actor.may("scorecards.agree"):
        return 0
    found = Sheet.objects.filter(municipality_id=actor.municipality_id or 0, state=State.SUBMITTED)
    return found.order_by()[:100].count()


def proofs_of(sheet: Sheet) -> list[SheetProof]:
    """Return the evidence of a sheet."""
    return list(SheetProof.objects.filter(sheet=sheet).order_by("pk"))


def hints_of(*, actor: Actor, sheet: Sheet) -> list[Hint]:
    """Return what records of the product show about the subject."""
    kind = subjects.find(sheet.subject.kind)
    if kind is None or sheet.subject.object_id is None:
        return []
    found = kind.visible(actor).filter(pk=sheet.subject.object_id).first()
    return list(kind.hints(found, procedure_of(sheet))) if found is not None else []


def address_of(*, actor: Actor, subject: Subject) -> str:
    """Return the page of what is assessed, or nothing when it was named by hand or is not seen."""
    kind = subjects.find(subject.kind)
    if kind is None or subject.object_id is None:
        return ""
    found = kind.visible(actor).filter(pk=subject.object_id).first()
    return kind.url(found) if found is not None else ""


def prefilled(procedure: Procedure, hints: Iterable[Hint]) -> dict[str, Any]:
    """Return the answers that the records of the product show by themselves; a person checks them."""
    rows: dict[str, set[str]] = {}
    for hint in hints:
        rows.setdefault(hint.criterion, set()).update(hint.rows)
    found: dict[str, Any] = {}
    for criterion in procedure.criteria:
        if isinstance(criterion, Rows) and (shown := rows.get(criterion.code)):
            chosen = [row.code for row in criterion.rows if row.code in shown]
            if criterion.kind != "one_row" or len(chosen) == 1:
                found[criterion.code] = chosen
    return found


def leaders_of(subject: Subject) -> set[int]:
    """Return the people who lead the subject: by its own module, and as it was named by hand."""
    found = {subject.leader_id} if subject.leader_id else set()
    kind = subjects.find(subject.kind)
    if kind is not None and subject.object_id is not None:
        thing = kind.model._default_manager.filter(pk=subject.object_id).first()
        found |= {person for person in kind.leader_of(thing) if person} if thing is not None else set()
    return found


def valid_training(*, person_id: int | None, day: date) -> TrainingRecord | None:
    """Return the record of training of a person that is valid on the day, the latest one."""
    found = TrainingRecord.objects.filter(person_id=person_id or 0, is_cancelled=False, issued_on__lte=day)
    return (
        found.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
        .order_by("-issued_on", "-pk")
        .first()
    )


def unproven(*, sheet: Sheet, procedure: Procedure, hints: Iterable[Hint]) -> list[str]:
    """Return the criteria with a fulfilled row that nothing shows: no evidence and no record of the product."""
    known = set(SheetProof.objects.filter(sheet=sheet).values_list("criterion", flat=True))
    shown = {(hint.criterion, row) for hint in hints for row in hint.rows}
    found = [
        criterion
        for criterion, row in chosen_with_points(procedure, sheet.answers)
        if criterion not in known and (criterion, row) not in shown
    ]
    return list(dict.fromkeys(found))


def agreed_of(*, subject: Subject, procedure: str) -> Sheet | None:
    """Return the sheet that counts: the last agreed one, final before preliminary, the committee's before others."""
    found = Sheet.objects.filter(subject=subject, procedure=procedure, state=State.AGREED).defer(
        "edition__pack"
    )
    return max(found, key=_weight, default=None)


# --- an object of another module and its sheets ---------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How an object of another module stands: the sheet that counts, all that are seen, the next step."""

    counts: Sheet | None
    sheets: list[Sheet]
    may_open: bool
    why_not: str = ""

    @property
    def is_own_word(self) -> bool:
        """Tell whether nobody agreed the sheet that counts: it is the organisation's own assessment."""
        return self.counts is not None and self.counts.state != State.AGREED


def standing_of(*, actor: Actor, kind: str, thing: Any, leaders: Iterable[int | None]) -> Standing | None:
    """Return how an object stands, or None where no procedure is about such objects and no sheet is there."""
    sheets: list[Sheet] = []
    # Most objects are assessed by nobody yet: that is one light question.
    if _subjects(municipality_id=thing.municipality_id, kind=kind, object_id=thing.pk):
        seen = access.visible_sheets(actor).defer(
            "answers", "comments", "result", "edition__pack", "edition__source"
        )
        sheets = list(seen.filter(subject__kind=kind, subject__object_id=thing.pk).order_by("-pk"))
    _, procedures = procedures_on(municipality_id=thing.municipality_id, day=actor.today)
    is_assessed = any(each.conduct and each.conduct.subject == kind for each in procedures)
    if not sheets and not is_assessed:
        return None
    found = subjects.find(kind)
    may = is_assessed and actor.may("scorecards.assess", thing.organisation_id)
    why_not = ""
    if may and actor.person_id is not None and actor.person_id in set(leaders):
        may, why_not = False, "Вы ведёте этот проект: оценивает другой обученный сотрудник."
    if may and (found is None or not found.visible(actor).filter(pk=thing.pk).exists()):
        may, why_not = False, "Оценить можно после согласования паспорта."
    return Standing(_what_counts(sheets), sheets, may, why_not)


@written
def _subjects(*, municipality_id: int, kind: str, object_id: int) -> QuerySet[Subject, int]:
    found = Subject.objects.filter(municipality_id=municipality_id, kind=kind, object_id=object_id)
    return found.values_list("pk", flat=True)[:1]


def _what_counts(sheets: Iterable[Sheet]) -> Sheet | None:
    """Return the last agreed one, final before preliminary; without one, the last that was sent."""
    rows = [sheet for sheet in sheets if sheet.state in (State.AGREED, State.SUBMITTED)]
    return max(rows, key=lambda row: (row.state == State.AGREED, *_weight(row)), default=None)


def _weight(sheet: Sheet) -> tuple[bool, bool, int]:
    return sheet.stage == Stage.FINAL, sheet.is_committee, sheet.pk


def counted_on(*, municipality_id: int, kind: str, ids: Iterable[int], day: date) -> dict[int, Sheet]:
    """Return, of objects of a module, the sheet that counted on the day: sent by then, agreed ones first."""
    # The day ends at midnight of the municipality, whatever clock the server or a background job goes by.
    zone = Municipality.objects.get(pk=municipality_id).zone
    ends_at = datetime.combine(day + timedelta(days=1), time.min, zone)
    found = (
        Sheet.objects.filter(
            municipality_id=municipality_id, subject__kind=kind, subject__object_id__in=list(ids),
            submitted_at__lt=ends_at, state__in=[State.AGREED, State.SUBMITTED],
        )
        .select_related("subject")
        .defer("answers", "comments", "result")
    )  # fmt: skip
    rows: dict[int, list[Sheet]] = {}
    for sheet in found:
        rows.setdefault(sheet.subject.object_id or 0, []).append(sheet)
    return {number: what for number, each in rows.items() if (what := _what_counts(each)) is not None}


# --- several assessors ----------------------------------------------------------------------------------


def side_by_side(*, actor: Actor, subject: Subject, procedure: str) -> list[Sheet]:
    """Return the sheets of one subject by one procedure, in the order they were opened."""
    return list(access.visible_sheets(actor).filter(subject=subject, procedure=procedure).order_by("pk"))


def compared(procedure: Procedure, sheets: list[Sheet]) -> list[dict[str, Any]]:
    """Return, criterion by criterion, what each sheet chose and whether all chose the same."""
    rows = []
    for criterion in procedure.criteria:
        cells = []
        for sheet in sheets:
            answer = sheet.answers.get(criterion.code)
            given = (sheet.result.get("criteria") or {}).get(criterion.code) or {}
            said = ", ".join(chosen_rows(answer)) if isinstance(answer, list | dict) else str(answer or "—")
            cells.append({"said": said or "—", "points": given.get("points")})
        points = {cell["points"] for cell in cells}
        rows.append(
            {"code": criterion.code, "title": criterion.title, "cells": cells, "is_same": len(points) <= 1}
        )
    return rows


def combined(procedure: Procedure, sheets: list[Sheet]) -> Result | None:
    """Return the marks of several assessors made one, only where the procedure says how."""
    if procedure.experts is None or not sheets:
        return None
    by_experts = {criterion.code for criterion in procedure.criteria if criterion.answered_by == "experts"}
    first = sheets[0]
    answers = {code: answer for code, answer in first.answers.items() if code not in by_experts}
    experts: dict[str, Any] = {}
    for sheet in sheets:
        name = sheet.assessor_name
        while name in experts:
            name += "′"
        experts[name] = {code: answer for code, answer in sheet.answers.items() if code in by_experts}
    subject = Scored(answers=answers, experts=experts, context=first.context)
    return score_all(procedure=procedure, subjects=[subject])[0]
