"""What every act on a proposal shares: the row lock, the table of transitions, the history, the counters."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gemba.audit.actions import record
from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import format_moment
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.organisation.models import Municipality
from gemba.proposals import access
from gemba.proposals.models import Author, NumberRange, Proposal, ProposalCounter, ProposalEvent
from gemba.proposals.queries.rules import calendar_of, rules_of
from gemba.proposals.rules.states import IMPLEMENTED, PARTY_TITLES, TABLE, Party, State, Transition, Verb
from gemba.proposals.rules.terms import ProposalRules, answer_by, term_of

DONE = "done"
Prepare = Callable[[Proposal, date], Iterable[Problem] | None]


def day_of(at: datetime, municipality: Municipality) -> date:
    """Return the day it is in the municipality at the moment."""
    return timezone.localtime(at, municipality.zone).date()


def locked(*, actor: Actor, proposal_id: int) -> Proposal:
    """Take the row of a proposal for change; who may not see it learns only that it is not there.

    :raises Refusal: when there is no such proposal in the actor's municipality.
    """
    found = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .filter(pk=proposal_id, municipality_id=actor.municipality_id or 0)
        .first()
    )
    if found is None:
        raise Refusal(Problem("Этого предложения нет.", mend="Вернитесь к списку и обновите его."))
    return found


def author_ids(proposal: Proposal) -> list[int]:
    """Return the people credited with the proposal."""
    return list(Author.objects.filter(proposal=proposal).values_list("person_id", flat=True))


def shift(proposal: Proposal, before: str, after: str) -> None:
    """Move one proposal from one counter to another; drafts are not counted."""
    changes: dict[str, int] = {}
    if before and before != State.DRAFT:
        changes[before] = changes.get(before, 0) - 1
    if after and after != State.DRAFT:
        changes[after] = changes.get(after, 0) + 1
    assert proposal.submitted_on is not None
    for what in sorted(changes):
        if changes[what]:
            add_to_counter(proposal, proposal.submitted_on, what, changes[what])


def add_to_counter(proposal: Proposal, day: date, what: str, by: int) -> None:
    """Change one counter."""
    key = {"organisation_id": proposal.organisation_id, "month_on": day.replace(day=1), "what": what}
    if not ProposalCounter.objects.filter(**key).update(count=F("count") + by):
        row, _ = ProposalCounter.objects.get_or_create(
            **key, defaults={"municipality_id": proposal.municipality_id}
        )
        ProposalCounter.objects.filter(pk=row.pk).update(count=F("count") + by)


def next_number(municipality_id: int, year: int) -> int:
    """Give the next number of the municipality and year; the row lock leaves no gap and no double."""
    numbers = NumberRange.objects.filter(municipality_id=municipality_id, year=year)
    if not numbers.update(last=F("last") + 1):
        NumberRange.objects.get_or_create(municipality_id=municipality_id, year=year)
        numbers.update(last=F("last") + 1)
    return numbers.values_list("last", flat=True).get()


def happened(
    proposal: Proposal,
    *,
    actor: Actor,
    verb: str,
    title: str,
    at: datetime,
    text: str = "",
    source: str = "",
    target: str = "",
) -> ProposalEvent:
    """Write one line of the history."""
    line = line_of(
        proposal, actor=actor, verb=verb, title=title, at=at, text=text, source=source, target=target
    )
    line.save()
    return line


def line_of(
    proposal: Proposal,
    *,
    actor: Actor,
    verb: str,
    title: str,
    at: datetime,
    text: str = "",
    source: str = "",
    target: str = "",
) -> ProposalEvent:
    """Make one line of the history, not yet written."""
    return ProposalEvent(
        proposal=proposal, verb=verb, title=title, text=text, source=source, target=target, at=at,
        actor_user_id=actor.user_id, actor_person_id=actor.person_id, actor_name=(actor.name or "Без имени")[:200],
    )  # fmt: skip


def note_act(
    proposal: Proposal,
    *,
    actor: Actor,
    act: str,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Enter the act into the record of acts."""
    record(
        act=f"proposals.{act}", actor=actor, subject=proposal,
        title=f"Предложение {proposal.number_text or 'без номера'}: {proposal.title}",
        municipality_id=proposal.municipality_id, at=at, before=before, after=after, reason=reason,
    )  # fmt: skip


# All but the words by which a proposal is found: their indexes are made anew whenever they are written.
_BESIDES_WORDS = [
    field.name
    for field in Proposal._meta.concrete_fields
    if not field.primary_key and field.name not in ("words", "likeness")
]


def save_besides_words(proposal: Proposal) -> None:
    """Save a proposal whose texts have not changed."""
    proposal.save(update_fields=_BESIDES_WORDS)


def settings_of(proposal: Proposal) -> tuple[ProposalRules, WorkCalendar]:
    """Return the settings and the working days by which an act on this proposal goes, asked once an act."""
    kept: tuple[ProposalRules, WorkCalendar] | None = proposal.__dict__.get("settings_of_act")
    if kept is None:
        kept = rules_of(proposal.municipality_id), calendar_of(proposal.municipality_id)
        proposal.__dict__["settings_of_act"] = kept
    return kept


