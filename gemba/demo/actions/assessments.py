"""Let the organisations of the demo assess themselves, and its projects be assessed, through the acts of the modules."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from gemba.demo.actions.town import Made
from gemba.demo.rules.assessments import (
    PROOFS,
    REFUSALS,
    RETURN,
    SIGNIFICANCE,
    Significance,
    invent_answers,
    known_answers,
)
from gemba.organisation.access import Actor
from gemba.organisation.models import Organisation, Person
from gemba.projects.models import Project
from gemba.projects.rules.states import CLOSED
from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import Procedure
from gemba.regulations.queries import edition_on, pack_of
from gemba.scorecards import actions as scoring
from gemba.scorecards.entering import chosen_with_points
from gemba.scorecards.models import TrainingRecord
from gemba.self_assessment import actions
from gemba.self_assessment.models import Campaign, Participant
from gemba.self_assessment.queries import days_of
from gemba.self_assessment.rules.groups import group_variable, usual_groups

_KINDS = ("omsu", "structural_unit", "institution", "organisation")
# How far the sheets of the open campaign have come, in turn.
_STEPS = ("checked", "sent", "draft", "sent", "returned", "handed", "invited", "checked", "draft", "invited")


def enter_assessments(*, made: Made, seed: int, progress: Callable[[str], None]) -> None:
    """Hold the self-assessment of the last year and begin that of this one; assess projects already closed."""
    dice = random.Random(seed)
    zeal = {code: dice.uniform(0.25, 0.95) for code in sorted(made.organisations)}
    held = [_campaign(made, year, zeal, dice) for year in (made.today.year - 1, made.today.year)]
    if any(held):
        progress(f"самооценок {sum(bool(one) for one in held)}")
    if sheets := _significance(made):
        progress(f"листов значимости {sheets}")


# --- self-assessment


def _campaign(made: Made, year: int, zeal: dict[str, float], dice: random.Random) -> Campaign | None:
    is_over, opens_on = year < made.today.year, date(year, 11, 5)
    found = _procedure(made, opens_on, "self_assessment")
    if found is None or opens_on >= made.today:
        return None
    edition, procedure = found
    _, send = days_of(municipality_id=made.municipality.pk, procedure=procedure, year=year)
    send_by = send.on if send else date(year, 12, 1)
    keeper = made.actor(opens_on)
    campaign = actions.open_campaign(
        actor=keeper, municipality=made.municipality, edition=edition, at=made.at(opens_on, 9, 30),
        new=actions.NewCampaign(
            year=year, procedure=procedure.code, kinds=_KINDS, opens_on=opens_on, fill_by=send_by - timedelta(days=5),
            send_by=send_by, send_clause=send.clause if send else "",
            group_of_kind=usual_groups(group_variable(procedure), _KINDS),
        ),
    )  # fmt: skip
    sheets = Participant.objects.filter(campaign=campaign).select_related("organisation").order_by("pk")
    for turn, sheet in enumerate(sheets):
        day = min(opens_on + timedelta(days=1 + turn % 14), made.today)
        step = "checked" if is_over else _STEPS[turn % len(_STEPS)]
        _Sheet(made, procedure, sheet, day, turn, dice).walk(step, zeal[sheet.organisation.code])
    if is_over:
        day = opens_on + timedelta(days=37)
        actions.fix(actor=made.actor(day), campaign_id=campaign.pk, on=day, at=made.at(day, 16))
        actions.publish(
            actor=made.actor(day), campaign_id=campaign.pk, is_published=True, at=made.at(day, 17)
        )
    return campaign


class _Sheet:
    """Brings one sheet as far as it is told."""

    def __init__(
        self, made: Made, procedure: Procedure, sheet: Participant, day: date, turn: int, dice: random.Random
    ) -> None:
        self.made, self.procedure, self.sheet, self.day = made, procedure, sheet, day
        self.turn, self.dice = turn, dice
        head = next(
            (
                person
                for each in made.town.organisations
                if made.organisations[each.code].pk == sheet.organisation_id
                for person in each.people
                if person.is_head
            ),
            None,
        )
        keeper = made.actor(day)
        self.actor = replace(keeper, name=made.people[head.code].full_name) if head else keeper

    def walk(self, until: str, zeal: float) -> None:
        """Fill, sign, check: up to the step."""
        if until == "invited":
            return
        answers = invent_answers(self.procedure, zeal, self.dice)
        claimed = self._fill(answers, is_whole=until != "draft")
        if until == "draft" or not claimed:
            return
        pk, at = self.sheet.pk, self.made.at
        if until == "handed":
            actions.hand_over(actor=self.actor, participant_id=pk, version=None, at=at(self.day, 15))
            return
        actions.sign(actor=self.actor, participant_id=pk, version=None, at=at(self.day, 16))
        checker, later = self.made.actor(self.day), min(self.day + timedelta(days=3), self.made.today)
        if until == "returned":
            actions.give_back(actor=checker, participant_id=pk, version=None, reason=RETURN, at=at(later, 11))
        elif until == "checked":
            refused = claimed[0] if self.turn % 4 == 3 else None
            verdicts = {
                pair: ("refused", REFUSALS[self.turn % len(REFUSALS)])
                if pair == refused
                else ("confirmed", "")
                for pair in claimed
            }
            actions.check_rows(
                actor=checker, participant_id=pk, version=None, verdicts=verdicts, at=at(later, 12)
            )
            actions.accept(actor=checker, participant_id=pk, version=None, at=at(later, 12, 30))

    def _fill(self, answers: dict[str, list[str]], *, is_whole: bool) -> list[tuple[str, str]]:
        """Save answers with a named proof at each row; a draft has only half of them."""
        if not is_whole:
            answers = dict(list(answers.items())[: len(answers) // 2])
        pk, at = self.sheet.pk, self.made.at
        actions.keep_answers(
            actor=self.actor,
            participant_id=pk,
            version=None,
            answers=answers,
            comments={},
            at=at(self.day, 10),
        )
        claimed = list(chosen_with_points(self.procedure, answers))
        for number, (criterion, row) in enumerate(claimed):
            actions.add_proof(
                actor=self.actor, participant_id=pk, criterion=criterion, row=row,
                title=f"{PROOFS[(self.turn + number) % len(PROOFS)]} от {self.day:%d.%m.%Y}", link="", file=None,
                file_kind="", at=at(self.day, 11, number % 60),
            )  # fmt: skip
        return claimed


# --- significance of projects


def _significance(made: Made) -> int:
    """Assess projects that are closed, each by a trained person who does not lead it."""
    found = _procedure(made, made.today, "project_significance")
    if found is None:
        return 0
    edition, procedure = found
    closed = Project.objects.filter(
        municipality=made.municipality, status__in=CLOSED, leader__isnull=False, closed_on__isnull=False
    )
    projects = list(closed.select_related("organisation").order_by("-closed_on", "-pk")[: len(SIGNIFICANCE)])
    for story, project in zip(SIGNIFICANCE, projects, strict=False):
        assert project.closed_on is not None
        _assess(
            made, edition, procedure, story, project, min(project.closed_on + timedelta(days=9), made.today)
        )
    return len(projects)


def _assess(
    made: Made, edition: Edition, procedure: Procedure, story: Significance, project: Project, day: date
) -> None:
    keeper = made.actor(day)
    assessor = _assessor(made, project, keeper)
    sheet = scoring.open_sheet(
        actor=assessor, edition=edition, at=made.at(day, 10),
        new=scoring.NewSheet(procedure=procedure.code, stage="final", kind="project", object_id=project.pk),
    )  # fmt: skip
    answers = known_answers(procedure, story.answers)
    scoring.keep_answers(
        actor=assessor,
        sheet_id=sheet.pk,
        version=None,
        answers=answers,
        comments={},
        context={},
        at=made.at(day, 11),
    )
    for turn, code in enumerate(answers):
        scoring.add_proof(
            actor=assessor, sheet_id=sheet.pk, criterion=code, row="", title=f"Материалы проекта, лист {turn + 1}",
            link="", file=None, file_kind="", at=made.at(day, 11, turn + 1),
        )  # fmt: skip
    if story.until == "draft":
        return
    scoring.submit(actor=assessor, sheet_id=sheet.pk, version=None, at=made.at(day, 12))
    if story.until == "agreed":
        scoring.agree(actor=keeper, sheet_id=sheet.pk, version=None, at=made.at(day, 16))
    elif story.until == "returned":
        scoring.give_back(
            actor=keeper, sheet_id=sheet.pk, version=None, reason=story.reason, at=made.at(day, 16)
        )


def _assessor(made: Made, project: Project, keeper: Actor) -> Actor:
    """Choose somebody of the same organisation who does not lead the project, and enter the training."""
    place: Organisation = project.organisation
    for each in made.town.organisations:
        if made.organisations[each.code].pk != place.pk:
            continue
        for person in each.people:
            found = made.people[person.code]
            if found.pk not in (project.leader_id, project.customer_id):
                _train(made, found, keeper)
                return replace(keeper, name=found.full_name, person_id=found.pk)
    return keeper


def _train(made: Made, person: Person, keeper: Actor) -> None:
    """Enter the certificate of an assessor unless it is there."""
    issued_on = made.begins_on + timedelta(days=40 + person.pk % 90)
    if issued_on > keeper.today or TrainingRecord.objects.filter(person=person).exists():
        return
    scoring.add_trained(
        actor=keeper, at=made.at(keeper.today, 9),
        new=scoring.Trained(
            person=person, programme="Основы бережливого производства", document=f"Удостоверение № {1000 + person.pk}",
            issued_on=issued_on,
        ),
    )  # fmt: skip


def _procedure(made: Made, day: date, use: str) -> tuple[Edition, Procedure] | None:
    """Return the procedure of this use in the edition of the day."""
    edition = edition_on(municipality_id=made.municipality.pk, day=day)
    if edition is None:
        return None
    procedure = next((each for each in pack_of(edition).procedures if each.use == use), None)
    return (edition, procedure) if procedure else None
