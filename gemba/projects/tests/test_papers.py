"""Official papers: rendered from a living project, the passport on one sheet that lies."""

import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from gemba.documents.actions import issue
from gemba.documents.kinds import kind_of
from gemba.documents.paper import Series, fitted, line_chart
from gemba.documents.printing import pages_of
from gemba.documents.queries import preview_docx, preview_pdf
from gemba.documents.rendering import flaws
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects.actions import evidence, results, work
from gemba.projects.models import Project
from gemba.projects.tests.factories import AT, DAY, make_active, make_at, make_closed, make_draft, measure_in

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


PICTURE = io.BytesIO()
Image.new("RGB", (1600, 700), "white").save(PICTURE, "PNG")


def pages(kind_code: str, project: Project, cast: Cast) -> list[bytes]:
    made = preview_docx(
        kind=kind_of(kind_code), subject=project, actor=cast.actor(Role.LEADER), at=AT, number="1", on=DAY
    )
    assert flaws(made) == []
    return pages_of(made, ppi=40, limit=50)


def crowd(cast: Cast, project: Project) -> None:
    """Give the project as much as a talkative team writes, with maps and photographs."""
    for number in range(18):
        measure_in(
            cast, project, title=f"Мероприятие {number}: " + "переставить столы и завести запись " * 5,
            problem=f"Проблема {number}: " + "люди ждут в коридоре и не знают очереди " * 6,
            root_cause="на выдаче один работник, второй занят отчётом " * 6, was="Один стол", became="Два стола",
        )  # fmt: skip
    for code, title in (
        ("maps.current", "Карта"),
        ("maps.target", "Цель"),
        ("", "Было: стол"),
        ("", "Стало: стол"),
    ):
        evidence.attach(
            actor=cast.actor(Role.LEADER), project_id=project.pk, code=code, title=title, at=AT,
            file=SimpleUploadedFile("map.png", PICTURE.getvalue()),
        )  # fmt: skip
    for goal in project.goals.all():
        for turn, value in enumerate((38, 30, 22, 15)):
            goal.measurements.create(
                measured_on=DAY + timedelta(days=10 + 140 * turn), value=value, by="Тест", at=AT
            )


def test_a_passport_has_the_form_of_the_appendix(cast: Cast) -> None:
    project = make_active(cast)
    made = preview_docx(
        kind=kind_of("projects.passport"), subject=project, actor=cast.actor(Role.LEADER), at=AT
    )
    text = " ".join(words_of(made).split())
    for words in ("Общие данные:", "Обоснование:", "Цели и эффекты:", "Сроки:", "Границы процесса"):
        assert words in text, words
    assert re.search(r"1\. Согласование паспорта проекта «\d\d»", text)
    assert re.search(r"2\. Картирование текущего состояния \(с.«\d\d».\w+.\d{4}.г\. по.«", text)
    [sheet] = pages_of(made, ppi=30)
    blocks = Document(io.BytesIO(made)).tables[1]
    widths = [int(column.get(qn("w:w"))) for column in blocks._tbl.tblGrid]
    assert len(widths) == 2 and widths[0] == widths[1], (
        "the inner table of goals must not move the outer columns"
    )
    assert sheet


def test_two_hundred_pages_of_justification_are_printed_whole(cast: Cast) -> None:
    long = ["Строка обоснования со всеми подробностями. " * 60 + f"Конец {number}." for number in range(200)]
    project = make_active(cast, justifications=long)
    leader = cast.actor(Role.LEADER)
    pdf = preview_pdf(kind=kind_of("projects.passport"), subject=project, actor=leader, at=AT)
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) > 40
    assert len(pages("projects.a3", project, cast)) == 1, "the A3 stays one sheet whatever the passport says"


def test_the_a3_is_one_sheet_even_when_much_is_said(cast: Cast) -> None:
    project = make_closed(cast)
    assert len(pages("projects.a3", project, cast)) == 1
    crowd(cast, project)
    content = project.editions.get(number=1).content
    goals = [
        {**content["goals"][0], "key": f"g{n}", "title": "Время ожидания в коридоре " * 6} for n in range(9)
    ]
    long = {
        "justifications": ["За год выдали 1200 справок, родители ждут по сорок минут. " * 9] * 9, "goals": goals,
        "effects": "Родители не ждут в коридоре. " * 20,
    }  # fmt: skip
    # What an approved edition says is never changed: the draft of the next one shows the same sheet.
    project.edition_number, project.draft = 0, {**content, **long}
    made = preview_docx(kind=kind_of("projects.a3"), subject=project, actor=cast.actor(Role.LEADER), at=AT)
    text = words_of(made)
    for words in ("Предпосылки", "Текущее состояние", "Коренные причины", "Результаты", "Стандарт", "и ещё"):
        assert words in text, words
    pictures = [
        part for part in Document(io.BytesIO(made)).part.package.parts if "image" in part.content_type
    ]
    assert len(pictures) >= 3, "two maps and a chart"
    assert len(pages("projects.a3", project, cast)) == 1
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        section = archive.read("word/document.xml").decode()
    assert 'w:orient="landscape"' in section and 'w:w="23811"' in section


def test_a_map_in_a_pdf_is_drawn_and_one_that_cannot_be_read_is_named(cast: Cast) -> None:
    project = make_active(cast)
    sheet = typst.compile("#set page(width: 200mm, height: 90mm)\n#rect(width: 60mm)[Приём]".encode())
    for code, content in (("maps.current", sheet), ("maps.target", b"%PDF-1.7 broken")):
        evidence.attach(
            actor=cast.actor(Role.LEADER), project_id=project.pk, code=code, title=f"Лист {code}", at=AT,
            file=SimpleUploadedFile("карта.pdf", content),
        )  # fmt: skip
    made = preview_docx(kind=kind_of("projects.stand"), subject=project, actor=cast.actor(Role.LEADER), at=AT)
    text = words_of(made)
    assert "Лист maps.current" not in text and "Лист maps.target" in text
    parts = Document(io.BytesIO(made)).part.package.parts
    shapes = [Image.open(io.BytesIO(part.blob)).size for part in parts if "image" in part.content_type]
    assert any(width > 4 * height for width, height in shapes), "the white around the drawing is cut off"


