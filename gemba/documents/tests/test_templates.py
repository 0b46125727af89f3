"""A municipality's own template: everything wrong is told at once, nothing dangerous gets in."""

import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from docx import Document
from PIL import Image

from gemba.documents import queries, safety
from gemba.documents.actions import (
    accept_template,
    replace_template,
    try_template,
    use_standard_template,
)
from gemba.documents.checking import check_template
from gemba.documents.kinds import DocumentKind, all_kinds
from gemba.documents.models import DocumentTemplate
from gemba.documents.own import NOTE
from gemba.documents.paper import Column, Paper
from gemba.documents.rendering import fill, flaws
from gemba.documents.tests.factories import AT, make_issued, template_of, texts_of, upload, with_parts
from gemba.kernel.problems import Refusal
from gemba.organisation.access import actor_of
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast


def refused(cast: Cast, content: bytes) -> str:
    """Send a template that must be refused; return what was said."""
    with pytest.raises(Refusal) as found:
        try_template(actor=cast.actor(Role.MONITOR), kind=NOTE, file=upload(content), at=AT)
    assert DocumentTemplate.objects.count() == 0
    return str(found.value)


def test_all_unknown_fields_are_named_with_what_is_like_them(cast: Cast) -> None:
    said = refused(cast, template_of("{{ загаловок }} и {{ адресат_должность }}", "{{ совсем_иное }}"))
    assert "«загаловок»" in said and "«заголовок»" in said
    assert "«совсем_иное»" in said and "адресат_должность" not in said


def test_a_wrong_part_of_a_row_is_found(cast: Cast) -> None:
    from gemba.documents.checking import problems_of_text

    samples = {"строки": [{"номер": 1, "название": "Цель"}], "имя": "Имя"}
    [problem] = problems_of_text("{% for с in строки %}{{ с.номер }}{{ с.назвние }}{% endfor %}", samples)
    assert "«с.назвние»" in problem.text and "«название»" in problem.mend
    [problem] = problems_of_text("{{ имя.часть }}", samples)
    assert "нет части" in problem.text
    [problem] = problems_of_text("{% for с in имя %}{{ с }}{% endfor %}", samples)
    assert "не список" in problem.text
    [problem] = problems_of_text("{% for с in строки %}{% endfor %}{{ с.номер }}", samples)
    assert "«с»" in problem.text


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("{{ заголовок.__class__ }}", "нет части"),
        ("{{ ''.__class__ }}", ""),
        ("{{ range(10) }}", "вызов функции"),
        ("{% set а = 1 %}", "set"),
        ("{% include 'x' %}", "include"),
        ("{% import 'x' as y %}", "import"),
        ("{% macro m() %}{% endmacro %}", "macro"),
        ("{{ заголовок * 1000000000 }}", "вычисления"),
        ("{{ заголовок ~ заголовок }}", "вычисления"),
        ("{{ абзацы[0] }}", "квадратные скобки"),
        ("{{ заголовок|attr('x') }}", "преобразование"),
        ("{{ заголовок|upper|safe }}", "преобразование"),
        ("{{r заголовок }}", "служебные метки"),
        ("{{ заголовок", "метке"),
        ("{% for а in абзацы %}{{ а }}", "не закрыт"),
    ],
)
def test_a_template_is_no_program(cast: Cast, tag: str, word: str) -> None:
    assert word in refused(cast, template_of(tag))


def test_rows_inside_rows_end_somewhere(cast: Cast) -> None:
    deep = "".join(f"{{% for а{n} in абзацы %}}" for n in range(5)) + "x" + "{% endfor %}" * 5
    assert "вложены" in refused(cast, template_of(deep))


def test_a_zip_bomb_is_not_unpacked(cast: Cast) -> None:
    bomb = with_parts(template_of("{{ заголовок }}"), {"word/media/image9.png": b"\0" * (50 * 1024 * 1024)})
    assert len(bomb) < 200_000
    assert "слишком большой объём" in refused(cast, bomb)
    many = with_parts(template_of("x"), {f"word/part{n}.xml": b"<a/>" for n in range(safety.MAX_ENTRIES)})
    assert "слишком большой объём" in refused(cast, many)


RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"'
    ' Target="{}" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"word/vbaProject.bin": b"x"}, "макросы"),
        ({"word/embeddings/object.bin": b"x"}, "вложен"),
        ({"word/page.html": b"<html/>"}, "вложен"),
        ({"word/_rels/settings.xml.rels": RELATION.format("attachedTemplate", "http://a.example/t").encode()}, "ссылается"),
        ({"word/_rels/footer9.xml.rels": RELATION.format("image", "file:///c:/x.png").encode()}, "ссылается"),
        ({"word/_rels/footer9.xml.rels": RELATION.format("hyperlink", "file:///c:/x").encode()}, "ссылается"),
        ({"word/extra.xml": b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'}, "объявления"),
        ({"word/extra.xml": b"<a><b></a>"}, "повреждён"),
        (
            {"word/extra.xml": b'<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r>'
             b"<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r></w:p>"},
            "извне",
        ),
    ],
)  # fmt: skip
def test_nothing_dangerous_gets_in(cast: Cast, parts: dict[str, bytes], word: str) -> None:
    assert word in refused(cast, with_parts(template_of("{{ заголовок }}"), parts))


