"""What the card of an organisation and a person's own place on the home page show: asked all day, so written once."""

from datetime import date

from django.db.models import QuerySet

from gemba.organisation.models import (
    Body,
    HeadcountRecord,
    Organisation,
    ParticipationPeriod,
    Position,
    Unit,
)
from gemba.organisation.models.dated import holds_on
from gemba.organisation.queries.as_of import positions_on
from gemba.statements import written

CHILDREN_SHOWN = 100
PEOPLE_SHOWN = 30
COUNTS_SHOWN = 12
_NAMES = ("code", "name", "short_name")


@written
def organisation_card(*, municipality_id: int, pk: int) -> "QuerySet[Organisation, Organisation]":
    """The organisation with its direction, the one above it and its successor."""
    found = Organisation.objects.filter(municipality_id=municipality_id, pk=pk).defer("words")
    return found.select_related("direction", "parent", "successor")


@written
def children_of(*, municipality_id: int, parent_id: int, day: date) -> "QuerySet[Organisation, Organisation]":
    """Organisations right below, by name."""
    found = Organisation.objects.filter(holds_on(day), municipality_id=municipality_id, parent_id=parent_id)
    return found.only(*_NAMES).order_by("name_key")[:CHILDREN_SHOWN]


@written
def predecessors_of(*, organisation_id: int) -> "QuerySet[Organisation, Organisation]":
    """Organisations whose results it took over."""
    found = Organisation.objects.filter(successor_id=organisation_id)
    return found.only(*_NAMES).order_by("name_key")


@written
def units_of(*, organisation_id: int, day: date) -> "QuerySet[Unit, Unit]":
    """Units of the day, by name."""
    return Unit.objects.filter(holds_on(day), organisation_id=organisation_id).order_by("name_key", "pk")


@written
def people_of(*, organisation_id: int, day: date) -> "QuerySet[Position, Position]":
    """Positions of the day, heads first: one more than the card shows."""
    found = positions_on(day=day).filter(organisation_id=organisation_id)
    return found.defer("person__words", "organisation__words")[: PEOPLE_SHOWN + 1]


@written
def headcounts_of(*, organisation_id: int) -> "QuerySet[HeadcountRecord, HeadcountRecord]":
    """Records of how many people work there, the latest first."""
    found = HeadcountRecord.objects.filter(organisation_id=organisation_id)
    return found.order_by("-counted_on")[:COUNTS_SHOWN]


@written
def participation_of(*, organisation_id: int) -> "QuerySet[ParticipationPeriod, ParticipationPeriod]":
    """Periods of taking part in the programme, the latest first."""
    return ParticipationPeriod.objects.filter(organisation_id=organisation_id).order_by("-starts_on")


@written
def bodies_of(*, municipality_id: int, organisation_id: int, day: date) -> "QuerySet[Body, Body]":
    """Bodies of the day, by name."""
    found = Body.objects.filter(
        holds_on(day), municipality_id=municipality_id, organisation_id=organisation_id
    )
    return found.order_by("name_key")


@written
def places_of(*, person_id: int, day: date) -> "QuerySet[Position, Position]":
    """Positions that the person holds on the day, those of a head first."""
    found = positions_on(day=day).filter(person_id=person_id)
    return found.defer("person__words", "organisation__words")
