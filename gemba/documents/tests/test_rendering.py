"""Filling and printing: whatever a person typed stays a text; long documents stay whole."""

import io
from datetime import date
from decimal import Decimal

import pytest
from docx import Document
from PIL import Image

from gemba.documents.kinds import all_kinds
from gemba.documents.paper import Column, Paper, Picture, signed_name
from gemba.documents.printing import pages_of, pdf_of
from gemba.documents.printing.numbering import numeral
from gemba.documents.printing.reading import read
from gemba.documents.rendering import BadTemplate, fill, flaws
from gemba.documents.tests.factories import template_of, texts_of, with_parts

NASTY = "<script>alert(1)</script> & <w:p/> ]]> =CMD|' /C calc'!A0 {{ 7*7 }} {% raw %} {_{ \x00\x0b\ud800 #import \"x\""


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_every_standard_template_is_filled_whole(kind) -> None:  # type: ignore[no-untyped-def]
    made = fill(kind.template(), kind.samples(), title=kind.title, author="Округ")
    assert flaws(made) == []
    text = texts_of(made)
    assert "{{" not in text and "{%" not in text
    assert pdf_of(made).remarks == []


def test_a_nasty_text_stays_a_text() -> None:
    made = fill(template_of("Начало {{ текст }} конец"), {"текст": NASTY})
    assert flaws(made) == []
    [paragraph] = [one.text for one in Document(io.BytesIO(made)).paragraphs if one.text]
    assert paragraph.startswith("Начало <script>alert(1)</script> & <w:p/> ]]> =CMD|")
    assert "{{ 7*7 }}" in paragraph and paragraph.endswith("конец")
    [block] = read(made).tree["sections"][0]["blocks"]
    assert "<script>" in "".join(run["t"] for run in block["runs"])
    assert pdf_of(made).content.startswith(b"%PDF-")


def test_lines_stay_lines_and_values_are_written_in_russian() -> None:
    made = fill(
        template_of("{{ а }}|{{ б }}|{{ в }}|{{ г }}"),
        {"а": "раз\r\nдва", "б": date(2026, 3, 1), "в": Decimal("1234.5"), "г": None},
    )
    [text] = [one.text for one in Document(io.BytesIO(made)).paragraphs if one.text]
    assert text == "раз\nдва|01.03.2026|1\u202f234,5|"


def test_two_hundred_pages_are_printed_whole() -> None:
    rows = [{"номер": number, "текст": f"Строка {number}. " + "Слово " * 60} for number in range(2000)]
    template = template_of(
        build=lambda paper: paper.table(
            [Column("№", 15), Column("Текст", 150)],
            each="строка in строки",
            row=["{{ строка.номер }}", "{{ строка.текст }}"],
        )
    )
    made = fill(template, {"строки": rows})
    assert flaws(made) == []
    [table] = read(made).tree["sections"][0]["blocks"][:1]
    assert max(cell["y"] for cell in table["body"]) == 2000
    assert len(pdf_of(made).content) > 300_000
    assert len(pages_of(made)) >= 1


def test_an_empty_list_leaves_no_broken_table() -> None:
    def build(paper: Paper) -> None:
        made = paper.grid([100], count=1)
        made.rows[0].cells[0].paragraphs[0].add_run("{%tr for а in список %}")
        made.add_row().cells[0].paragraphs[0].add_run("{{ а }}")
        made.add_row().cells[0].paragraphs[0].add_run("{%tr endfor %}")
        cell = paper.grid([100], count=1).rows[0].cells[0]
        cell.paragraphs[0].add_run("{%p if список %}")
        cell.add_paragraph("есть")
        cell.add_paragraph("{%p endif %}")

    made = fill(template_of(build=build), {"список": []})
    assert flaws(made) == []
    assert len(Document(io.BytesIO(made)).tables) == 1


def test_crossed_tags_are_refused_rather_than_lost() -> None:
    crossed = template_of("{%p if а %}", "{{ а }}", "{% endif %}{%p for")
    with pytest.raises(BadTemplate):
        fill(crossed, {"а": "1"})


def test_the_look_of_an_official_sheet() -> None:
    paper = Paper()
    paper.text("Первая")
    paper.new_page(landscape=True)
    paper.text("Вторая")
    content = paper.save()
    tree = read(content).tree
    first, second = tree["sections"]
    millimetres = [round(first[side] / 72 * 25.4) for side in ("left", "right", "top", "bottom")]
    assert millimetres == [30, 15, 20, 20]
    assert first["title-page"] and first["first-header"] == []
    [number] = first["header"]
    assert number["align"] == "center" and number["runs"][0]["field"] == "PAGE"
    assert second["width"] > second["height"] and not second["title-page"]
    assert flaws(content) == []


def test_merged_cells_headings_and_pictures_are_read() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    paper = Paper()
    grid = paper.grid([50, 50, 50], count=3)
    grid.cell(0, 0).merge(grid.cell(0, 1))
    grid.cell(1, 2).merge(grid.cell(2, 2))
    paper.inside(grid.cell(1, 0)).text("{{ снимок }}")
    paper.table([Column("А", 20), Column("Б", 20)], rows=[["1", "2"]])
    made = fill(paper.save(), {"снимок": Picture(out.getvalue(), 30)})
    assert flaws(made) == []
    found = read(made)
    merged, listed = [block for block in found.tree["sections"][0]["blocks"] if block["k"] == "t"]
    at = {(cell["x"], cell["y"]): cell for cell in merged["body"]}
    assert at[0, 0]["span"] == 2 and at[2, 1]["rows"] == 2 and (2, 2) not in at
    [picture] = [run for run in at[0, 1]["blocks"][0]["runs"] if "img" in run]
    assert round(picture["w"] / 72 * 25.4) == 30 and list(found.pictures) == [picture["img"]]
    assert [cell["y"] for cell in listed["head"]] == [0, 0]
    assert pdf_of(made).content.startswith(b"%PDF-")


def test_what_pages_do_not_show_is_told() -> None:
    content = template_of("x")
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml")
    note = body.replace(b"<w:t>x</w:t>", b'<w:t>x</w:t><w:footnoteReference w:id="2"/>')
    assert pdf_of(with_parts(content, {"word/document.xml": note})).remarks == ["Сноски в PDF не показаны."]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (3, "decimal", "3"),
        (4, "upperRoman", "IV"),
        (2, "lowerLetter", "b"),
        (3, "russianLower", "в"),
        (1, "none", ""),
    ],
)
def test_numbers_of_lists(number: int, form: str, text: str) -> None:
    assert numeral(number, form) == text


@pytest.mark.parametrize(
    ("full", "short"),
    [("Зимина Наталья Юрьевна", "Н.Ю.\u00a0Зимина"), ("Ли Ольга", "О.\u00a0Ли"), ("Мадонна", "Мадонна")],
)
def test_initials_stand_before_the_surname(full: str, short: str) -> None:
    assert signed_name(full) == short
