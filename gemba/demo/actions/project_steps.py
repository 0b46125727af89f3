"""What is done to a project of the demo at its stages, each step by the person who did it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gemba.demo.actions.town import Made
from gemba.demo.rules.project_texts import ProjectIdea
from gemba.organisation.access import Actor
from gemba.organisation.models import Organisation, Person, User
from gemba.projects.actions import approval, passport, results, work
from gemba.projects.models import Measure, Project


@dataclass
class Cast:
    """The people of a project and its place."""

    customer: Person
    leader: Person
    team: list[Person]
    place: Organisation


class Steps:
    """Carries out the acts at the stages of a project."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.users = dict(User.objects.filter(municipality=made.municipality).values_list("person_id", "pk"))
        accounts = User.objects.filter(municipality=made.municipality, person__isnull=False)
        self.roles = {
            user.login.rpartition(".")[2]: user.person for user in accounts.select_related("person")
        }
        self.places = {
            made.people[person.code].pk: organisation
            for organisation in made.town.organisations
            for person in organisation.people
        }
        self.told: list[int] = []

    def plan(self, idea: ProjectIdea, cast: Cast, project: Project, day: date) -> None:
        stage = project.stages.filter(code="implementation").get()
        assert stage.plan_start and stage.plan_end
        length = (stage.plan_end - stage.plan_start).days // (len(idea.cures) + 1)
        for turn, cure in enumerate(idea.cures):
            start = self.working(stage.plan_start + timedelta(days=length * turn))
            work.save_measure(
                actor=self.acting(cast.leader, day), project_id=project.pk, at=self.made.at(day, 11, turn),
                values={
                    "title": cure.measure, "problem": cure.problem, "root_cause": cure.cause, "expected": cure.expected,
                    "responsible": cast.team[turn % len(cast.team)] if cast.team else cast.leader, "starts_on": start,
                    "due_on": self.working(start + timedelta(days=length)),
                    "resources": "Силами сотрудников" if turn else "Бумага, канцелярские товары",
                },
                follows=[turn] if turn else [],
            )  # fmt: skip
        work.save_measure(
            actor=self.acting(cast.leader, day), project_id=project.pk, at=self.made.at(day, 11, 30),
            values={"title": "Новый порядок работает", "kind": "milestone", "due_on": stage.plan_end, "responsible": cast.leader},
            follows=[len(idea.cures)],
        )  # fmt: skip

    def defend(self, cast: Cast, project: Project, day: date, decision: str, text: str) -> None:
        is_remark = decision == "approved_with_remarks"
        work.hold_defence(
            actor=self.acting(cast.customer, day), project_id=project.pk, at=self.made.at(day, 12), kind="customer_plan",
            held_on=day, decision=decision, decided_by=str(cast.customer),
            text="План рассмотрен, вопросы о сроках сняты." if is_remark else text, place="Кабинет заказчика",
            attended=", ".join(one.short_name for one in (cast.customer, cast.leader, *cast.team)), remarks=[(text, cast.leader, day + timedelta(days=14))] if is_remark else (),
        )  # fmt: skip

    def do(self, cast: Cast, project: Project, day: date, most: int = 99) -> None:
        for row in list(Measure.objects.filter(project=project).order_by("number"))[:most]:
            on = min(row.due_on or day, day)
            work.set_measure_state(
                actor=self.acting(cast.leader, on), measure_id=row.pk, state="done", at=self.made.at(on, 15), on=on,
                evidence="Приказ и снимки рабочего места", was=row.problem, became=row.expected,
            )  # fmt: skip

    def measure(
        self, idea: ProjectIdea, cast: Cast, project: Project, day: date, is_reached: bool, times: int = 3
    ) -> None:
        goal = project.goals.get()
        since = project.stages.get(number=project.stage).actual_start or day
        for turn in range(times):
            gap = Decimal(3 - turn) * (Decimal(4) if not is_reached else Decimal(1)) / 10
            value = goal.target + (goal.baseline - goal.target) * (gap if turn < 2 or not is_reached else 0)
            on = min(since + timedelta(days=1 + turn * max(1, (day - since).days // 3)), day)
            results.measure_goal(
                actor=self.acting(cast.leader, on), goal_id=goal.pk, value=round(value, 1), on=on,
                at=self.made.at(on, 13), how="Хронометраж десяти случаев",
            )  # fmt: skip
        if not is_reached:
            self.finish(cast, project, day)
            results.accept_deviation(
                actor=self.acting(cast.customer, day), goal_id=goal.pk, at=self.made.at(day, 15)
            )

    def finish(self, cast: Cast, project: Project, day: date) -> None:
        goal = project.goals.get()
        last = goal.measurements.order_by("-measured_on").first()
        value = last.value if last else goal.target
        results.set_final(
            actor=self.acting(cast.leader, day), goal_id=goal.pk, value=value, at=self.made.at(day, 14, 30),
            reason="" if goal.is_reached(value) else "Второй стол поставят после ремонта.",
        )  # fmt: skip

    def effect(self, cast: Cast, project: Project, day: date) -> None:
        row = results.add_effect(
            actor=self.acting(cast.leader, day), project_id=project.pk, at=self.made.at(day, 16, 20), kind="time",
            minutes=Decimal(12), times=Decimal(6), frequency="day", people=2, text="По последнему хронометражу.",
        )  # fmt: skip
        results.add_effect(
            actor=self.acting(cast.leader, day), project_id=project.pk, at=self.made.at(day, 16, 30), kind="satisfaction",
            before=Decimal(61), after=Decimal(84),
        )  # fmt: skip
        curator = self.acting(self.role("curator"), day)
        results.verify_effect(actor=curator, effect_id=row.pk, at=self.made.at(day, 16, 40))

    def new_edition(self, cast: Cast, project: Project, day: date, *, is_approved: bool) -> None:
        """Change approved dates: the next edition, which the customer decides about."""
        made, leader = self.made, self.acting(cast.leader, day)
        current = Project.objects.get(pk=project.pk)
        written = current.passport
        for line in written.stages:
            if line.number >= current.stage:
                line.end = self.working(date.fromisoformat(line.end) + timedelta(days=14)).isoformat()
                if line.number > current.stage:
                    start = date.fromisoformat(line.start) + timedelta(days=14)
                    line.start = min(self.working(start).isoformat(), line.end)
        passport.write(
            actor=leader, project_id=current.pk, version=current.version, values={"stages": written.stages},
            at=made.at(day, 9, 10),
        )  # fmt: skip
        approval.send(
            actor=leader,
            project_id=current.pk,
            at=made.at(day, 9, 20),
            note="Помещение дали на две недели позже.",
        )
        if is_approved:
            approval.approve(
                actor=self.acting(cast.customer, day), project_id=current.pk, at=made.at(day, 10, 5)
            )

    def role(self, role: str) -> Person:
        found = self.roles[role]
        assert found is not None
        return found

    def acting(self, person: Person, day: date) -> Actor:
        return Actor(
            user_id=self.users.get(person.pk), person_id=person.pk, name=person.full_name, is_system=True,
            municipality_id=self.made.municipality.pk, municipality=self.made.municipality, today=day,
        )  # fmt: skip

    def working(self, day: date) -> date:
        return day - timedelta(days=max(0, day.weekday() - 4))
