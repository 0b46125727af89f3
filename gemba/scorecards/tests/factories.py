"""Make sheets of the shipped significance procedure, trained people, and the addresses the URL walk needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gemba.organisation.access import system_actor
from gemba.organisation.models import Municipality
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.regulations.actions import load_edition
from gemba.regulations.models import Edition
from gemba.scorecards import actions
from gemba.scorecards.models import Sheet, TrainingRecord

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SHIPPED = Path(__file__).resolve().parents[3] / "regulations" / "leninsk-kuznetsky" / "2022-09-30.yaml"
GOOD = {"1": ["1a"], "2": ["2d"], "3": ["3a"], "4": ["4a"], "5": ["5a"], "6": ["6b"], "7": ["7c"]}


def edition_of(
    municipality: Municipality, *, effective_on: str = "2026-01-20", change: Mapping[str, str] = {}
) -> Edition:
    """Load the shipped significance procedure into a municipality as an edition of its own."""
    text = SHIPPED.read_text("utf-8").replace("code: leninsk-kuznetsky", f"code: {municipality.code}", 1)
    text = text.replace("  code: 2022-09-30\n", f"  code: {effective_on}\n", 1)
    text = text.replace("effective_on: 2022-09-30", f"effective_on: {effective_on}", 1)
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


def trained(cast: Cast, role: Role, **fields: Any) -> TrainingRecord:
    """Enter the person of this role into the register of the trained."""
    said = {"programme": "Основы", "document": "Сертификат № 7", "issued_on": date(2024, 3, 1), **fields}
    return actions.add_trained(
        actor=cast.actor(Role.MONITOR), new=actions.Trained(person=cast.people[role], **said), at=AT
    )


def new(cast: Cast, **fields: Any) -> actions.NewSheet:
    """Say what a person says to open a sheet of a project named by hand."""
    said = {
        "procedure": "significance", "stage": "final", "kind": "project", "title": "Ключи у вахты",
        "organisation": cast.school, "leader": cast.people[Role.LEADER], **fields,
    }  # fmt: skip
    return actions.NewSheet(**said)


def opened(cast: Cast, role: Role = Role.COORDINATOR, **fields: Any) -> Sheet:
    """Open a sheet of the person of this role, trained."""
    edition = Edition.objects.filter(municipality=cast.municipality, code="2026-01-20").first() or edition_of(
        cast.municipality
    )
    if not TrainingRecord.objects.filter(person=cast.people[role]).exists():
        trained(cast, role)
    return actions.open_sheet(actor=cast.actor(role), edition=edition, new=new(cast, **fields), at=AT)


def filled(
    cast: Cast, role: Role = Role.COORDINATOR, answers: Mapping[str, Any] = GOOD, **fields: Any
) -> Sheet:
    """Fill a sheet, with evidence for every criterion."""
    sheet = opened(cast, role, **fields)
    actor = cast.actor(role)
    for code in answers:
        actions.add_proof(
            actor=actor, sheet_id=sheet.pk, criterion=code, row="", title="Отчёт проекта", link="", file=None,
            file_kind="", at=AT,
        )  # fmt: skip
    return actions.keep_answers(
        actor=actor, sheet_id=sheet.pk, version=None, answers=answers, comments={}, context={}, at=AT
    )


def sent(
    cast: Cast, role: Role = Role.COORDINATOR, answers: Mapping[str, Any] = GOOD, **fields: Any
) -> Sheet:
    """Bring a sheet to the economic department."""
    sheet = filled(cast, role, answers, **fields)
    return actions.submit(actor=cast.actor(role), sheet_id=sheet.pk, version=sheet.version, at=AT)


def url_samples(cast: Cast) -> dict[str, dict[str, Any]]:
    """Return arguments for the addresses that name an object of the cast's first municipality."""
    sheet = sent(cast)
    proof = sheet.proofs.first()
    assert proof is not None
    record = TrainingRecord.objects.filter(municipality=cast.municipality).first()
    assert record is not None
    names = ("sheet", "points", "prove", "agree", "give_back", "settle", "renew", "compare", "print")
    return {
        **{f"scorecards:{name}": {"pk": sheet.pk} for name in names},
        "scorecards:proof_file": {"pk": sheet.pk, "proof_id": proof.pk},
        "scorecards:drop_proof": {"pk": sheet.pk, "proof_id": proof.pk},
        "scorecards:trained_cancel": {"pk": record.pk},
    }
