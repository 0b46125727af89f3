"""Findings about the plan of measures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.plan import PlanRow
from gemba.regulations.pack.schema import Pack

Place = tuple[str | int, ...]
PEOPLE = re.compile(r"сотрудник|служащ|обучени[ея] (основам|применению)|обученн|работник", re.I)
THINGS_UNIT = re.compile(r"^единиц", re.I)
SHARE = re.compile(r"^доля\b|\bдоля\b", re.I)
POPULATIONS = {"организаций": re.compile(r"организаци", re.I), "учреждений": re.compile(r"учреждени", re.I)}
COUNTS = {"at_least", "number", "ongoing_at_least"}


def check(pack: Pack) -> Iterator[Finding]:
    """Find repeated numbers, missing years, dates out of row, targets without an operator or an addressee."""
    rows = list(_rows(pack))
    yield from _repeated_numbers(rows)
    yield from _bare_targets(rows)
    yield from _scopes(pack, rows)
    yield from _populations(rows)
    for place, row in rows:
        yield from _years(pack, place, row)
        yield from _dates(place, row)
        yield from _unit(place, row)
        yield from _odd_count(place, row)


def _rows(pack: Pack) -> Iterator[tuple[Place, PlanRow]]:
    for s, section in enumerate(pack.plan.sections if pack.plan else []):
        for r, row in enumerate(section.rows):
            yield ("plan", "sections", s, "rows", r), row


def _repeated_numbers(rows: list[tuple[Place, PlanRow]]) -> Iterator[Finding]:
    for number, times in Counter(row.number for _, row in rows).items():
        if times > 1:
            same = [(place, row) for place, row in rows if row.number == number]
            yield Finding(
                "repeated-number",
                tuple(ref for _, row in same for ref in row.clause),
                f"Номер {number} в плане стоит у {times} строк: {'; '.join(row.title for _, row in same)}.",
                "Печатается как в акте; внутри строки различаются кодами "
                + ", ".join(row.code for _, row in same)
                + ".",
                same[-1][0],
            )


def _years(pack: Pack, place: Place, row: PlanRow) -> Iterator[Finding]:
    missing = [year for year in pack.edition.years if year not in row.targets]
    if missing:
        yield Finding(
            "target-missing",
            tuple(row.clause),
            f"Строка {row.number}: нет целевого значения на {_years_text(missing)}.",
            "Перепишите клетку из акта; если она пуста, запишите в файле `kind: empty`.",
            place,
        )
    empty = [year for year, target in row.targets.items() if target.kind == "empty"]
    if empty:
        yield Finding(
            "target-empty",
            tuple(row.clause),
            f"Строка {row.number}: клетка на {_years_text(empty)} пуста. Плана на эти годы нет, и это не ноль.",
            "Уточните у составителя плана.",
            place,
            tuple(row.interpretations),
        )


def _dates(place: Place, row: PlanRow) -> Iterator[Finding]:
    days = {
        year: (target.date.month, target.date.day)
        for year, target in row.targets.items()
        if target.kind == "by_date"
    }
    days |= {
        year: (target.month, target.day)
        for year, target in row.targets.items()
        if target.kind == "by_day_of_year"
    }
    for year, target in row.targets.items():
        if target.kind == "by_date" and target.date.year != year:
            yield Finding(
                "date-breaks-pattern",
                tuple(row.clause),
                f"Строка {row.number}: срок за {year} год стоит в {target.date.year} году.",
                "Сверьте с актом.",
                (*place, "targets", str(year)),
            )
    if len(set(days.values())) < 2:
        return
    usual, _ = Counter(days.values()).most_common(1)[0]
    for year, day in days.items():
        if day != usual:
            yield Finding(
                "date-breaks-pattern",
                tuple(row.clause),
                f"Строка {row.number}: в {year} году срок {day[1]:02}.{day[0]:02}, "
                f"а в другие годы {usual[1]:02}.{usual[0]:02}.",
                "Оставлено как в акте; спросите у составителя, не опечатка ли это.",
                (*place, "targets", str(year)),
            )


def _bare_targets(rows: list[tuple[Place, PlanRow]]) -> Iterator[Finding]:
    bare = [row for _, row in rows if any(target.kind == "number" for target in row.targets.values())]
    if bare:
        yield Finding(
            "bare-target",
            tuple(ref for row in bare for ref in row.clause),
            f"Цель записана просто числом, без «не менее» (строки {', '.join(row.number for row in bare)}): "
            "не сказано, нужно ровно столько или не меньше.",
            "Читается «не менее».",
            interpretations=_read(bare),
        )


def _scopes(pack: Pack, rows: list[tuple[Place, PlanRow]]) -> Iterator[Finding]:
    groups = {executor.code for executor in pack.executors if executor.kinds}
    unclear = [
        row
        for _, row in rows
        if set(row.executors) & groups and any(target.kind in COUNTS for target in row.targets.values())
    ]
    if unclear:
        yield Finding(
            "scope-not-said",
            tuple(ref for row in unclear for ref in row.clause),
            "Не сказано, цель стоит перед каждым исполнителем или перед муниципалитетом в целом: строки "
            + ", ".join(row.number for row in unclear)
            + ".",
            "Прочтение указано у каждой строки и меняется новой редакцией.",
            interpretations=_read(unclear),
        )


def _unit(place: Place, row: PlanRow) -> Iterator[Finding]:
    if row.unit and THINGS_UNIT.match(row.unit) and PEOPLE.search(row.title):
        yield Finding(
            "unit-not-fitting",
            tuple(row.clause),
            f"Строка {row.number}: речь о людях, а единица измерения «{row.unit}».",
            "Считаются разные люди, печатается единица из акта.",
            place,
            tuple(row.interpretations),
        )


def _populations(rows: list[tuple[Place, PlanRow]]) -> Iterator[Finding]:
    shares: dict[str, PlanRow] = {}
    for _, row in rows:
        if SHARE.search(row.title):
            for word, pattern in POPULATIONS.items():
                if pattern.search(row.title):
                    shares.setdefault(word, row)
    if len(shares) > 1:
        numbers = " и ".join(f"{row.number} ({word})" for word, row in shares.items())
        yield Finding(
            "two-populations",
            tuple(ref for row in shares.values() for ref in row.clause),
            f"Доли считаются от разных множеств: {numbers}.",
            "Знаменатели ведутся раздельно.",
            interpretations=_read(list(shares.values())),
        )


def _odd_count(place: Place, row: PlanRow) -> Iterator[Finding]:
    values = [target.value for target in row.targets.values() if target.kind in {"at_least", "number"}]
    if row.indicator == "contests_held" and any(value > 1 for value in values):
        yield Finding(
            "odd-count",
            tuple(row.clause),
            f"Строка {row.number}: до {max(values)} конкурсов в год. Возможно, имелись в виду номинации или заявки.",
            "Что считать — настройка; по умолчанию считаются конкурсы.",
            place,
            tuple(row.interpretations),
        )


def _read(rows: list[PlanRow]) -> tuple[str, ...]:
    named = [code for row in rows for code in row.interpretations]
    named += [code for row in rows for target in row.targets.values() for code in target.interpretations]
    return tuple(dict.fromkeys(named))


def _years_text(years: list[int]) -> str:
    return ", ".join(str(year) for year in years)
