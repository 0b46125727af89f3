"""Write an invented municipality through the acts of the modules, so that its record of acts tells how it grew."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from gemba.demo.rules.invention import InventedOrganisation, InventedTown
from gemba.demo.rules.towns import Town
from gemba.kernel.words import normalise
from gemba.organisation import actions as register
from gemba.organisation.access import Actor, system_actor
from gemba.organisation.actions import MunicipalityFields, OrganisationFields, PersonFields, PositionFields
from gemba.organisation.models import Direction, Municipality, Organisation, Person, Region, Unit
from gemba.regulations.actions import fill_calendar, load_edition
from gemba.regulations.models import Edition
from gemba.regulations.pack import Pack

CALENDAR_YEARS = list(range(2022, 2028))
ACTOR = "Загрузка сведений"


@dataclass
class Made:
    """What has been written of a municipality, by the codes of the invention."""

    municipality: Municipality
    town: InventedTown
    begins_on: date
    today: date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    editions: list[Edition] = field(default_factory=list)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Return the moment of a day by the clock of the municipality."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.municipality.zone)

    def actor(self, day: date) -> Actor:
        """Return the one who enters data on the day."""
        return system_actor(self.municipality, name=ACTOR, today=day)


def open_municipality(*, town: Town, pack: Pack, at: datetime) -> Municipality:
    """Open the municipality of a shipped regulation in its region."""
    region, _ = Region.objects.get_or_create(
        code=region_code(pack.municipality.region), defaults={"name": pack.municipality.region}
    )
    return register.create_municipality(
        actor=system_actor(None, name=ACTOR, today=at.date()),
        region=region,
        code=pack.municipality.code,
        fields=MunicipalityFields(
            name=pack.municipality.name,
            short_name=pack.municipality.short_name,
            genitive=pack.municipality.genitive,
            time_zone=pack.municipality.time_zone,
            accent=town.accent,
        ),
        at=at,
    )


def region_code(name: str) -> str:
    """Return the code of a region: the first stem of its name is enough to tell regions apart."""
    return f"region-{normalise(name).split()[0]}"[:40]


def load_editions(*, made: Made, files: list[Path]) -> None:
    """Load the editions of the municipality, each on the day it takes effect."""
    for file in files:
        source = file.read_bytes()
        day = made.begins_on
        made.editions.append(
            load_edition(
                actor=made.actor(day), municipality=made.municipality, source=source, name=file.name,
                at=made.at(day, 10),
            )
        )  # fmt: skip


def fill_calendars(*, made: Made) -> None:
    """Copy the working-day calendar of the country."""
    fill_calendar(
        actor=made.actor(made.begins_on), municipality=made.municipality, years=CALENDAR_YEARS,
        at=made.at(made.begins_on, 10, 20),
    )  # fmt: skip


def enter_register(*, made: Made, progress: Callable[[str], None] = lambda text: None) -> None:
    """Enter organisations with units, people and headcounts, then let their history happen."""
    entered_on = made.begins_on
    directions = {
        name: register.add_direction(
            actor=made.actor(entered_on),
            municipality=made.municipality,
            name=name,
            at=made.at(entered_on, 11),
        )
        for name in dict.fromkeys(row.direction for row in made.town.organisations)
    }
    for row in made.town.organisations:
        _enter(made, row, directions, entered_on)
    progress(f"организаций {len(made.organisations)}, людей {len(made.people)}")
    _let_history_happen(made)


def _enter(made: Made, row: InventedOrganisation, directions: dict[str, Direction], day: date) -> None:
    actor, at = made.actor(day), made.at(day, 11, 30)
    organisation = register.create_organisation(
        actor=actor,
        municipality=made.municipality,
        fields=OrganisationFields(
            kind=row.kind.kind,
            name=row.name,
            short_name=row.short_name,
            inn=row.inn,
            code=row.code,
            parent=made.organisations.get(row.parent),
            direction=directions[row.direction],
            starts_on=row.starts_on,
        ),
        at=at,
        participates=False,
    )
    made.organisations[row.code] = organisation
    if row.joins_on is not None:
        register.start_participation(
            actor=actor, organisation=organisation, first_day=row.joins_on, ground="План мероприятий", at=at
        )
    for name in row.units:
        made.units[row.code, name] = register.add_unit(
            actor=actor, organisation=organisation, name=name, parent=None, at=at, starts_on=row.starts_on
        )
    for counted_on, people in row.headcounts.items():
        moment = max(counted_on, day)
        register.record_headcount(
            actor=made.actor(moment), organisation=organisation, counted_on=counted_on, people=people,
            at=made.at(moment, 12),
        )  # fmt: skip
    for person in row.people:
        made.people[person.code] = register.create_person(
            actor=actor,
            municipality=made.municipality,
            fields=PersonFields(
                person.family, person.given, person.patronymic, person.phone, person.email, person.code
            ),
            position=PositionFields(
                organisation=organisation,
                title=person.title,
                starts_on=person.starts_on,
                unit=made.units.get((row.code, person.unit)),
                is_acting=person.is_acting,
                is_head=person.is_head,
                ends_on=person.ends_on,
            ),
            at=at,
        )


def _let_history_happen(made: Made) -> None:
    for row in made.town.organisations:
        if row.ends_on is None:
            continue
        day = row.ends_on + timedelta(days=1)
        closing = made.organisations[row.code]
        closing.refresh_from_db()
        if row.successor:
            register.merge_organisations(
                actor=made.actor(day), closing=[closing], successor=made.organisations[row.successor],
                last_day=row.ends_on, ground=row.ground, at=made.at(day, 10),
            )  # fmt: skip
        else:
            register.close_organisation(
                actor=made.actor(day), organisation=closing, version=closing.version, last_day=row.ends_on,
                ground=row.ground, at=made.at(day, 10),
            )  # fmt: skip
        closing.refresh_from_db()
