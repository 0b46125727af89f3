"""Organisations as rows of the layout: what is written into cells and read back out of them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from gemba.kernel.numbers import format_date
from gemba.organisation.exchange.reading import as_day
from gemba.organisation.models import (
    Direction,
    HeadcountRecord,
    Municipality,
    Organisation,
    ParticipationPeriod,
    Unit,
)
from gemba.organisation.rules import inn_problems, tidy

Period = tuple[date | None, date | None, str]
NEST = " > "
_PERIOD = re.compile(r"^(?P<first>[^–—-]*?)\s*[–—-]\s*(?P<last>[^(]*?)\s*(?:\((?P<ground>.*)\))?$")


def rows_of(*, municipality: Municipality) -> Iterator[Sequence[Any]]:
    """Return the whole register in the layout, parents before children."""
    codes = dict(Organisation.objects.filter(municipality=municipality).values_list("pk", "code"))
    periods, headcounts, units = facts_of(municipality)
    found = Organisation.objects.filter(municipality=municipality).select_related("direction")
    for row in sorted(found, key=lambda one: (one.path.count("/"), one.name_key, one.pk)):
        yield (
            row.code, row.get_kind_display(), row.name, row.short_name, codes.get(row.parent_id or 0, ""),
            row.direction.name if row.direction else "", row.inn, row.starts_on, row.ends_on, row.closing_ground,
            codes.get(row.successor_id or 0, ""),
            "\n".join(map(_written, periods.get(row.pk, []))),
            "\n".join(f"{format_date(day)}: {people}" for day, people in headcounts.get(row.pk, {}).items()),
            "\n".join(NEST.join(path) for path in units.get(row.pk, [])),
        )  # fmt: skip


def references_of(*, municipality: Municipality) -> dict[str, Sequence[str]]:
    """Return the lists that cells choose from."""
    names = Direction.objects.filter(municipality=municipality, is_active=True).order_by("name_key")
    return {"direction": list(names.values_list("name", flat=True))}


def facts_of(
    municipality: Municipality,
) -> tuple[dict[int, list[Period]], dict[int, dict[date, int]], dict[int, list[tuple[str, ...]]]]:
    """Load periods, headcounts and open units of the whole municipality, three statements."""
    periods: dict[int, list[Period]] = {}
    rows = ParticipationPeriod.objects.filter(organisation__municipality=municipality).order_by("starts_on")
    for pk, first, last, ground in rows.values_list("organisation_id", "starts_on", "ends_on", "ground"):
        periods.setdefault(pk, []).append((first, last, ground))
    headcounts: dict[int, dict[date, int]] = {}
    counted = HeadcountRecord.objects.filter(organisation__municipality=municipality).order_by("counted_on")
    for pk, day, people in counted.values_list("organisation_id", "counted_on", "people"):
        headcounts.setdefault(pk, {})[day] = people
    names: dict[int, str] = {}
    units: dict[int, list[tuple[str, ...]]] = {}
    open_units = Unit.objects.filter(organisation__municipality=municipality, ends_on__isnull=True)
    for pk, owner, path, name in open_units.order_by("path", "name_key").values_list(
        "pk", "organisation_id", "path", "name"
    ):
        names[pk] = name
        units.setdefault(owner, []).append((path, str(pk)))
    return (
        periods,
        headcounts,
        {
            owner: sorted(
                tuple(names.get(int(part), "") for part in [*path.split("/"), pk] if part)
                for path, pk in kept
            )
            for owner, kept in units.items()
        },
    )


def lines_of(text: Any) -> list[str]:
    """Split a cell into its lines (Alt+Enter)."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def period_of(line: str) -> Period:
    """Read «01.01.2024 – 31.12.2024 (основание)».

    :raises ValueError: in Russian, when it is not a period.
    """
    found = _PERIOD.match(line)
    first, last, ground = (found["first"], found["last"], found["ground"]) if found else (line, "", "")
    try:
        start = as_day(first) if first.strip() else None
        end = as_day(last) if last.strip() else None
    except Exception as error:
        raise ValueError(getattr(error, "messages", [str(error)])[0]) from error
    if start and end and end < start:
        raise ValueError(f"В периоде «{line}» конец раньше начала.")
    if start is None:
        raise ValueError(f"В периоде «{line}» нет первого дня.")
    return start, end, tidy(ground or "")[:300]


def inn_of(text: str) -> str:
    """Read ИНН, giving back the leading zero that Excel took."""
    bare = text.replace(" ", "")
    # Excel eats the leading zero of a number; check digits tell whether it was there.
    if len(bare) in (9, 11) and bare.isdigit() and not inn_problems(f"0{bare}"):
        return f"0{bare}"
    return bare


def _written(period: Period) -> str:
    first, last, ground = period
    return f"{format_date(first)} – {format_date(last) if last else ''}".strip() + (
        f" ({ground})" if ground else ""
    )
