"""Acts on a whole campaign: opened, moved to another edition, fixed, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from gemba.audit.actions import record
from gemba.kernel.numbers import counted, format_date
from gemba.kernel.problems import Problem, Refusal
from gemba.notices.actions import tell
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Municipality, OrganisationKind, RoleGrant
from gemba.organisation.models.dated import holds_on
from gemba.organisation.roles import Role
from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import Procedure
from gemba.regulations.queries import pack_of
from gemba.scorecards.entering import frozen
from gemba.scorecards.rules import Result, Subject, rank, score, score_all
from gemba.scorecards.rules.exact import shown
from gemba.self_assessment import proofs
from gemba.self_assessment.actions.base import locked_campaign, refuse_fixed
from gemba.self_assessment.models import Campaign, Participant, ProofRule, Standing
from gemba.self_assessment.queries import population_of, procedure_of
from gemba.self_assessment.rules.groups import group_title, group_variable
from gemba.self_assessment.rules.states import State

BATCH = 500


@dataclass(frozen=True)
class NewCampaign:
    """What a person says to open a campaign."""

    year: int
    procedure: str
    kinds: Sequence[str]
    opens_on: date
    fill_by: date
    send_by: date
    fill_clause: str = ""
    send_clause: str = ""
    group_of_kind: Mapping[str, str] = field(default_factory=dict)


def open_campaign(
    *, actor: Actor, municipality: Municipality, edition: Edition, new: NewCampaign, at: datetime
) -> Campaign:
    """Open the self-assessment of a year and invite every participant.

    :raises Refusal: when the dates, kinds or groups are wrong, nobody is to be invited, or it is open already.
    """
    require(actor, "self_assessment.run")
    if actor.municipality_id != municipality.pk or edition.municipality_id != municipality.pk:
        raise Refusal(Problem("Это другой округ."))
    procedure = next(
        (each for each in pack_of(edition).procedures if each.code == new.procedure and each.use == "self_assessment"),
        None,
    )  # fmt: skip
    if procedure is None:
        raise Refusal(
            Problem(
                "В действующей редакции нет такой процедуры самооценки.",
                field="procedure",
                mend="Загрузите редакцию положения, в которой она есть.",
            )
        )
    problems = _problems(new, procedure)
    organisations = population_of(municipality_id=municipality.pk, day=new.opens_on, kinds=list(new.kinds))
    if not problems and not organisations:
        problems.append(
            Problem("Приглашать некого: в эту дату ни одна такая организация не участвует.", field="kinds")
        )
    if problems:
        raise Refusal(problems)
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                municipality=municipality, year=new.year, procedure=procedure.code, title=procedure.title[:400],
                edition=edition, kinds=list(new.kinds), group_of_kind=dict(new.group_of_kind),
                opens_on=new.opens_on, fill_by=new.fill_by, send_by=new.send_by, fill_clause=new.fill_clause[:300],
                send_clause=new.send_clause[:300], opened_by=actor.name[:200], opened_at=at,
            )  # fmt: skip
            variable = group_variable(procedure)
            groups = dict(new.group_of_kind)
            Participant.objects.bulk_create(
                [
                    Participant(
                        campaign=campaign,
                        organisation=each,
                        group=groups.get(each.kind, ""),
                        context={variable.code: groups[each.kind]}
                        if variable and groups.get(each.kind)
                        else {},
                    )
                    for each in organisations
                ],
                batch_size=BATCH,
            )
            _first_rules(campaign, procedure, actor, at)
            _invite(campaign, [each.pk for each in organisations], actor, at)
            record(
                act="self_assessment.open", actor=actor, subject=campaign, title=str(campaign),
                municipality_id=municipality.pk, at=at,
                after={"participants": len(organisations), "send_by": new.send_by, "edition": edition.code},
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(
            Problem(f"Самооценка за {new.year} год по этой процедуре уже открыта.", field="year")
        ) from None
    return campaign


def _problems(new: NewCampaign, procedure: Procedure) -> list[Problem]:
    found = []
    if not new.kinds or set(new.kinds) - set(OrganisationKind.values):
        found.append(Problem("Выберите, какие организации участвуют.", field="kinds"))
    if new.fill_by < new.opens_on:
        found.append(Problem("Заполнить нужно не раньше дня открытия.", field="fill_by"))
    if new.send_by < new.fill_by:
        found.append(Problem("Направить нужно не раньше, чем заполнить.", field="send_by"))
    if not 2000 <= new.year <= 2200:
        found.append(Problem("Проверьте год.", field="year"))
    variable = group_variable(procedure)
    if variable:
        for kind in new.kinds:
            value = new.group_of_kind.get(kind, "")
            if value not in (variable.values or {}):
                title = dict(OrganisationKind.choices).get(kind, kind)
                found.append(
                    Problem(f"Выберите группу рейтинга: {str(title).lower()}.", field=f"group_{kind}")
                )
    return found


def _first_rules(campaign: Campaign, procedure: Procedure, actor: Actor, at: datetime) -> None:
    """Begin with the rules of proof the words suggest, where the municipality has none yet."""
    known = ProofRule.objects.filter(municipality_id=campaign.municipality_id, procedure=procedure.code)
    if known.exists():
        return
    ProofRule.objects.bulk_create(
        [
            ProofRule(
                municipality_id=campaign.municipality_id, procedure=procedure.code, criterion=each.criterion,
                row=each.row, indicator=each.indicator, set_by=actor.name[:200], set_at=at,
            )
            for each in proofs.offer(procedure)
        ]
    )  # fmt: skip


def _invite(campaign: Campaign, organisation_ids: list[int], actor: Actor, at: datetime) -> int:
    """Tell the coordinators and heads of the participants, all at once."""
    invited = set(organisation_ids)
    grants = RoleGrant.objects.filter(
        holds_on(actor.today),
        role__in=[Role.COORDINATOR, Role.UNIT_HEAD],
        municipality_id=campaign.municipality_id,
    ).filter(Q(organisation__isnull=False))
    users = {
        user
        for user, organisation in grants.values_list("user_id", "organisation_id")
        if organisation in invited
    }
    return tell(
        kind="assignment",
        title=f"{campaign}: заполните до {format_date(campaign.fill_by)}",
        text=f"Руководитель подписывает, и лист уходит на проверку до {format_date(campaign.send_by)}.",
        url=reverse("self_assessment:mine"),
        users=users,
        at=at,
        municipality_id=campaign.municipality_id,
        key=f"self_assessment.open.{campaign.pk}",
    )


def move_campaign(
    *, actor: Actor, campaign_id: int, edition: Edition, reason: str, at: datetime
) -> tuple[Campaign, int]:
    """Move an open campaign to another edition: what was sent is counted anew, what no longer fits is returned.

    Return the campaign and how many sheets were returned.

    :raises Refusal: when the rating is fixed, the reason is empty, or the edition has no such procedure.
    """
    require(actor, "self_assessment.run")
    require_own(actor, edition)
    if not reason.strip():
        raise Refusal(Problem("Напишите, по какому акту считать по новой редакции.", field="reason"))
    with transaction.atomic():
        campaign = locked_campaign(actor=actor, campaign_id=campaign_id)
        refuse_fixed(campaign)
        was = campaign.edition.code
        procedure = next(
            (each for each in pack_of(edition).procedures if each.code == campaign.procedure), None
        )
        if procedure is None:
            raise Refusal(
                Problem(f"В редакции {edition.code} нет этой процедуры.", mend="Самооценка идёт по прежней.")
            )
        campaign.edition = edition
        campaign.version += 1
        campaign.save(update_fields=["edition", "version"])
        returned = _count_anew(campaign, procedure)
        record(
            act="self_assessment.move", actor=actor, subject=campaign, title=str(campaign),
            municipality_id=campaign.municipality_id, at=at, before={"edition": was},
            after={"edition": edition.code, "returned": returned}, reason=reason.strip()[:500],
        )  # fmt: skip
    return campaign, returned


def _count_anew(campaign: Campaign, procedure: Procedure) -> int:
    sheets = list(
        Participant.objects.select_for_update()
        .filter(campaign=campaign)
        .exclude(state__in=[State.INVITED])
        .order_by("pk")
    )
    returned = 0
    for sheet in sheets:
        result = score(procedure=procedure, answers=sheet.answers, context=sheet.context)
        sheet.result, sheet.total = frozen(procedure, result), result.total
        sheet.version += 1
        if sheet.state == State.CHECKED:
            checked = score(procedure=procedure, answers=sheet.checked_answers, context=sheet.context)
            sheet.checked_result = frozen(procedure, checked)
        if result.problems and sheet.state in (State.SENT, State.CHECKED, State.SIGNING):
            sheet.state = State.RETURNED
            sheet.return_text = (
                "Изменилось положение: " + "; ".join(str(each) for each in result.problems)[:1500]
            )
            returned += 1
    Participant.objects.bulk_update(
        sheets, ["result", "total", "version", "checked_result", "state", "return_text"], batch_size=100
    )
    return returned


# --- the rating --------------------------------------------------------------------------------------------


def fix(
    *, actor: Actor, campaign_id: int, on: date, at: datetime, leaves_out: bool = False
) -> tuple[Campaign, int]:
    """Fix the rating on a date: places by the procedure, results written once and never changed.

    Return the campaign and the number of rated organisations. Sheets that are not checked stay out of the rating, and
    only when this was said.

    :raises Refusal: when it is fixed already, nothing is checked, or unchecked sheets were not left out knowingly.
    """
    require(actor, "self_assessment.run")
    with transaction.atomic():
        campaign = locked_campaign(actor=actor, campaign_id=campaign_id)
        refuse_fixed(campaign)
        problems = []
        if on > actor.today:
            problems.append(Problem("Рейтинг фиксируется не будущим днём.", field="on"))
        if on < campaign.opens_on:
            problems.append(Problem("Рейтинг фиксируется не раньше открытия самооценки.", field="on"))
        sheets = list(
            Participant.objects.select_for_update(of=("self",))
            .filter(campaign=campaign)
            .select_related("organisation")
            .order_by("pk")
        )
        checked = [sheet for sheet in sheets if sheet.state == State.CHECKED]
        left = len(sheets) - len(checked)
        if not checked:
            problems.append(Problem("Ни один лист не проверен: рейтинга не будет.", mend="Проверьте листы."))
        elif left and not leaves_out:
            words = counted(left, "лист не проверен", "листа не проверены", "листов не проверены")
            problems.append(
                Problem(
                    f"{words}: в рейтинг они не войдут.",
                    field="leaves_out",
                    mend="Проверьте их или отметьте, что фиксируете без них.",
                )
            )
        if problems:
            raise Refusal(problems)
        procedure = procedure_of(campaign)
        results = results_of(procedure, checked)
        variable = group_variable(procedure)
        Standing.objects.bulk_create(
            [
                _standing(campaign, sheet, result, group_title(variable, sheet.group))
                for sheet, result in zip(checked, results, strict=True)
            ],
            batch_size=BATCH,
        )
        campaign.fixed_on, campaign.fixed_at, campaign.fixed_by = on, at, actor.name[:200]
        campaign.version += 1
        campaign.save(update_fields=["fixed_on", "fixed_at", "fixed_by", "version"])
        record(
            act="self_assessment.fix", actor=actor, subject=campaign, title=str(campaign),
            municipality_id=campaign.municipality_id, at=at,
            after={"fixed_on": on, "rated": len(checked), "left_out": left, "edition": campaign.edition.code},
        )  # fmt: skip
    return campaign, len(checked)


def results_of(procedure: Procedure, sheets: Sequence[Participant]) -> list[Result]:
    """Score the checked answers of all sheets together, with places."""
    subjects = [
        Subject(
            subject=str(sheet.pk), title=str(sheet.organisation), answers=sheet.checked_answers, context=sheet.context
        )
        for sheet in sheets
    ]  # fmt: skip
    found = score_all(procedure=procedure, subjects=subjects)
    # One participant alone has the first place too.
    return rank(procedure=procedure, results=found) if procedure.ranking and len(found) == 1 else found


def _standing(campaign: Campaign, sheet: Participant, result: Result, title: str) -> Standing:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    points: dict[str, Any] = {
        code: [text(each.points), text(each.weighted), text(each.maximum), each.title]
        for code, each in result.criteria.items()
    }
    said = [*result.undefined, *result.explanation]
    return Standing(
        participant=sheet, campaign=campaign, organisation_id=sheet.organisation_id, group=sheet.group,
        group_title=title[:200], place=result.place,
        total=None if result.total is None else round(result.total, 4),
        total_text="" if result.total is None else shown(result.total), banner=result.banner[:300],
        status_title=(result.award_title or result.outcome_title)[:300], points=points,
        explanation=[[each.text, each.clause] for each in said],
    )  # fmt: skip


def publish(*, actor: Actor, campaign_id: int, is_published: bool, at: datetime) -> Campaign:
    """Show the rating to everybody in the municipality, or hide it again.

    :raises Refusal: when the rating is not fixed.
    """
    require(actor, "self_assessment.run")
    with transaction.atomic():
        campaign = locked_campaign(actor=actor, campaign_id=campaign_id)
        if not campaign.is_fixed:
            raise Refusal(Problem("Рейтинг ещё не зафиксирован.", mend="Сначала зафиксируйте его."))
        if campaign.is_published == is_published:
            raise Refusal(
                Problem("Рейтинг уже опубликован." if is_published else "Рейтинг и так не опубликован.")
            )
        was = campaign.is_published
        campaign.is_published = is_published
        campaign.published_at = at if is_published else None
        campaign.version += 1
        campaign.save(update_fields=["is_published", "published_at", "version"])
        record(
            act="self_assessment.publish", actor=actor, subject=campaign, title=str(campaign),
            municipality_id=campaign.municipality_id, at=at, before={"is_published": was},
            after={"is_published": is_published},
        )  # fmt: skip
    return campaign
