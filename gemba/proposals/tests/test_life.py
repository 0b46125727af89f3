"""The life of a proposal from the first word to the number in the plan."""

from datetime import date

import pytest

from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.plan.metrics import Scope, ShareOfOrganisations, find
from gemba.proposals import actions
from gemba.proposals.actions.office import set_rules
from gemba.proposals.models import Proposal, ProposalCounter, ProposalEvent
from gemba.proposals.rules.states import State
from gemba.proposals.rules.terms import ProposalRules
from gemba.proposals.tests.factories import AT, make_in, make_proposal, new

pytestmark = pytest.mark.django_db


def test_from_submission_to_the_plan(cast: Cast) -> None:
    employee, head = cast.actor(Role.EMPLOYEE), cast.actor(Role.UNIT_HEAD)
    sent = actions.submit(actor=employee, new=new(cast), at=AT)
    assert sent.state == State.REGISTERED and sent.number_text == "2026-0001"
    assert sent.answer_by == date(2026, 11, 27)
    accepted = actions.accept(actor=head, proposal_id=sent.pk, at=AT)
    assert accepted.planned_on == date(2026, 12, 19)
    done = actions.implement(actor=head, proposal_id=sent.pk, at=AT, implemented_on=date(2026, 11, 19))
    assert done.state == State.IMPLEMENTED
    scope = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    metric = find("proposals_implemented")
    assert metric.count(scope) == {cast.school.pk: 1}
    [record] = list(metric.records(scope, 10))
    assert (record.number, record.on, record.organisation_id) == (
        "2026-0001",
        date(2026, 11, 19),
        cast.school.pk,
    )
    assert isinstance(find("institutions_with_proposals_share"), ShareOfOrganisations)
    assert metric.count(Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 9, 30))) == {}
    assert [event.verb for event in ProposalEvent.objects.filter(proposal=sent).order_by("pk")] == [
        "submit", "register", "accept", "implement",
    ]  # fmt: skip


def test_where_registration_is_by_hand_the_number_comes_with_it(cast: Cast) -> None:
    set_rules(actor=cast.actor(Role.MONITOR), rules=ProposalRules(registers_at_once=False), version=1, at=AT)
    sent = actions.submit(actor=cast.actor(Role.EMPLOYEE), new=new(cast), at=AT)
    assert (sent.state, sent.number, sent.term_on) == (State.SUBMITTED, None, date(2026, 11, 20))
    assert ProposalCounter.objects.get(count=1).what == State.SUBMITTED
    registered = actions.register(actor=cast.actor(Role.COORDINATOR), proposal_id=sent.pk, at=AT)
    assert (registered.state, registered.number_text) == (State.REGISTERED, "2026-0001")
    assert registered.answer_by == sent.answer_by
    assert ProposalCounter.objects.get(count=1).what == State.REGISTERED


# A proposal in «sent» is made around the counters by the factory: its own act counts it, tested above.
@pytest.mark.parametrize("state", [state for state in State if state is not State.SUBMITTED])
def test_every_state_can_be_reached_and_counted(cast: Cast, state: State) -> None:
    proposal = make_in(cast, state)
    assert proposal.state == state
    counted = {row.what: row.count for row in ProposalCounter.objects.filter(count__gt=0)}
    standing = Proposal.objects.exclude(state=State.DRAFT)
    expected: dict[str, int] = {}
    for row in standing:
        expected[row.state] = expected.get(row.state, 0) + 1
        if row.implemented_on:
            expected["done"] = expected.get("done", 0) + 1
    assert counted == expected
    assert not ProposalCounter.objects.filter(count__lt=0).exists()


def test_numbers_have_no_gap_and_start_anew_each_year(cast: Cast) -> None:
    first, second = make_proposal(cast), make_proposal(cast)
    later = make_proposal(cast, at=AT.replace(year=2027))
    assert [row.number_text for row in (first, second, later)] == ["2026-0001", "2026-0002", "2027-0001"]
