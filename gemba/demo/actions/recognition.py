"""Let something come of what was implemented: effects, photos, thanks, introduction elsewhere, consents to be named."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gemba.demo.actions.town import Made
from gemba.demo.rules.drawings import shelf
from gemba.organisation.access import Actor
from gemba.organisation.models import Organisation, Person, User
from gemba.proposals.actions import add_photos
from gemba.proposals.actions.consent import give_consent
from gemba.proposals.actions.results import add_effect, move_replication, replicate, verify_effect
from gemba.proposals.actions.reward import reward
from gemba.proposals.models import (
    Author,
    EffectKind,
    Frequency,
    PhotoKind,
    Proposal,
    Replication,
    ReplicationState,
    RewardKind,
)
from gemba.proposals.pictures import redraw
from gemba.proposals.rules.states import IMPLEMENTED, State

EFFECTS_A_YEAR = 12
_WORDS = {
    "quality": (EffectKind.QUALITY, "Возвратов на доработку за квартал стало втрое меньше."),
    "safety": (EffectKind.SAFETY, "С тех пор никто не споткнулся и не поскользнулся."),
    "client": (EffectKind.WORDS, "Люди перестали спрашивать, куда идти: находят сами."),
}
_TIMES = ((5, 2, Frequency.DAY, 1), (10, 1, Frequency.DAY, 3), (40, 1, Frequency.WEEK, 2), (120, 1, Frequency.MONTH, 4),
          (15, 3, Frequency.WEEK, 5), (4, 6, Frequency.DAY, 2))  # fmt: skip
_REWARDS: tuple[tuple[RewardKind, dict[str, Any]], ...] = (
    (RewardKind.CERTIFICATE, {}), (RewardKind.THANKS, {}), (RewardKind.POINTS, {"points": 10}),
    (RewardKind.BONUS, {"amount": Decimal(3000)}),
)  # fmt: skip
_R = ReplicationState
# How far each introduction elsewhere came.
_WAYS = (
    (_R.AGREED, _R.INTRODUCED, _R.CONFIRMED), (_R.AGREED, _R.IN_PROGRESS, _R.INTRODUCED), (_R.AGREED, _R.IN_PROGRESS),
    (_R.DECLINED,), (_R.AGREED, _R.INTRODUCED), (),
)  # fmt: skip


def enter_results(*, made: Made, progress: Callable[[str], None]) -> None:
    """Write what came of the implemented proposals, each part by those who would do it."""
    done = Proposal.objects.filter(municipality=made.municipality, state__in=IMPLEMENTED)
    latest = list(done.select_related("responsible").order_by("-implemented_on", "-pk"))
    _photos(made, latest[:3])
    effects = _effects(made, latest)
    elsewhere = _elsewhere(made, [row for row in latest if row.state in (State.VERIFIED, State.CLOSED)])
    rewarded = _rewards(made, [row for row in latest if row.state == State.VERIFIED])
    _consents(made)
    progress(f"эффектов {effects}, поощрено {rewarded}, повторено {elsewhere}")


def _effects(made: Made, latest: list[Proposal]) -> int:
    """Count the effect of some of each year: minutes, money or words; most of it checked by the curator."""
    curator = _holder(made, "curator")
    count = 0
    for turn, proposal in enumerate(_spread(latest)):
        count += 1
        day = min(_implemented(proposal) + timedelta(days=2), made.today)
        who = _as(made, proposal.responsible, day)
        common: dict[str, Any] = {
            "actor": who,
            "proposal_id": proposal.pk,
            "at": made.at(day, 14, turn % 60),
        }
        if proposal.category == "cost":
            effect = add_effect(**common, kind=EffectKind.MONEY, money=Decimal(4500 + 1300 * (turn % 9)))
        elif proposal.category in _WORDS and turn % 4 == 0:
            kind, text = _WORDS[proposal.category]
            effect = add_effect(**common, kind=kind, text=text)
        else:
            minutes, times, frequency, people = _TIMES[turn % len(_TIMES)]
            effect = add_effect(
                **common, kind=EffectKind.TIME, minutes=Decimal(minutes), times=Decimal(times), frequency=frequency,
                people=people,
            )  # fmt: skip
        checked_on = day + timedelta(days=6)
        if turn % 3 != 1 and checked_on <= made.today and curator != proposal.responsible:
            verify_effect(
                actor=_as(made, curator, checked_on), proposal_id=proposal.pk, effect_id=effect.pk,
                at=made.at(checked_on, 11, turn % 60),
            )  # fmt: skip
    return count


def _spread(latest: list[Proposal]) -> list[Proposal]:
    """Take so many of each year that its whole course is covered."""
    by_year: dict[int, list[Proposal]] = {}
    for proposal in latest:
        by_year.setdefault(_implemented(proposal).year, []).append(proposal)
    return [row for rows in by_year.values() for row in rows[:: max(1, len(rows) // EFFECTS_A_YEAR)]]


def _photos(made: Made, rows: Iterable[Proposal]) -> None:
    """Show what it was and what it became."""
    for turn, proposal in enumerate(rows):
        day = _implemented(proposal)
        who = _as(made, proposal.responsible, day)
        for kind, is_tidy in ((PhotoKind.BEFORE, False), (PhotoKind.AFTER, True)):
            picture = redraw(shelf(is_tidy=is_tidy, seed=turn))
            add_photos(actor=who, proposal_id=proposal.pk, at=made.at(day, 15), kind=kind, pictures=[picture])


def _elsewhere(made: Made, rows: list[Proposal]) -> int:
    """Let others take it over: first those of the same kind."""
    kinds = {row.code: row.kind.code for row in made.town.organisations}
    living = [
        made.organisations[row.code]
        for row in made.town.organisations
        if row.ends_on is None and row.joins_on
    ]
    curator = _holder(made, "curator")
    count = 0
    for turn, (proposal, way) in enumerate(zip(rows, _WAYS * 2, strict=False)):
        own = next(row for row in made.organisations.values() if row.pk == proposal.organisation_id)
        others = [row for row in living if row.pk != own.pk]
        target = sorted(
            others, key=lambda row: (kinds[row.code] != kinds[own.code], (row.pk * 7 + turn) % 11)
        )[0]
        day = min(_implemented(proposal) + timedelta(days=10), made.today)
        row = replicate(
            actor=_as(made, curator, day), proposal_id=proposal.pk, organisation=target, at=made.at(day, 12, turn),
            adaptation="Помещение другое: место под шкаф выберите сами." if turn % 3 == 0 else "",
        )  # fmt: skip
        count += 1
        _take_over(made, row, target, day, way)
    return count


def _take_over(
    made: Made, row: Replication, target: Organisation, day: date, way: tuple[ReplicationState, ...]
) -> None:
    staff = next(found for found in made.town.organisations if found.code == target.code).people
    head = made.people[next((person.code for person in staff if person.is_head), staff[0].code)]
    responsible = made.people[staff[-1].code]
    for step in way:
        day += timedelta(days=8)
        if day > made.today:
            return
        row = move_replication(
            actor=_as(made, head, day), replication_id=row.pk, state=step, at=made.at(day, 12), version=row.version,
            introduced_on=day if step == _R.INTRODUCED else None,
            responsible=responsible if step == _R.AGREED else None,
            reason="У нас это уже устроено иначе, и это работает." if step == _R.DECLINED else "",
        )  # fmt: skip


def _rewards(made: Made, rows: list[Proposal]) -> int:
    """Thank the authors by acts: half of those whose introduction is confirmed, so that some still wait."""
    monitor = _holder(made, "monitor")
    count = 0
    for turn, proposal in enumerate(rows[1:14:2]):
        assert proposal.verified_on is not None
        day = proposal.verified_on + timedelta(days=7)
        if day > made.today:
            continue
        kind, more = _REWARDS[turn % len(_REWARDS)]
        reward(
            actor=_as(made, monitor, day), proposal_id=proposal.pk, at=made.at(day, 16, turn), kind=kind,
            act_kind="Распоряжение", act_number=f"{41 + turn}-р", act_on=day, **more,
        )  # fmt: skip
        count += 1
    return count


def _consents(made: Made) -> None:
    """Let two of three authors agree to be named."""
    people = Person.objects.filter(
        pk__in=Author.objects.filter(proposal__municipality=made.municipality).values("person_id")
    )
    day = made.begins_on + timedelta(days=30)
    for turn, person in enumerate(people.order_by("pk")):
        if turn % 3:
            give_consent(actor=_as(made, person, day), person=person, at=made.at(day, 10, turn % 60))


def _holder(made: Made, role: str) -> Person | None:
    login = f"{made.municipality.code}.{role}"
    found = User.objects.with_owner().filter(login=login).select_related("person").first()
    return found.person if found else None


def _as(made: Made, person: Person | None, day: date) -> Actor:
    actor = made.actor(day)
    return replace(actor, name=person.full_name, person_id=person.pk) if person else actor


def _implemented(proposal: Proposal) -> date:
    assert proposal.implemented_on is not None
    return proposal.implemented_on
