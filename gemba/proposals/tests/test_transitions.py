"""The table of transitions, tried whole: every state × every act × every role, out of order, twice at once."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from gemba.kernel.problems import Refusal
from gemba.organisation.access import Actor, system_actor
from gemba.organisation.roles import WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import Cast, build_cast
from gemba.proposals import actions
from gemba.proposals.actions.reward import reward
from gemba.proposals.models import Proposal, ProposalCounter, ProposalEvent, RewardKind
from gemba.proposals.models.proposal import EventIsImmutable
from gemba.proposals.queries.cards import may_do
from gemba.proposals.rules.states import TABLE, Party, State, Verb, allowed, move
from gemba.proposals.tests.factories import AT, make_in, make_proposal

TODAY = date(2026, 11, 19)
ACTS: dict[Verb, Callable[[Actor, int, int], Any]] = {
    Verb.SUBMIT: lambda a, pk, o: actions.send_draft(actor=a, proposal_id=pk, at=AT),
    Verb.REGISTER: lambda a, pk, o: actions.register(actor=a, proposal_id=pk, at=AT),
    Verb.TAKE: lambda a, pk, o: actions.take(actor=a, proposal_id=pk, at=AT),
    Verb.COMMISSION: lambda a, pk, o: actions.to_commission(actor=a, proposal_id=pk, at=AT),
    Verb.ACCEPT: lambda a, pk, o: actions.accept(actor=a, proposal_id=pk, at=AT),
    Verb.RETURN: lambda a, pk, o: actions.return_for_answer(actor=a, proposal_id=pk, at=AT, reason="Где?"),
    Verb.ANSWER: lambda a, pk, o: actions.answer(actor=a, proposal_id=pk, at=AT, reason="Вот где."),
    Verb.REJECT: lambda a, pk, o: actions.reject(actor=a, proposal_id=pk, at=AT, reason="Уже сделано."),
    Verb.PROJECT: lambda a, pk, o: actions.to_project(actor=a, proposal_id=pk, at=AT),
    Verb.DUPLICATE: lambda a, pk, o: actions.join_duplicate(actor=a, proposal_id=pk, original_id=o, at=AT),
    Verb.APPEAL: lambda a, pk, o: actions.appeal(actor=a, proposal_id=pk, at=AT, reason="Не сделано."),
    Verb.START: lambda a, pk, o: actions.start(actor=a, proposal_id=pk, at=AT),
    Verb.IMPLEMENT: lambda a, pk, o: actions.implement(actor=a, proposal_id=pk, at=AT, implemented_on=TODAY),
    Verb.VERIFY: lambda a, pk, o: actions.verify(actor=a, proposal_id=pk, at=AT),
    Verb.REWORK: lambda a, pk, o: actions.rework(actor=a, proposal_id=pk, at=AT, reason="Щитка нет."),
    Verb.REWARD: lambda a, pk, o: reward(
        actor=a, proposal_id=pk, at=AT, kind=RewardKind.THANKS, act_number="1", act_on=TODAY
    ),
    Verb.CLOSE: lambda a, pk, o: actions.close(actor=a, proposal_id=pk, at=AT),
    Verb.POSTPONE: lambda a, pk, o: actions.postpone(
        actor=a, proposal_id=pk, at=AT, reason="Ремонт.", until=date(2027, 1, 11)
    ),
    Verb.RESUME: lambda a, pk, o: actions.resume(actor=a, proposal_id=pk, at=AT),
    Verb.CANCEL: lambda a, pk, o: actions.cancel(actor=a, proposal_id=pk, at=AT, reason="Здание закрыли."),
    Verb.WITHDRAW: lambda a, pk, o: actions.withdraw(actor=a, proposal_id=pk, at=AT),
}  # fmt: skip
# Who of the cast may do what to the employee's proposal at school, in words of the domain.
BY_ROLE: dict[Role, set[Party]] = {
    Role.EMPLOYEE: {Party.AUTHOR},
    Role.COORDINATOR: {Party.REGISTRAR},
    Role.UNIT_HEAD: {Party.REGISTRAR, Party.HEAD, Party.OVERSEER, Party.REWARDER},
    Role.MONITOR: {Party.REGISTRAR, Party.OVERSEER, Party.REWARDER},
    Role.CURATOR: {Party.OVERSEER},
    Role.CHAIR: {Party.COMMISSION, Party.REWARDER},
    Role.DEPUTY: {Party.COMMISSION, Party.REWARDER},
    Role.SECRETARY: {Party.COMMISSION, Party.REWARDER},
}
ROLES = [role for role in Role if role not in WITHOUT_ACCOUNT]


def test_every_act_of_the_table_is_tried_here() -> None:
    assert set(ACTS) == set(TABLE) == set(Verb)


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_every_role_tries_every_act_from_every_state(cast: Cast, state: State) -> None:
    actors = {role: cast.actor(role) for role in ROLES}
    original = make_proposal(cast).pk
    proposal = make_in(cast, state)
    before = Proposal.objects.values().get(pk=proposal.pk)
    for role in ROLES:
        for verb, act in ACTS.items():
            row = TABLE[verb]
            mine = BY_ROLE.get(role, set())
            if state is State.DRAFT and role is not Role.EMPLOYEE:
                mine = mine - {Party.AUTHOR}
            may = bool(mine & row.parties) and state in row.sources
            point = transaction.savepoint()
            if may:
                done = act(actors[role], proposal.pk, original)
                assert done.state == row.target or (verb is Verb.SUBMIT and done.state == State.REGISTERED), (
                    role,
                    verb,
                )
                last = ProposalEvent.objects.filter(proposal=proposal, verb=verb).order_by("pk").last()
                assert last is not None and last.actor_user_id == actors[role].user_id, (role, verb)
            else:
                with pytest.raises((PermissionDenied, Refusal)):
                    act(actors[role], proposal.pk, original)
            transaction.savepoint_rollback(point)
            assert Proposal.objects.values().get(pk=proposal.pk) == before, (role, verb, "half written")


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_the_page_offers_exactly_what_the_acts_allow(cast: Cast, state: State) -> None:
    original = make_proposal(cast).pk
    proposal = make_in(cast, state)
    authors = [cast.people[Role.EMPLOYEE].pk]
    for role in (Role.EMPLOYEE, Role.COORDINATOR, Role.UNIT_HEAD, Role.SECRETARY, Role.MONITOR, Role.TRAINER):
        actor = cast.actor(role)
        offered = {row.verb for row in may_do(actor, proposal, authors)}
        for verb, act in ACTS.items():
            point = transaction.savepoint()
            try:
                act(actor, proposal.pk, original)
            except (PermissionDenied, Refusal):
                assert verb not in offered, (role, verb)
            else:
                assert verb in offered, (role, verb)
            transaction.savepoint_rollback(point)


@pytest.mark.django_db
def test_a_stranger_cannot_move_anything(cast: Cast) -> None:
    from gemba.organisation.access import actor_of
    from gemba.organisation.models import User

    stranger = actor_of(User.objects.with_owner().get(pk=cast.stranger.pk))
    for state in (State.REGISTERED, State.ACCEPTED, State.IMPLEMENTED):
        proposal = make_in(cast, state)
        for verb, act in ACTS.items():
            with pytest.raises((PermissionDenied, Refusal)):
                act(stranger, proposal.pk, proposal.pk)
            assert Proposal.objects.get(pk=proposal.pk).state == state, verb


@pytest.mark.django_db
def test_nobody_decides_about_their_own_proposal_not_even_as_co_author(cast: Cast) -> None:
    head = cast.actor(Role.UNIT_HEAD)
    for fields in (
        {"author": cast.people[Role.UNIT_HEAD]},
        {"co_authors": [cast.people[Role.UNIT_HEAD]]},
    ):
        proposal = make_proposal(cast, **fields)
        for verb in (
            verb for verb, row in TABLE.items() if row.is_decision and State.REGISTERED in row.sources
        ):
            with pytest.raises(Refusal, match="Вы автор"):
                ACTS[verb](head, proposal.pk, make_proposal(cast).pk)
        assert ACTS[Verb.COMMISSION](head, proposal.pk, 0).level == 2
        assert ACTS[Verb.ACCEPT](cast.actor(Role.CHAIR), proposal.pk, 0).state == State.ACCEPTED


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["needs_money", "touches_others"])
def test_money_and_other_units_are_the_commissions_to_decide(cast: Cast, field: str) -> None:
    proposal = make_proposal(cast, **{field: True})
    with pytest.raises(Refusal, match="только комиссия"):
        ACTS[Verb.ACCEPT](cast.actor(Role.UNIT_HEAD), proposal.pk, 0)
    ACTS[Verb.COMMISSION](cast.actor(Role.UNIT_HEAD), proposal.pk, 0)
    with pytest.raises(Refusal, match="решает она"):
        ACTS[Verb.REJECT](cast.actor(Role.UNIT_HEAD), proposal.pk, 0)
    accepted = ACTS[Verb.ACCEPT](cast.actor(Role.SECRETARY), proposal.pk, 0)
    assert accepted.state == State.ACCEPTED


@pytest.mark.django_db
@pytest.mark.parametrize("verb", [verb for verb, row in TABLE.items() if row.needs_reason])
def test_what_must_say_why_is_refused_without_a_reason(cast: Cast, verb: Verb) -> None:
    proposal = make_in(cast, sorted(TABLE[verb].sources)[0])
    system = system_actor(cast.municipality)
    plain = {
        Verb.RETURN: actions.return_for_answer, Verb.ANSWER: actions.answer, Verb.REJECT: actions.reject,
        Verb.APPEAL: actions.appeal, Verb.REWORK: actions.rework, Verb.CANCEL: actions.cancel,
    }  # fmt: skip
    more: dict[str, Any] = {"until": date(2027, 1, 11)} if verb is Verb.POSTPONE else {}
    act: Any = plain.get(verb, actions.postpone)
    for reason in ("", "   ", "\n"):
        with pytest.raises(Refusal, match="причина"):
            act(actor=system, proposal_id=proposal.pk, at=AT, reason=reason, **more)
    with pytest.raises(Refusal, match="5000"):
        act(actor=system, proposal_id=proposal.pk, at=AT, reason="я" * 5001, **more)


@pytest.mark.django_db
def test_an_appeal_is_made_once_and_goes_to_the_commission(cast: Cast) -> None:
    proposal = make_in(cast, State.REJECTED)
    appealed = ACTS[Verb.APPEAL](cast.actor(Role.EMPLOYEE), proposal.pk, 0)
    assert (appealed.state, appealed.level, appealed.has_appealed) == (State.UNDER_REVIEW, 2, True)
    ACTS[Verb.REJECT](cast.actor(Role.CHAIR), proposal.pk, 0)
    with pytest.raises(Refusal, match="один раз"):
        ACTS[Verb.APPEAL](cast.actor(Role.EMPLOYEE), proposal.pk, 0)


@pytest.mark.django_db
def test_who_introduced_it_does_not_confirm_it(cast: Cast) -> None:
    head = cast.actor(Role.UNIT_HEAD)
    proposal = make_in(cast, State.ACCEPTED)
    actions.start(actor=head, proposal_id=proposal.pk, at=AT)
    ACTS[Verb.IMPLEMENT](head, proposal.pk, 0)
    with pytest.raises(Refusal, match="подтверждает другой"):
        ACTS[Verb.VERIFY](head, proposal.pk, 0)
    confirmed = ACTS[Verb.VERIFY](cast.actor(Role.EMPLOYEE), proposal.pk, 0)
    assert "автор" in confirmed.verified_as


@pytest.mark.django_db
def test_dates_must_make_sense(cast: Cast) -> None:
    system = system_actor(cast.municipality)
    proposal = make_in(cast, State.ACCEPTED)
    for day, words in ((date(2026, 11, 20), "ещё не наступил"), (date(2026, 11, 18), "раньше подачи")):
        with pytest.raises(Refusal, match=words):
            actions.implement(actor=system, proposal_id=proposal.pk, at=AT, implemented_on=day)
    with pytest.raises(Refusal, match="уже наступил"):
        actions.postpone(actor=system, proposal_id=proposal.pk, at=AT, reason="Ремонт.", until=TODAY)
    other = make_proposal(cast)
    with pytest.raises(Refusal, match="уже прошёл"):
        actions.accept(actor=system, proposal_id=other.pk, at=AT, planned_on=date(2026, 11, 1))


@pytest.mark.django_db
def test_the_history_cannot_be_rewritten(cast: Cast) -> None:
    make_proposal(cast)
    event = ProposalEvent.objects.first()
    assert event is not None
    with pytest.raises(EventIsImmutable):
        ProposalEvent.objects.update(title="Иначе")
    with pytest.raises(EventIsImmutable):
        event.delete()
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        event.title = "Иначе"
        event.save()


@pytest.mark.django_db
def test_the_database_itself_keeps_states_whole(cast: Cast) -> None:
    proposal = make_proposal(cast)
    for fields in (
        {"state": "nonsense"},
        {"state": "implemented"},
        {"state": "duplicate"},
        {"number": None},
        {"implemented_on": date(2020, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**fields)


def test_a_board_knows_which_act_leads_from_column_to_column() -> None:
    found = move(State.REGISTERED, State.UNDER_REVIEW)
    assert found is not None and found.verb is Verb.TAKE
    assert move(State.REGISTERED, State.VERIFIED) is None
    assert move(State.ACCEPTED, State.ACCEPTED) is None
    assert {row.verb for row in allowed(State.DRAFT, frozenset(Party))} == {Verb.SUBMIT}


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_at_the_same_second_and_one_of_them_is_told() -> None:
    cast = build_cast()
    proposal = make_proposal(cast)
    head, chair = cast.actor(Role.UNIT_HEAD), cast.actor(Role.CHAIR)
    gate = threading.Barrier(2)
    answers: dict[str, Any] = {}

    def decide(name: str, act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            answers[name] = act().state
        except Refusal as refusal:
            answers[name] = refusal
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=("head", lambda: ACTS[Verb.ACCEPT](head, proposal.pk, 0))),
        threading.Thread(target=decide, args=("chair", lambda: ACTS[Verb.REJECT](chair, proposal.pk, 0))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    refusals = {name: answer for name, answer in answers.items() if isinstance(answer, Refusal)}
    assert len(answers) == 2 and len(refusals) == 1, answers
    loser = next(iter(refusals))
    winner = "Орлов" if loser == "head" else "Щукина"
    assert winner in str(refusals[loser]) and "сейчас невозможно" in str(refusals[loser])
    kept = Proposal.objects.get(pk=proposal.pk)
    assert kept.state == (State.REJECTED if loser == "head" else State.ACCEPTED)
    assert ProposalEvent.objects.filter(proposal=proposal, verb__in=("accept", "reject")).count() == 1
    assert {row.what: row.count for row in ProposalCounter.objects.filter(count__gt=0)} == {kept.state: 1}


@pytest.mark.django_db(transaction=True)
def test_many_send_at_once_and_numbers_stay_whole() -> None:
    cast = build_cast()
    gate = threading.Barrier(8)
    made: list[Any] = []

    def send(number: int) -> None:
        try:
            gate.wait()
            made.append(make_proposal(cast, problem=f"Мешает нечто под номером {number}.").number)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(made) == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_loses_nothing_it_has_acknowledged() -> None:
    cast = build_cast()
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        # The child sends proposals and says each number only after the act has returned.
        for _ in range(10_000):
            os.write(writing, f"{make_proposal(cast).number}\n".encode())
        os._exit(0)
    os.close(writing)
    said = b""
    while said.count(b"\n") < 12:
        said += os.read(reading, 100)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while rest := os.read(reading, 1000):
        said += rest
    os.close(reading)
    acknowledged = {int(number) for number in said.split(b"\n")[:-1]}
    numbers = list(Proposal.objects.order_by("number").values_list("number", flat=True))
    assert acknowledged <= set(numbers) and numbers == list(range(1, len(numbers) + 1))
    for proposal in Proposal.objects.all():
        assert [event.verb for event in proposal.events.order_by("pk")] == ["submit", "register"]
    assert sum(ProposalCounter.objects.values_list("count", flat=True)) == len(numbers)
    # What was begun when the process died left nothing behind, and the next number follows without a gap.
    assert make_proposal(cast).number == len(numbers) + 1
