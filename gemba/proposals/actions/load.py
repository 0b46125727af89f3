"""Many proposals at once: a checked spreadsheet of earlier years, and invented load."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from gemba.audit.actions import record
from gemba.kernel.numbers import counted
from gemba.kernel.problems import Problem, Refusal
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor, require
from gemba.organisation.models import Municipality
from gemba.proposals.actions.base import DONE
from gemba.proposals.actions.office import method_of
from gemba.proposals.actions.stems import count_stems
from gemba.proposals.models import (
    Author,
    Effect,
    EffectKind,
    ImportFile,
    NumberRange,
    Proposal,
    ProposalCounter,
    ProposalEvent,
    Source,
)
from gemba.proposals.models.proposal import new_receipt
from gemba.proposals.queries.rules import calendar_of, rules_of
from gemba.proposals.rules.likeness import keys_of_stems
from gemba.proposals.rules.states import IMPLEMENTED, State
from gemba.proposals.rules.terms import answer_by, term_of
from gemba.proposals.rules.texts import title_of
from gemba.proposals.spreadsheet import Sheet

BATCH = 2000


@dataclass(frozen=True)
class Filled:
    """One proposal of a bulk load as it stands in the end."""

    organisation_id: int
    problem: str
    solution: str
    submitted_on: date
    state: State = State.REGISTERED
    unit_id: int | None = None
    author_id: int | None = None
    co_author_ids: Sequence[int] = ()
    category: str = ""
    decided_on: date | None = None
    planned_on: date | None = None
    implemented_on: date | None = None
    responsible_id: int | None = None
    reviewer_id: int | None = None
    hours_a_year: Decimal = Decimal(0)
    money_a_year: Decimal = Decimal(0)
    source: Source = Source.STAFF
    old_number: str = ""


def bulk_fill(
    *,
    municipality: Municipality,
    rows: Iterable[Filled],
    actor: Actor,
    at: datetime,
    source: Source | None = None,
) -> int:
    """Write many proposals with numbers, words, counters, one line of history and effects; return how many.

    One transaction, a few statements for each thousand rows; nobody is told. Drafts and duplicates are not filled.
    """
    ordered = sorted(rows, key=lambda row: row.submitted_on)
    rules, calendar = rules_of(municipality.pk), calendar_of(municipality.pk)
    terms: dict[tuple[Any, ...], date | None] = {}
    counters: dict[tuple[int, date, str], int] = defaultdict(int)
    with transaction.atomic():
        method = method_of(municipality_id=municipality.pk, at=at)
        numbers = _Numbers(municipality.pk)
        for start in range(0, len(ordered), BATCH):
            part = ordered[start : start + BATCH]
            made = []
            for row in part:
                key = (row.state, row.decided_on or row.submitted_on)
                if key not in terms:
                    terms[key] = term_of(
                        state=row.state, level=1, since=key[1], rules=rules, calendar=calendar
                    )
                promised = ("answer", row.submitted_on)
                if promised not in terms:
                    terms[promised] = answer_by(sent_on=row.submitted_on, rules=rules, calendar=calendar)
                made.append(
                    _proposal(
                        municipality, row, numbers, terms[key], terms[promised], source or row.source, at
                    )
                )
                counters[row.organisation_id, row.submitted_on.replace(day=1), row.state] += 1
                if row.state in IMPLEMENTED:
                    assert row.implemented_on is not None
                    counters[row.organisation_id, row.implemented_on.replace(day=1), DONE] += 1
            Proposal.objects.bulk_create(made)
            _beside(part, made, actor, at, method.pk)
        numbers.keep()
        _add_up(municipality.pk, counters)
        record(
            act="proposals.load", actor=actor, subject=municipality, municipality_id=municipality.pk, at=at,
            title=f"Загружено: {counted(len(ordered), 'предложение', 'предложения', 'предложений')}",
        )  # fmt: skip
    count_stems(municipality_id=municipality.pk)
    return len(ordered)


class _Numbers:
    """The ranges of the years, held until the end of the transaction."""

    def __init__(self, municipality_id: int) -> None:
        self.municipality_id = municipality_id
        self.last: dict[int, int] = {}

    def next(self, year: int) -> int:
        """Give the next number of a year."""
        if year not in self.last:
            NumberRange.objects.get_or_create(municipality_id=self.municipality_id, year=year)
            row = NumberRange.objects.select_for_update().get(municipality_id=self.municipality_id, year=year)
            self.last[year] = row.last
        self.last[year] += 1
        return self.last[year]

    def keep(self) -> None:
        """Write the last numbers down."""
        for year, last in self.last.items():
            NumberRange.objects.filter(municipality_id=self.municipality_id, year=year).update(last=last)


def _proposal(
    municipality: Municipality,
    row: Filled,
    numbers: _Numbers,
    term_on: date | None,
    promised: date | None,
    source: Source,
    at: datetime,
) -> Proposal:
    year = row.submitted_on.year
    moved = row.implemented_on or row.decided_on or row.submitted_on
    zone = municipality.zone
    words = normalise(f"{row.problem} {row.solution}")
    made = Proposal(
        municipality=municipality, organisation_id=row.organisation_id, unit_id=row.unit_id, number_year=year,
        number=None if row.state == State.SUBMITTED else numbers.next(year), title=title_of(row.solution),
        problem=row.problem, solution=row.solution, category=row.category, source=source,
        is_anonymous=row.author_id is None, author_id=row.author_id, responsible_id=row.responsible_id,
        reviewer_id=row.reviewer_id, created_at=_noon(row.submitted_on, zone), moved_at=min(_noon(moved, zone), at),
        submitted_on=row.submitted_on, registered_on=row.submitted_on, decided_on=row.decided_on,
        planned_on=row.planned_on, implemented_on=row.implemented_on, answer_by=promised,
        term_on=row.planned_on or term_on if row.state in (State.ACCEPTED, State.IN_PROGRESS) else term_on,
        hours_a_year=row.hours_a_year, money_a_year=row.money_a_year, receipt=new_receipt(),
        words=words, likeness=" ".join(keys_of_stems(words.split())),
        postponed_until=row.planned_on if row.state == State.POSTPONED else None,
    )  # fmt: skip
    if row.state == State.SUBMITTED:
        made.number_year = made.registered_on = None
    made.stand(row.state)
    return made


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(12), zone)


def _beside(part: list[Filled], made: list[Proposal], actor: Actor, at: datetime, method_id: int) -> None:
    authors, events, effects = [], [], []
    for row, proposal in zip(part, made, strict=True):
        people = [*([row.author_id] if row.author_id else []), *row.co_author_ids]
        for person_id in dict.fromkeys(people):
            authors.append(
                Author(
                    proposal=proposal, person_id=person_id, organisation_id=row.organisation_id,
                    is_main=person_id == row.author_id,
                )
            )  # fmt: skip
        text = f"Прежний номер {row.old_number}" if row.old_number else ""
        events.append(
            ProposalEvent(
                proposal=proposal, verb="load", title=proposal.stage.title, target=proposal.state, text=text,
                actor_user_id=actor.user_id, actor_name=actor.name[:200], at=proposal.moved_at,
            )
        )  # fmt: skip
        common = {"proposal": proposal, "method_id": method_id, "added_at": at, "added_by": actor.name[:200]}
        if row.hours_a_year:
            # Hours known only as a sum of the year: one person, once a year.
            effects.append(
                Effect(
                    kind=EffectKind.TIME, minutes=min(row.hours_a_year * 60, Decimal(999_999)), times=1,
                    frequency="year", people=1, hours_a_year=row.hours_a_year, **common,
                )
            )  # fmt: skip
        if row.money_a_year:
            effects.append(Effect(kind=EffectKind.MONEY, money_a_year=row.money_a_year, **common))
    Author.objects.bulk_create(authors, batch_size=BATCH)
    ProposalEvent.objects.bulk_create(events, batch_size=BATCH)
    Effect.objects.bulk_create(effects, batch_size=BATCH)


def _add_up(municipality_id: int, counters: dict[tuple[int, date, str], int]) -> None:
    known = set(
        ProposalCounter.objects.filter(municipality_id=municipality_id).values_list(
            "organisation_id", "month_on", "what"
        )
    )
    fresh = []
    for (organisation_id, month, what), count in sorted(counters.items()):
        if (organisation_id, month, str(what)) in known:
            ProposalCounter.objects.filter(organisation_id=organisation_id, month_on=month, what=what).update(
                count=F("count") + count
            )
        else:
            fresh.append(
                ProposalCounter(
                    municipality_id=municipality_id, organisation_id=organisation_id, month_on=month, what=what,
                    count=count,
                )
            )  # fmt: skip
    ProposalCounter.objects.bulk_create(fresh, batch_size=BATCH)


def keep_sheet(*, actor: Actor, sheet: Sheet, name: str, at: datetime) -> ImportFile:
    """Keep the checked rows until the person says to load them; drafts of earlier checks of theirs go away.

    :raises PermissionDenied: when the actor may not load.
    """
    require(actor, "proposals.import")
    with transaction.atomic():
        old = ImportFile.objects.filter(
            municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0
        )
        old.filter(loaded_at__isnull=True).delete()
        return ImportFile.objects.create(
            municipality_id=actor.municipality_id or 0, user_id=actor.user_id, name=name[:200], rows=sheet.rows,
            problems=[problem.as_json() for problem in sheet.problems[:1000]], made_at=at,
        )  # fmt: skip


def load_sheet(*, actor: Actor, file_id: int, at: datetime, only_good: bool = False) -> ImportFile:
    """Load the checked rows, all or none; with problems only when the person accepts the good rows.

    :raises PermissionDenied: when the actor may not load, or a row is of an organisation that is not theirs.
    :raises Refusal: when the file is loaded already or has problems nobody accepted.
    """
    require(actor, "proposals.import")
    with transaction.atomic():
        file = (
            ImportFile.objects.select_for_update()
            .filter(pk=file_id, municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0)
            .first()
        )
        if file is None or file.loaded_at is not None:
            raise Refusal(Problem("Эта таблица уже загружена.", mend="Выберите файл заново."))
        if file.problems and not only_good:
            raise Refusal(
                Problem("В таблице есть ошибки.", mend="Исправьте их или загрузите только верные строки.")
            )
        if not file.rows:
            raise Refusal(Problem("В таблице нет ни одной верной строки.", mend="Исправьте ошибки."))
        for organisation_id in sorted({row["organisation_id"] for row in file.rows}):
            require(actor, "proposals.register", organisation_id)
        municipality = Municipality.objects.get(pk=file.municipality_id)
        rows = [_of_json(row) for row in file.rows]
        file.loaded = bulk_fill(
            municipality=municipality, rows=rows, actor=actor, at=at, source=Source.IMPORT
        )
        file.loaded_at = at
        file.rows = []
        file.save()
    return file


def _of_json(row: dict[str, Any]) -> Filled:
    def day(name: str) -> date | None:
        value = row[name]
        return date.fromisoformat(value) if isinstance(value, str) else value

    sent = day("submitted_on")
    assert sent is not None
    state = State(row["state"])
    decided = day("decided_on") or (day("implemented_on") if state is State.IMPLEMENTED else None)
    is_accepted = state in (State.ACCEPTED, State.IN_PROGRESS)
    return Filled(
        organisation_id=row["organisation_id"], unit_id=row["unit_id"], author_id=row["author_id"],
        co_author_ids=row["co_author_ids"], problem=row["problem"], solution=row["solution"], category=row["category"],
        submitted_on=sent, state=state, decided_on=decided, implemented_on=day("implemented_on"),
        planned_on=(decided or sent) + timedelta(days=30) if is_accepted else None,
        hours_a_year=Decimal(row["hours"]), money_a_year=Decimal(row["money"]), old_number=row["old_number"],
    )  # fmt: skip
