"""Values as a document writes them: dates and numbers in Russian, nothing that Word or XML would stumble on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gemba.kernel.numbers import format_date, format_moment, format_number

# What XML 1.0 cannot hold, and \a and \f, which docxtpl reads as commands; lone surrogates too.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# A text longer than this is a mistake of whoever fills the document, and no page.
LONGEST = 200_000


@dataclass(frozen=True)
class Picture:
    """A picture in a document: PNG or JPEG, and its width on paper."""

    content: bytes
    width_mm: float = 60


def plain(value: Any) -> Any:
    """Turn a value, with everything inside it, into what a template may show."""
    if value is None:
        return ""
    if isinstance(value, Picture):
        return value
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, int | float | Decimal):
        return format_number(value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return text(str(value))


def text(value: str) -> str:
    """Clean a text: one kind of line ends, no invisible control characters, no end beyond measure."""
    clean = _UNFIT.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    # docxtpl turns these into template brackets after the work is done: keep what the person typed.
    for mark in ("{_{", "}_}", "{_%", "%_}"):
        clean = clean.replace(mark, mark[0] + "\u2060" + mark[1:])
    return clean[:LONGEST]
