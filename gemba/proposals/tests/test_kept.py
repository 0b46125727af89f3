"""Sums of a year kept in memory: quick, and never older than the last act."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gemba.organisation.access import actor_of, system_actor
from gemba.organisation.models import User
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals import actions
from gemba.proposals.actions.results import add_effect
from gemba.proposals.models import EffectKind, Proposal
from gemba.proposals.queries.board import statistics, statistics_kept
from gemba.proposals.queries.lines import lines
from gemba.proposals.queries.lists import Filters, found, numbers, shown
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.queries.year import year_table, year_table_kept
from gemba.proposals.rules.states import State
from gemba.proposals.tests.factories import AT, make_in, make_proposal
from gemba.proposals.views.rows import draw_rows

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def test_the_second_look_asks_only_for_the_last_act(cast: Cast) -> None:
    make_in(cast, State.IMPLEMENTED)
    actor = cast.actor(Role.MONITOR)
    first = statistics_kept(actor=actor, year=TODAY.year, today=TODAY, at=AT)
    with CaptureQueriesContext(connection) as asked:
        assert statistics_kept(actor=actor, year=TODAY.year, today=TODAY, at=AT) is first
    assert len(asked) == 1
    assert first == statistics(actor=actor, year=TODAY.year, today=TODAY)


def test_any_act_of_the_municipality_makes_it_anew(cast: Cast) -> None:
    actor = cast.actor(Role.MONITOR)
    rules = rules_of(cast.municipality.pk)
    for count in range(1, 4):
        proposal = make_proposal(cast)
        found = statistics_kept(actor=actor, year=TODAY.year, today=TODAY, at=AT)
        assert found.funnel[0][1] == count
        table = year_table_kept(municipality_id=cast.municipality.pk, year=TODAY.year, rules=rules, at=AT)
        assert table.submitted == count
    actions.reject(actor=cast.actor(Role.UNIT_HEAD), proposal_id=proposal.pk, at=AT, reason="Уже сделано.")
    found = statistics_kept(actor=actor, year=TODAY.year, today=TODAY, at=AT)
    assert found.funnel[1][1] == 1 and found.mean_days == 0


def test_a_head_never_gets_the_numbers_of_the_municipality(cast: Cast) -> None:
    make_proposal(cast)
    whole = statistics_kept(actor=cast.actor(Role.MONITOR), year=TODAY.year, today=TODAY, at=AT)
    head = cast.actor(Role.UNIT_HEAD)
    assert statistics_kept(actor=head, year=TODAY.year, today=TODAY, at=AT) == statistics(
        actor=head, year=TODAY.year, today=TODAY
    )
    stranger = actor_of(User.objects.with_owner().get(pk=cast.stranger.pk))
    other = statistics_kept(actor=stranger, year=TODAY.year, today=TODAY, at=AT)
    assert (other.funnel[0][1], whole.funnel[0][1]) == (0, 1)


def test_nothing_is_kept_longer_than_a_minute(cast: Cast) -> None:
    actor = cast.actor(Role.MONITOR)
    first = statistics_kept(actor=actor, year=TODAY.year, today=TODAY, at=AT)
    later = statistics_kept(actor=actor, year=TODAY.year, today=TODAY, at=AT + timedelta(minutes=1))
    assert later is not first and later == first


def test_days_to_a_decision_are_counted_alike_on_both_databases(cast: Cast) -> None:
    head = cast.actor(Role.UNIT_HEAD)
    for days in (2, 5):
        proposal = make_proposal(cast)
        actions.reject(
            actor=head, proposal_id=proposal.pk, at=AT + timedelta(days=days), reason="Нет денег в этом году."
        )
    found = statistics(actor=cast.actor(Role.MONITOR), year=TODAY.year, today=TODAY)
    assert str(found.mean_days) == "3.5"


def test_charts_of_a_year_add_up_and_stand_with_their_tables(cast: Cast) -> None:
    system = system_actor(cast.municipality)
    for month, money in ((2, 1000), (4, 500)):
        done = make_in(cast, State.IMPLEMENTED, at=AT.replace(month=month))
        add_effect(actor=system, proposal_id=done.pk, at=AT, kind=EffectKind.MONEY, money=Decimal(money))
    actor = cast.actor(Role.MONITOR)
    found = statistics(actor=actor, year=TODAY.year, today=TODAY)
    assert [int(value) for value in found.money[:5]] == [0, 1000, 1000, 1500, 1500]
    assert found.funnel[0] == ("Подано", 2) and found.funnel[3] == ("Внедрено", 2)
    [row] = found.heat
    assert (row.organisation_id, row.months[:5]) == (cast.school.pk, [0, 1, 0, 1, 0])
    page = cast.client(Role.MONITOR).get(reverse("proposals:statistics"), {"year": TODAY.year})
    # Funnel, months, hours and money have a table each; the heat map is one.
    text = page.content.decode()
    assert text.count("Показать таблицей") == 4 and text.count('<table class="heat">') == 1


def test_the_table_of_the_year_is_the_same_kept_or_not(cast: Cast) -> None:
    make_in(cast, State.REWARDED)
    rules = rules_of(cast.municipality.pk)
    arguments = {"municipality_id": cast.municipality.pk, "year": TODAY.year, "rules": rules}
    assert year_table_kept(**arguments, at=AT) == year_table(**arguments)


def test_numbers_of_a_list_follow_every_act_and_keep_to_the_organisation_asked(cast: Cast) -> None:
    actor, rules = cast.actor(Role.MONITOR), rules_of(cast.municipality.pk)
    place = Filters(view="all", organisation_id=cast.school.pk, branch=(cast.school.pk,))
    other = Filters(view="all", organisation_id=cast.kindergarten.pk, branch=(cast.kindergarten.pk,))
    for count in range(1, 4):
        made = make_proposal(cast)
        Proposal.objects.filter(pk=made.pk).update(term_on=TODAY - timedelta(days=1))
        for filters in (Filters(view="all"), place):
            states, troubles = numbers(actor=actor, filters=filters, rules=rules, at=AT)
            assert (sum(states.values()), troubles["overdue"]) == (count, count)
            shown_rows = shown(actor=actor, filters=filters, rules=rules, at=AT).rows
            slow = lines(found(actor=actor, filters=filters, rules=rules, at=AT).order_by("-pk"))
            assert shown_rows == slow and len(slow) == count
        assert numbers(actor=actor, filters=other, rules=rules, at=AT)[1]["overdue"] == 0


def test_a_search_on_the_first_page_is_the_same_search(cast: Cast) -> None:
    actor, rules = cast.actor(Role.MONITOR), rules_of(cast.municipality.pk)
    made = make_proposal(cast, problem="Темно на лестнице", solution="Повесить светильник с датчиком")
    make_proposal(cast)
    for words in ("светильники датчики", "СВЕТИЛЬНИКОМ", "лестниц", "собака", "!!!", made.number_text):
        filters = Filters(view="all", words=words)
        quick = shown(actor=actor, filters=filters, rules=rules, at=AT).rows
        slow = lines(found(actor=actor, filters=filters, rules=rules, at=AT).order_by("-pk"))
        assert quick == slow
        assert bool(quick) == (words not in ("собака", "!!!"))


def test_rows_drawn_in_python_escape_what_people_wrote(cast: Cast) -> None:
    evil = "<img src=x onerror=alert(1)>\"'&"
    unit = cast.school_unit
    unit.name = evil
    unit.save()
    make_proposal(cast, solution=f"Повесить {evil}", unit=unit)
    actor = cast.actor(Role.MONITOR)
    rows = shown(actor=actor, filters=Filters(view="all"), rules=rules_of(cast.municipality.pk), at=AT).rows
    drawn = draw_rows(rows, today=TODAY, with_names=True, select="chosen")
    assert "<img" not in drawn and drawn.count("&lt;img") == 2
    assert re.findall('data-label="([^"]+)"', drawn) == [
        "Предложение",
        "Состояние",
        "Организация",
        "Автор",
        "Срок",
    ]
