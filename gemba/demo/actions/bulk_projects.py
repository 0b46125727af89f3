"""Write invented projects in bulk through the loading act of their module."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gemba.demo.actions.bulk_work import Register
from gemba.demo.rules.projects import InventedProject
from gemba.organisation.models import Organisation
from gemba.projects.actions.load import LoadedMeasure, LoadedProject


def loaded(*, register: Register, invented: Iterable[InventedProject]) -> Iterator[LoadedProject]:
    """Give invented projects the keys of the database."""
    directions = dict(
        Organisation.objects.filter(municipality=register.municipality).values_list("pk", "direction_id")
    )
    for row in invented:
        place = register.organisations[row.organisation]
        idea = row.idea
        partners = [register.organisations[code] for code in row.partners]
        yield LoadedProject(
            title=idea.title,
            organisation_id=place,
            customer_id=register.people[row.customer].pk,
            leader_id=register.people[row.leader].pk,
            opened_on=row.opened_on,
            stage=row.stage,
            closed_on=row.closed_on,
            outcome=row.outcome,
            team=[register.people[code].pk for code in row.team],
            participants=partners,
            process=idea.process,
            start_event=idea.start_event,
            end_event=idea.end_event,
            why=idea.why,
            effects=idea.effects,
            goal=idea.goal,
            unit=idea.unit,
            baseline=Decimal(idea.before),
            target=Decimal(idea.after),
            goal_kind="quality" if row.is_quality else ("time" if idea.kind == "quality" else idea.kind),
            values=row.values,
            measures=[
                LoadedMeasure(cure.problem, cure.cause, cure.measure, cure.expected) for cure in idea.cures
            ],
            hours_a_year=Decimal(row.hours),
            # The owner of the process is who ordered it: somebody who stays when the team is dissolved.
            process_owner_id=register.people[row.customer].pk,
            is_paused=row.is_paused,
            has_fallen=row.has_fallen,
            reason=row.reason,
            aim=idea.aim,
            scale="interorganisation" if partners else "internal",
            direction_id=directions[place],
        )
