"""Write the work with proposals through the acts of their module, day after day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from gemba.demo.actions.bulk_work import Register, Worker, write_work
from gemba.demo.actions.town import Made
from gemba.demo.rules.work import InventedProposal, Step, in_order
from gemba.organisation.access import Actor
from gemba.organisation.models import Person, User
from gemba.proposals import actions
from gemba.proposals.actions import NewProposal
from gemba.proposals.actions.stems import count_stems
from gemba.proposals.models import Source
from gemba.regulations.queries import work_calendar

# What was sent earlier is written in bulk; what is still in hand goes through the acts, so that notices are sent.
RECENT = timedelta(days=40)


def enter_work(
    *, made: Made, invented: list[InventedProposal], progress: Callable[[str], None], in_bulk: bool = True
) -> list[int]:
    """Let everything that was invented happen, each step by the person who did it; return keys by place."""
    since = made.today - RECENT if in_bulk else date.min
    earlier = [row for row in invented if row.submitted.day < since]
    steps = _Steps(made, invented)
    keys = write_work(register=register_of(made), invented=earlier) if earlier else []
    steps.keys = dict(enumerate(keys))
    for place, step in in_order(invented):
        if place >= len(earlier):
            steps.take(place, step)
    count_stems(municipality_id=made.municipality.pk)
    progress(f"предложений {len(steps.keys)}")
    return [steps.keys[place] for place in sorted(steps.keys)]


def register_of(made: Made) -> Register:
    """Return where the invented codes lead."""
    users = dict(User.objects.filter(municipality=made.municipality).values_list("person_id", "pk"))
    places = {
        person.code: organisation.code
        for organisation in made.town.organisations
        for person in organisation.people
    }
    return Register(
        municipality=made.municipality,
        calendar=work_calendar(municipality_id=made.municipality.pk),
        organisations={code: row.pk for code, row in made.organisations.items()},
        units={key: row.pk for key, row in made.units.items()},
        people={
            code: Worker(row.pk, row.full_name, made.organisations[places[code]].pk, users.get(row.pk))
            for code, row in made.people.items()
        },
    )


class _Steps:
    """Carries out invented steps."""

    def __init__(self, made: Made, invented: list[InventedProposal]) -> None:
        self.made = made
        self.invented = invented
        self.keys: dict[int, int] = {}
        self.users = dict(User.objects.filter(municipality=made.municipality).values_list("person_id", "pk"))

    def take(self, place: int, step: Step) -> None:
        """Carry out one step."""
        at = datetime.combine(
            step.day, time(step.minute // 60, step.minute % 60), tzinfo=self.made.municipality.zone
        )
        actor = self.actor(self.made.people[step.who], at)
        row = self.invented[place]
        if step.verb == "submit":
            self.keys[place] = self.submit(row, actor, at)
            return
        common: dict[str, Any] = {"actor": actor, "proposal_id": self.keys[place], "at": at}
        reason: dict[str, Any] = {"reason": step.text}
        match step.verb:
            case "take":
                actions.take(**common)
            case "return":
                actions.return_for_answer(**common, **reason)
            case "answer":
                actions.answer(**common, **reason)
            case "accept":
                actions.accept(
                    **common,
                    **reason,
                    responsible=self.made.people[row.responsible],
                    planned_on=row.planned_on,
                )
            case "start":
                actions.start(**common)
            case "implement":
                actions.implement(**common, **reason, implemented_on=step.day)
            case "verify":
                actions.verify(**common)
            case "close":
                actions.close(**common)
            case "reject":
                actions.reject(**common, **reason)
            case "withdraw":
                actions.withdraw(**common)
            case "cancel":
                actions.cancel(**common, **reason)
            case "postpone":
                assert row.postponed_until is not None
                actions.postpone(**common, **reason, until=row.postponed_until)
            case "commission":
                actions.to_commission(**common, **reason)
            case "project":
                actions.to_project(**common, **reason)
            case "duplicate":
                actions.join_duplicate(**common, original_id=self.keys[row.original])
            case _:
                raise LookupError(step.verb)

    def submit(self, row: InventedProposal, actor: Actor, at: datetime) -> int:
        """Send a proposal."""
        made = self.made
        new = NewProposal(
            organisation=made.organisations[row.organisation],
            problem=row.problem,
            solution=row.solution,
            unit=made.units.get((row.organisation, row.unit)),
            author=made.people[row.author],
            co_authors=[made.people[code] for code in row.co_authors],
            category=row.category,
            expected=row.expected,
            is_author_ready=row.is_author_ready,
            needs_money=row.needs_money,
        )
        return actions.submit(actor=actor, new=new, at=at, source=Source(row.source)).pk

    def actor(self, person: Person, at: datetime) -> Actor:
        """Return the person as the actor of that day: a command acts for them."""
        municipality = self.made.municipality
        return Actor(
            user_id=self.users.get(person.pk), person_id=person.pk, name=person.full_name, is_system=True,
            municipality_id=municipality.pk, municipality=municipality, today=at.date(),
        )  # fmt: skip
