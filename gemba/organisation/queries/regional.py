"""What the regional office sees of the register: numbers, no names."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from gemba.organisation.models import Municipality, Organisation, OrganisationKind, ParticipationPeriod
from gemba.organisation.models.dated import holds_on


@dataclass(frozen=True)
class MunicipalityNumbers:
    """How many organisations of each kind a municipality has and how many take part."""

    municipality: Municipality
    kinds: dict[str, int]
    participating: int

    @property
    def total(self) -> int:
        """Count all organisations."""
        return sum(self.kinds.values())


def municipalities_in_numbers(*, region_id: int, day: date) -> list[MunicipalityNumbers]:
    """Return the municipalities of the region with their organisations by kind, in two statements."""
    taking_part = Exists(ParticipationPeriod.objects.filter(holds_on(day), organisation=OuterRef("pk")))
    counted = (
        Organisation.objects.filter(municipality__region_id=region_id)
        .on(day)
        .annotate(takes_part=taking_part)
        .values("municipality_id", "kind")
        .annotate(number=Count("pk"), participating=Count("pk", filter=Q(takes_part=True)))
    )
    kinds: dict[int, dict[str, int]] = {}
    participating: dict[int, int] = {}
    for row in counted:
        town = row["municipality_id"]
        kinds.setdefault(town, {})[row["kind"]] = row["number"]
        participating[town] = participating.get(town, 0) + row["participating"]
    towns = Municipality.objects.filter(region_id=region_id).order_by("name")
    return [
        MunicipalityNumbers(
            town,
            {kind: kinds.get(town.pk, {}).get(kind, 0) for kind in OrganisationKind.values},
            participating.get(town.pk, 0),
        )
        for town in towns
    ]