def set_term(proposal: Proposal, today: date) -> None:
    """Compute the day by which whoever the state waits for must act."""
    state = State(proposal.state)
    if state is State.POSTPONED:
        proposal.term_on = proposal.postponed_until
        return
    if state in (State.ACCEPTED, State.IN_PROGRESS) and proposal.planned_on:
        proposal.term_on = proposal.planned_on
        return
    rules, calendar = settings_of(proposal)
    proposal.term_on = term_of(state=state, level=proposal.level, since=today, rules=rules, calendar=calendar)


def enter_number(proposal: Proposal, today: date) -> None:
    """Give the registration number of the day's year."""
    proposal.registered_on = today
    proposal.number_year = today.year
    proposal.number = next_number(proposal.municipality_id, today.year)


def set_promise(proposal: Proposal, today: date) -> None:
    """Compute the day by which the author is promised an answer."""
    rules, calendar = settings_of(proposal)
    proposal.answer_by = answer_by(sent_on=today, rules=rules, calendar=calendar)


def why_not(proposal: Proposal, row: Transition) -> Problem:
    """Say why the change is not possible from where the proposal stands, and who moved it there."""
    last = ProposalEvent.objects.filter(proposal=proposal, target=proposal.state).order_by("-id").first()
    who = ""
    if last is not None:
        local = timezone.localtime(last.at, proposal.municipality.zone)
        who = f" {last.title}: {last.actor_name}, {format_moment(local)}."
    return Problem(
        f"Действие «{row.title}» сейчас невозможно: предложение в состоянии «{proposal.stage.title}».{who}",
        mend="Обновите страницу: на ней видно, что можно сделать теперь.",
    )


def check(
    *, actor: Actor, proposal: Proposal, row: Transition, reason: str, authors: list[int]
) -> frozenset[Party]:
    """Let the change pass or stop it: state, right, reason, and that nobody decides about their own proposal.

    :raises PermissionDenied: when the actor is nobody who may do this to this proposal.
    :raises Refusal: when the state does not allow it, the reason is missing or the actor is an author.
    """
    found = access.parties(actor, proposal, authors)
    if not found & row.parties:
        names = ", ".join(PARTY_TITLES[party] for party in sorted(row.parties - {Party.SYSTEM}))
        raise PermissionDenied(f"«{row.title}»: это делает {names}.")
    if proposal.state not in row.sources:
        raise Refusal(why_not(proposal, row))
    problems = []
    if row.is_decision and Party.AUTHOR in found and not actor.is_system:
        problems.append(
            Problem(
                "Вы автор этого предложения, поэтому решение принимает другой человек.",
                mend="Передайте предложение комиссии или вышестоящему руководителю.",
            )
        )
    if row.needs_reason and not reason.strip():
        problems.append(Problem("Не указана причина.", field="reason", mend="Напишите её: автор её прочтёт."))
    if len(reason) > 5000:
        problems.append(Problem("Текст длиннее 5000 знаков.", field="reason", mend="Сократите его."))
    if problems:
        raise Refusal(problems)
    return found


def move(
    *,
    actor: Actor,
    proposal_id: int,
    verb: Verb,
    at: datetime,
    reason: str = "",
    title: str = "",
    prepare: Prepare | None = None,
    finish: Callable[[Proposal], None] | None = None,
) -> Proposal:
    """Carry out one transition of the table: lock, check, change, history, counters, record of acts.

    `prepare` fills what this transition adds and names what is wrong; `finish` runs inside the same transaction.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the state, the reason or what was sent does not allow it.
    """
    row = TABLE[verb]
    with transaction.atomic():
        proposal = locked(actor=actor, proposal_id=proposal_id)
        check(actor=actor, proposal=proposal, row=row, reason=reason, authors=author_ids(proposal))
        today = day_of(at, proposal.municipality)
        before = proposal.state
        was_done = proposal.implemented_on if before in IMPLEMENTED else None
        proposal.stand(row.target)
        problems = list((prepare(proposal, today) if prepare else None) or [])
        if problems:
            raise Refusal(problems)
        set_term(proposal, today)
        proposal.moved_at = at
        proposal.version += 1
        save_besides_words(proposal)
        shift(proposal, before, row.target)
        if was_done is None and row.target in IMPLEMENTED:
            assert proposal.implemented_on is not None
            add_to_counter(proposal, proposal.implemented_on, DONE, 1)
        elif was_done is not None and row.target not in IMPLEMENTED:
            add_to_counter(proposal, was_done, DONE, -1)
        happened(
            proposal, actor=actor, verb=verb, title=title or row.done, at=at, text=reason.strip(),
            source=before, target=row.target,
        )  # fmt: skip
        note_act(
            proposal, actor=actor, act=verb, at=at, before={"state": State(before).title},
            after={"state": row.target.title}, reason=reason.strip(),
        )  # fmt: skip
        if finish:
            finish(proposal)
    return proposal
