"""Write invented proposals in bulk: the same rows that the acts of their module would have left, a hundred times quicker.

Kept in step with `proposals.actions`: a test sends the same invented work both ways and compares what is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db import transaction

from gemba.audit.models import ActRecord
from gemba.demo.actions.quick import blank_row, insert_rows, kept_moment, reserve_keys
from gemba.demo.rules.work import InventedProposal, Step
from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.words import normalise
from gemba.organisation.models import Municipality
from gemba.proposals.models import Author, NumberRange, Proposal, ProposalCounter, ProposalEvent, Source
from gemba.proposals.models.proposal import new_receipt
from gemba.proposals.rules.likeness import keys_of_stems
from gemba.proposals.rules.states import IMPLEMENTED, PUBLIC, TABLE, State, Verb
from gemba.proposals.rules.terms import ProposalRules, answer_by, number_text, term_of
from gemba.proposals.rules.texts import title_of

CHUNK = 1000
_DONE = "done"
_AUTHOR = ("proposal_id", "person_id", "organisation_id", "is_main", "joined_from_id")
_EVENT = (
    "proposal_id", "verb", "title", "text", "source", "target", "at", "actor_user_id", "actor_person_id", "actor_name",
)  # fmt: skip
Row = tuple[Any, ...]
# Values of the columns of a proposal.
Kept = dict[str, Any]


@dataclass(frozen=True)
class Worker:
    """A person as the history of a proposal names them."""

    pk: int
    name: str
    organisation_pk: int
    user_pk: int | None = None


@dataclass
class Register:
    """Where invented codes lead in the database."""

    municipality: Municipality
    calendar: WorkCalendar
    organisations: dict[str, int]
    units: dict[tuple[str, str], int]
    people: dict[str, Worker]
    rules: ProposalRules = field(default_factory=ProposalRules)
    # The record of acts is written for the demo; a million rows of it would measure nothing.
    with_record: bool = True


def write_work(*, register: Register, invented: Iterable[InventedProposal]) -> list[int]:
    """Write proposals sent in this order, with authors, history, numbers and counters; return their keys.

    Everything stands in one transaction. Call it for the whole of a municipality before its people begin to work.
    """
    writer = _Writer(register)
    with transaction.atomic():
        chunk: list[InventedProposal] = []
        for row in invented:
            # A duplicate needs its original in the database before it.
            if len(chunk) >= CHUNK or row.original >= writer.count:
                writer.write(chunk)
                chunk = []
            chunk.append(row)
        writer.write(chunk)
        writer.finish()
    return writer.keys


class _Writer:
    def __init__(self, register: Register) -> None:
        self.register = register
        self.numbers: Counter[int] = Counter()
        self.counters: Counter[tuple[int, date, str]] = Counter()
        self.keys: list[int] = []
        self.answers: dict[date, date] = {}
        self.number_texts: list[str] = []
        self.records: list[ActRecord] = []
        self.terms: dict[tuple[State, int, date], date | None] = {}
        self.blank = blank_row(Proposal)
        self.columns = [field.column or field.attname for field in Proposal._meta.concrete_fields]
        self.moments: dict[tuple[date, int], Any] = {}
        self.credited: dict[int, set[int]] = {}

    @property
    def count(self) -> int:
        """Count what has been written."""
        return len(self.keys)

    def write(self, chunk: list[InventedProposal]) -> None:
        """Write some proposals."""
        keys = reserve_keys(Proposal, len(chunk))
        made = [self._proposal(key, row) for key, row in zip(keys, chunk, strict=True)]
        insert_rows(Proposal, self.columns, (tuple(row.values()) for row in made))
        self.keys += keys
        pairs = list(zip(made, chunk, strict=True))
        self.number_texts += [_number(row) for row in made]
        insert_rows(Author, _AUTHOR, self._authors(pairs))
        insert_rows(
            ProposalEvent, _EVENT, (event for kept, row in pairs for event in self._events(kept, row))
        )
        if self.register.with_record:
            self.records += self._records(pairs)

    def finish(self) -> None:
        """Write what is counted over all proposals."""
        municipality = self.register.municipality
        ActRecord.objects.bulk_create(sorted(self.records, key=lambda row: row.at), batch_size=2000)
        NumberRange.objects.bulk_create(
            NumberRange(municipality=municipality, year=year, last=last)
            for year, last in sorted(self.numbers.items())
        )
        ProposalCounter.objects.bulk_create(
            (
                ProposalCounter(
                    municipality=municipality, organisation_id=place, month_on=month, what=what, count=count
                )
                for (place, month, what), count in self.counters.items()
            ),
            batch_size=2000,
        )

    def _proposal(self, key: int, row: InventedProposal) -> Kept:
        register, sent, last = self.register, row.submitted, row.steps[-1]
        problem, solution, expected = row.problem, row.solution.strip(), row.expected
        place = register.organisations[row.organisation]
        answer_on = self.answers.get(sent.day)
        if answer_on is None:
            answer_on = answer_by(sent_on=sent.day, rules=register.rules, calendar=register.calendar)
            self.answers[sent.day] = answer_on
        self.numbers[sent.day.year] += 1
        # A copy of the blank keeps the order of columns.
        kept = dict(self.blank)
        kept.update(
            id=key, municipality_id=register.municipality.pk, organisation_id=place,
            unit_id=register.units.get((row.organisation, row.unit)), number_year=sent.day.year,
            number=self.numbers[sent.day.year], problem=problem, solution=solution, expected=expected,
            title=title_of(solution), category=row.category, source=row.source, is_author_ready=row.is_author_ready,
            needs_money=row.needs_money, author_id=register.people[row.author].pk,
            submitted_by_id=register.people[sent.who].user_pk, created_at=self._kept_at(sent), moved_at=self._kept_at(last),
            submitted_on=sent.day, registered_on=sent.day, answer_by=answer_on, term_on=answer_on, receipt=new_receipt(),
            words=" ".join(filter(None, (_words(text) for text in (*_parts(problem), *_parts(solution), expected)))),
            version=len(row.steps), state=State.REGISTERED,
        )  # fmt: skip
        kept["likeness"] = " ".join(keys_of_stems(kept["words"].removesuffix(_words(expected)).split()))
        for step in row.steps[1:]:
            self._move(kept, row, step)
        state = State(kept["state"])
        kept.update(state=state.value, is_public=state in PUBLIC)
        self.counters[place, sent.day.replace(day=1), state] += 1
        if state in IMPLEMENTED:
            self.counters[place, kept["implemented_on"].replace(day=1), _DONE] += 1
        return kept

    def _move(self, kept: Kept, row: InventedProposal, step: Step) -> None:
        verb, person = Verb(step.verb), self.register.people[step.who]
        state = kept["state"] = TABLE[verb].target
        match verb:
            case Verb.TAKE:
                if step.who != row.author and step.who not in row.co_authors:
                    kept["reviewer_id"] = person.pk
            case Verb.COMMISSION:
                kept["level"] = 2
            case Verb.ACCEPT:
                kept.update(decided_on=step.day, decision=step.text, planned_on=row.planned_on)
                kept["responsible_id"] = self.register.people[row.responsible].pk
            case Verb.REJECT | Verb.PROJECT:
                kept.update(decided_on=step.day, decision=step.text)
            case Verb.DUPLICATE:
                kept.update(duplicate_of_id=self.keys[row.original], decided_on=step.day)
                kept["decision"] = step.text or f"Повторяет предложение {self.number_texts[row.original]}."
            case Verb.POSTPONE:
                kept["postponed_until"] = row.postponed_until
            case Verb.IMPLEMENT:
                kept["implemented_on"] = step.day
                kept["responsible_id"] = kept["responsible_id"] or person.pk
            case Verb.VERIFY:
                party = "автор" if step.who in (row.author, *row.co_authors) else "руководитель или куратор"
                kept.update(verified_on=step.day, verified_by_id=person.user_pk)
                kept["verified_as"] = f"{person.name}, {party}"[:200]
        kept["term_on"] = self._term(kept, state, step.day)

    def _term(self, kept: Kept, state: State, day: date) -> date | None:
        if state is State.POSTPONED:
            found: date | None = kept["postponed_until"]
            return found
        if state in (State.ACCEPTED, State.IN_PROGRESS) and kept["planned_on"]:
            planned: date = kept["planned_on"]
            return planned
        key = (state, kept["level"], day)
        if key not in self.terms:
            self.terms[key] = term_of(
                state=state,
                level=kept["level"],
                since=day,
                rules=self.register.rules,
                calendar=self.register.calendar,
            )
        return self.terms[key]

    def _authors(self, pairs: list[tuple[Kept, InventedProposal]]) -> Iterator[Row]:
        for kept, row in pairs:
            place = self.register.organisations[row.organisation]
            people = [self.register.people[code].pk for code in (row.author, *row.co_authors)]
            for turn, person in enumerate(people):
                yield (kept["id"], person, place, turn == 0, None)
            original = kept["duplicate_of_id"]
            if original is None:
                continue
            known = self.credited.setdefault(original, set())
            if not known:
                known.update(Author.objects.filter(proposal_id=original).values_list("person_id", flat=True))
            for person in people:
                if person not in known:
                    known.add(person)
                    yield (original, person, place, False, kept["id"])

    def _events(self, kept: Kept, row: InventedProposal) -> Iterator[Row]:
        came = "" if row.source == "staff" else str(Source(row.source).label)
        sent = row.submitted
        yield self._event(kept, sent, "submit", "Подано", "", State.SUBMITTED, came)
        number = f"№ {_number(kept)}"
        yield self._event(
            kept, sent, "register", "Зарегистрировано", State.SUBMITTED, State.REGISTERED, number
        )
        state = State.REGISTERED
        for step in row.steps[1:]:
            change = TABLE[Verb(step.verb)]
            yield self._event(kept, step, step.verb, change.done, state, change.target, step.text)
            state = change.target

    def _event(
        self, kept: Kept, step: Step, verb: str, title: str, source: str, target: str, text: str
    ) -> Row:
        person = self.register.people[step.who]
        at = self._kept_at(step)
        return (
            kept["id"], verb, title, text, str(source), str(target), at, person.user_pk, person.pk, person.name,
        )  # fmt: skip

    def _kept_at(self, step: Step) -> Any:
        found = self.moments.get((step.day, step.minute))
        if found is None:
            found = self.moments[step.day, step.minute] = kept_moment(self._at(step))
        return found

    def _records(self, pairs: list[tuple[Kept, InventedProposal]]) -> Iterator[ActRecord]:
        for kept, row in pairs:
            before: dict[str, Any] = {}
            state = State.SUBMITTED
            for step in row.steps:
                if step.verb != "submit":
                    before, state = {"state": state.title}, TABLE[Verb(step.verb)].target
                person = self.register.people[step.who]
                title = f"Предложение {_number(kept)}: {kept['title']}"
                yield ActRecord(
                    municipality_id=kept["municipality_id"], act=f"proposals.{step.verb}", actor_user_id=person.user_pk,
                    actor_name=person.name, subject_kind="proposals.proposal", subject_id=kept["id"], title=title,
                    before=before, after={"state": state.title}, reason=step.text, at=self._at(step),
                )  # fmt: skip
                if step.verb == "submit":
                    state = State.REGISTERED

    def _at(self, step: Step) -> datetime:
        return datetime.combine(
            step.day, time(step.minute // 60, step.minute % 60), tzinfo=self.register.municipality.zone
        )


def _number(kept: Kept) -> str:
    return number_text(kept["number_year"], kept["number"])


def _parts(text: str) -> list[str]:
    """Divide a text into sentences: the same ones come again and again, so their stems are kept."""
    return text.replace("? ", ". ").split(". ")


@lru_cache(maxsize=50_000)
def _words(text: str) -> str:
    return normalise(text)
