"""The words of a passport in Word: lines in the order of reading, and the table of goals."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document

from gemba.documents.files import problems_of_size
from gemba.kernel.problems import Problem, Refusal

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# A passport is a sheet; a file with more paragraphs is something else, or an attack.
MOST_PARAGRAPHS = 20_000
MOST_GOALS = 60


@dataclass
class Words:
    """What stands in the file."""

    lines: list[str] = field(default_factory=list)
    goals: list[list[str]] = field(default_factory=list)


def read(content: bytes) -> Words:
    """Read a Word file.

    :raises Refusal: when it is no Word file, is broken or unpacks beyond measure.
    """
    if problems := problems_of_size(content):
        raise Refusal(problems)
    try:
        body = Document(io.BytesIO(content)).element.body
    except Exception as error:
        # python-docx fails in as many ways as a file can be broken.
        raise Refusal(
            Problem(
                "Это не читается как документ Word.",
                field="file",
                mend="Откройте файл и сохраните как «Документ Word (.docx)»: старый .doc тоже.",
            )
        ) from error
    found, inner = Words(), set()
    for table in body.iter(f"{_W}tbl"):
        rows = [[_text(cell) for cell in row.findall(f"{_W}tc")] for row in table.findall(f"{_W}tr")]
        head = next((at for at, row in enumerate(rows) if _is_goal_head(row)), None)
        if head is not None and not found.goals:
            found.goals = [row for row in rows[head + 1 : head + 1 + MOST_GOALS] if any(row)]
            inner.update(table.iter(f"{_W}p"))
    for number, paragraph in enumerate(body.iter(f"{_W}p")):
        if number > MOST_PARAGRAPHS:
            raise Refusal(Problem("Документ слишком длинный для паспорта проекта.", field="file"))
        if paragraph in inner or any(True for _ in paragraph.iterancestors(_FALLBACK)):
            continue
        found.lines += [line for line in _words(paragraph).split("\n") if line.strip()]
    return found


def _is_goal_head(row: list[str]) -> bool:
    said = [" ".join(cell.casefold().split()) for cell in row]
    return len(row) >= 3 and any("текущ" in one for one in said) and any("целев" in one for one in said[1:])


def _text(cell: Any) -> str:
    return " ".join(" ".join(_words(one).split()) for one in cell.iter(f"{_W}p")).strip()


def _words(paragraph: Any) -> str:
    return "".join(_pieces(paragraph))


def _pieces(paragraph: Any) -> Iterator[str]:
    for run in paragraph.iter(f"{_W}r"):
        # A frame inside the paragraph has paragraphs of its own.
        if next(run.iterancestors(f"{_W}p")) is not paragraph:
            continue
        for part in run:
            if part.tag == f"{_W}t":
                yield part.text or ""
            elif part.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                yield " " if part.tag == f"{_W}tab" else "\n"


def bare(text: str) -> str:
    """Take the lines to write on out of a text."""
    return " ".join(re.sub(r"_{2,}", " ", text).split()).strip(" \u00a0")
