"""One proposal as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor, may
from gemba.proposals import access
from gemba.proposals.models import (
    Author,
    Comment,
    Effect,
    Photo,
    Proposal,
    ProposalEvent,
    Replication,
    Reward,
)
from gemba.proposals.rules.states import State, Transition, Verb, allowed
from gemba.statements import written

# Which act is the one next step from a state, the most likely first.
NEXT: dict[State, tuple[Verb, ...]] = {
    State.DRAFT: (Verb.SUBMIT,),
    State.SUBMITTED: (Verb.REGISTER,),
    State.REGISTERED: (Verb.ACCEPT, Verb.TAKE, Verb.COMMISSION),
    State.UNDER_REVIEW: (Verb.ACCEPT, Verb.COMMISSION),
    State.RETURNED: (Verb.ANSWER,),
    State.ACCEPTED: (Verb.START, Verb.IMPLEMENT),
    State.IN_PROGRESS: (Verb.IMPLEMENT,),
    State.POSTPONED: (Verb.RESUME,),
    State.IMPLEMENTED: (Verb.VERIFY,),
    State.VERIFIED: (Verb.REWARD, Verb.CLOSE),
    State.REWARDED: (Verb.CLOSE,),
    State.REJECTED: (Verb.APPEAL,),
}
EXPECTED: dict[State, str] = {
    State.DRAFT: "Черновик видите только вы",
    State.SUBMITTED: "Ждёт регистрации: координатор",
    State.REGISTERED: "Ждёт решения руководителя",
    State.UNDER_REVIEW: "Ждёт решения руководителя",
    State.RETURNED: "Ждёт ответа автора",
    State.ACCEPTED: "Ждёт внедрения",
    State.IN_PROGRESS: "Внедряется",
    State.IMPLEMENTED: "Ждёт подтверждения",
    State.VERIFIED: "Можно поощрить автора",
}


@dataclass
class Card:
    """Everything the page of a proposal shows to this actor."""

    proposal: Proposal
    is_whole: bool
    authors: list[Author]
    next_step: Transition | None
    others: list[Transition]
    expected: str
    photos: list[Photo] = field(default_factory=list)
    events: list[ProposalEvent] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    rewards: list[Reward] = field(default_factory=list)
    replications: list[Replication] = field(default_factory=list)
    duplicates: list[Proposal] = field(default_factory=list)

    def pictures(self, *kinds: str) -> list[Photo]:
        """Return the photos of these kinds."""
        return [photo for photo in self.photos if photo.kind in kinds]


def card_of(*, actor: Actor, proposal: Proposal) -> Card:
    """Gather the page of a proposal; the catalogue's view holds no names, discussion or history."""
    authors = _authors(proposal_id=proposal.pk)
    ids = [author.person_id for author in authors]
    is_whole = access.has_whole_view(actor, proposal, ids)
    state = State(proposal.state)
    acts = may_do(actor, proposal, ids) if is_whole else []
    first = next((row for verb in NEXT.get(state, ()) for row in acts if row.verb is verb), None)
    expected = EXPECTED.get(state, "")
    if proposal.level > 1 and state in (State.REGISTERED, State.UNDER_REVIEW):
        expected = "Ждёт решения комиссии"
    elif state in (State.REGISTERED, State.UNDER_REVIEW) and proposal.reviewer:
        expected = f"Рассматривает {proposal.reviewer.short_name}"
    elif state in (State.ACCEPTED, State.IN_PROGRESS) and proposal.responsible and is_whole:
        expected = f"Внедряет {proposal.responsible.short_name}"
    card = Card(
        proposal, is_whole, authors if is_whole else [], first, [row for row in acts if row is not first], expected,
        photos=_photos(proposal_id=proposal.pk), effects=_effects(proposal_id=proposal.pk),
        replications=_replications(proposal_id=proposal.pk),
    )  # fmt: skip
    if is_whole:
        # What was entered later about an earlier day stands at its day.
        card.events = sorted(
            _events(proposal_id=proposal.pk), key=lambda event: (event.at, event.pk), reverse=True
        )
        card.comments = _comments(proposal_id=proposal.pk)
        card.rewards = _rewards(proposal_id=proposal.pk)
        card.duplicates = _duplicates(proposal_id=proposal.pk)
    return card


