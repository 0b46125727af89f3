"""A Word template and its values make a Word document, in a sandbox: a template is data, not a program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree  # type: ignore[import-untyped]

from gemba.documents.values import Picture, plain

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# Everything a template may call, by the names a clerk writes after «|».
FILTERS: dict[str, Callable[..., Any]] = {
    "upper": lambda value: str(value).upper(),
    "lower": lambda value: str(value).lower(),
    "default": lambda value, other="": value or other,
    "join": lambda value, by=", ": by.join(str(one) for one in value),
    "length": len,
    "trim": lambda value: str(value).strip(),
    # The same in Russian.
    "прописные": lambda value: str(value).upper(),
    "строчные": lambda value: str(value).lower(),
    "или": lambda value, other="": value or other,
    "через": lambda value, by=", ": by.join(str(one) for one in value),
}
TESTS = ("defined", "undefined", "none", "number", "string", "even", "odd", "divisibleby")


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox that knows fields, conditions, loops and a handful of filters."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters.clear()
        self.filters.update(FILTERS)
        self.tests = {name: self.tests[name] for name in TESTS}


class _Document(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """A template whose result is either whole or refused: docxtpl itself would silently drop what is not XML."""

    def fix_tables(self, xml: str) -> Any:
        """Check the filled text and mend what an empty list or a false condition leaves of a table."""
        written = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=True))
        tree = super().fix_tables(xml)
        for before, after in zip(written.iter(f"{_W}tbl"), tree.iter(f"{_W}tbl"), strict=True):
            _keep_grid(before, after)
        for table in list(tree.iter(f"{_W}tbl")):
            if table.find(f"{_W}tr") is None:
                table.getparent().remove(table)
        for cell in tree.iter(f"{_W}tc"):
            if not len(cell) or cell[-1].tag not in (f"{_W}p", f"{_W}sdt"):
                etree.SubElement(cell, f"{_W}p")
        return tree


class BadTemplate(Exception):
    """A template that cannot be filled; the text says why, for the person who keeps it."""


def fill(template: bytes, values: Mapping[str, Any], *, title: str = "", author: str = "") -> bytes:
    """Fill a template and return the document.

    :raises BadTemplate: when it cannot be filled.
    """
    document = _Document(io.BytesIO(template))
    try:
        document.render_init()
        shown = {name: _placed(document, plain(value)) for name, value in values.items()}
        document.render(shown, Environment(), autoescape=True)
        document.docx.core_properties.title = title[:255]
        document.docx.core_properties.author = author[:255]
        document.docx.core_properties.comments = ""
        document.docx.core_properties.last_modified_by = author[:255]
        out = io.BytesIO()
        document.save(out)
    except Exception as problem:
        # docxtpl and Jinja fail in many ways on a template somebody has drawn: all of them mean the same to a person.
        raise BadTemplate(str(problem)[:300]) from problem
    return out.getvalue()


def flaws(document: bytes) -> list[str]:
    """Return what would make Word repair the document: broken XML, parts without a file, tags left over."""
    found = []
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        names = set(archive.namelist())
        if len(names) != len(archive.namelist()):
            found.append("a part is written twice")
        for name in sorted(names):
            if name.endswith((".xml", ".rels")):
                try:
                    root = etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False))
                except etree.XMLSyntaxError as problem:
                    found.append(f"{name}: {problem}")
                    continue
                if name.endswith(".rels"):
                    found += _dangling(name, root, names)
                elif name == "word/document.xml":
                    found += _bad_cells(root)
    return found


def _placed(document: DocxTemplate, value: Any) -> Any:
    if isinstance(value, Picture):
        return InlineImage(document, io.BytesIO(value.content), width=Mm(value.width_mm))
    if isinstance(value, dict):
        return {name: _placed(document, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_placed(document, inner) for inner in value]
    return value


def _keep_grid(before: Any, after: Any) -> None:
    """Give a table with tables in its cells its own columns back: docxtpl counts the cells of the inner ones too."""
    if next(after.iterfind(f".//{_W}tc//{_W}tbl"), None) is None:
        return
    grid, changed = before.find(f"{_W}tblGrid"), after.find(f"{_W}tblGrid")
    widest = max((_cells_in(row) for row in before.findall(f"{_W}tr")), default=0)
    if grid is not None and changed is not None and widest == len(grid):
        after.replace(changed, grid)


def _cells_in(row: Any) -> int:
    spans = [cell.find(f"{_W}tcPr/{_W}gridSpan") for cell in row.findall(f"{_W}tc")]
    return sum(1 if span is None else int(span.get(f"{_W}val", "1")) for span in spans)


def _dangling(name: str, root: Any, names: set[str]) -> list[str]:
    folder = name.split("_rels/")[0]
    found = []
    for relation in root:
        target = relation.get("Target", "")
        if relation.get("TargetMode") == "External" or not target:
            continue
        path = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
        if path not in names:
            found.append(f"{name}: {target} is absent")
    return found


def _joined(folder: str, target: str) -> str:
    parts = [part for part in folder.split("/") if part]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _bad_cells(root: Any) -> list[str]:
    """Word repairs a cell without a paragraph at its end and a table without rows."""
    found = [
        "a cell ends without a paragraph"
        for cell in root.iter(f"{_W}tc")
        if not len(cell) or cell[-1].tag not in (f"{_W}p", f"{_W}sdt")
    ]
    return found + [
        "a table without rows" for table in root.iter(f"{_W}tbl") if table.find(f"{_W}tr") is None
    ]
