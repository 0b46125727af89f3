"""The analytical information of a quarter is made of its figures."""

import io
from datetime import date

import pytest
from docx import Document

from gemba.organisation.access import system_actor
from gemba.organisation.tests.factories import make_organisation
from gemba.plan import actions
from gemba.plan.models import ReportingPeriod
from gemba.plan.papers import ANALYTICAL, analytical_context
from gemba.plan.tests.factories import AT, event, lens_at, of_act

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 5)


def test_the_figures_of_the_quarter_stand_in_the_document() -> None:
    town = of_act("promyshlennovsky")
    one = make_organisation(town)
    actor = system_actor(town, today=TODAY)
    event(one, "project", date(2026, 5, 5), is_marked=True)
    lens = lens_at(town, TODAY, 2026, 3)
    actions.ask_approval(actor=actor, lens=lens, organisation=one, at=AT, is_zero=True)
    actions.approve_report(actor=actor, lens=lens, organisation=one, at=AT)
    period = ReportingPeriod.objects.get()
    said = analytical_context(period, actor, AT)
    assert (said["сдали"], said["участников"], said["в_срок"]) == ("1", "1", "1")
    assert said["период"] == "III квартал 2026 года"
    assert {row["номер"]: row["факт"] for row in said["строки"]}["1.1"] == "1"
    assert any("конкурс" in text for text in said["отклонения"])
    # A locked quarter says what it said when it was locked.
    actions.accept_report(actor=actor, lens=lens, organisation=one, at=AT)
    actions.lock_quarter(actor=actor, lens=lens, at=AT)
    event(one, "project", date(2026, 6, 6), is_marked=True)
    period.refresh_from_db()
    again = analytical_context(period, actor, AT)
    assert {row["номер"]: row["факт"] for row in again["строки"]}["1.1"] == "1"


def test_the_template_names_only_known_fields() -> None:
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(ANALYTICAL.template())).paragraphs)
    assert "АНАЛИТИЧЕСКАЯ ИНФОРМАЦИЯ" in text
    assert set(ANALYTICAL.samples()) >= {"программа", "период", "вывод", "строки", "отклонения"}
