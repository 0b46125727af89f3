"""Make plans of the shipped regulations, entries of the journal, and the addresses the URL walk needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gemba.organisation.access import Actor, system_actor
from gemba.organisation.models import Municipality, Organisation
from gemba.organisation.tests.factories import make_municipality
from gemba.plan import actions
from gemba.plan.actions import EntryFields
from gemba.plan.models import Allowance, JournalEntry, LockedRow, Measure, Report, ReportingPeriod, ReportRow
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.plan import PlanView, RowView, plan_view
from gemba.plan.queries.population import register_on
from gemba.regulations.actions import load_edition
from gemba.regulations.models import Edition

AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
REGULATIONS = Path(__file__).resolve().parents[3] / "regulations"


def table_of(answer: Any) -> list[tuple[Any, ...]]:
    """Return the cells of the spreadsheet that a page answered with."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    sheet = load_workbook(BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return list(sheet.iter_rows(values_only=True))


def of_act(code: str) -> Municipality:
    """Make the municipality of a shipped regulation with all its editions."""
    municipality = make_municipality(f"Округ {code}", code=code)
    for path in sorted((REGULATIONS / code).glob("*.yaml")):
        load_edition(
            actor=system_actor(municipality, today=date(2026, 1, 12)),
            municipality=municipality, source=path.read_bytes(), name=path.name, at=AT,
        )  # fmt: skip
    return municipality


def by(municipality: Municipality, today: date) -> Actor:
    """Return an actor to whom every act is allowed, on a day."""
    return system_actor(municipality, today=today)


def event(
    organisation: Organisation, kind: str, on: date, *, today: date = date(2027, 12, 31), **fields: Any
) -> JournalEntry:
    """Write an event into the journal."""
    people: Iterable[str] = fields.pop("people", ())
    fields = {"title": "Событие", "document": "приказ № 1", **fields}
    return actions.write_entry(
        actor=by(organisation.municipality, today),
        fields=EntryFields(kind=kind, organisation=organisation, on=on, people=list(people), **fields),
        at=AT,
    )


def lens_at(
    municipality: Municipality, today: date, year: int | None = None, quarter: int | None = None
) -> Lens:
    """Look at a plan."""
    lens = look(municipality=municipality, today=today, year=year, quarter=quarter)
    assert lens is not None
    return lens


def plan_at(
    municipality: Municipality,
    today: date,
    year: int | None = None,
    quarter: int | None = None,
    unit: Organisation | None = None,
) -> PlanView:
    """Compute a plan."""
    lens = lens_at(municipality, today, year, quarter)
    register = register_on(municipality=municipality, day=lens.as_of)
    return plan_view(lens=lens, register=register, unit_id=unit.pk if unit else None)


def row_at(view: PlanView, code: str) -> RowView:
    """Return a row of a plan."""
    return next(row for row in view.rows if row.row.code == code)


def url_samples(cast: Any) -> dict[str, dict[str, Any]]:
    """Return keyword arguments for the addresses that name an object of the cast's first municipality."""
    from gemba.regulations.tests.factories import an_edition

    if not Edition.objects.filter(municipality=cast.municipality).exists():
        an_edition(cast.municipality)
    entry = event(cast.school, "training", date(2026, 1, 20), people=["Тихонова Дарья Игоревна"])
    allowance = Allowance.objects.create(
        municipality=cast.municipality, organisation=cast.school, row="1.1", indicator="proposals_implemented",
        year=2026, value=1, reason="малая школа", given_by="Зимина Наталья Юрьевна", given_at=AT,
    )  # fmt: skip
    measure = Measure.objects.create(
        municipality=cast.municipality, text="Подготовить обучение", responsible=next(iter(cast.people.values())),
        due_on=date(2026, 12, 1), first_due_on=date(2026, 12, 1), given_by="Северов Николай Фёдорович", given_at=AT,
    )  # fmt: skip
    period = ReportingPeriod.objects.create(
        municipality=cast.municipality, year=2025, quarter=4, ends_on=date(2025, 12, 31), opened_at=AT
    )
    report = Report.objects.create(period=period, organisation=cast.school)
    row = ReportRow.objects.create(report=report, ordinal=1, key="проект", cells={"project": "Проект"})
    LockedRow.objects.create(
        period=period, ordinal=1, code="1.1", number="1.1", title="Строка", indicator="proposals_implemented",
        fact="1", state="met",
    )  # fmt: skip
    return {
        "plan:measure": {"pk": measure.pk},
        "plan:move": {"pk": measure.pk},
        "plan:report_measure": {"pk": measure.pk},
        "plan:return_measure": {"pk": measure.pk},
        "plan:close_measure": {"pk": measure.pk},
        "plan:locked": {"code": "1.1"},
        "plan:report": {"pk": cast.school.pk},
        "plan:begin": {"pk": cast.school.pk},
        "plan:zero": {"pk": cast.school.pk},
        "plan:ask": {"pk": cast.school.pk},
        "plan:approve": {"pk": cast.school.pk},
        "plan:give_back": {"pk": cast.school.pk},
        "plan:return_report": {"pk": cast.school.pk},
        "plan:accept": {"pk": cast.school.pk},
        "plan:new_row": {"pk": cast.school.pk},
        "plan:load": {"pk": cast.school.pk},
        "plan:unload": {"pk": cast.school.pk},
        "plan:report_template": {"pk": cast.school.pk},
        "plan:report_row": {"pk": cast.school.pk, "row_id": row.pk},
        "plan:remove_row": {"pk": cast.school.pk, "row_id": row.pk},
        "plan:row": {"code": "1.1"},
        "plan:enter": {"code": "1.1"},
        "plan:allow": {"code": "1.1"},
        "plan:reading": {"code": "1.1"},
        "plan:link": {"code": "all"},
        "plan:withdraw": {"pk": allowance.pk},
        "plan:write": {"kind": "training", "is_object": False},
        "plan:entry": {"pk": entry.pk},
        "plan:change": {"pk": entry.pk},
        "plan:cancel": {"pk": entry.pk},
    }
