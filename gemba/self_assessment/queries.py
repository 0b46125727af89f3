"""What is there to see: campaigns, progress, late ones, sheets, fixed places, movement between years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from gemba.organisation.access import Actor
from gemba.organisation.models import Municipality, Organisation
from gemba.organisation.queries import head_on, population
from gemba.regulations.deadlines import DeadlineDate
from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import Procedure
from gemba.regulations.queries import deadlines, edition_on, pack_of
from gemba.scorecards.entering import Hint, chosen_with_points
from gemba.self_assessment import access, proofs
from gemba.self_assessment.models import (
    Campaign,
    Participant,
    ParticipantProof,
    ProofRule,
    RowCheck,
    Standing,
)
from gemba.self_assessment.rules.states import State

PAGE = 50
USES = ("self_assessment", "rating")


def procedures_of(edition: Edition) -> list[Procedure]:
    """Return the procedures of an edition by which organisations assess themselves."""
    return [each for each in pack_of(edition).procedures if each.use == "self_assessment"]


def procedure_of(campaign: Campaign) -> Procedure:
    """Return the procedure of a campaign, by the edition it goes by."""
    return next(each for each in pack_of(campaign.edition).procedures if each.code == campaign.procedure)


@dataclass(frozen=True)
class Day:
    """A day of the campaign and where the regulation names it."""

    on: date
    clause: str
    as_written: str


def days_of(*, municipality_id: int, procedure: Procedure, year: int) -> tuple[Day | None, Day | None]:
    """Return the days the regulation names for filling and for sending in a year; None where it names none."""
    code = procedure.conduct.deadline if procedure.conduct else None
    found = deadlines(municipality_id=municipality_id, first=date(year, 1, 1), last=date(year, 12, 31))
    own = [each for each in found if each.code == code]
    related = [each for each in found if each.subject.startswith("self_assessment")]
    send = _day((own or related)[-1:])
    fill = _day(related[:1]) if len(related) > 1 else None
    return (None if fill and send and fill.on >= send.on else fill), send


def _day(found: list[DeadlineDate]) -> Day | None:
    return Day(found[0].due_on, "; ".join(found[0].clause), found[0].as_written) if found else None


def population_of(*, municipality_id: int, day: date, kinds: list[str]) -> list[Organisation]:
    """Return the organisations a campaign invites."""
    ids = population(municipality_id=municipality_id, day=day, kinds=kinds).organisation_ids
    found = Organisation.objects.filter(municipality_id=municipality_id).order_by("name_key", "pk")
    return [each for each in found if each.pk in ids]


# --- progress ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far a campaign has come."""

    total: int
    by_state: dict[str, int]
    late: int

    @property
    def handed_in(self) -> int:
        """Count the sheets the organisations have done."""
        return self.by_state.get(State.SENT, 0) + self.by_state.get(State.CHECKED, 0)

    @property
    def checked(self) -> int:
        """Count the sheets that are checked."""
        return self.by_state.get(State.CHECKED, 0)

    @property
    def waiting(self) -> int:
        """Count the sheets that wait for the checker."""
        return self.by_state.get(State.SENT, 0)


