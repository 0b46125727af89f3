"""Effects, rewards, introduction elsewhere, the year's table, numbers of the plan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from gemba.kernel.problems import Refusal
from gemba.organisation.access import system_actor
from gemba.organisation.models import HeadcountRecord, Position
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.plan.metrics import Scope, find
from gemba.proposals import actions
from gemba.proposals.actions.consent import give_consent, take_consent_back
from gemba.proposals.actions.office import set_rules
from gemba.proposals.actions.results import add_effect, move_replication, replicate, verify_effect
from gemba.proposals.actions.reward import reward
from gemba.proposals.models import (
    Effect,
    EffectKind,
    EffectMethod,
    Proposal,
    ProposalSettings,
    Replication,
    ReplicationState,
    Reward,
    RewardKind,
)
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.queries.year import year_table
from gemba.proposals.rules.effects import hours_a_year, worth
from gemba.proposals.rules.points import points_of
from gemba.proposals.rules.states import State
from gemba.proposals.rules.terms import ProposalRules
from gemba.proposals.tests.factories import AT, make_in, make_proposal

pytestmark = pytest.mark.django_db
TIME = {"minutes": Decimal(6), "times": Decimal(2), "frequency": "day", "people": 5}
TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("minutes", "times", "frequency", "people", "hours"),
    [
        ("6", "2", "day", 5, "247.00"),
        ("30", "1", "week", 2, "52.00"),
        ("90", "1", "month", 1, "18.00"),
        ("60", "1", "year", 3, "3.00"),
        ("0.5", "1", "day", 1, "2.06"),
    ],
)
def test_minutes_become_hours_a_year(
    minutes: str, times: str, frequency: str, people: int, hours: str
) -> None:
    found = hours_a_year(
        minutes=Decimal(minutes),
        times=Decimal(times),
        frequency=frequency,
        people=people,
        work_days_a_year=247,
    )
    assert found == Decimal(hours)
    with pytest.raises(ValueError, match="частота"):
        hours_a_year(minutes=Decimal(1), times=Decimal(1), frequency="hour", people=1, work_days_a_year=247)


def test_a_new_rate_never_changes_old_effects(cast: Cast) -> None:
    proposal = make_in(cast, State.IMPLEMENTED)
    coordinator, monitor = cast.actor(Role.COORDINATOR), cast.actor(Role.MONITOR)
    old = add_effect(actor=coordinator, proposal_id=proposal.pk, at=AT, kind=EffectKind.TIME, **TIME)
    assert (old.hours_a_year, old.money_a_year) == (Decimal("247.00"), Decimal("86450.00"))
    set_rules(actor=monitor, rules=ProposalRules(hour_rate=Decimal(500)), version=1, at=AT)
    fresh = add_effect(actor=coordinator, proposal_id=proposal.pk, at=AT, kind=EffectKind.TIME, **TIME)
    assert fresh.money_a_year == worth(hours=Decimal(247), hour_rate=Decimal(500)) == Decimal("123500.00")
    old.refresh_from_db()
    assert old.money_a_year == Decimal("86450.00") and old.method.hour_rate == 350
    assert [method.number for method in EffectMethod.objects.order_by("number")] == [1, 2]
    kept = Proposal.objects.get(pk=proposal.pk)
    assert (kept.hours_a_year, kept.money_a_year) == (Decimal("494.00"), Decimal("209950.00"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": EffectKind.TIME}, "минут"),
        ({"kind": EffectKind.TIME, **TIME, "minutes": Decimal(-1)}, "минут"),
        (
            {"kind": EffectKind.TIME, **TIME, "minutes": Decimal(99999), "times": Decimal(99999)},
            "больше суток",
        ),
        ({"kind": EffectKind.MONEY}, "сумма"),
        ({"kind": EffectKind.MONEY, "money": Decimal(10) ** 12}, "не похожа"),
        ({"kind": EffectKind.QUALITY, "text": "  "}, "стало лучше"),
    ],
)
def test_an_effect_must_be_whole(cast: Cast, fields: dict[str, object], words: str) -> None:
    proposal = make_in(cast, State.IMPLEMENTED)
    with pytest.raises(Refusal, match=words):
        add_effect(actor=cast.actor(Role.COORDINATOR), proposal_id=proposal.pk, at=AT, **fields)  # type: ignore[arg-type]
    assert not Effect.objects.exists()


def test_an_effect_in_money_or_words_stands_on_the_card(cast: Cast) -> None:
    proposal = make_in(cast, State.IMPLEMENTED)
    common = {"actor": cast.actor(Role.COORDINATOR), "proposal_id": proposal.pk, "at": AT}
    add_effect(**common, kind=EffectKind.MONEY, money=Decimal(1500))  # type: ignore[arg-type]
    for kind in (EffectKind.QUALITY, EffectKind.SAFETY, EffectKind.WORDS):
        add_effect(**common, kind=kind, text=f"Стало лучше: {kind}.")  # type: ignore[arg-type]
    page = cast.client(Role.UNIT_HEAD).get(reverse("proposals:card", args=[proposal.pk])).content.decode()
    assert "1\u202f500" in page and "Безопасность" in page
    assert all(f"Стало лучше: {kind}." in page for kind in ("quality", "safety", "words"))


def test_who_entered_an_effect_does_not_verify_it(cast: Cast) -> None:
    proposal = make_in(cast, State.IMPLEMENTED)
    head = cast.actor(Role.UNIT_HEAD)
    effect = add_effect(actor=head, proposal_id=proposal.pk, at=AT, kind=EffectKind.WORDS, text="Стало тише.")
    with pytest.raises(Refusal, match="сами внесли"):
        verify_effect(actor=head, proposal_id=proposal.pk, effect_id=effect.pk, at=AT)
    with pytest.raises(PermissionDenied):
        verify_effect(actor=cast.actor(Role.COORDINATOR), proposal_id=proposal.pk, effect_id=effect.pk, at=AT)
    done = verify_effect(actor=cast.actor(Role.MONITOR), proposal_id=proposal.pk, effect_id=effect.pk, at=AT)
    assert done.is_verified and done.verified_on == TODAY
    with pytest.raises(Refusal, match="уже проверен"):
        verify_effect(actor=cast.actor(Role.MONITOR), proposal_id=proposal.pk, effect_id=effect.pk, at=AT)
    with pytest.raises(PermissionDenied):
        add_effect(
            actor=cast.actor(Role.TRAINER), proposal_id=proposal.pk, at=AT, kind=EffectKind.WORDS, text="Да."
        )
    waiting = make_proposal(cast)
    with pytest.raises(Refusal, match="внедряется"):
        add_effect(actor=head, proposal_id=waiting.pk, at=AT, kind=EffectKind.WORDS, text="Стало тише.")


def test_a_reward_needs_its_act_and_goes_to_all_authors(cast: Cast) -> None:
    proposal = make_in(cast, State.VERIFIED, co_authors=[cast.people[Role.TEAM]])
    chair = cast.actor(Role.CHAIR)
    common = {"actor": chair, "proposal_id": proposal.pk, "at": AT, "act_on": TODAY}
    for fields, words in (
        ({"kind": RewardKind.THANKS, "act_number": " "}, "номер акта"),
        ({"kind": RewardKind.BONUS, "act_number": "1"}, "сумма"),
        ({"kind": RewardKind.POINTS, "act_number": "1"}, "баллов"),
        ({"kind": RewardKind.THANKS, "act_number": "1", "people": [cast.people[Role.HEAD]]}, "не авторы"),
        ({"kind": RewardKind.THANKS, "act_number": "1", "act_on": date(2026, 12, 1)}, "не наступила"),
    ):
        with pytest.raises(Refusal, match=words):
            reward(**{**common, **fields})  # type: ignore[arg-type]
    assert not Reward.objects.exists()
    done = reward(**common, kind=RewardKind.BONUS, act_number="12-р", amount=Decimal(3000))  # type: ignore[arg-type]
    assert done.state == State.REWARDED
    assert {row.person for row in Reward.objects.all()} == {
        cast.people[Role.EMPLOYEE],
        cast.people[Role.TEAM],
    }
    page = cast.client(Role.UNIT_HEAD).get(reverse("proposals:card", args=[proposal.pk])).content.decode()
    assert "3\u202f000" in page
    author = cast.client(Role.EMPLOYEE).get(reverse("proposals:card", args=[proposal.pk])).content.decode()
    assert "Премия" in author and "3\u202f000" not in author


def test_an_anonymous_proposal_is_not_rewarded(cast: Cast) -> None:
    proposal = make_in(cast, State.VERIFIED, author=None)
    with pytest.raises(Refusal, match="без имени"):
        reward(
            actor=cast.actor(Role.CHAIR),
            proposal_id=proposal.pk,
            at=AT,
            kind=RewardKind.THANKS,
            act_number="1",
            act_on=TODAY,
        )


def test_a_certificate_is_a_pdf_for_its_owner(cast: Cast) -> None:
    proposal = make_in(cast, State.REWARDED)
    address = reverse("proposals:certificate", args=[Reward.objects.get(proposal=proposal).pk])
    for kind in (RewardKind.THANKS, RewardKind.CERTIFICATE):
        Reward.objects.update(kind=kind)
        answer = cast.client(Role.EMPLOYEE).get(address)
        assert b"".join(answer.streaming_content).startswith(b"%PDF"), kind
    assert cast.client(Role.TRAINER).get(address).status_code == 404


def test_introduction_elsewhere_credits_both_and_makes_no_new_proposal(cast: Cast) -> None:
    done = make_in(cast, State.IMPLEMENTED)
    curator, monitor = cast.actor(Role.CURATOR), cast.actor(Role.MONITOR)
    row = replicate(actor=curator, proposal_id=done.pk, organisation=cast.kindergarten, at=AT)
    assert row.state == ReplicationState.RECOMMENDED and Proposal.objects.count() == 1
    for organisation, words in (
        (cast.kindergarten, "уже предложили"),
        (cast.school, "и подано"),
        (cast.other_school, "другого округа"),
    ):
        with pytest.raises(Refusal, match=words):
            replicate(actor=curator, proposal_id=done.pk, organisation=organisation, at=AT)
    step = {"actor": monitor, "replication_id": row.pk, "at": AT}
    with pytest.raises(Refusal, match="так нельзя"):
        move_replication(**step, state=ReplicationState.CONFIRMED, version=1)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="причина"):
        move_replication(**step, state=ReplicationState.DECLINED, version=1)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="другой пользователь"):
        move_replication(**step, state=ReplicationState.AGREED, version=9)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        move_replication(
            **{**step, "actor": cast.actor(Role.COORDINATOR)}, state=ReplicationState.AGREED, version=1
        )  # type: ignore[arg-type]
    move_replication(**step, state=ReplicationState.AGREED, version=1)  # type: ignore[arg-type]
    taker = cast.people[Role.CURATOR]
    move_replication(  # type: ignore[arg-type]
        **step, state=ReplicationState.INTRODUCED, version=2, introduced_on=TODAY, responsible=taker
    )
    assert Replication.objects.get().introduced_on == TODAY
    for person in (cast.people[Role.EMPLOYEE], taker):
        give_consent(actor=system_actor(cast.municipality), person=person, at=AT)
    table = year_table(municipality_id=cast.municipality.pk, year=2026, rules=ProposalRules())
    points = {line.name: (line.replicated, line.points) for line in table.people}
    assert points == {"Тихонова Дарья Игоревна": (1, Decimal(11)), "Соколова Ирина Львовна": (1, Decimal(3))}


def test_the_years_table_names_only_those_who_agreed(cast: Cast) -> None:
    make_in(cast, State.IMPLEMENTED, co_authors=[cast.people[Role.TEAM]])
    employee = cast.actor(Role.EMPLOYEE)
    give_consent(actor=employee, person=cast.people[Role.EMPLOYEE], at=AT)
    table = year_table(municipality_id=cast.municipality.pk, year=2026, rules=ProposalRules())
    assert [(line.name, line.points) for line in table.people] == [("Тихонова Дарья Игоревна", Decimal(8))]
    assert table.unnamed == 1 and table.organisations[0].implemented == 1
    shared = year_table(
        municipality_id=cast.municipality.pk, year=2026, rules=ProposalRules(shares_points=True)
    )
    assert shared.people[0].points == points_of(1, 2) + points_of(2, 2) + points_of(5, 2)
    with pytest.raises(PermissionDenied):
        give_consent(actor=employee, person=cast.people[Role.TEAM], at=AT)
    take_consent_back(actor=employee, person=cast.people[Role.EMPLOYEE], at=AT)
    assert not year_table(municipality_id=cast.municipality.pk, year=2026, rules=ProposalRules()).people
    assert "Тихонова" not in cast.client(Role.TRAINER).get(reverse("proposals:year")).content.decode()


def test_points_go_by_the_rules_of_the_municipality_and_by_decision(cast: Cast) -> None:
    proposal = make_in(cast, State.VERIFIED)
    reward(
        actor=cast.actor(Role.CHAIR), proposal_id=proposal.pk, at=AT, kind=RewardKind.POINTS, act_number="3",
        act_on=TODAY, points=7,
    )  # fmt: skip
    give_consent(actor=cast.actor(Role.EMPLOYEE), person=cast.people[Role.EMPLOYEE], at=AT)
    for rules, points in (
        (ProposalRules(), 1 + 2 + 5 + 7),
        (ProposalRules(points_registered=0, points_accepted=10, points_implemented=20), 10 + 20 + 7),
    ):
        table = year_table(municipality_id=cast.municipality.pk, year=2026, rules=rules)
        assert [line.points for line in table.people] == [points]


def test_each_number_of_the_plan_opens_its_records(cast: Cast) -> None:
    proposal = make_proposal(cast)
    later = AT + timedelta(days=5)
    actions.reject(actor=cast.actor(Role.UNIT_HEAD), proposal_id=proposal.pk, at=later, reason="Нет места.")
    done = make_in(cast, State.IMPLEMENTED)
    year = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    days = find("proposals_days_to_decision")
    assert days.total(year) == days.count(year)[cast.school.pk] == Decimal("2.5")  # type: ignore[union-attr]
    for code, rows in (
        ("proposals_submitted", {proposal, done}),
        ("proposals_implemented", {done}),
        ("proposals_per_100_employees", {proposal, done}),
        ("proposals_days_to_decision", {proposal, done}),
    ):
        records = find(code).records(year, 10)  # type: ignore[union-attr]
        assert {one.url for one in records} == {reverse("proposals:card", args=[row.pk]) for row in rows}, (
            code
        )


def test_the_plans_numbers(cast: Cast) -> None:
    system = system_actor(cast.municipality)
    for _ in range(2):
        make_in(cast, State.IMPLEMENTED)
    waiting = make_proposal(cast)
    joined = make_proposal(cast)
    actions.join_duplicate(actor=system, proposal_id=joined.pk, original_id=waiting.pk, at=AT)
    make_in(cast, State.DRAFT)
    at_kindergarten = make_in(cast, State.IMPLEMENTED, organisation=cast.kindergarten)
    actions.rework(actor=system, proposal_id=at_kindergarten.pk, at=AT, reason="Щитка нет.")
    year = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    school, garden = cast.school.pk, cast.kindergarten.pk
    found = {code: find(code).count(year) for code in ("proposals_submitted", "proposals_implemented")}  # type: ignore[union-attr]
    assert found == {"proposals_submitted": {school: 3, garden: 1}, "proposals_implemented": {school: 2}}
    per_100 = find("proposals_per_100_employees")
    assert per_100.count(year) == {school: Decimal("4.84"), garden: Decimal("3.23")}  # type: ignore[union-attr]
    HeadcountRecord.objects.filter(organisation=cast.kindergarten).delete()
    assert per_100.count(year) == {school: Decimal("4.84")}  # type: ignore[union-attr]
    days = find("proposals_days_to_decision")
    assert days.count(year)[school] == 0 and days.total(year) == 0  # type: ignore[union-attr]
    only = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31), frozenset({garden}))
    assert find("proposals_submitted").count(only) == {garden: 1}  # type: ignore[union-attr]
    assert len(list(find("proposals_submitted").records(year, 2))) == 2  # type: ignore[union-attr]
    assert (
        find("proposals_submitted").count(
            Scope(cast.other_municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
        )
        == {}
    )  # type: ignore[union-attr]


def test_one_proposal_is_one_whatever_the_number_of_authors(cast: Cast) -> None:
    make_in(cast, State.IMPLEMENTED, co_authors=[cast.people[Role.TEAM], cast.people[Role.MONITOR]])
    year = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    assert find("proposals_implemented").count(year) == {cast.school.pk: 1}  # type: ignore[union-attr]


def test_a_proposal_counts_where_its_author_was_when_it_was_sent(cast: Cast) -> None:
    done = make_in(cast, State.IMPLEMENTED)
    authors = done.authors.values("person_id")
    assert Position.objects.filter(person_id__in=authors).update(organisation=cast.kindergarten, unit=None)
    year = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    assert find("proposals_implemented").count(year) == {cast.school.pk: 1}  # type: ignore[union-attr]


def test_rules_are_checked_and_two_editors_do_not_overwrite_each_other(cast: Cast) -> None:
    monitor = cast.actor(Role.MONITOR)
    with pytest.raises(Refusal, match="от 1 до 60"):
        set_rules(actor=monitor, rules=ProposalRules(decision_days=0), version=1, at=AT)
    set_rules(actor=monitor, rules=ProposalRules(decision_days=3), version=1, at=AT)
    with pytest.raises(Refusal, match="другой пользователь"):
        set_rules(actor=monitor, rules=ProposalRules(decision_days=9), version=1, at=AT)
    assert rules_of(cast.municipality.pk).decision_days == 3
    assert rules_of(cast.other_municipality.pk).decision_days == 5
    with pytest.raises(PermissionDenied):
        set_rules(actor=cast.actor(Role.UNIT_HEAD), rules=ProposalRules(), version=2, at=AT)
    with pytest.raises(ValueError, match="Неизвестные"):
        ProposalRules.of({"deadline": 3})
    assert ProposalSettings.objects.get().rules == ProposalRules(decision_days=3)
    sent = make_proposal(cast)
    assert sent.answer_by == date(2026, 11, 25)
