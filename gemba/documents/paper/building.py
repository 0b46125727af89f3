"""Write a Word file part by part: paragraphs, tables, the blocks of an official document."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT = "Times New Roman"
# Width and height of a sheet standing upright, in millimetres.
SHEETS = {"A5": (148, 210), "A4": (210, 297), "A3": (297, 420)}
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
# A row of underscores is a place for a signature, not a mark.
_MARKED = re.compile(r"(\*\*.+?\*\*|(?<!_)__(?!_).+?(?<!_)__(?!_))", re.DOTALL)
# The red line of an official text.
RED_LINE_MM = 12.5


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, its width in millimetres, the side its text stands at."""

    title: str
    width: float
    align: str = "left"


class Writer:
    """Writes into a place: the body of a document or a cell of a table."""

    def __init__(self, place: Any, *, size: float, spacing: float = 1.0) -> None:
        self.place = place
        self.size = size
        self.spacing = spacing
        # A new cell already has an empty paragraph, which the first text takes.
        self._waiting: Any = None

    def text(
        self,
        text: str = "",
        *,
        align: str = "left",
        size: float | None = None,
        bold: bool = False,
        italic: bool = False,
        caps: bool = False,
        left_mm: float = 0,
        red_line_mm: float = 0,
        before: float = 0,
        after: float = 0,
        keep: bool = False,
        spacing: float | None = None,
    ) -> Any:
        """Write a paragraph and return it; line ends inside it stay line ends."""
        paragraph = self._waiting if self._waiting is not None else self.place.add_paragraph()
        self._waiting = None
        look = paragraph.paragraph_format
        paragraph.alignment = _ALIGN[align]
        look.space_before, look.space_after = Pt(before), Pt(after)
        look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.MULTIPLE, spacing or self.spacing
        if left_mm:
            look.left_indent = Mm(left_mm)
        if red_line_mm:
            look.first_line_indent = Mm(red_line_mm)
        if keep:
            look.keep_with_next = True
        for piece in _MARKED.split(text):
            if not piece:
                continue
            is_marked = _MARKED.fullmatch(piece) is not None
            is_bold, is_underlined = is_marked and piece[0] == "*", is_marked and piece[0] == "_"
            run = paragraph.add_run(piece[2:-2] if (is_bold or is_underlined) else piece)
            _font(run, size or self.size)
            run.bold = True if (is_bold or bold) else None
            run.italic = True if italic else None
            run.underline = True if is_underlined else None
            if caps:
                run.font.all_caps = True
        if not text and (size or self.size):
            _mark_size(paragraph, size or self.size)
        return paragraph

    def body(self, text: str, *, after: float = 0) -> Any:
        """Write a paragraph of the main text: justified, with a red line."""
        return self.text(text, align="justify", red_line_mm=RED_LINE_MM, after=after)

    def heading(self, text: str, *, before: float = 12, after: float = 12, size: float | None = None) -> Any:
        """Write a heading: in the middle, bold, kept with what follows."""
        return self.text(text, align="center", bold=True, before=before, after=after, keep=True, size=size)

    def condition(self, tag: str) -> Any:
        """Write a paragraph that is only a tag: «for строка in строки», «endfor», «if …»; nothing of it is left."""
        return self.text(f"{{%p {tag} %}}")

    def table(
        self,
        columns: Sequence[Column],
        *,
        row: Sequence[str] = (),
        each: str = "",
        rows: Sequence[Sequence[str]] = (),
        size: float | None = None,
        has_numbers: bool = False,
    ) -> Any:
        """Write a table whose heading stands on every page; `row` is repeated for `each`: «строка in строки»."""
        size = size or self.size - 2
        made = self.grid([column.width for column in columns], count=1)
        for cell, column in zip(made.rows[0].cells, columns, strict=True):
            _filled(cell, column.title, "center", size, bold=True)
            _middle(cell)
        heads = [made.rows[0]]
        if has_numbers:
            heads.append(made.add_row())
            for number, cell in enumerate(made.rows[1].cells, start=1):
                _filled(cell, str(number), "center", size - 1)
        for head in heads:
            _repeated(head)
        if each:
            self._tag_row(made, f"{{%tr for {each} %}}")
        for texts in [row, *rows] if row else rows:
            written = made.add_row()
            for cell, column, text in zip(written.cells, columns, texts, strict=True):
                _filled(cell, text, column.align, size)
        if each:
            self._tag_row(made, "{%tr endfor %}")
        _set_widths(made, [column.width for column in columns])
        return made

    def grid(self, widths_mm: Sequence[float], *, count: int, has_edges: bool = True) -> Any:
        """Write an empty table and return it; fill its cells by `inside(cell)`."""
        self._close()
        if hasattr(self.place, "add_section"):
            made = self.place.add_table(rows=count, cols=len(widths_mm))
        else:
            made = self.place.add_table(rows=count, cols=len(widths_mm))
            # A cell must end with a paragraph; after a table inside it python-docx adds one.
            last = self.place.paragraphs[-1]
            _mark_size(last, 2)
            last.paragraph_format.space_after = Pt(0)
        made.autofit = False
        made.alignment = WD_TABLE_ALIGNMENT.LEFT
        _edges(made, has_edges)
        _set_widths(made, widths_mm)
        return made

    def inside(self, cell: Any, *, size: float | None = None) -> Writer:
        """Return a writer into a cell of a table."""
        writer = Writer(cell, size=size or self.size, spacing=1.0)
        writer._waiting = cell.paragraphs[0]
        return writer

    def shade(self, cell: Any, colour: str = "E6ECF5") -> None:
        """Lay a light ground under a cell."""
        ground = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
            ground.set(qn(f"w:{name}"), value)
        properties = cell._tc.get_or_add_tcPr()
        side = properties.find(qn("w:vAlign"))
        properties.append(ground) if side is None else side.addprevious(ground)

    def _close(self) -> None:
        if self._waiting is not None:
            self._waiting.paragraph_format.space_after = Pt(0)
            _mark_size(self._waiting, 2)
            self._waiting = None

    def _tag_row(self, table: Any, tag: str) -> None:
        cells = table.add_row().cells
        merged = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
        merged.paragraphs[0].add_run(tag)


