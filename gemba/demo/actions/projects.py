"""Let invented projects happen: most in bulk, those of today by the acts of the module, each by the person who did it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from gemba.demo.actions.bulk_projects import loaded
from gemba.demo.actions.project_sheets import process_map, sheet
from gemba.demo.actions.project_steps import Cast, Steps
from gemba.demo.actions.town import Made
from gemba.demo.actions.work import register_of
from gemba.demo.rules.project_stories import STORIES, Story
from gemba.demo.rules.project_texts import ProjectIdea, ideas_for
from gemba.demo.rules.projects import InventedProject
from gemba.demo.rules.work import working
from gemba.projects.actions import approval, evidence, passport, portfolio, results, stages, work
from gemba.projects.actions.load import bulk_fill
from gemba.projects.gates import gates_of
from gemba.projects.models import Project
from gemba.projects.queries.settings import acts_on
from gemba.projects.rules.passport import GoalLine, GroundLine, MemberLine
from gemba.proposals.models import Proposal
from gemba.proposals.rules.states import State


def enter_projects(
    *, made: Made, invented: list[InventedProject], progress: Callable[[str], None]
) -> list[int]:
    """Write the projects of a town and tell the stories of those that are in hand today; return the bulk keys."""
    invented.sort(key=lambda row: row.opened_on)
    keys = bulk_fill(
        actor=made.actor(made.today),
        municipality=made.municipality,
        invented=loaded(register=register_of(made), invented=invented),
        at=made.at(made.today, 8),
    )
    teller = _Teller(made)
    for turn, story in enumerate(STORIES):
        teller.tell(story, turn)
    teller.gather()
    progress(f"проектов {len(keys) + len(STORIES)}")
    return keys


class _Teller(Steps):
    """Tells stories: begins a project so long ago that today falls where the story wants it."""

    def tell(self, story: Story, turn: int) -> None:
        """Let one story happen up to today."""
        made = self.made
        day = self.working(made.today - timedelta(days=story.ago))
        cast = self._cast(story, turn)
        idea = self._idea(cast, turn)
        project = self._begin(story, idea, cast, day)
        self.told.append(project.pk)
        if story.until == "draft":
            return
        sent_on = self.working(day + timedelta(days=1))
        approval.send(
            actor=self.acting(cast.leader, sent_on),
            project_id=project.pk,
            at=made.at(sent_on, 15),
            note=story.note,
        )
        if story.until == "approval":
            return
        decided_on = self.working(sent_on + timedelta(days=2))
        customer = self.acting(cast.customer, decided_on)
        if story.until == "returned":
            approval.return_passport(
                actor=customer, project_id=project.pk, at=made.at(decided_on, 10), reason=story.reason
            )
            return
        approval.approve(actor=customer, project_id=project.pk, at=made.at(decided_on, 10))
        self._walk(story, idea, cast, project.pk)

    def gather(self) -> None:
        """Put some projects into a portfolio."""
        made = self.made
        at = made.at(made.today, 8, 30)
        group = portfolio.save_portfolio(
            actor=made.actor(made.today), at=at, title="Проекты главы округа",
            purpose="То, что глава смотрит каждый месяц на аппаратном совещании.",
        )  # fmt: skip
        for pk in self.told[3::3]:
            portfolio.put_into_portfolio(actor=made.actor(made.today), project_id=pk, portfolio=group, at=at)

    def _begin(self, story: Story, idea: ProjectIdea, cast: Cast, day: date) -> Project:
        made, leader = self.made, self.acting(cast.leader, day)
        at = made.at(day, 9, 20)
        proposal = self._proposal() if story.is_from_proposal else None
        if proposal is not None:
            project = passport.create_from_proposal(actor=leader, proposal_id=proposal.pk, at=at)
        else:
            project = passport.create(actor=leader, title=idea.title, organisation=cast.place, at=at)
        values = self._values(story, idea, cast, day, project)
        return passport.write(
            actor=leader, project_id=project.pk, version=project.version, values=values, at=made.at(day, 11)
        )

    def _values(
        self, story: Story, idea: ProjectIdea, cast: Cast, day: date, project: Project
    ) -> dict[str, Any]:
        values: dict[str, Any] = {
            "process": idea.process, "start_event": idea.start_event, "leader_id": cast.leader.pk,
            "leader_name": str(cast.leader), "justifications": [*project.passport.justifications, idea.why],
        }  # fmt: skip
        if story.is_half:
            return values
        values |= {
            "customer_id": cast.customer.pk, "customer_name": str(cast.customer), "process_owner_id": cast.customer.pk,
            "process_owner_name": str(cast.customer), "end_event": idea.end_event, "aim": idea.aim, "effects": idea.effects,
            "team": [
                MemberLine(person.pk, str(person), part)
                for person, part in zip(cast.team, ("хронометраж", "карта процесса", "внедрение"), strict=False)
            ],
            "team_order": f"Приказ от {day:%d.%m.%Y} № {31 + day.day}-о",
            "goals": [GoalLine("", idea.goal, idea.unit, idea.before, idea.after, "less", idea.kind)],
        }  # fmt: skip
        if story.is_joint:
            others = [row for row in self.made.town.organisations if row.ends_on is None][2:8:3]
            places = [self.made.organisations[row.code] for row in others]
            values["participants"] = [{"id": place.pk, "name": str(place)} for place in places]
            values["scale"] = "interorganisation"
        else:
            values["scale"] = "internal"
        if not project.passport.grounds:
            grounds = acts_on(municipality_id=project.municipality_id, day=day).grounds
            ground = grounds[len(self.told) % len(grounds)] if grounds else None
            values["grounds"] = [
                GroundLine(
                    ground.code, ground.text, ground.clause, ground.links_to, object_title=story.ground
                )
                if ground
                else GroundLine("other", "Решение руководителя", object_title=story.ground)
            ]
        return values

    def _walk(self, story: Story, idea: ProjectIdea, cast: Cast, pk: int) -> None:
        """Lead the project stage by stage, each ended on its planned day, to where the story ends."""
        made = self.made
        today = made.today - timedelta(days=1)
        while True:
            project = Project.objects.select_related("municipality").get(pk=pk)
            stage = project.stages.get(number=project.stage)
            assert stage.plan_end is not None
            day = min(self.working(stage.plan_end), today)
            if project.stage_code == story.until:
                self._within(story, idea, cast, project)
                return
            if project.stage_code == "closing":
                break
            self._give(idea, cast, project, day, story)
            common: dict[str, Any] = {"project_id": pk, "at": made.at(day, 16)}
            if story.skips == project.stage_code:
                stages.override(actor=self.acting(self.role("curator"), day), reason=story.reason, **common)
            else:
                stages.forward(actor=self.acting(cast.leader, day), **common)
        self._give(idea, cast, project, day, story)
        self.effect(cast, project, day)
        stages.close(
            actor=self.acting(cast.customer, day), project_id=pk, at=made.at(day, 17), outcome=story.outcome, text=story.note
        )  # fmt: skip
        self._control(story, idea, cast, pk)

    def _give(self, idea: ProjectIdea, cast: Cast, project: Project, day: date, story: Story) -> None:
        """Give every gate of the current stage its evidence."""
        made, leader = self.made, self.acting(cast.leader, day)
        at = made.at(day, 14)
        if story.skips == project.stage_code:
            return
        if project.stage_code == "action_plan":
            self.plan(idea, cast, project, day)
        for gate in gates_of(project.stage_code):
            if gate.is_confirmed:
                evidence.confirm(
                    actor=leader,
                    project_id=project.pk,
                    code=gate.code,
                    at=at,
                    comment="Обсудили на штабе проекта.",
                )
            elif gate.takes_file:
                is_map = gate.code in ("maps.current", "maps.target")
                drawn = (
                    process_map(idea, is_target=gate.code == "maps.target") if is_map else sheet(gate.title)
                )
                evidence.attach(
                    actor=leader, project_id=project.pk, code=gate.code, title=gate.title, at=at,
                    file=SimpleUploadedFile("лист.pdf", drawn, "application/pdf"),
                )  # fmt: skip
            elif gate.code == "defence.decided":
                self.defend(
                    cast,
                    project,
                    day,
                    "approved_with_remarks",
                    "Назвать ответственного за обучение сменщиков.",
                )
            elif gate.code == "measures.finished":
                self.do(cast, project, day)
            elif gate.code == "goals.measured":
                self.measure(idea, cast, project, day, story.outcome == "success")
            elif gate.code == "goals.final":
                self.finish(cast, project, day)

    def _control(self, story: Story, idea: ProjectIdea, cast: Cast, pk: int) -> None:
        """Carry out the control points whose day has come."""
        project = Project.objects.get(pk=pk)
        goal = project.goals.get()
        points = list(project.points.filter(due_on__lt=self.made.today).order_by("due_on"))
        for point in points:
            falls = story.has_fallen and point is points[-1]
            value = goal.baseline - (goal.baseline - goal.target) / 3 if falls else goal.target
            day = self.working(point.due_on)
            results.check_stability(
                actor=self.acting(cast.customer, day), point_id=point.pk, at=self.made.at(day, 10),
                values={goal.pk: round(value, 1)}, text=story.reason if falls else "Порядок соблюдают.",
                corrective="Обучить сменщиков и вывесить стандарт у рабочего места." if falls else "",
            )  # fmt: skip

    def _within(self, story: Story, idea: ProjectIdea, cast: Cast, project: Project) -> None:
        """Let happen what the story tells of the stage where it stands."""
        made = self.made
        day = self.working(made.today - timedelta(days=2))
        leader, pk, at = self.acting(cast.leader, day), project.pk, made.at(day, 11)
        match story.twist:
            case "half":
                self.plan(idea, cast, project, day)
            case "rework":
                self.defend(cast, project, day, "rework", story.reason)
            case "doing":
                self.do(cast, project, day, most=1)
                work.check_week(
                    actor=leader, project_id=pk, at=at, text="Первое мероприятие принято, второе начато.",
                    obstacles="Ждём доступ к общей папке.",
                )  # fmt: skip
            case "edition":
                self.new_edition(cast, project, day, is_approved=True)
                self.do(cast, project, day, most=2)
            case "late":
                stages.explain_delay(
                    actor=leader, project_id=pk, number=project.stage, at=at, reason=story.reason
                )
                stages.set_forecast(
                    actor=leader, project_id=pk, number=project.stage, at=made.at(day, 12),
                    end=self.working(made.today + timedelta(days=9)), moves_following=True,
                )  # fmt: skip
            case "measured":
                self.measure(idea, cast, project, day, True, times=2)
                self.new_edition(cast, project, day, is_approved=False)
            case "ready":
                self.finish(cast, project, day)
                self.effect(cast, project, day)
            case "paused":
                stages.pause(actor=leader, project_id=pk, at=at, reason=story.reason)
            case "cut":
                stages.terminate(
                    actor=self.acting(cast.customer, day), project_id=pk, at=at, reason=story.reason
                )

    def _cast(self, story: Story, turn: int) -> Cast:
        made = self.made
        sponsor, leader, mate = (self.role(role) for role in ("sponsor", "leader", "team"))
        if story.is_leaders:
            place = self.places[leader.pk]
            others = [made.people[one.code] for one in working(place) if made.people[one.code] != leader]
            team = [mate, *[one for one in others if one not in (mate, sponsor)][:2]]
            return Cast(sponsor, leader, team, made.organisations[place.code])
        places = [
            row for row in made.town.organisations if row.ends_on is None and len(working(row)) > 3 and row.joins_on
        ]  # fmt: skip
        row = places[(turn * 5) % len(places)]
        people = [made.people[one.code] for one in working(row)]
        people = [one for one in people if one != sponsor]
        return Cast(sponsor, people[1], people[2:5], made.organisations[row.code])

    def _idea(self, cast: Cast, turn: int) -> ProjectIdea:
        place = next(
            row
            for row in self.made.town.organisations
            if self.made.organisations[row.code].pk == cast.place.pk
        )
        ideas = ideas_for(place.direction)
        return ideas[turn % len(ideas)]

    def _proposal(self) -> Proposal | None:
        rows = Proposal.objects.filter(municipality=self.made.municipality, state=State.TO_PROJECT)
        return rows.filter(projects__isnull=True, organisation__ends_on__isnull=True).order_by("-pk").first()
