"""Findings where the rule and the words of the act it quotes do not say the same."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from gemba.kernel.numbers import format_date, format_number
from gemba.regulations.pack.indicators import CANONICAL
from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.plan import AfterPeriod, FixedDates, Yearly
from gemba.regulations.pack.schema import Pack

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
AT_MOST = re.compile(r"не более|не выше|не больше|не превыша", re.I)
AT_LEAST = re.compile(r"не менее|не ниже|не меньше", re.I)
Place = tuple[str | int, ...]


def check(pack: Pack) -> Iterator[Finding]:
    """Find targets and deadlines whose number, date or direction is not the one written, and unknown indicators."""
    for s, section in enumerate(pack.plan.sections if pack.plan else []):
        for r, row in enumerate(section.rows):
            place: Place = ("plan", "sections", s, "rows", r)
            if row.indicator not in CANONICAL:
                yield _own_indicator(place, row)
            for year, target in row.targets.items():
                wrong = _target(target)
                if wrong:
                    yield Finding(
                        "not-as-written",
                        tuple(row.clause),
                        f"Строка {row.number}, {year} год: в клетке «{target.as_written}», а записано {wrong}.",
                        "Сверьте клетку с актом и исправьте то, что записано неверно.",
                        (*place, "targets", str(year)),
                    )
    for number, deadline in enumerate(pack.deadlines):
        wrong = _deadline(deadline.rule, deadline.as_written)
        if wrong:
            yield Finding(
                "not-as-written",
                tuple(deadline.clause),
                f"«{deadline.title}»: в акте «{deadline.as_written}», а записано {wrong}.",
                "Сверьте срок с актом.",
                ("deadlines", number),
            )


def _own_indicator(place: Place, row: Any) -> Finding:
    near = difflib.get_close_matches(row.indicator, CANONICAL, n=1, cutoff=0.8)
    hint = f" Возможно, имелось в виду «{near[0]}»." if near else ""
    return Finding(
        "own-indicator",
        tuple(row.clause),
        f"Строка {row.number}: показатель «{row.indicator}» программа не считает.{hint}",
        "Строку будут заполнять вручную с подтверждением.",
        place,
    )


def _numbers(text: str) -> set[Decimal]:
    return {Decimal(found.replace(",", ".")) for found in NUMBER.findall(text)}


def _target(target: Any) -> str:
    text = target.as_written
    if target.kind in {"at_least", "number", "ongoing_at_least"} and AT_MOST.search(text):
        return "«не менее»: для «не более» есть kind: at_most"
    if target.kind in {"at_most", "number"} and AT_LEAST.search(text) and target.kind == "at_most":
        return "«не более»"
    written = _numbers(text)
    for value in (getattr(target, name, None) for name in ("value", "least", "most")):
        if value is not None and written and value not in written:
            return f"число {format_number(value)}"
    if target.kind == "by_date" and "." in text and format_date(target.date) not in text:
        return f"{format_date(target.date)}"
    if target.kind == "by_day_of_year" and written and Decimal(target.day) not in written:
        return f"день {target.day}"
    return ""


def _deadline(rule: Any, text: str) -> str:
    written = _numbers(text)
    if (
        isinstance(rule, AfterPeriod | Yearly)
        and written
        and not any(Decimal(rule.day) == n for n in _days(text))
    ):
        return f"день {rule.day}"
    if isinstance(rule, FixedDates):
        missing = [format_date(day) for day in rule.dates if format_date(day) not in text]
        # Several dates may be written in words; one that is written in figures must be the one recorded.
        if missing and len(re.findall(r"\d{2}\.\d{2}\.\d{4}", text)) == len(rule.dates):
            return ", ".join(missing)
    return ""


def _days(text: str) -> set[Decimal]:
    # «05», «до 25.12» and «до 25 декабря»: the day stands first in each.
    return {Decimal(found) for found in re.findall(r"\d{1,2}", text)}
