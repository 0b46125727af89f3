"""Units, their people and who has a code."""

from datetime import date

from django.db.models import QuerySet

from gemba.organisation.models import Person, Position, Unit


def unit_of_token(token: str) -> Unit | None:
    """Return the unit whose QR code holds this token."""
    return Unit.objects.select_related("organisation__municipality").filter(qr_token=token).first()


def people_of_unit(*, unit: Unit, day: date) -> QuerySet[Person]:
    """Return the people of the unit on the day; of the whole organisation where the unit has nobody."""
    here = Position.objects.on(day).filter(organisation_id=unit.organisation_id)
    within = here.filter(unit=unit)
    chosen = within if within.exists() else here
    return Person.objects.filter(pk__in=chosen.values("person_id")).order_by("name_key", "pk")


def people_of_organisation(*, organisation_id: int, day: date) -> QuerySet[Person]:
    """Return the people of the organisation on the day, each with the code it may have."""
    working = Position.objects.on(day).filter(organisation_id=organisation_id).values("person_id")
    return Person.objects.filter(pk__in=working).select_related("proposal_code").order_by("name_key", "pk")