def progress(*, campaign: Campaign, today: date) -> Progress:
    """Count the sheets of a campaign by state in one statement."""
    rows = dict(
        Participant.objects.filter(campaign=campaign)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    total = sum(rows.values())
    done = rows.get(State.SENT, 0) + rows.get(State.CHECKED, 0)
    return Progress(total, rows, total - done if today > campaign.send_by and not campaign.is_fixed else 0)


def listed(
    *, actor: Actor, campaign: Campaign, which: str = "", words: str = "", after: int | None = None
) -> tuple[list[Participant], bool]:
    """Return one page of the sheets of a campaign by name, and whether there are more."""
    found = access.visible_participants(actor).filter(campaign=campaign)
    if which == "late":
        found = found.exclude(state__in=[State.SENT, State.CHECKED])
    elif which in set(State):
        found = found.filter(state=which)
    if words:
        found = found.filter(organisation__name_key__contains=words.casefold().replace("ё", "е"))
    if after is not None and (last := found.model.objects.filter(pk=after, campaign=campaign).first()):
        key = last.organisation.name_key
        found = found.filter(
            Q(organisation__name_key__gt=key) | Q(organisation__name_key=key, pk__gt=last.pk)
        )
    rows = list(
        found.select_related("organisation")
        .defer("answers", "comments", "result", "checked_answers", "checked_result")
        .order_by("organisation__name_key", "pk")[: PAGE + 1]
    )
    return rows[:PAGE], len(rows) > PAGE


def mine(*, actor: Actor) -> list[Participant]:
    """Return the sheets of own organisations in campaigns that are not fixed, and in the last fixed one."""
    own = access.own_organisations(actor)
    if not own:
        return []
    found = Participant.objects.filter(
        organisation_id__in=own, campaign__municipality_id=actor.municipality_id or 0
    )
    return list(
        found.select_related("organisation", "campaign", "standing")
        .defer("answers", "comments", "result", "checked_answers", "checked_result")
        .order_by("campaign__fixed_on", "-campaign__year", "organisation__name_key")[:PAGE]
    )


# --- one sheet ---------------------------------------------------------------------------------------------


def rules_of(*, municipality_id: int, procedure: str) -> list[ProofRule]:
    """Return the rules of proof of a procedure."""
    return list(
        ProofRule.objects.filter(municipality_id=municipality_id, procedure=procedure).order_by(
            "criterion", "row"
        )
    )


def shown_for(*, participant: Participant, today: date) -> list[proofs.Shown]:
    """Return what the records of the year show for one organisation."""
    campaign = participant.campaign
    return proofs.shown(
        municipality_id=campaign.municipality_id,
        year=campaign.year,
        last=today,
        rules=rules_of(municipality_id=campaign.municipality_id, procedure=campaign.procedure),
        organisation_id=participant.organisation_id,
    )


def hints_of(*, participant: Participant, shown: list[proofs.Shown], url: str) -> list[Hint]:
    """Return what the records prove, in words."""
    return [each.hint(participant.campaign.year, url) for each in shown if each.is_proven]


def proven_rows(shown: list[proofs.Shown]) -> set[tuple[str, str]]:
    """Return (criterion, row) of everything the records prove."""
    return {(each.criterion, each.row) for each in shown if each.is_proven}


def prefilled(participant: Participant, shown: list[proofs.Shown]) -> dict[str, Any]:
    """Return the answers to begin with: those kept, or, on a sheet never saved, what the records prove."""
    if participant.state != State.INVITED or participant.answers:
        return dict(participant.answers)
    found: dict[str, Any] = {}
    for criterion, row in sorted(proven_rows(shown)):
        found.setdefault(criterion, []).append(row)
    return found


def proofs_of(participant: Participant) -> list[ParticipantProof]:
    """Return the evidence of a sheet."""
    return list(ParticipantProof.objects.filter(participant=participant).order_by("pk"))


def unproven(
    *, participant: Participant, procedure: Procedure, shown: list[proofs.Shown]
) -> list[tuple[str, str]]:
    """Return the ticked rows that nothing shows yet."""
    own = ParticipantProof.objects.filter(participant=participant).values_list("criterion", "row")
    known = set(own) | proven_rows(shown)
    whole = {criterion for criterion, row in known if not row}
    return [
        (criterion, row)
        for criterion, row in chosen_with_points(procedure, participant.answers)
        if (criterion, row) not in known and criterion not in whole
    ]


def checks_of(participant: Participant) -> dict[tuple[str, str], RowCheck]:
    """Return the checker's words by row."""
    return {(each.criterion, each.row): each for each in RowCheck.objects.filter(participant=participant)}


def signer(*, organisation_id: int, day: date) -> str:
    """Return who heads the organisation, with the post, as the signature names it."""
    head = head_on(organisation_id=organisation_id, day=day)
    return f"{head.full_title}, {head.person.full_name}" if head else ""


def newer_edition(*, campaign: Campaign, today: date) -> Edition | None:
    """Return the edition in force when it is another than the campaign goes by."""
    now = edition_on(municipality_id=campaign.municipality_id, day=today)
    return now if now and now.pk != campaign.edition_id and not campaign.is_fixed else None


# --- places ------------------------------------------------------------------------------------------------


def standings(*, actor: Actor, campaign: Campaign) -> QuerySet[Standing]:
    """Return the fixed places of a campaign, by group and place; without a place last."""
    return (
        access.visible_standings(actor)
        .filter(campaign=campaign)
        .select_related("organisation")
        .order_by("group_title", "group", "place", "organisation__name_key", "pk")
    )


@dataclass(frozen=True)
class Movement:
    """An organisation between two years."""

    organisation: str
    participant_id: int
    group_title: str
    before: Standing | None
    after: Standing

    @property
    def up(self) -> int | None:
        """Return by how many places it rose; comparable only within one group."""
        if self.before is None or self.before.place is None or self.after.place is None:
            return None
        return self.before.place - self.after.place if self.before.group == self.after.group else None

    @property
    def gain(self) -> Decimal | None:
        """Return by how much the total grew; totals without a criterion are not compared with whole ones."""
        if self.before is None or self.before.total is None or self.after.total is None:
            return None
        return self.after.total - self.before.total if self.before.banner == self.after.banner else None


def year_before(*, campaign: Campaign) -> Campaign | None:
    """Return the fixed campaign of the nearest earlier year by the same procedure."""
    return (
        Campaign.objects.filter(
            municipality_id=campaign.municipality_id,
            procedure=campaign.procedure,
            year__lt=campaign.year,
            fixed_on__isnull=False,
        )
        .order_by("-year")
        .first()
    )


def movement(*, actor: Actor, campaign: Campaign) -> list[Movement]:
    """Compare the places of a campaign with those of the year before, in two statements."""
    earlier = year_before(campaign=campaign)
    if earlier is None:
        return []
    known = {row.organisation_id: row for row in standings(actor=actor, campaign=earlier)}
    return [
        Movement(
            str(row.organisation), row.participant_id, row.group_title, known.get(row.organisation_id), row
        )
        for row in standings(actor=actor, campaign=campaign)
    ]


def organisation_years(*, actor: Actor, organisation_id: int, procedure: str) -> list[Standing]:
    """Return the fixed results of one organisation year by year."""
    return list(
        access.visible_standings(actor)
        .filter(organisation_id=organisation_id, campaign__procedure=procedure)
        .select_related("campaign")
        .order_by("campaign__year")
    )


def town_of(actor: Actor) -> Municipality:
    """Return the actor's municipality."""
    return Municipality.objects.get(pk=actor.municipality_id or 0)
