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
from gemba.demo.rules.work import InventedProposal, Step
from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.words import normalise
from gemba.organisation.models import Municipality
from gemba.proposals.models import Author, NumberRange, Proposal, ProposalCounter, ProposalEvent
from gemba.proposals.rules.likeness import keys_of
from gemba.proposals.rules.states import IMPLEMENTED, TABLE, State, Verb
from gemba.proposals.rules.terms import ProposalRules, answer_by, number_text, term_of
from gemba.proposals.rules.texts import title_of

CHUNK = 1000
_DONE = "done"


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
        self.credited: dict[int, set[int]] = {}

    @property
    def count(self) -> int:
        """Count what has been written."""
        return len(self.keys)

    def write(self, chunk: list[InventedProposal]) -> None:
        """Write some proposals."""
        rows = [self._proposal(row) for row in chunk]
        made = Proposal.objects.bulk_create(rows, batch_size=500)
        self.keys += [row.pk for row in made]
        self.number_texts += [row.number_text for row in made]
        Author.objects.bulk_create(self._authors(made, chunk), batch_size=2000)
        pairs = list(zip(made, chunk, strict=True))
        events = [event for kept, row in pairs for event in self._events(kept, row)]
        ProposalEvent.objects.bulk_create(events, batch_size=2000)
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

    def _proposal(self, row: InventedProposal) -> Proposal:
        register, sent, last = self.register, row.submitted, row.steps[-1]
        problem, solution, expected = row.problem, row.solution.strip(), row.expected
        place = register.organisations[row.organisation]
        answer_on = self.answers.get(sent.day)
        if answer_on is None:
            answer_on = answer_by(sent_on=sent.day, rules=register.rules, calendar=register.calendar)
            self.answers[sent.day] = answer_on
        self.numbers[sent.day.year] += 1
        kept = Proposal(
            municipality=register.municipality, organisation_id=place, unit_id=register.units.get((row.organisation, row.unit)),
            number_year=sent.day.year, number=self.numbers[sent.day.year], problem=problem, solution=solution,
            expected=expected, title=title_of(solution), category=row.category, source=row.source,
            is_author_ready=row.is_author_ready, needs_money=row.needs_money, author_id=register.people[row.author].pk,
            submitted_by_id=register.people[sent.who].user_pk, created_at=self._at(sent), moved_at=self._at(last),
            submitted_on=sent.day, registered_on=sent.day, answer_by=answer_on,
            words=" ".join(filter(None, (_words(text) for text in (*_parts(problem), *_parts(solution), expected)))),
            likeness=" ".join(keys_of(f"{problem} {solution}")), version=len(row.steps),
        )  # fmt: skip
        kept.stand(State.REGISTERED)
        kept.term_on = answer_on
        for step in row.steps[1:]:
            self._move(kept, row, step)
        self.counters[place, sent.day.replace(day=1), kept.state] += 1
        if kept.state in IMPLEMENTED:
            assert kept.implemented_on is not None
            self.counters[place, kept.implemented_on.replace(day=1), _DONE] += 1
        return kept

    def _move(self, kept: Proposal, row: InventedProposal, step: Step) -> None:
        verb, person = Verb(step.verb), self.register.people[step.who]
        kept.stand(TABLE[verb].target)
        match verb:
            case Verb.TAKE:
                if step.who != row.author and step.who not in row.co_authors:
                    kept.reviewer_id = person.pk
            case Verb.COMMISSION:
                kept.level = 2
            case Verb.ACCEPT:
                kept.decided_on, kept.decision, kept.planned_on = step.day, step.text, row.planned_on
                kept.responsible_id = self.register.people[row.responsible].pk
            case Verb.REJECT | Verb.PROJECT:
                kept.decided_on, kept.decision = step.day, step.text
            case Verb.DUPLICATE:
                kept.duplicate_of_id, kept.decided_on = self.keys[row.original], step.day
                kept.decision = step.text or f"Повторяет предложение {self.number_texts[row.original]}."
            case Verb.POSTPONE:
                kept.postponed_until = row.postponed_until
            case Verb.IMPLEMENT:
                kept.implemented_on = step.day
                kept.responsible_id = kept.responsible_id or person.pk
            case Verb.VERIFY:
                kept.verified_on, kept.verified_by_id = step.day, person.user_pk
                party = "автор" if step.who in (row.author, *row.co_authors) else "руководитель или куратор"
                kept.verified_as = f"{person.name}, {party}"[:200]
        kept.term_on = self._term(kept, step.day)

    def _term(self, kept: Proposal, day: date) -> date | None:
        state = State(kept.state)
        if state is State.POSTPONED:
            return kept.postponed_until
        if state in (State.ACCEPTED, State.IN_PROGRESS) and kept.planned_on:
            return kept.planned_on
        return term_of(
            state=state,
            level=kept.level,
            since=day,
            rules=self.register.rules,
            calendar=self.register.calendar,
        )

    def _authors(self, made: list[Proposal], chunk: list[InventedProposal]) -> Iterator[Author]:
        for kept, row in zip(made, chunk, strict=True):
            place = self.register.organisations[row.organisation]
            people = [self.register.people[code].pk for code in (row.author, *row.co_authors)]
            for turn, person in enumerate(people):
                yield Author(proposal=kept, person_id=person, organisation_id=place, is_main=turn == 0)
            if kept.duplicate_of_id is None:
                continue
            known = self.credited.setdefault(kept.duplicate_of_id, set())
            if not known:
                known.update(
                    Author.objects.filter(proposal_id=kept.duplicate_of_id).values_list(
                        "person_id", flat=True
                    )
                )
            for person in people:
                if person not in known:
                    known.add(person)
                    yield Author(
                        proposal_id=kept.duplicate_of_id,
                        person_id=person,
                        organisation_id=place,
                        joined_from=kept,
                    )

    def _events(self, kept: Proposal, row: InventedProposal) -> Iterator[ProposalEvent]:
        state = State.SUBMITTED
        came = "" if row.source == "staff" else str(Proposal(source=row.source).get_source_display())
        sent = row.submitted
        yield self._event(kept, sent, "submit", "Подано", "", state, came)
        number = number_text(kept.number_year, kept.number)
        yield self._event(kept, sent, "register", "Зарегистрировано", state, State.REGISTERED, f"№ {number}")
        state = State.REGISTERED
        for step in row.steps[1:]:
            change = TABLE[Verb(step.verb)]
            yield self._event(kept, step, step.verb, change.done, state, change.target, step.text)
            state = change.target

    def _event(
        self, kept: Proposal, step: Step, verb: str, title: str, source: str, target: str, text: str
    ) -> ProposalEvent:
        person = self.register.people[step.who]
        return ProposalEvent(
            proposal=kept, verb=verb, title=title, text=text, source=source, target=target, at=self._at(step),
            actor_user_id=person.user_pk, actor_person_id=person.pk, actor_name=person.name,
        )  # fmt: skip

    def _records(self, pairs: list[tuple[Proposal, InventedProposal]]) -> Iterator[ActRecord]:
        for kept, row in pairs:
            before: dict[str, Any] = {}
            state = State.SUBMITTED
            for step in row.steps:
                if step.verb != "submit":
                    before, state = {"state": state.title}, TABLE[Verb(step.verb)].target
                person = self.register.people[step.who]
                title = f"Предложение {number_text(kept.number_year, kept.number)}: {kept.title}"
                yield ActRecord(
                    municipality_id=kept.municipality_id, act=f"proposals.{step.verb}", actor_user_id=person.user_pk,
                    actor_name=person.name, subject_kind="proposals.proposal", subject_id=kept.pk, title=title,
                    before=before, after={"state": state.title}, reason=step.text, at=self._at(step),
                )  # fmt: skip
                if step.verb == "submit":
                    state = State.REGISTERED

    def _at(self, step: Step) -> datetime:
        return datetime.combine(
            step.day, time(step.minute // 60, step.minute % 60), tzinfo=self.register.municipality.zone
        )


def _parts(text: str) -> list[str]:
    """Divide a text into sentences: the same ones come again and again, so their stems are kept."""
    return text.replace("? ", ". ").split(". ")


@lru_cache(maxsize=50_000)
def _words(text: str) -> str:
    return normalise(text)
