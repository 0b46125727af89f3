"""Read a Word document into the tree that `layout.typ` lays out: sections, paragraphs, tables, pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from PIL import Image

from gemba.documents.printing.numbering import Numbering
from gemba.documents.printing.styles import (
    Styles,
    W,
    first,
    paragraph_look,
    points,
    run_look,
    val,
)
from gemba.documents.printing.tables import table_tree

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_EMU = 12700
# Distance between tabs where a paragraph names no stops.
TAB = 35.4
# What stands inside these is read as if they were not there.
_TRANSPARENT = {"sdt", "sdtContent", "smartTag", "ins", "hyperlink", "customXml", "fldSimple", "moveTo"}


@dataclass
class Reading:
    """A document as a tree, its pictures by name, and what the pages will not show."""

    tree: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def remark(self, text: str) -> None:
        """Say once what is not shown."""
        if text not in self.remarks:
            self.remarks.append(text)


def read(docx: bytes) -> Reading:
    """Read a Word document."""
    return _Reader(docx).read()


class _Reader:
    """Reads one document, part by part."""

    def __init__(self, docx: bytes) -> None:
        self.document = Document(io.BytesIO(docx))
        self.part: Any = self.document.part
        self.styles = Styles.of(self._root_of("/styles"))
        self.numbering = Numbering(self._root_of("/numbering"), self.styles)
        self.found = Reading()
        self.width = 480.0

    def read(self) -> Reading:
        """Read everything."""
        properties = self.document.core_properties
        sections: list[dict[str, Any]] = []
        waiting: list[dict[str, Any]] = []
        body = self.document.element.body
        described = list(self.document.sections)
        index = 0
        self._measure(described, index)
        for element in body:
            waiting += self.blocks([element])
            marks = element.findall(f"{W}pPr/{W}sectPr") if element.tag == f"{W}p" else []
            if (marks or element.tag == f"{W}sectPr") and index < len(described):
                self._close(sections, described[index], waiting)
                waiting = []
                index += 1
                self._measure(described, index)
        self.found.tree = {
            "title": properties.title or "",
            "author": [properties.author] if properties.author else [],
            "sections": sections,
        }
        return self.found

    def _measure(self, described: list[Any], index: int) -> None:
        """Learn how wide the text of the section is before its tables are read."""
        if index < len(described):
            made = described[index]
            sides = [made.page_width, made.left_margin, made.right_margin]
            self.width = 480.0 if None in sides else round(sides[0].pt - sides[1].pt - sides[2].pt, 2)

    def _close(self, sections: list[dict[str, Any]], section: Any, waiting: list[dict[str, Any]]) -> None:
        kind = val(section._sectPr.find(f"{W}type")) or "nextPage"
        made = self._section(section)
        if sections and kind == "continuous" and made["width"] == sections[-1]["width"]:
            sections[-1]["blocks"] += waiting
            return
        sections.append({**made, "blocks": waiting})

    def _section(self, section: Any) -> dict[str, Any]:
        def pt(length: Any, other: float = 0.0) -> float:
            return round(length.pt, 2) if length is not None else other

        title_page = bool(section.different_first_page_header_footer)
        made: dict[str, Any] = {
            "width": pt(section.page_width, 595.3), "height": pt(section.page_height, 841.9),
            "top": pt(section.top_margin, 56.7), "bottom": pt(section.bottom_margin, 56.7),
            "left": pt(section.left_margin, 85), "right": pt(section.right_margin, 42.5),
            "header-at": pt(section.header_distance, 28), "title-page": title_page,
        }  # fmt: skip
        for name, part in (
            ("header", section.header),
            ("footer", section.footer),
            ("first-header", section.first_page_header if title_page else None),
            ("first-footer", section.first_page_footer if title_page else None),
        ):
            made[name] = [] if part is None else self._band(part)
        return made

    def _band(self, part: Any) -> list[dict[str, Any]]:
        """Read a header or footer; one that says nothing takes no room."""
        before, self.part = self.part, part.part
        try:
            blocks = self.blocks(part._element)
        finally:
            self.part = before
        return blocks if any(block["k"] != "p" or block["runs"] for block in blocks) else []

    def blocks(self, elements: Any, table_style: str | None = None) -> list[dict[str, Any]]:
        """Read paragraphs and tables, in their order."""
        made: list[dict[str, Any]] = []
        for element in _opened(elements):
            if element.tag == f"{W}p":
                made += self._paragraph(element, table_style)
            elif element.tag == f"{W}tbl":
                made.append(table_tree(element, self))
        return made

    def _paragraph(self, element: Any, table_style: str | None) -> list[dict[str, Any]]:
        properties = element.find(f"{W}pPr")
        layers = self.styles.paragraph_layers(properties)
        number = self.numbering.next_of(layers)
        if number:
            # Indents of the list stand between the paragraph's own and those of its style.
            layers = (
                [layers[0], number.layer, *layers[1:]] if properties is not None else [number.layer, *layers]
            )
        mark = None if properties is None else properties.find(f"{W}rPr")
        usual = run_look(self.styles.run_layers(mark, properties, table_style))
        pieces = list(self._pieces(element, properties, table_style))
        sizes = [piece["s"] for piece in pieces if "t" in piece]
        look = paragraph_look(layers, max(sizes, default=usual["s"]))
        if number and number.text:
            sample = next((piece for piece in pieces if "t" in piece), usual)
            shown = {key: sample[key] for key in ("s", "b", "i") if key in sample}
            room = -look["first"] if look["first"] < 0 else 0
            pieces.insert(0, {"label": {**shown, "t": number.text}, "width": room})
        return self._divided(look, pieces, layers)

    def _divided(self, look: dict[str, Any], pieces: list[Any], layers: list[Any]) -> list[dict[str, Any]]:
        """Divide at page breaks, and place what stands between tabs."""
        made: list[dict[str, Any]] = []
        runs: list[dict[str, Any]] = []
        for piece in pieces:
            if "page" in piece:
                if runs:
                    made.append({**look, "runs": self._spaced(runs, layers), "after": 0})
                made.append({"k": "break"})
                runs = []
            else:
                runs.append(piece)
        if runs or not made or made[-1]["k"] != "break":
            made.append({**look, "runs": self._spaced(runs, layers)})
        return made

    def _spaced(self, runs: list[dict[str, Any]], layers: list[Any]) -> list[dict[str, Any]]:
        tabs = first(layers, "tabs")
        stops = [] if tabs is None else [(points(val(tab, "pos")), val(tab) or "left") for tab in tabs]
        made: list[dict[str, Any]] = []
        count = 0
        for run in runs:
            if "label" in run:
                made.append({"label": run["label"], "width": run["width"]})
            elif "tab" in run:
                _, kind = stops[count] if count < len(stops) else (0.0, "left")
                made.append({"fill": 1} if kind in ("right", "end", "center") else {"gap": TAB})
                count += 1
            else:
                made.append(run)
        return made

    def _pieces(self, element: Any, properties: Any, table_style: str | None) -> Iterator[dict[str, Any]]:
        """Yield the pieces of a paragraph: texts, breaks, tabs, pictures, fields."""
        code, is_code, is_hidden = "", False, False
        for run in element.iter(f"{W}r"):
            if _is_inside(run, element, ("del", "moveFrom", "txbxContent")):
                continue
            simple = _simple_field(run, element)
            look = run_look(self.styles.run_layers(run.find(f"{W}rPr"), properties, table_style))
            if simple:
                yield {**look, "field": simple}
                continue
            for part in run:
                name = part.tag.removeprefix(W)
                if name == "fldChar":
                    kind = val(part, "fldCharType")
                    if kind == "begin":
                        code, is_code, is_hidden = "", True, False
                    elif kind == "separate":
                        is_code, is_hidden = False, _page_field(code) != ""
                        if is_hidden:
                            yield {**look, "field": _page_field(code)}
                    elif kind == "end":
                        if is_code and _page_field(code):
                            yield {**look, "field": _page_field(code)}
                        is_code = is_hidden = False
                elif name == "instrText":
                    code += part.text or ""
                elif is_code or is_hidden:
                    continue
                elif name == "t" and part.text:
                    yield {**look, "t": part.text}
                elif name in ("tab", "ptab"):
                    yield {"tab": 1}
                elif name in ("br", "cr"):
                    yield {"page": 1} if val(part, "type") == "page" else {"br": 1}
                elif name == "noBreakHyphen":
                    yield {**look, "t": "\u2011"}
                elif name in ("drawing", "pict", "object") or part.tag == f"{_MC}AlternateContent":
                    yield from self._drawing(part, properties, table_style)
                elif name == "footnoteReference":
                    self.found.remark("Сноски в PDF не показаны.")

    def _drawing(self, part: Any, properties: Any, table_style: str | None) -> Iterator[dict[str, Any]]:
        for blip in part.iter(f"{_A}blip"):
            shown = self._picture(blip.get(f"{_R}embed"))
            extent = next(part.iter(f"{_WP}extent"), None)
            if shown and extent is not None:
                width = min(int(extent.get("cx", "0")) / _EMU, self.width)
                yield {"img": shown, "w": round(width, 1)}
        if next(part.iter(f"{W}txbxContent"), None) is not None:
            self.found.remark("Надписи (текстовые рамки) в PDF не показаны: перенесите их текст в таблицу.")
        elif next(part.iter(f"{_WP}anchor"), None) is not None:
            self.found.remark("Рисунки с обтеканием в PDF стоят в строке текста.")

    def _picture(self, relation: str | None) -> str:
        if not relation or relation not in self.part.related_parts:
            return ""
        content = self.part.related_parts[relation].blob
        try:
            with Image.open(io.BytesIO(content)) as picture:
                form = (picture.format or "").lower()
        except OSError:
            form = ""
        if form not in ("png", "jpeg", "gif", "webp"):
            self.found.remark("Рисунок в старом формате в PDF не показан: вставьте его как PNG или JPEG.")
            return ""
        name = f"picture-{len(self.found.pictures) + 1}.{form}"
        self.found.pictures[name] = content
        return name

    def _root_of(self, ending: str) -> Any:
        for relation in self.document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(ending):
                part: Any = relation.target_part
                return part.element
        return None


def _opened(elements: Any) -> Iterator[Any]:
    """Yield elements, going into those that only wrap others."""
    for element in elements:
        name = element.tag.removeprefix(W) if isinstance(element.tag, str) else ""
        if name in _TRANSPARENT:
            yield from _opened(element)
        elif name:
            yield element


def _is_inside(element: Any, top: Any, names: tuple[str, ...]) -> bool:
    place = element.getparent()
    while place is not None and place is not top:
        if place.tag.removeprefix(W) in names or place.tag == f"{_MC}Fallback":
            return True
        place = place.getparent()
    return False


def _simple_field(run: Any, top: Any) -> str:
    place = run.getparent()
    if place is not None and place is not top and place.tag == f"{W}fldSimple":
        return _page_field(val(place, "instr") or "")
    return ""


def _page_field(code: str) -> str:
    word = code.split()[0].upper() if code.split() else ""
    return word if word in ("PAGE", "NUMPAGES") else ""
