"""Who may: the acts of this module, what of it an actor sees, and who the actor is to one proposal."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor, may
from gemba.organisation.acts import Nature, declare
from gemba.organisation.roles import MUNICIPAL, Role
from gemba.proposals.models import Author, Proposal
from gemba.proposals.rules.states import Party, State

_R = Role
# They see every text of the municipality.
WHOLE = (_R.MONITOR, _R.HEAD, _R.CURATOR, _R.CHAIR, _R.DEPUTY, _R.SECRETARY, _R.MEMBER)
OWN = (_R.COORDINATOR, _R.UNIT_HEAD)
_WORKING = [role for role in MUNICIPAL if role is not _R.ADMIN]

declare("proposals.submit", "Подавать предложения по улучшению", _WORKING)
declare("proposals.read", "Смотреть свои предложения и общий каталог", MUNICIPAL, Nature.READING)
declare("proposals.read_own", "Смотреть предложения своей организации", OWN, Nature.READING)
declare("proposals.read_all", "Смотреть все предложения округа", WHOLE, Nature.READING)
declare("proposals.register", "Регистрировать и назначать рассмотрение предложений", [*OWN, _R.MONITOR])
declare("proposals.decide", "Решать по предложениям своей организации", [_R.UNIT_HEAD])
declare(
    "proposals.decide_at_commission", "Вносить решение комиссии по предложениям",
    [_R.CHAIR, _R.DEPUTY, _R.SECRETARY],
)  # fmt: skip
declare("proposals.oversee", "Подтверждать внедрение и эффект", [_R.CURATOR, _R.MONITOR, _R.UNIT_HEAD])
declare(
    "proposals.reward", "Поощрять авторов предложений",
    [_R.UNIT_HEAD, _R.CHAIR, _R.DEPUTY, _R.SECRETARY, _R.MONITOR],
)  # fmt: skip
declare(
    "proposals.see_sums", "Видеть суммы премий",
    [_R.UNIT_HEAD, _R.CHAIR, _R.DEPUTY, _R.SECRETARY, _R.MONITOR, _R.HEAD], Nature.READING,
)  # fmt: skip
declare("proposals.replicate", "Предлагать внедрение в других местах", [*OWN, _R.MONITOR, _R.CURATOR])
declare("proposals.issue_codes", "Выдавать личные коды и печатать QR-плакаты", [*OWN, _R.MONITOR])
declare("proposals.import", "Загружать предложения прошлых лет", [_R.COORDINATOR, _R.MONITOR])
declare("proposals.statistics", "Смотреть статистику предложений", [*OWN, *WHOLE], Nature.READING)
declare(
    "proposals.set_rules",
    "Менять сроки и правила работы с предложениями",
    [_R.MONITOR, _R.ADMIN],
    Nature.UPKEEP,
)


def sees_everything(actor: Actor) -> bool:
    """Tell whether every text of the municipality is open to the actor."""
    return actor.is_system or may(actor, "proposals.read_all")


def own_organisations(actor: Actor) -> frozenset[int]:
    """Return the organisations whose proposals the actor keeps."""
    return frozenset[int]().union(*(actor.organisation_ids(role) for role in OWN if actor.has(role)))


def drafts_aside(actor: Actor) -> Q:
    """Build the condition that leaves out other people's drafts."""
    return ~Q(state=State.DRAFT) | Q(submitted_by_id=actor.user_id or 0)


def is_mine(actor: Actor) -> Q:
    """Build the condition «the actor wrote it or was given something to do with it»."""
    mine = Q(submitted_by_id=actor.user_id or 0)
    if actor.person_id:
        authored = Author.objects.filter(person_id=actor.person_id).values("proposal_id")
        mine |= Q(pk__in=authored) | Q(reviewer_id=actor.person_id) | Q(responsible_id=actor.person_id)
    return mine


def visible_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Return what the actor sees: a stranger and the regional office nothing, an employee own and public ones."""
    if actor.municipality_id is None or not (actor.is_system or may(actor, "proposals.read")):
        return Proposal.objects.none()
    found = Proposal.objects.filter(municipality_id=actor.municipality_id)
    if actor.is_system:
        return found
    if sees_everything(actor):
        return found.filter(drafts_aside(actor))
    mine = is_mine(actor) | Q(is_public=True)
    if organisations := own_organisations(actor):
        mine |= Q(organisation_id__in=organisations) & ~Q(state=State.DRAFT)
    return found.filter(mine & drafts_aside(actor))


def has_whole_view(actor: Actor, proposal: Proposal, author_ids: Iterable[int]) -> bool:
    """Tell whether names, discussion and history are open, or only what the catalogue shows."""
    if actor.municipality_id != proposal.municipality_id:
        return False
    if sees_everything(actor) or proposal.organisation_id in own_organisations(actor):
        return True
    if actor.user_id and proposal.submitted_by_id == actor.user_id:
        return True
    if not actor.person_id:
        return False
    return actor.person_id in {*author_ids, proposal.reviewer_id, proposal.responsible_id}


def parties(actor: Actor, proposal: Proposal, author_ids: Iterable[int]) -> frozenset[Party]:
    """Return who the actor is to this proposal; nobody beyond the border of the municipality."""
    if actor.municipality_id != proposal.municipality_id:
        return frozenset()
    if actor.is_system:
        return frozenset(Party)
    found = set()
    place = proposal.organisation_id
    is_author = (actor.person_id is not None and actor.person_id in set(author_ids)) or (
        proposal.state == State.DRAFT
        and actor.user_id is not None
        and proposal.submitted_by_id == actor.user_id
    )
    if is_author:
        found.add(Party.AUTHOR)
    if actor.person_id is not None and actor.person_id == proposal.responsible_id:
        found.add(Party.RESPONSIBLE)
    if may(actor, "proposals.register", place):
        found.add(Party.REGISTRAR)
    if may(actor, "proposals.decide", place):
        found.add(Party.HEAD)
    if may(actor, "proposals.decide_at_commission"):
        found.add(Party.COMMISSION)
    if may(actor, "proposals.oversee", place):
        found.add(Party.OVERSEER)
    if may(actor, "proposals.reward", place) or (
        may(actor, "proposals.reward") and may(actor, "proposals.decide_at_commission")
    ):
        found.add(Party.REWARDER)
    return frozenset(found)


def sees_sums(actor: Actor, proposal: Proposal) -> bool:
    """Tell whether the sums of bonuses are open."""
    return may(actor, "proposals.see_sums", proposal.organisation_id) or (
        may(actor, "proposals.see_sums") and may(actor, "proposals.decide_at_commission")
    )
