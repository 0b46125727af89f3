"""Implementing: start, done with a date, confirmed by whoever did not do it, sent back, closed."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.organisation.models import Person
from gemba.proposals.access import parties
from gemba.proposals.actions.base import author_ids, happened, locked, move, note_act
from gemba.proposals.actions.submit import attach
from gemba.proposals.actions.tell import ASSIGNMENT, RETURN, deciders, tell, tell_authors
from gemba.proposals.models import PhotoKind, Proposal
from gemba.proposals.pictures import Picture
from gemba.proposals.rules.states import PARTY_TITLES, Party, Verb

MOST_PHOTOS_IN_ALL = 20


def start(*, actor: Actor, proposal_id: int, at: datetime, responsible: Person | None = None) -> Proposal:
    """Begin the implementation; whoever begins is responsible unless somebody is named already.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the proposal is not accepted.
    """

    def prepare(proposal: Proposal, today: date) -> None:
        if responsible is not None:
            proposal.responsible = responsible
        elif proposal.responsible_id is None and actor.person_id is not None:
            proposal.responsible_id = actor.person_id

    def finish(proposal: Proposal) -> None:
        tell_authors(proposal, title="Внедрение начато", at=at, besides=actor)

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.START, at=at, prepare=prepare, finish=finish)


def implement(
    *,
    actor: Actor,
    proposal_id: int,
    at: datetime,
    implemented_on: date,
    reason: str = "",
    before: Sequence[Picture] = (),
    after: Sequence[Picture] = (),
) -> Proposal:
    """Write down that the proposal is introduced, on which day, with photos of before and after.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the day is ahead or before the proposal, or the state does not allow it.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        if implemented_on > today:
            return [
                Problem(
                    f"День внедрения {format_date(implemented_on)} ещё не наступил.", field="implemented_on",
                    mend="Отметьте внедрение, когда оно состоится.",
                )
            ]  # fmt: skip
        if proposal.submitted_on and implemented_on < proposal.submitted_on:
            return [
                Problem(
                    f"День внедрения раньше подачи ({format_date(proposal.submitted_on)}).", field="implemented_on",
                    mend="Проверьте дату.",
                )
            ]  # fmt: skip
        proposal.implemented_on = implemented_on
        if proposal.responsible_id is None and actor.person_id is not None:
            proposal.responsible_id = actor.person_id
        return []

    def finish(proposal: Proposal) -> None:
        for kind, pictures in ((PhotoKind.BEFORE, before), (PhotoKind.AFTER, after)):
            for picture in pictures:
                attach(proposal, picture, kind=kind, actor=actor, at=at)
        tell_authors(proposal, title="Предложение внедрено", at=at, besides=actor)
        tell(
            title="Подтвердите внедрение", proposal=proposal, at=at, users=deciders(proposal, at),
            kind=ASSIGNMENT, besides=actor,
        )  # fmt: skip

    return move(
        actor=actor, proposal_id=proposal_id, verb=Verb.IMPLEMENT, at=at, reason=reason, prepare=prepare,
        finish=finish,
    )  # fmt: skip


def verify(*, actor: Actor, proposal_id: int, at: datetime, reason: str = "") -> Proposal:
    """Confirm the introduction; never by the one who introduced it.

    :raises PermissionDenied: when the actor is neither an author nor a head nor an overseer.
    :raises Refusal: when the actor is responsible for the implementation, or it is not done.
    """

    def prepare(proposal: Proposal, today: date) -> list[Problem]:
        if actor.person_id is not None and actor.person_id == proposal.responsible_id:
            return [
                Problem("Вы внедряли это предложение, поэтому подтверждает другой человек.",
                        mend="Подтвердить может автор, руководитель или оператор мониторинга.")
            ]  # fmt: skip
        proposal.verified_on = today
        proposal.verified_by_id = actor.user_id
        is_author = actor.person_id is not None and actor.person_id in author_ids(proposal)
        party = PARTY_TITLES[Party.AUTHOR] if is_author else "руководитель или куратор"
        proposal.verified_as = f"{actor.name}, {party}"[:200]
        return []

    def finish(proposal: Proposal) -> None:
        tell_authors(proposal, title="Внедрение подтверждено", at=at, besides=actor)

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.VERIFY,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def rework(*, actor: Actor, proposal_id: int, at: datetime, reason: str) -> Proposal:
    """Send back what was declared introduced but is not.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when there is no reason or it was not declared introduced.
    """

    def prepare(proposal: Proposal, today: date) -> None:
        proposal.implemented_on = None

    def finish(proposal: Proposal) -> None:
        tell(
            title="Внедрение возвращено", proposal=proposal, at=at, people=[proposal.responsible_id], text=reason,
            kind=RETURN, besides=actor,
        )  # fmt: skip

    return move(
        actor=actor,
        proposal_id=proposal_id,
        verb=Verb.REWORK,
        at=at,
        reason=reason,
        prepare=prepare,
        finish=finish,
    )


def close(*, actor: Actor, proposal_id: int, at: datetime, reason: str = "") -> Proposal:
    """Close a confirmed or rewarded proposal.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when it is not confirmed.
    """
    return move(actor=actor, proposal_id=proposal_id, verb=Verb.CLOSE, at=at, reason=reason)


def add_photos(
    *, actor: Actor, proposal_id: int, at: datetime, kind: PhotoKind, pictures: Sequence[Picture]
) -> Proposal:
    """Add photos to a proposal: what hinders, what it was, what it became.

    :raises PermissionDenied: when the actor is neither an author, nor responsible, nor keeps the organisation.
    :raises Refusal: when there is nothing to add or too much.
    """
    with transaction.atomic():
        proposal = locked(actor=actor, proposal_id=proposal_id)
        found = parties(actor, proposal, author_ids(proposal))
        if not found & {Party.AUTHOR, Party.RESPONSIBLE, Party.REGISTRAR, Party.HEAD}:
            raise PermissionDenied("Снимки добавляют автор, ответственный и координатор.")
        if not pictures:
            raise Refusal(Problem("Снимок не выбран.", field="photos", mend="Выберите снимок."))
        if proposal.photos.count() + len(pictures) > MOST_PHOTOS_IN_ALL:
            raise Refusal(
                Problem(f"Снимков больше {MOST_PHOTOS_IN_ALL}.", field="photos", mend="Оставьте понятные.")
            )
        for picture in pictures:
            attach(proposal, picture, kind=kind, actor=actor, at=at)
        title = f"Добавлены снимки: {PhotoKind(kind).label.lower()}"
        happened(proposal, actor=actor, verb="photos", title=title, at=at)
        note_act(proposal, actor=actor, act="photos", at=at, after={"photos": len(pictures)})
    return proposal
