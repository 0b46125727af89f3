"""Lay a tree of a document out on pages: typst, a vendored Times-like font; texts go in as data, not as markup."""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from PIL import Image

from gemba.documents.printing.reading import Reading, read

_HERE = Path(__file__).parent
FONTS = _HERE.parent / "fonts"
LAYOUT = _HERE / "layout.typ"
# Pages shown beside a template on trial.
SHOWN = 4
SHOWN_BLOCKS = 160


@dataclass(frozen=True)
class Printed:
    """A PDF, and what of the Word document it does not show."""

    content: bytes
    remarks: list[str] = field(default_factory=list)


def pdf_of(docx: bytes) -> Printed:
    """Print a Word document."""
    found = read(docx)
    made = _lay(found, "pdf")
    assert isinstance(made, bytes)
    return Printed(made, found.remarks)


def pages_of(docx: bytes, *, ppi: int = 80, limit: int = SHOWN) -> list[bytes]:
    """Draw the first pages of a Word document as PNG, to be seen without any program."""
    found = read(docx)
    # Of a long document only the beginning is laid out: nobody waits for pages that are not shown.
    left = SHOWN_BLOCKS
    sections = []
    for section in found.tree["sections"]:
        if left > 0:
            sections.append({**section, "blocks": [_beginning(block) for block in section["blocks"][:left]]})
            left -= len(section["blocks"])
    found.tree["sections"] = sections
    made = _lay(found, "png", ppi)
    return [made] if isinstance(made, bytes) else list(made or [])[:limit]


def stacked(docx: bytes) -> bytes:
    """Draw the first pages one under another as one picture."""
    pages = [Image.open(io.BytesIO(page)).convert("RGB") for page in pages_of(docx)]
    width, gap = max(page.width for page in pages), 16
    sheet = Image.new("RGB", (width, sum(page.height + gap for page in pages) - gap), (203, 209, 220))
    top = 0
    for page in pages:
        sheet.paste(page, ((width - page.width) // 2, top))
        top += page.height + gap
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=False, compress_level=3)
    return out.getvalue()


def _beginning(block: dict[str, Any]) -> dict[str, Any]:
    """Keep the first rows of a long table."""
    if block["k"] != "t":
        return block
    body = [cell for cell in block["body"] if cell["y"] < SHOWN_BLOCKS]
    return {**block, "body": [{**cell, "rows": min(cell["rows"], SHOWN_BLOCKS - cell["y"])} for cell in body]}


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _lay(found: Reading, form: str, ppi: int = 144) -> bytes | list[bytes] | None:
    with tempfile.TemporaryDirectory(prefix="gemba-print-") as folder:
        root = Path(folder)
        (root / "main.typ").write_bytes(LAYOUT.read_bytes())
        (root / "data.json").write_text(json.dumps(found.tree, ensure_ascii=False), encoding="utf-8")
        for name, content in found.pictures.items():
            (root / name).write_bytes(content)
        compiler = typst.Compiler(str(root / "main.typ"), root=str(root), font_paths=_fonts())
        if form == "pdf":
            return compiler.compile(format="pdf")
        return compiler.compile(format="png", ppi=ppi)
