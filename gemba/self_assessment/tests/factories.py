"""Make campaigns of an invented checklist, sheets in every state, and the addresses the URL walk needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gemba.organisation.access import Actor, system_actor
from gemba.organisation.models import Municipality
from gemba.organisation.tests.cast import Cast
from gemba.regulations.actions import load_edition
from gemba.regulations.models import Edition
from gemba.scorecards.entering import chosen_with_points
from gemba.self_assessment import actions
from gemba.self_assessment.models import Campaign, Participant
from gemba.self_assessment.queries import procedure_of

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SHIPPED = Path(__file__).resolve().parents[3] / "regulations" / "promyshlennovsky" / "2025-12-02.yaml"
EMPTY_CRITERION = "3"


def edition_of(
    municipality: Municipality, *, effective_on: str = "2026-01-15", change: Mapping[str, str] = {}
) -> Edition:
    """Load the shipped checklist into a municipality as an edition of its own."""
    text = SHIPPED.read_text("utf-8").replace("code: promyshlennovsky", f"code: {municipality.code}", 1)
    text = text.replace("  code: 2025-12-02\n", f"  code: {effective_on}\n", 1)
    text = text.replace("effective_on: 02.12.2025", f"effective_on: {effective_on}", 1)
    for old, new in change.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return load_edition(
        actor=system_actor(municipality),
        municipality=municipality,
        source=text.encode(),
        name="pack.yaml",
        at=AT,
    )


def by(municipality: Municipality, today: date = TODAY) -> Actor:
    """Return an actor to whom every act is allowed, on a day."""
    return system_actor(municipality, today=today)


def opened(municipality: Municipality, edition: Edition, *, year: int = 2026, **changes: Any) -> Campaign:
    """Open a campaign of the checklist."""
    fields = {
        "year": year,
        "procedure": "checklist",
        "kinds": ["omsu", "structural_unit", "institution", "organisation"],
        "opens_on": date(year, 11, 1),
        "fill_by": date(year, 11, 20),
        "send_by": date(year, 12, 1),
        "group_of_kind": {
            "omsu": "local_government", "structural_unit": "local_government", "institution": "subordinate",
            "organisation": "subordinate",
        },
        **changes,
    }  # fmt: skip
    return actions.open_campaign(
        actor=by(municipality),
        municipality=municipality,
        edition=edition,
        new=actions.NewCampaign(**fields),
        at=AT,
    )


def answers_of(**levels: list[str]) -> dict[str, list[str]]:
    """Return answers by criterion: answers_of(c1=["1", "2"]); what is not named is empty."""
    return {str(number): levels.get(f"c{number}", []) for number in range(1, 9)}


def fill(participant: Participant, answers: Mapping[str, Any], *, proven: bool = True) -> Participant:
    """Save answers, with evidence for every row."""
    actor = by(participant.campaign.municipality)
    sheet = actions.keep_answers(
        actor=actor, participant_id=participant.pk, version=None, answers=answers, comments={}, at=AT
    )
    if proven:
        for criterion, row in chosen_with_points(procedure_of(sheet.campaign), answers):
            actions.add_proof(
                actor=actor, participant_id=sheet.pk, criterion=criterion, row=row, title="Приказ № 1", link="",
                file=None, file_kind="", at=AT,
            )  # fmt: skip
    return sheet


def sent(participant: Participant, answers: Mapping[str, Any]) -> Participant:
    """Bring a sheet to the checker."""
    sheet = fill(participant, answers)
    return actions.sign(
        actor=by(sheet.campaign.municipality), participant_id=sheet.pk, version=sheet.version, at=AT
    )


def checked(
    participant: Participant, answers: Mapping[str, Any], refused: Mapping[tuple[str, str], str] = {}
) -> Participant:
    """Bring a sheet through the check."""
    sheet = sent(participant, answers)
    actor = by(sheet.campaign.municipality)
    verdicts = {
        pair: ("refused", refused[pair]) if pair in refused else ("confirmed", "")
        for pair in chosen_with_points(procedure_of(sheet.campaign), answers)
    }
    sheet = actions.check_rows(actor=actor, participant_id=sheet.pk, version=None, verdicts=verdicts, at=AT)
    return actions.accept(actor=actor, participant_id=sheet.pk, version=sheet.version, at=AT)


def url_samples(cast: Cast) -> dict[str, dict[str, Any]]:
    """Return arguments for the addresses that name an object of the cast's first municipality."""
    edition = Edition.objects.filter(municipality=cast.municipality, code="2026-01-15").first()
    campaign = opened(cast.municipality, edition or edition_of(cast.municipality))
    sheets = {
        each.organisation_id: each
        for each in Participant.objects.filter(campaign=campaign).select_related("campaign")
    }
    school = sent(sheets[cast.school.pk], answers_of(c1=["1"]))
    proof = school.proofs.first()
    assert proof is not None
    earlier = opened(cast.municipality, campaign.edition, year=2025)
    former = checked(
        Participant.objects.select_related("campaign").get(campaign=earlier, organisation=cast.school),
        answers_of(c1=["1"]),
    )
    actions.fix(
        actor=by(cast.municipality), campaign_id=earlier.pk, on=date(2026, 1, 20), at=AT, leaves_out=True
    )
    names = ("campaign", "rating", "heat", "movement", "rules", "fix", "publish", "remind", "move")
    sheet_names = (
        "sheet",
        "prove",
        "scan",
        "print",
        "hand_over",
        "take_back",
        "sign",
        "sign_paper",
        "check",
        "give_back",
    )
    return {
        **{f"self_assessment:{name}": {"pk": campaign.pk} for name in names},
        **{f"self_assessment:{name}": {"pk": school.pk} for name in sheet_names},
        "self_assessment:proof_file": {"pk": school.pk, "proof_id": proof.pk},
        "self_assessment:drop_proof": {"pk": school.pk, "proof_id": proof.pk},
        "self_assessment:result": {"pk": former.pk},
    }