def may_do(actor: Actor, proposal: Proposal, author_ids: Iterable[int]) -> list[Transition]:
    """Return the changes that this actor may make now; the same checks stand in the actions."""
    found = access.parties(actor, proposal, author_ids)
    is_author = actor.person_id is not None and actor.person_id in set(author_ids)
    rows = []
    for row in allowed(proposal.state, found):
        if row.is_decision and is_author:
            continue
        if row.verb is Verb.APPEAL and proposal.has_appealed:
            continue
        if row.verb is Verb.COMMISSION and proposal.level > 1:
            continue
        if row.verb is Verb.VERIFY and actor.person_id and actor.person_id == proposal.responsible_id:
            continue
        if row.verb in (Verb.ACCEPT, Verb.REJECT) and _is_above(actor, proposal, row.verb):
            continue
        rows.append(row)
    return rows


def _is_above(actor: Actor, proposal: Proposal, verb: Verb) -> bool:
    if may(actor, "proposals.decide_at_commission"):
        return False
    if verb is Verb.REJECT:
        return proposal.level > 1
    return proposal.level > 1 or proposal.needs_money or proposal.touches_others


def fetch(*, actor: Actor, pk: int) -> Proposal | None:
    """Return the proposal if the actor sees it."""
    if access.sees_everything(actor) and not actor.is_system and may(actor, "proposals.read"):
        rows = _of_town(pk=pk, municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0)
        return rows[0] if rows else None
    return _with_people(access.visible_proposals(actor)).filter(pk=pk).first()


def _with_people(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return rows.select_related(
        "municipality", "organisation", "unit", "author", "reviewer", "responsible", "duplicate_of"
    )


@written
def _of_town(*, pk: int, municipality_id: int, user_id: int) -> QuerySet[Proposal]:
    found = Proposal.objects.filter(pk=pk, municipality_id=municipality_id)
    return _with_people(found).filter(~Q(state=State.DRAFT) | Q(submitted_by_id=user_id))


@written
def _authors(*, proposal_id: int) -> QuerySet[Author]:
    found = Author.objects.filter(proposal_id=proposal_id)
    return found.select_related("person", "organisation").order_by("-is_main", "pk")


@written
def _photos(*, proposal_id: int) -> QuerySet[Photo]:
    return Photo.objects.filter(proposal_id=proposal_id).order_by("pk")


@written
def _effects(*, proposal_id: int) -> QuerySet[Effect]:
    return Effect.objects.filter(proposal_id=proposal_id).select_related("method").order_by("pk")


@written
def _replications(*, proposal_id: int) -> QuerySet[Replication]:
    found = Replication.objects.filter(proposal_id=proposal_id)
    return found.select_related("organisation", "unit", "responsible").order_by("pk")


@written
def _events(*, proposal_id: int) -> QuerySet[ProposalEvent]:
    return ProposalEvent.objects.filter(proposal_id=proposal_id).order_by("-pk")


@written
def _comments(*, proposal_id: int) -> QuerySet[Comment]:
    return Comment.objects.filter(proposal_id=proposal_id).order_by("pk")


@written
def _rewards(*, proposal_id: int) -> QuerySet[Reward]:
    return Reward.objects.filter(proposal_id=proposal_id).select_related("person").order_by("pk")


@written
def _duplicates(*, proposal_id: int) -> QuerySet[Proposal]:
    found = Proposal.objects.filter(duplicate_of_id=proposal_id).order_by("pk")
    return found.only("title", "number", "number_year", "duplicate_of_id")
