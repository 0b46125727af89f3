"""Make proposals for tests, with sensible values for all that a test does not care about."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from gemba.organisation.access import Actor, system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals import actions
from gemba.proposals.actions.results import add_effect, replicate
from gemba.proposals.models import EffectKind, Proposal, Source
from gemba.proposals.rules.states import State

AT = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)  # Thursday, ten in the morning in the municipality
_numbers = count(1)


def new(cast: Cast, **fields: Any) -> actions.NewProposal:
    """Return what an employee sends."""
    number = next(_numbers)
    fields = {
        "organisation": cast.school,
        "author": cast.people[Role.EMPLOYEE],
        "problem": f"Ключ от кабинета {number} каждый раз ищем по всей школе.",
        "solution": f"Повесить у вахты щиток с ключами и подписями, ряд {number}.",
        **fields,
    }
    return actions.NewProposal(**fields)


def make_proposal(cast: Cast, *, at: datetime = AT, **fields: Any) -> Proposal:
    """Send a proposal of the employee."""
    source = fields.pop("source", Source.STAFF)
    return actions.submit(
        actor=system_actor(cast.municipality), new=new(cast, **fields), at=at, source=source
    )


def make_in(cast: Cast, state: State, **fields: Any) -> Proposal:
    """Bring a proposal into the state by the acts of the system, in the order of life."""
    actor = system_actor(cast.municipality)
    at = fields.pop("at", AT)
    if state is State.DRAFT:
        return actions.submit(actor=cast.actor(Role.EMPLOYEE), new=new(cast, **fields), at=at, is_draft=True)
    proposal = make_proposal(cast, at=at, **fields)
    pk = proposal.pk
    if state is State.SUBMITTED:
        # As it stands where the municipality registers by hand.
        Proposal.objects.filter(pk=pk).update(state=state, number=None, number_year=None)
    steps = _WAY.get(state, ())
    for step in steps:
        _STEPS[step](actor, pk, at, cast)
    return Proposal.objects.get(pk=pk)


def _original(cast: Cast) -> int:
    return make_proposal(cast).pk


_STEPS = {
    "take": lambda a, pk, at, c: actions.take(actor=a, proposal_id=pk, at=at),
    "return": lambda a, pk, at, c: actions.return_for_answer(
        actor=a, proposal_id=pk, at=at, reason="Где именно?"
    ),
    "accept": lambda a, pk, at, c: actions.accept(actor=a, proposal_id=pk, at=at),
    "reject": lambda a, pk, at, c: actions.reject(actor=a, proposal_id=pk, at=at, reason="Уже сделано."),
    "project": lambda a, pk, at, c: actions.to_project(actor=a, proposal_id=pk, at=at),
    "duplicate": lambda a, pk, at, c: actions.join_duplicate(
        actor=a, proposal_id=pk, original_id=_original(c), at=at
    ),
    "start": lambda a, pk, at, c: actions.start(actor=a, proposal_id=pk, at=at),
    "postpone": lambda a, pk, at, c: actions.postpone(
        actor=a, proposal_id=pk, at=at, reason="Ждём ремонта.", until=date(2026, 12, 24)
    ),
    "cancel": lambda a, pk, at, c: actions.cancel(actor=a, proposal_id=pk, at=at, reason="Здание закрыли."),
    "implement": lambda a, pk, at, c: actions.implement(
        actor=a, proposal_id=pk, at=at, implemented_on=at.date()
    ),
    "verify": lambda a, pk, at, c: actions.verify(actor=a, proposal_id=pk, at=at),
    "reward": lambda a, pk, at, c: _reward(a, pk, at),
    "close": lambda a, pk, at, c: actions.close(actor=a, proposal_id=pk, at=at),
}
_DONE = ("accept", "start", "implement")
_WAY: dict[State, tuple[str, ...]] = {
    State.UNDER_REVIEW: ("take",),
    State.RETURNED: ("return",),
    State.ACCEPTED: ("accept",),
    State.REJECTED: ("reject",),
    State.TO_PROJECT: ("project",),
    State.DUPLICATE: ("duplicate",),
    State.IN_PROGRESS: ("accept", "start"),
    State.POSTPONED: ("accept", "postpone"),
    State.CANCELLED: ("accept", "cancel"),
    State.IMPLEMENTED: _DONE,
    State.VERIFIED: (*_DONE, "verify"),
    State.REWARDED: (*_DONE, "verify", "reward"),
    State.CLOSED: (*_DONE, "verify", "close"),
}


def _reward(actor: Actor, pk: int, at: datetime) -> Any:
    from gemba.proposals.actions.reward import reward
    from gemba.proposals.models import RewardKind

    return reward(
        actor=actor, proposal_id=pk, at=at, kind=RewardKind.THANKS, act_kind="Распоряжение", act_number="12-р",
        act_on=at.date(),
    )  # fmt: skip


def url_samples(cast: Cast) -> dict[str, dict[str, Any]]:
    """Give every address of this module that needs an argument, with an object of the municipality behind it."""
    from gemba.proposals.models import (
        AnswerTemplate,
        Effect,
        ImportFile,
        Photo,
        Replication,
        Reward,
        SavedFilter,
    )

    system = system_actor(cast.municipality)
    draft = make_in(cast, State.DRAFT)
    review = make_in(cast, State.UNDER_REVIEW)
    done = make_in(cast, State.REWARDED)
    verified = make_in(cast, State.VERIFIED)
    effect = add_effect(actor=system, proposal_id=done.pk, at=AT, kind=EffectKind.WORDS, text="Стало чище.")
    replication = replicate(actor=system, proposal_id=done.pk, organisation=cast.kindergarten, at=AT)
    head = cast.users[Role.UNIT_HEAD]
    photo = Photo.objects.create(
        proposal=review, kind="problem", file="нет.jpg", preview="нет.jpg", width=1, height=1, added_at=AT
    )
    template = AnswerTemplate.objects.create(
        municipality=cast.municipality, verb="reject", title="Уже сделано", text="Это уже сделано."
    )
    kept = SavedFilter.objects.create(user=head, title="Просрочены", query="view=queue&trouble=overdue")
    file = ImportFile.objects.create(
        municipality=cast.municipality,
        user=cast.users[Role.COORDINATOR],
        name="прошлые годы.xlsx",
        made_at=AT,
    )
    reward = Reward.objects.filter(proposal=done).first()
    assert reward is not None and isinstance(effect, Effect) and isinstance(replication, Replication)
    plain = ("card", "sheet", "move", "assign_one", "escalate", "comment", "effect", "photos")
    return {
        **{f"proposals:{name}": {"pk": review.pk} for name in plain},
        "proposals:draft": {"pk": draft.pk},
        "proposals:act": {"pk": review.pk, "verb": "accept"},
        "proposals:reward": {"pk": verified.pk},
        "proposals:replicate": {"pk": done.pk},
        "proposals:photo": {"pk": review.pk, "photo_id": photo.pk},
        "proposals:effect_verify": {"pk": done.pk, "effect_id": effect.pk},
        "proposals:replication": {"pk": replication.pk},
        "proposals:certificate": {"reward_id": reward.pk},
        "proposals:poster": {"unit_id": cast.school_unit.pk},
        "proposals:blank": {"unit_id": cast.school_unit.pk},
        "proposals:codes": {"organisation_id": cast.school.pk},
        "proposals:template_drop": {"template_id": template.pk},
        "proposals:filter_drop": {"filter_id": kept.pk},
        "proposals:import_check": {"pk": file.pk},
        "proposals:import_load": {"pk": file.pk},
        "proposals:export": {"kind": "csv", "is_object": False},
        "proposals:year_export": {"kind": "csv", "is_object": False},
        "proposals:statistics_export": {"kind": "csv", "is_object": False},
        # Open to whoever holds the printed address; nothing of them is a secret of the municipality.
        "quick:send": {"token": cast.school_unit.qr_token},
        "quick:stand": {"token": cast.school_unit.qr_token},
        "quick:similar": {"token": cast.school_unit.qr_token},
        "quick:receipt": {"receipt": review.receipt},
    }
