"""The one place that speaks to the module of notices: at once for assignments, returns and escalations only."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from gemba.notices import actions as notices
from gemba.notices.models import Kind
from gemba.organisation.access import Actor
from gemba.organisation.models import User
from gemba.organisation.queries import heads_of, holders
from gemba.organisation.roles import Role
from gemba.proposals.models import Author, Proposal, Source

# At once; everything else waits for the morning digest.
ASSIGNMENT = Kind.ASSIGNMENT
RETURN = Kind.RETURN
ESCALATION = Kind.ESCALATION


def tell(
    *,
    title: str,
    proposal: Proposal,
    at: datetime,
    people: Iterable[int | None] = (),
    users: Iterable[User | int] = (),
    text: str = "",
    kind: str = Kind.NEWS,
    besides: Actor | None = None,
) -> None:
    """Tell people about a proposal. History typed in from a spreadsheet tells nobody."""
    if proposal.source == Source.IMPORT:
        return
    notices.tell(
        kind=kind, title=f"{title}: {proposal.title}"[:200], at=at, users=users,
        person_ids=[person for person in people if person], text=text[:500],
        url=reverse("proposals:card", args=[proposal.pk]),
        immediate=kind in (ASSIGNMENT, RETURN, ESCALATION), municipality_id=proposal.municipality_id,
        besides=besides.user_id if besides else None,
    )  # fmt: skip


def tell_authors(
    proposal: Proposal,
    *,
    title: str,
    at: datetime,
    text: str = "",
    kind: str = Kind.DECISION,
    besides: Actor | None = None,
) -> None:
    """Tell everybody credited with the proposal."""
    people = Author.objects.filter(proposal=proposal).values_list("person_id", flat=True)
    tell(title=title, proposal=proposal, at=at, people=people, text=text, kind=kind, besides=besides)


def tell_new(proposal: Proposal, *, at: datetime) -> None:
    """Tell whoever decides that a proposal has come; the morning digest is soon enough."""
    if proposal.level > 1:
        users = list(deciders(proposal, at).values_list("pk", flat=True))
    else:
        users = heads_of(organisation=proposal.organisation, day=at.date())
    tell(title="Новое предложение", proposal=proposal, at=at, users=users, kind=Kind.REQUEST)


def deciders(proposal: Proposal, at: datetime) -> QuerySet[User]:
    """Return the accounts that decide about the proposal on its level."""
    role = Role.SECRETARY if proposal.level > 1 else Role.UNIT_HEAD
    place = None if proposal.level > 1 else proposal.organisation_id
    day = at.astimezone(proposal.municipality.zone).date()
    return holders(municipality_id=proposal.municipality_id, role=role, day=day, organisation_id=place)
