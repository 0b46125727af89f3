"""Write the work with proposals through the acts of their module, day after day."""

from collections.abc import Callable
from datetime import datetime, time
from itertools import groupby

from gemba.demo.actions.town import Made
from gemba.demo.rules.work import InventedProposal, Step, in_order
from gemba.organisation.access import Actor
from gemba.organisation.models import Person, User
from gemba.proposals import actions
from gemba.proposals.actions import NewProposal
from gemba.proposals.models import Proposal, Source


def enter_work(*, made: Made, invented: list[InventedProposal], progress: Callable[[str], None]) -> list[Proposal]:
    """Let everything that was invented happen in its order, each step by the person who did it."""
    steps = _Steps(made, invented)
    for month, group in groupby(in_order(invented), key=lambda pair: pair[1].day.replace(day=1)):
        for place, step in group:
            steps.take(place, step)
        if month.month in (6, 12):
            progress(f"работа до {month:%m.%Y}: предложений {len(steps.proposals)}")
    return [steps.proposals[place] for place in sorted(steps.proposals)]


class _Steps:
    """Carries out invented steps."""

    def __init__(self, made: Made, invented: list[InventedProposal]) -> None:
        self.made = made
        self.invented = invented
        self.proposals: dict[int, Proposal] = {}
        self.users = dict(
            User.objects.filter(municipality=made.municipality).values_list("person_id", "pk")
        )

    def take(self, place: int, step: Step) -> None:
        """Carry out one step."""
        at = datetime.combine(
            step.day, time(step.minute // 60, step.minute % 60), tzinfo=self.made.municipality.zone
        )
        actor = self.actor(self.made.people[step.who], at)
        row = self.invented[place]
        if step.verb == "submit":
            self.proposals[place] = self.submit(row, actor, at)
            return
        known = self.proposals[place]
        common = {"actor": actor, "proposal_id": known.pk, "at": at}
        reason = {"reason": step.text}
        match step.verb:
            case "take":
                actions.take(**common)
            case "return":
                actions.return_for_answer(**common, **reason)
            case "answer":
                actions.answer(**common, **reason)
            case "accept":
                actions.accept(
                    **common, **reason, responsible=self.made.people[row.responsible], planned_on=row.planned_on
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
                actions.postpone(**common, **reason, until=row.postponed_until)
            case "commission":
                actions.to_commission(**common, **reason)
            case "project":
                actions.to_project(**common, **reason)
            case "duplicate":
                actions.join_duplicate(**common, original_id=self.proposals[row.original].pk)
            case _:
                raise LookupError(step.verb)

    def submit(self, row: InventedProposal, actor: Actor, at: datetime) -> Proposal:
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
        return actions.submit(actor=actor, new=new, at=at, source=Source(row.source))

    def actor(self, person: Person, at: datetime) -> Actor:
        """Return the person as the actor of that day: a command acts for them."""
        municipality = self.made.municipality
        return Actor(
            user_id=self.users.get(person.pk), person_id=person.pk, name=person.full_name, is_system=True,
            municipality_id=municipality.pk, municipality=municipality, today=at.date(),
        )  # fmt: skip
