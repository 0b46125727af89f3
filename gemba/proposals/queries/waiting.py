"""What waits for one person on the home page, the most urgent first: asked at every visit, so written once."""

from collections.abc import Iterable

from django.db.models import QuerySet

from gemba.organisation.access import Actor, may
from gemba.organisation.roles import Role
from gemba.proposals.models import Proposal
from gemba.proposals.queries.ready import in_town
from gemba.proposals.rules.states import AWAITING_ANSWER, State
from gemba.statements import written

# More of one kind than this nobody reads on a home page.
MOST = 20
_ANSWER = tuple(sorted(AWAITING_ANSWER))
_HEAD = tuple(sorted({*AWAITING_ANSWER, State.IMPLEMENTED}))
_DOING = (State.ACCEPTED, State.IN_PROGRESS)


def for_person(actor: Actor) -> list[Proposal]:
    """Return what waits for this person's own act: decisions of a head or the commission, reviews, introductions."""
    town = actor.municipality_id or 0
    found: list[Proposal] = []
    if may(actor, "proposals.decide"):
        found += _at_heads(town, actor.organisation_ids(Role.UNIT_HEAD))
    if may(actor, "proposals.decide_at_commission"):
        found += _at_commission(municipality_id=town)
    if actor.person_id:
        found += _at_reviewer(municipality_id=town, person_id=actor.person_id)
        found += _at_responsible(municipality_id=town, person_id=actor.person_id)
        found += _at_author(municipality_id=town, person_id=actor.person_id)
    rows = {row.pk: row for row in found}
    return sorted(rows.values(), key=lambda row: (row.term_on or actor.today, row.pk))


def newest_of(person_id: int) -> list[Proposal]:
    """Return the latest proposals of the person, drafts too."""
    return _newest(person_id=person_id)


def _at_heads(municipality_id: int, places: Iterable[int]) -> list[Proposal]:
    match tuple(places):
        case ():
            return []
        case (one,):
            return _at_head(municipality_id=municipality_id, organisation_id=one)
        case several:
            found = _light(municipality_id).filter(organisation_id__in=several, state__in=_HEAD, level=1)
            return list(found[:MOST])


def _light(municipality_id: int | None = None) -> "QuerySet[Proposal, Proposal]":
    found = Proposal.objects.filter(term_on__isnull=False)
    if municipality_id is not None:
        found = found.filter(municipality_id=municipality_id)
    return found.only("pk", "title", "state", "term_on", "number", "number_year").order_by("term_on", "pk")


@written
def _at_head(*, municipality_id: int, organisation_id: int) -> "QuerySet[Proposal, Proposal]":
    found = _light(municipality_id).filter(organisation_id=organisation_id, state__in=_HEAD, level=1)
    return found[:MOST]


@written
def _at_commission(*, municipality_id: int) -> "QuerySet[Proposal, Proposal]":
    return _light(municipality_id).filter(state=State.UNDER_REVIEW, level=2)[:MOST]


@written
def _at_reviewer(*, municipality_id: int, person_id: int) -> "QuerySet[Proposal, Proposal]":
    return _light(municipality_id).filter(reviewer_id=person_id, state__in=_ANSWER)[:MOST]


@written
def _at_responsible(*, municipality_id: int, person_id: int) -> "QuerySet[Proposal, Proposal]":
    return _light(municipality_id).filter(responsible_id=person_id, state__in=_DOING)[:MOST]


@written
def _at_author(*, municipality_id: int, person_id: int) -> "QuerySet[Proposal, Proposal]":
    # By the author's own index: the municipality's in order of terms would be walked to its end.
    found = in_town(_light(), municipality_id, is_cut=True)
    return found.filter(author_id=person_id, state=State.RETURNED)[:MOST]


@written
def _newest(*, person_id: int) -> "QuerySet[Proposal, Proposal]":
    found = Proposal.objects.filter(author_id=person_id).only("title", "state", "number", "number_year")
    return found.order_by("-pk")[:MOST]