class Paper(Writer):
    """A document on sheets: ГОСТ Р 7.0.97-2016, page numbers in the middle above from the second page on."""

    def __init__(
        self,
        *,
        sheet: str = "A4",
        landscape: bool = False,
        size: float = 14,
        spacing: float = 1.0,
        margins_mm: tuple[float, float, float, float] = (30, 15, 20, 20),
        has_page_numbers: bool = True,
    ) -> None:
        """Begin a document; `margins_mm` are left, right, top and bottom."""
        super().__init__(Document(), size=size, spacing=spacing)
        self.sheet, self.margins_mm = sheet, margins_mm
        usual = self.place.styles["Normal"]
        usual.font.name, usual.font.size = FONT, Pt(size)
        fonts = usual.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "ru-RU")
        usual.element.get_or_add_rPr().append(language)
        usual.paragraph_format.space_after = Pt(0)
        section = self.place.sections[0]
        self._set_sheet(section, landscape=landscape)
        if has_page_numbers:
            section.different_first_page_header_footer = True
            _page_number(section.header.paragraphs[0], 12)

    @property
    def width_mm(self) -> float:
        """Return the width between the margins."""
        section = self.place.sections[-1]
        return float(section.page_width.mm - section.left_margin.mm - section.right_margin.mm)

    def letterhead(self, *lines: str, note: str = "") -> None:
        """Write whose document it is: in the middle, the first line larger; a rule below."""
        for number, line in enumerate(lines):
            self.text(line, align="center", bold=True, size=self.size + (1 if number == 0 else 0), after=2)
        if note:
            self.text(note, align="center", size=self.size - 3)
        _rule_below(self.text("", size=4, after=10))

    def dated(self, *, day: str = "{{ дата }}", number: str = "{{ номер }}") -> None:
        """Write date and number on one line: «21.11.2026 № 17»."""
        self.text(f"__{day}__ № __{number}__", after=12)

    def addressee(self, *lines: str) -> None:
        """Write to whom: above, on the right half of the sheet."""
        for number, line in enumerate(lines):
            self.text(line, left_mm=self.width_mm * 0.55, after=14 if number == len(lines) - 1 else 0)

    def approval(
        self, *, post: str, name: str, day: str = "«___» ____________ 20___ г.", word: str = "УТВЕРЖДАЮ"
    ) -> None:
        """Write «УТВЕРЖДАЮ» with post, place of the signature, name and date, on the right."""
        left = max(self.width_mm - 80, self.width_mm * 0.5)
        self.text(word, left_mm=left, after=4, keep=True)
        self.text(post, left_mm=left, after=4, keep=True)
        self.text(f"______________ {name}", left_mm=left, after=4, keep=True)
        self.text(day, left_mm=left, after=10)

    def appendix(self, number: str, to: str) -> None:
        """Write «Приложение № 1» and to what, on the right half of a new page's head."""
        left = self.width_mm * 0.55
        self.text(f"Приложение № {number}" if number else "Приложение", left_mm=left, keep=True)
        self.text(to, left_mm=left, after=14)

    def signature(self, post: str, name: str, *, before: float = 30) -> None:
        """Write the post on the left, place for the signature, and the name on the right: «Н.Ю. Зимина»."""
        self.text("", size=2, before=before, keep=True)
        width = self.width_mm
        table = self.grid([width * 0.5, width * 0.2, width * 0.3], count=1, has_edges=False)
        cells = table.rows[0].cells
        _filled(cells[0], post, "left", self.size)
        _filled(cells[1], "", "center", self.size)
        _filled(cells[2], name, "right", self.size)
        for cell in cells:
            properties = cell._tc.get_or_add_tcPr()
            side = OxmlElement("w:vAlign")
            side.set(qn("w:val"), "bottom")
            properties.append(side)

    def executor(self, name: str, phone: str = "") -> None:
        """Write who prepared the document, small, at the end."""
        self.text(name, size=self.size - 4, before=24)
        if phone:
            self.text(phone, size=self.size - 4)

    def new_page(self, *, landscape: bool | None = None) -> None:
        """Begin a new page; with `landscape` it lies or stands, and so do those after it."""
        if landscape is None:
            self.place.add_page_break()
            return
        section = self.place.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        self._set_sheet(section, landscape=landscape)

    def footer(self, text: str, *, size: float = 9) -> None:
        """Write a line at the foot of every sheet."""
        writer = Writer(self.place.sections[0].footer, size=size)
        writer._waiting = self.place.sections[0].footer.paragraphs[0]
        writer.text(text, align="center")

    def save(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self.place.save(out)
        return out.getvalue()

    def _set_sheet(self, section: Any, *, landscape: bool) -> None:
        width, height = SHEETS[self.sheet]
        if landscape:
            width, height = height, width
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        left, right, top, bottom = self.margins_mm
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.header_distance = section.footer_distance = Mm(10)


def on_fields(build: Callable[[Paper], None], **look: Any) -> Callable[[], bytes]:
    """Make a `default_template` out of a function that writes on a paper."""

    def template() -> bytes:
        paper = Paper(**look)
        build(paper)
        return paper.save()

    return template


def _font(run: Any, size: float) -> None:
    run.font.size = Pt(size)


def _mark_size(paragraph: Any, size: float) -> None:
    """Set the height of an empty paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    mark = properties.find(qn("w:rPr"))
    if mark is None:
        mark = OxmlElement("w:rPr")
        properties.append(mark)
    half = OxmlElement("w:sz")
    half.set(qn("w:val"), str(int(size * 2)))
    mark.append(half)


def _filled(cell: Any, text: str, align: str, size: float, *, bold: bool = False) -> None:
    writer = Writer(cell, size=size)
    writer._waiting = cell.paragraphs[0]
    writer.text(text, align=align, bold=bold)


def _middle(cell: Any) -> None:
    side = OxmlElement("w:vAlign")
    side.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(side)


def _repeated(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))


def _set_widths(table: Any, widths_mm: Sequence[float]) -> None:
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        if len(row._tr.tc_lst) == len(widths_mm):
            for cell, width in zip(row.cells, widths_mm, strict=True):
                cell.width = Mm(width)
        else:
            row.cells[0].width = Mm(sum(widths_mm))


def _edges(table: Any, has_edges: bool) -> None:
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    if not has_edges:
        _without_padding(properties)
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:val"), "single" if has_edges else "nil")
        if has_edges:
            edge.set(qn("w:sz"), "4")
            edge.set(qn("w:space"), "0")
            edge.set(qn("w:color"), "000000")
        borders.append(edge)
    # The schema wants the borders before the layout of the table: another order is what Word calls damaged.
    following = next(
        (properties.find(qn(name)) for name in ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
         if properties.find(qn(name)) is not None), None,
    )  # fmt: skip
    if following is None:
        properties.append(borders)
    else:
        following.addprevious(borders)


def _without_padding(properties: Any) -> None:
    """Let the text of a table without edges stand at the margin, as all other text does."""
    padding = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), "0")
        room.set(qn("w:type"), "dxa")
        padding.append(room)
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(padding)
    else:
        look.addprevious(padding)


def _rule_below(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8"), ("space", "1"), ("color", "000000")):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    following = next((properties.find(qn(f"w:{name}")) for name in ("spacing", "ind", "jc", "rPr")
                      if properties.find(qn(f"w:{name}")) is not None), None)  # fmt: skip
    if following is None:
        properties.append(borders)
    else:
        following.addprevious(borders)


def _page_number(paragraph: Any, size: float) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind in ("begin", "code", "end"):
        run = paragraph.add_run()
        _font(run, size)
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = " PAGE "
            run._r.append(code)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
