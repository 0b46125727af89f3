"""The quick way and the acts of the module leave the same rows; terms, numbers and counters hold."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gemba.demo.actions.accounts import open_accounts
from gemba.demo.actions.bodies import enter_bodies
from gemba.demo.actions.town import Made, enter_register, fill_calendars, load_editions, open_municipality
from gemba.demo.actions.work import enter_work
from gemba.demo.rules.invention import Measure, invent_town
from gemba.demo.rules.towns import TOWNS
from gemba.demo.rules.work import in_order, invent_work, work_stream
from gemba.organisation.models import Municipality
from gemba.proposals.models import Author, NumberRange, Proposal, ProposalCounter, ProposalEvent
from gemba.regulations.pack import load_pack

TODAY = date(2026, 11, 20)
BEGINS_ON = date(2025, 1, 13)
REGULATIONS = Path(__file__).parents[3] / "regulations"
# The smallest municipality in which everything is: a head, a school with staff, seats of bodies.
PLACES = {
    "administration": 1, "economy": 1, "education": 1, "culture": 1, "social": 1, "housing": 1, "it": 1, "school": 2,
    "kindergarten": 2, "social_centre": 1,
}  # fmt: skip


def make_small(code: str = "novooskolsky") -> Made:
    """Make a small municipality with its people and bodies."""
    town = next(town for town in TOWNS if town.code == code)
    file = sorted((REGULATIONS / code).glob("*.yaml"))[-1]
    pack = load_pack(file)
    measure = Measure(PLACES, 80, pack.municipality.genitive, BEGINS_ON, TODAY)
    invented = invent_town(code, measure, 7)
    zone_at = Made(Municipality(time_zone="Europe/Moscow"), invented, BEGINS_ON, TODAY).at(BEGINS_ON)
    made = Made(open_municipality(town=town, pack=pack, at=zone_at), invented, BEGINS_ON, TODAY)
    load_editions(made=made, files=[file])
    fill_calendars(made=made)
    enter_register(made=made)
    open_accounts(made=made, bodies=enter_bodies(made=made, pack=pack))
    return made


def kept() -> dict[str, list[Any]]:
    """Return everything a proposal leaves, without keys and secrets."""
    skipped = {"id", "receipt", "version", "sent_key", "submitted_by", "duplicate_of", "municipality"}
    names = [field.name for field in Proposal._meta.concrete_fields if field.name not in skipped]
    return {
        "proposals": list(
            Proposal.objects.order_by("number_year", "number").values(
                *names, "duplicate_of__number", "submitted_by__login"
            )
        ),
        "authors": list(
            Author.objects.order_by("proposal__number_year", "proposal__number", "person__code").values_list(
                "proposal__number", "person__code", "organisation_id", "is_main", "joined_from__number"
            )
        ),
        "events": list(
            ProposalEvent.objects.order_by(
                "proposal__number_year", "proposal__number", "at", "id"
            ).values_list(
                "proposal__number",
                "verb",
                "title",
                "text",
                "source",
                "target",
                "actor_name",
                "actor_person_id",
                "at",
            )
        ),
        "counters": sorted(
            ProposalCounter.objects.exclude(count=0).values_list(
                "organisation_id", "month_on", "what", "count"
            )
        ),
        "numbers": sorted(NumberRange.objects.values_list("year", "last")),
    }


@pytest.mark.django_db
def test_the_quick_way_leaves_what_the_acts_leave() -> None:
    from django.db import transaction

    made = make_small()
    work = invent_work(
        made.town, seed=7, begins_on=BEGINS_ON, today=TODAY, targets={2025: 1, 2026: 1}, open_ones=10
    )
    assert {step.verb for _, step in in_order(work)} >= {
        "submit",
        "take",
        "accept",
        "implement",
        "reject",
        "verify",
    }

    class Back(Exception):
        pass

    with pytest.raises(Back), transaction.atomic():
        enter_work(made=made, invented=work, progress=lambda text: None, in_bulk=False)
        by_acts = kept()
        raise Back
    assert not Proposal.objects.exists()
    enter_work(made=made, invented=work, progress=lambda text: None)
    in_bulk = kept()
    assert in_bulk["numbers"] == by_acts["numbers"]
    for quick, slow in zip(in_bulk["proposals"], by_acts["proposals"], strict=True):
        assert quick == slow
    for part in ("authors", "events", "counters"):
        assert in_bulk[part] == by_acts[part]


def test_a_stream_is_in_order_and_as_long_as_asked() -> None:
    town = invent_town("fill-1-001", Measure(PLACES, 60, "Тихого округа", BEGINS_ON, TODAY), 1)
    rows = list(work_stream(town, seed=1, begins_on=BEGINS_ON, today=TODAY, count=500))
    assert len(rows) == 500
    moments = [(row.submitted.day, row.submitted.minute) for row in rows]
    assert moments == sorted(moments)
    for place, row in enumerate(rows):
        days = [step.day for step in row.steps]
        assert days == sorted(days) and days[-1] <= TODAY
        assert row.original < place
        assert (row.implemented_on is not None) == any(step.verb == "implement" for step in row.steps)
    again = list(work_stream(town, seed=1, begins_on=BEGINS_ON, today=TODAY, count=500))
    assert again == rows
    assert list(work_stream(town, seed=2, begins_on=BEGINS_ON, today=TODAY, count=500)) != rows
