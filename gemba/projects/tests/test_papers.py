"""Official papers: rendered from a living project, the passport on one sheet that lies."""

import io
import re

import pytest
from docx import Document

from gemba.documents.kinds import kind_of
from gemba.documents.queries import preview_docx, preview_pdf
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects.actions import work
from gemba.projects.models import Project
from gemba.projects.tests.factories import AT, DAY, make_active, make_closed, make_draft, measure_in

pytestmark = pytest.mark.django_db


def words_of(content: bytes) -> str:
    return re.sub(r"<[^>]+>", " ", Document(io.BytesIO(content)).element.xml)


def test_the_passport_lies_on_one_sheet_and_says_what_was_approved(cast: Cast) -> None:
    project = make_active(cast)
    kind, leader = kind_of("projects.passport"), cast.actor(Role.LEADER)
    text = words_of(preview_docx(kind=kind, subject=project, actor=leader, at=AT, number="1", on=DAY))
    for words in (
        "УТВЕРЖДАЮ",
        "В.А.\u00a0Громов",
        "Выдача справок родителям",
        "Время выдачи, мин",
        "Сроки",
        "Быстрая выдача",
    ):
        assert words in text, words
    pdf = preview_pdf(kind=kind, subject=project, actor=leader, at=AT, number="1", on=DAY)
    assert pdf.startswith(b"%PDF")
    document = Document(io.BytesIO(preview_docx(kind=kind, subject=project, actor=leader, at=AT)))
    assert document.sections[0].page_width > document.sections[0].page_height


@pytest.mark.parametrize("code", ["projects.roadmap", "projects.defence", "projects.closing"])
def test_every_paper_is_filled(cast: Cast, code: str) -> None:
    project = make_closed(cast)
    measure_in(cast, project)
    work.hold_defence(
        actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT, kind="commission", held_on=DAY,
        decision="approved_with_remarks", decided_by="Орлов М. П.", remarks=[("Уточнить срок", None, DAY)],
    )  # fmt: skip
    project = Project.objects.get(pk=project.pk)
    text = words_of(preview_docx(kind=kind_of(code), subject=project, actor=cast.actor(Role.LEADER), at=AT))
    assert "Быстрая выдача справок" in text and "{{" not in text
    wanted = {
        "projects.roadmap": "Поставить второй стол",
        "projects.defence": "Уточнить срок",
        "projects.closing": "Цели достигнуты",
    }
    assert wanted[code] in text


def test_a_passport_not_approved_does_not_go_out(cast: Cast) -> None:
    kind = kind_of("projects.passport")
    assert kind.hindrances and kind.hindrances(make_draft(cast))
    assert kind.hindrances(make_active(cast, title="Другой")) == []
    assert kind.may_issue and not kind.may_issue(cast.actor(Role.EMPLOYEE), make_active(cast, title="Третий"))
