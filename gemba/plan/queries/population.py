"""Of whom a row is: the organisations of the register on the reporting day, loaded once for all rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from gemba.organisation.models import Municipality, Organisation, ParticipationPeriod
from gemba.organisation.models.dated import holds_on
from gemba.organisation.queries import Population
from gemba.organisation.rules import name_key
from gemba.statements import written


@dataclass(frozen=True)
class Listed:
    """An organisation as the plan needs it."""

    id: int
    name: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    successor_id: int | None
    takes_part: bool
    full_name_key: str
    path: str

    def lives_on(self, day: date) -> bool:
        """Tell whether it exists on the day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or self.ends_on >= day
        )


@dataclass
class Register:
    """All organisations of a municipality, living and closed, as of a day."""

    day: date
    organisations: dict[int, Listed]
    joins_next_year: bool
    _known: dict[tuple[str, ...], Population] = field(default_factory=dict)

    def name(self, organisation_id: int) -> str:
        """Return the short name."""
        found = self.organisations.get(organisation_id)
        return found.name if found else "—"

    def population(self, kinds: Iterable[str]) -> Population:
        """Return the population of these kinds (indicators, 5.1: `U(t)`)."""
        key = tuple(sorted(kinds))
        if key not in self._known:
            self._known[key] = self._build(
                [one for one in self.organisations.values() if one.kind in key and one.lives_on(self.day)]
            )
        return self._known[key]

    def of_named(self, organisation_ids: Iterable[int]) -> Population:
        """Return the population of executors that the act names one by one."""
        return self._build(
            [
                found
                for number in organisation_ids
                if (found := self.organisations.get(number)) and found.lives_on(self.day)
            ]
        )

    def find(self, name: str) -> int | None:
        """Return the only living organisation of this full or short name."""
        key = name_key(name)
        same = [
            one.id
            for one in self.organisations.values()
            if one.lives_on(self.day) and key in (one.full_name_key, name_key(one.name))
        ]
        return same[0] if len(same) == 1 else None

    def with_predecessors(self, number: int) -> frozenset[int]:
        """Return the organisation and those whose results it inherits."""
        found, added = {number}, True
        while added:
            heirs = {closed for closed, heir in self.successors.items() if heir in found} - found
            added = bool(heirs)
            found |= heirs
        return frozenset(found)

    def of_unit(self, number: int) -> Register:
        """Return the register of one organisation alone, for what concerns nobody else."""
        mine = self.with_predecessors(number)
        return Register(
            self.day, {pk: one for pk, one in self.organisations.items() if pk in mine}, self.joins_next_year
        )

    def _build(self, existing: list[Listed]) -> Population:
        taking_part = frozenset(one.id for one in existing if one.takes_part)
        too_new: frozenset[int] = frozenset()
        if self.joins_next_year:
            too_new = frozenset(
                one.id
                for one in existing
                if one.takes_part and one.starts_on and one.starts_on.year >= self.day.year
            )
        return Population(
            day=self.day,
            organisation_ids=taking_part - too_new,
            outside_ids=frozenset(one.id for one in existing) - taking_part,
            too_new_ids=too_new,
            successors=self.successors,
        )

    @cached_property
    def places(self) -> dict[int, int]:
        """Return the place of each organisation in the list by name."""
        ordered = sorted(self.organisations.values(), key=lambda one: one.name.casefold())
        return {one.id: place for place, one in enumerate(ordered)}

    @cached_property
    def successors(self) -> dict[int, int | None]:
        """Return the successors of the organisations closed by the day."""
        return {
            one.id: one.successor_id
            for one in self.organisations.values()
            if one.successor_id and one.ends_on and one.ends_on < self.day
        }


def register_on(*, municipality: Municipality, day: date) -> Register:
    """Load the register in one statement."""
    found = {
        pk: Listed(pk, short or name, kind, starts, ends, heir, bool(part), key, path)
        for pk, short, name, kind, starts, ends, heir, part, key, path in _listed(
            municipality_id=municipality.pk, day=day
        )
    }
    settings = municipality.typed_settings
    return Register(day, found, joins_next_year=settings.new_organisations_join == "next_year")


@written
def _listed(*, municipality_id: int, day: date) -> QuerySet[Organisation, tuple[Any, ...]]:
    taking_part = ParticipationPeriod.objects.filter(holds_on(day), organisation=OuterRef("pk"))
    return (
        Organisation.objects.filter(municipality_id=municipality_id)
        .annotate(takes_part=Exists(taking_part))
        .order_by("name_key", "pk")
        .values_list(
            "pk", "short_name", "name", "kind", "starts_on", "ends_on", "successor_id", "takes_part", "name_key", "path"
        )
    )  # fmt: skip


def inherited(values: Mapping[int, Decimal], population: Population) -> dict[int, Decimal]:
    """Give each unit of the population its results and those of the organisations it has succeeded."""
    found = dict.fromkeys(population.organisation_ids, Decimal(0))
    for number, value in values.items():
        heir = population.heir(number)
        if heir is not None:
            found[heir] += value
    return found


def inherited_dates(values: Mapping[int, date], population: Population) -> dict[int, date]:
    """Give each unit of the population the first of its days and of those of its predecessors."""
    found: dict[int, date] = {}
    for number, day in values.items():
        heir = population.heir(number)
        if heir is not None:
            found[heir] = min(day, found.get(heir, day))
    return found