def test_a_link_to_a_page_may_stay() -> None:
    content = with_parts(
        template_of("x"),
        {"word/_rels/x.xml.rels": RELATION.format("hyperlink", "https://a.example/").encode()},
    )
    assert safety.problems_of_archive(content) == []


def test_a_monstrous_picture_is_refused(cast: Cast) -> None:
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    said = refused(cast, with_parts(template_of("x"), {"word/media/image1.png": out.getvalue()}))
    assert "слишком большой: 8000 × 8000" in said


def test_what_is_no_word_file_is_refused(cast: Cast) -> None:
    assert "Word" in refused(cast, b"plain text")
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
    assert "не читается" in refused(cast, empty.getvalue())


def test_a_template_takes_effect_only_when_it_is_accepted(cast: Cast) -> None:
    monitor = cast.actor(Role.MONITOR)
    own = template_of("Наш бланк: {{ заголовок|прописные }}")
    trial = try_template(actor=monitor, kind=NOTE, file=upload(own), at=AT)
    assert "Наш бланк" not in texts_of(queries.content_of(make_issued(monitor).docx))
    accept_template(actor=monitor, template=trial, at=AT)
    made = make_issued(monitor)
    assert texts_of(queries.content_of(made.docx)).strip() == "Наш бланк: О КАРТИРОВАНИИ"
    assert made.template is not None and made.template.version == 1


def test_versions_are_kept_and_the_standard_is_one_act_away(cast: Cast) -> None:
    monitor = cast.actor(Role.MONITOR)
    first = replace_template(actor=monitor, kind=NOTE, file=upload(template_of("1 {{ заголовок }}")), at=AT)
    second = replace_template(actor=monitor, kind=NOTE, file=upload(template_of("2 {{ заголовок }}")), at=AT)
    assert (first.version, second.version) == (1, 2)
    accept_template(actor=monitor, template=first, at=AT)
    current = queries.current_template(municipality_id=cast.municipality.pk, kind=NOTE)
    assert current is not None and current.pk == first.pk
    use_standard_template(actor=monitor, kind=NOTE, at=AT)
    assert queries.current_template(municipality_id=cast.municipality.pk, kind=NOTE) is None
    with pytest.raises(Refusal, match="уже действует"):
        use_standard_template(actor=monitor, kind=NOTE, at=AT)
    assert DocumentTemplate.objects.count() == 2


def test_a_template_is_of_one_municipality(cast: Cast) -> None:
    monitor = cast.actor(Role.MONITOR)
    trial = try_template(actor=monitor, kind=NOTE, file=upload(template_of("{{ заголовок }}")), at=AT)
    stranger = actor_of(cast.stranger)
    with pytest.raises(PermissionDenied):
        accept_template(actor=stranger, template=trial, at=AT)
    with pytest.raises(PermissionDenied):
        try_template(actor=cast.actor(Role.HEAD), kind=NOTE, file=upload(template_of("x")), at=AT)
    accept_template(actor=monitor, template=trial, at=AT)
    assert queries.current_template(municipality_id=cast.other_municipality.pk, kind=NOTE) is None


def test_a_template_drawn_by_a_clerk(cast: Cast) -> None:
    def build(paper: Any) -> None:
        paper.condition("if заголовок")
        paper.text("Есть заголовок")
        paper.condition("endif")
        paper.table([Column("№", 20), Column("Абзац", 100)], each="абзац in абзацы",
                    row=["{{ loop.index }}", "{{ абзац }}"])  # fmt: skip

    monitor = cast.actor(Role.MONITOR)
    replace_template(actor=monitor, kind=NOTE, file=upload(template_of(build=build)), at=AT)
    text = texts_of(queries.content_of(make_issued(monitor).docx))
    assert "Есть заголовок" in text and "2\nМатериалы прилагаются." in text


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_every_shipped_template_passes_as_ones_own(cast: Cast, kind: DocumentKind) -> None:
    """A municipality begins from the shipped file: downloaded and uploaded again it is accepted as it is."""
    assert check_template(kind.template(), kind=kind, municipality=cast.municipality) == []


def test_a_table_inside_a_cell_leaves_the_columns_of_the_outer_alone(cast: Cast) -> None:
    paper = Paper()
    outer = paper.grid([60, 60], count=1)
    paper.inside(outer.rows[0].cells[0]).text("слева")
    inside = paper.inside(outer.rows[0].cells[1])
    inside.table(
        [Column(str(n), 10) for n in range(5)], each="строка in строки", row=["{{ строка }}", "", "", "", ""]
    )
    made = Document(io.BytesIO(fill(paper.save(), {"строки": ["а", "б", "в"]})))
    [table] = made.tables
    assert [round(column.width.mm) for column in table.columns] == [60, 60]
    assert len(table.rows[0].cells[1].tables[0].rows) == 4 and flaws(fill(paper.save(), {"строки": []})) == []
