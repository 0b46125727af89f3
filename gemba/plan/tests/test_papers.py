"""The analytical information of a quarter is made of its figures."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document
from PIL import Image

from gemba.documents.actions.issuing import issue
from gemba.documents.models import IssuedDocument
from gemba.documents.queries import build_docx, content_of
from gemba.kernel.problems import Refusal
from gemba.organisation.access import system_actor
from gemba.organisation.models import Organisation
from gemba.organisation.tests.factories import make_organisation
from gemba.plan import actions
from gemba.plan.models import ReportingPeriod
from gemba.plan.papers import (
    ANALYTICAL,
    ANALYTICAL_YEAR,
    analytical_context,
    computed_conclusion,
    year_context,
)
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


def test_what_changed_in_a_locked_quarter_is_said_in_the_text_of_the_next() -> None:
    actor, second, _ = _quarter(2)
    one = Organisation.objects.get()
    actions.lock_quarter(actor=actor, lens=second, at=AT)
    event(one, "project", date(2026, 6, 6), is_marked=True, title="Нашёлся")
    third = lens_at(second.municipality, TODAY, 2026, 3)
    actions.begin_report(actor=actor, lens=third, organisation=one, at=AT)
    period = ReportingPeriod.objects.get(quarter=3)
    (said,) = analytical_context(period, actor, AT)["корректировки"]
    assert "II кв. 2026: было 1, стало 2 (+1). Добавлено: Нашёлся" in said
    docx = build_docx(
        kind=ANALYTICAL, subject=period, actor=actor, at=AT, template=None, number="1", on=TODAY
    )
    assert said in [paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs]


def test_the_template_names_only_known_fields() -> None:
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(ANALYTICAL.template())).paragraphs)
    assert "АНАЛИТИЧЕСКАЯ ИНФОРМАЦИЯ" in text
    assert set(ANALYTICAL.samples()) >= {"программа", "период", "вывод", "строки", "отклонения"}


def _quarter(number: int = 3) -> tuple[Any, Any, ReportingPeriod]:
    town = of_act("promyshlennovsky")
    one = make_organisation(town)
    actor = system_actor(town, today=TODAY)
    event(one, "project", date(2026, 5, 5), is_marked=True)
    lens = lens_at(town, TODAY, 2026, number)
    actions.begin_report(actor=actor, lens=lens, organisation=one, at=AT)
    return actor, lens, ReportingPeriod.objects.get()


def test_a_person_writes_the_words_and_the_figures_stay() -> None:
    actor, lens, period = _quarter()
    computed = analytical_context(period, actor, AT)
    assert computed["вывод"] == [computed_conclusion(period, actor)] and computed["дополнение"] == []
    actions.write_text(
        actor=actor, lens=lens, conclusion="Квартал удался.\n\nДва проекта закрыты.", further="Школы переняли стенд.",
        version=0, at=AT,
    )  # fmt: skip
    said = analytical_context(period, actor, AT)
    assert said["вывод"] == ["Квартал удался.", "Два проекта закрыты."]
    assert said["дополнение"] == ["Школы переняли стенд."]
    assert said["строки"] == computed["строки"]
    # Emptied, it is the computed one again.
    actions.write_text(actor=actor, lens=lens, conclusion="", further="", version=1, at=AT)
    assert analytical_context(period, actor, AT)["вывод"] == computed["вывод"]


def test_it_is_issued_as_docx_and_pdf_and_stands_in_the_register() -> None:
    actor, lens, period = _quarter()
    actions.write_text(actor=actor, lens=lens, conclusion="Квартал удался.", further="", version=0, at=AT)
    made = issue(
        kind=ANALYTICAL, subject=period, actor=actor, on=TODAY, at=datetime(2026, 10, 5, 5, tzinfo=UTC)
    )
    assert content_of(made.pdf).startswith(b"%PDF")
    words = [paragraph.text for paragraph in Document(io.BytesIO(content_of(made.docx))).paragraphs]
    assert "Квартал удался." in words
    found = IssuedDocument.objects.get(kind_code="plan.analytical")
    assert found == made and found.number and "III квартал 2026 года" in found.title


def test_the_second_of_two_writers_is_told_and_changes_nothing() -> None:
    actor, lens, period = _quarter()
    actions.write_text(actor=actor, lens=lens, conclusion="Первый", further="", version=0, at=AT)
    with pytest.raises(Refusal, match="изменил"):
        actions.write_text(actor=actor, lens=lens, conclusion="Второй", further="", version=0, at=AT)
    assert analytical_context(period, actor, AT)["вывод"] == ["Первый"]


def test_the_chart_shows_rows_with_a_target_in_numbers() -> None:
    actor, _, period = _quarter()
    (chart,) = analytical_context(period, actor, AT)["график"]
    with Image.open(io.BytesIO(chart.content)) as drawn:
        assert drawn.width > 800 and drawn.height > 100


def test_the_year_stands_quarter_by_quarter() -> None:
    actor, _, period = _quarter(4)
    said = year_context(period, actor, AT)
    assert said["период"] == "2026 год"
    row = {row["номер"]: row for row in said["строки"]}["1.1"]
    assert (row["первый"], row["второй"], row["третий"], row["факт"]) == ("0", "1", "1", "1")
    docx = build_docx(
        kind=ANALYTICAL_YEAR, subject=period, actor=actor, at=AT, template=None, number="1", on=TODAY
    )
    text = " ".join(
        cell.text for table in Document(io.BytesIO(docx)).tables for row in table.rows for cell in row.cells
    )
    assert "III кв." in text
