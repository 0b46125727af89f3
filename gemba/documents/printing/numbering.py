"""Numbers and bullets of lists: Word keeps them aside from the paragraphs, each list counting by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gemba.documents.printing.styles import Styles, W, first, val

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"


@dataclass(frozen=True)
class Number:
    """The number of a paragraph as it is shown, and the properties its level gives."""

    text: str
    layer: Any


class Numbering:
    """Counts the lists of one document."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self.styles = styles
        self.counts: dict[str, list[int]] = {}
        self.levels: dict[str, dict[int, Any]] = {}
        if root is None:
            return
        kinds = {val(kind, "abstractNumId"): kind for kind in root.iter(f"{W}abstractNum")}
        for entry in root.findall(f"{W}num"):
            kind = kinds.get(val(entry.find(f"{W}abstractNumId")))
            if kind is not None:
                self.levels[val(entry, "numId") or ""] = {
                    int(val(level, "ilvl") or 0): level for level in kind.findall(f"{W}lvl")
                }

    def next_of(self, layers: list[Any]) -> Number | None:
        """Return the number of the next paragraph, or None when it stands in no list."""
        given = first(layers, "numPr")
        if given is None:
            return None
        key = val(given.find(f"{W}numId")) or "0"
        depth = int(val(given.find(f"{W}ilvl")) or 0)
        level = self.levels.get(key, {}).get(depth)
        if level is None:
            return None
        counts = self.counts.setdefault(key, [0] * 9)
        begin = int(val(level.find(f"{W}start")) or 1)
        counts[depth] = counts[depth] + 1 if counts[depth] else begin
        for deeper in range(depth + 1, 9):
            counts[deeper] = 0
        pattern = val(level.find(f"{W}lvlText")) or ""
        text = re.sub(r"%([1-9])", lambda found: self._shown(key, int(found.group(1)) - 1, counts), pattern)
        if (val(level.find(f"{W}numFmt")) or "") == "bullet":
            # Bullets of Word are letters of symbol fonts; on paper any of them is a dot or a dash.
            text = pattern if pattern in ("–", "-", "—", "•") else "•"
        layer = level.find(f"{W}pPr")
        return Number(text, layer if layer is not None else level)

    def _shown(self, key: str, depth: int, counts: list[int]) -> str:
        level = self.levels[key].get(depth)
        return numeral(max(counts[depth], 1), val(level.find(f"{W}numFmt")) if level is not None else None)


def numeral(number: int, form: str | None) -> str:
    """Write a number as the list asks: 3, c, III, в."""
    if form in ("lowerLetter", "upperLetter"):
        text = chr(ord("a") + (number - 1) % 26)
        return text.upper() if form == "upperLetter" else text
    if form in ("russianLower", "russianUpper"):
        text = _RUSSIAN[(number - 1) % len(_RUSSIAN)]
        return text.upper() if form == "russianUpper" else text
    if form in ("lowerRoman", "upperRoman"):
        text = ""
        for value, letters in _ROMAN:
            text += letters * (number // value)
            number %= value
        return text if form == "upperRoman" else text.lower()
    return "" if form == "none" else str(number)