def test_the_roadmap_is_approved_by_the_day_of_the_defence_and_the_protocol_says_who_was_there(
    cast: Cast,
) -> None:
    project = make_at(cast, "defence")
    measure_in(cast, project, kind="milestone", title="Открыли окно")

    def said(code: str, subject: Model = project) -> str:
        return words_of(
            preview_docx(kind=kind_of(code), subject=subject, actor=cast.actor(Role.LEADER), at=AT)
        )

    assert "УТВЕРЖДАЮ" in said("projects.roadmap") and "«___»" in said("projects.roadmap")
    for kind, by in (("customer_plan", "Громов В. А."), ("commission", "Орлова М. П., председатель")):
        work.hold_defence(
            actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT, kind=kind, held_on=DAY, decision="approved",
            decided_by=by, attended="Громов В. А., Лапин А. С.", text="Вопросов нет.",
        )  # fmt: skip
    first, second = project.defences.order_by("pk")
    roadmap, protocol = said("projects.roadmap"), said("projects.defence", second)
    assert "Председательствующий" not in said("projects.defence", first), (
        "each defence has a protocol of its own"
    )
    assert f"{DAY:%d.%m.%Y}" in roadmap and "«___»" not in roadmap and "Веха: Открыли окно" in roadmap
    for words in ("Присутствовали", "Лапин А. С.", "Слушали", "Председательствующий", "Орлова М. П."):
        assert words in protocol, words


def test_the_act_of_closing_says_what_came_of_it(cast: Cast) -> None:
    project = make_closed(cast)
    results.add_effect(
        actor=cast.actor(Role.LEADER), project_id=project.pk, at=AT, kind="time", minutes=Decimal(6),
        times=Decimal(10), frequency="week", people=2,
    )  # fmt: skip
    text = words_of(
        preview_docx(kind=kind_of("projects.closing"), subject=project, actor=cast.actor(Role.LEADER), at=AT)
    )
    for words in ("редакция 1 от", "достигнута", "6 мин × 10 в неделю", "не проверен", "через 3 мес."):
        assert words in text, words


def test_the_stand_has_its_sheets_from_the_first_day(cast: Cast) -> None:
    assert len(pages("projects.stand", make_active(cast, title="Новый"), cast)) == 7
    project = make_closed(cast)
    crowd(cast, project)
    made = preview_docx(kind=kind_of("projects.stand"), subject=project, actor=cast.actor(Role.LEADER), at=AT)
    text = words_of(made)
    for words in ("УТВЕРЖДАЮ", "Карта текущего состояния", "Показатели проекта", "Два стола", "хронометраж"):
        assert words in text, words
    assert (
        "Место для снимка" not in text
        and "Обновлено" in Document(io.BytesIO(made)).sections[0].footer._element.xml
    )


def test_the_page_of_papers_says_what_hinders_and_what_was_issued(cast: Cast) -> None:
    draft, project = make_draft(cast, title="Черновик"), make_active(cast)
    client = cast.client(Role.LEADER)
    text = client.get(reverse("projects:papers", args=[draft.pk])).content.decode()
    assert "ещё не согласован" in text and "Отчёт А3" in text and "Набор для стенда" in text
    made = issue(
        kind=kind_of("projects.a3"),
        subject=project,
        actor=cast.actor(Role.LEADER),
        number="7-а",
        on=DAY,
        at=AT,
    )
    text = client.get(reverse("projects:papers", args=[project.pk])).content.decode()
    assert "№ 7-а" in text and "без скана" in text
    # Whoever sees the project reads its papers; another municipality learns nothing.
    url = reverse("documents:preview", args=["projects.a3", project.pk, "pdf"])
    assert cast.client(Role.EMPLOYEE).get(url).status_code == 200
    assert (
        cast.client(Role.EMPLOYEE)
        .post(
            reverse("documents:make", args=["projects.a3", project.pk]), {"number": "8", "on": "19.11.2026"}
        )
        .status_code
        == 403
    )
    assert made.pk


def test_a_chart_is_drawn_of_anything(cast: Cast) -> None:
    for values in (
        [],
        [(DAY, Decimal(0))],
        [(DAY, Decimal(-5)), (DAY + timedelta(days=800), Decimal("1e6"))],
    ):
        picture = line_chart(Series(values, Decimal(40), None, "мин"))
        assert Image.open(io.BytesIO(picture.content)).size == (720, 360)
    assert fitted(b"nonsense", width_mm=10, height_mm=10) is None


@pytest.mark.parametrize("code", ["projects.roadmap", "projects.defence", "projects.closing"])
def test_every_paper_is_filled(cast: Cast, code: str) -> None:
    project = make_closed(cast)
    measure_in(cast, project)
    work.hold_defence(
        actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT, kind="commission", held_on=DAY,
        decision="approved_with_remarks", decided_by="Орлов М. П.", remarks=[("Уточнить срок", None, DAY)],
    )  # fmt: skip
    project = Project.objects.get(pk=project.pk)
    subject = project.defences.get(kind="commission") if code == "projects.defence" else project
    text = words_of(preview_docx(kind=kind_of(code), subject=subject, actor=cast.actor(Role.LEADER), at=AT))
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
