"""Conditions: what is known about the subject and the period, and which rules therefore hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from gemba.kernel.problems import Problem
from gemba.regulations.pack.procedures import SHAPES, Allowed, Amount, Procedure, Variable, When
from gemba.scorecards.rules.exact import exact, read_number

_PERIOD = re.compile(r"(?:(\d{4}))?-?(?:Q([1-4])|H([12])|(\d{1,2})M|(\d{2}))?")
_RUSSIAN_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")


class Unknown(Exception):
    """A rule depends on a variable that was not given."""

    def __init__(self, variable: str) -> None:
        super().__init__(variable)
        self.variable = variable


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Months of a year, or of any year."""

    year: int | None
    first: int
    last: int

    @classmethod
    def of(cls, text: str) -> Period:
        """Read 2026, 2026-Q4, 2026-H1, 2026-9M (nine months), 2026-03; without the year it means any year.

        :raises ValueError: when it is none of these.
        """
        found = _PERIOD.fullmatch(text.strip().upper())
        if not found or not re.fullmatch(SHAPES["period"][1], text.strip()):
            raise ValueError("ожидается период: 2026, 2026-Q4, 2026-H1, 2026-9M или 2026-03")
        year, quarter, half, months, month = found.groups()
        number = int(year) if year else None
        if quarter:
            return cls(number, int(quarter) * 3 - 2, int(quarter) * 3)
        if half:
            return cls(number, int(half) * 6 - 5, int(half) * 6)
        last = int(months or month or 12)
        if not 1 <= last <= 12:
            raise ValueError("месяц — от 01 до 12")
        return cls(number, last if month else 1, last)

    def is_in(self, other: Period) -> bool:
        """Tell whether the period lies within the other."""
        return (
            other.year is None or other.year == self.year
        ) and other.first <= self.first <= self.last <= other.last


def read_value(variable: Variable, given: Any) -> Any:
    """Read a value of the variable.

    :raises ValueError: in Russian, when it is not one.
    """
    if variable.kind == "number":
        return read_number(given)
    text = str(given).strip()
    if variable.kind == "period":
        return Period.of(text)
    if variable.kind == "date":
        if found := _RUSSIAN_DAY.fullmatch(text):
            text = "-".join(reversed(found.groups()))
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("ожидается дата: 2026-12-01 или 01.12.2026") from None
    if isinstance(given, bool | list | dict) or text not in (variable.values or {}):
        raise ValueError(
            f"допустимо: {', '.join(f'{code} ({title})' for code, title in (variable.values or {}).items())}"
        )
    return text


class Context:
    """Values of the declared variables."""

    def __init__(self, procedure: Procedure, given: Mapping[str, Any]) -> None:
        self.variables = {variable.code: variable for variable in procedure.context}
        self.values: dict[str, Any] = {}
        self.given = given
        self.problems: list[Problem] = []
        self.asked: dict[str, None] = {}
        for name, value in given.items():
            variable = self.variables.get(name)
            if variable is None:
                declared = ", ".join(self.variables) or "ни одной"
                self.problems.append(
                    Problem(
                        f"В процедуре нет переменной «{name}»",
                        field=f"context.{name}",
                        mend=f"Уберите её; объявлены: {declared}.",
                    )
                )
            elif value is not None:
                try:
                    self.values[name] = read_value(variable, value)
                except ValueError as wrong:
                    self.problems.append(
                        Problem(
                            f"«{variable.title}» не может быть «{str(value)[:40]}»",
                            clause=", ".join(variable.clause or []),
                            field=f"context.{name}",
                            mend=f"Исправьте значение: {wrong}.",
                        )
                    )

    def holds(self, when: When) -> bool:
        """Tell whether all conditions hold.

        :raises Unknown: when a variable is not given.
        """
        unknown: Unknown | None = None
        for name, allowed in when.items():
            try:
                if not self._admits(name, allowed):
                    return False
            except Unknown as missing:
                unknown = missing
        if unknown:
            self.asked[unknown.variable] = None
            raise unknown
        return True

    def amount(self, amount: Amount) -> Fraction | None:
        """Return the number that holds here, or None where the regulation gives none.

        :raises Unknown: when a variable is not given.
        """
        if amount.is_fixed:
            return None if amount.fixed is None else exact(amount.fixed)
        if amount.by is not None:
            for value, number in (amount.values or {}).items():
                if self.holds({amount.by: Allowed(values=[value])}):
                    return None if number is None else exact(number)
        for case in amount.cases or []:
            if self.holds(case.when):
                return None if case.value is None else exact(case.value)
        return None if amount.otherwise is None else exact(amount.otherwise)

    def missing(self) -> list[Problem]:
        """Return a problem for every variable that was needed and not given."""
        return [
            Problem(
                f"Не указано: {self.variables[name].title}",
                clause=", ".join(self.variables[name].clause or []),
                field=f"context.{name}",
                mend=f"Добавьте в context «{name}»: {_hint(self.variables[name])}.",
            )
            for name in self.asked
            if not any(problem.field == f"context.{name}" for problem in self.problems)
        ]

    def what_is(self, names: Collection[str]) -> str:
        """Say what is given for the variables, in the order they are declared: Вид «Дом культуры»."""
        said = []
        for name, variable in self.variables.items():
            if name in names and name in self.given:
                value = str(self.given[name])
                said.append(f"{variable.title} «{(variable.values or {}).get(value, value)}»")
        return ", ".join(said)

    def in_words(self, when: When) -> str:
        """Say the conditions in words."""
        said = []
        for name, allowed in when.items():
            variable = self.variables[name]
            titles = [(variable.values or {}).get(value, value) for value in allowed.values or []]
            bounds = [
                f"{word} {value}"
                for word, value in (
                    ("от", allowed.at_least),
                    ("после", allowed.more_than),
                    ("до", allowed.at_most),
                    ("ранее", allowed.less_than),
                )
                if value is not None
            ]
            said.append(f"{variable.title}: {', '.join(titles + bounds)}")
        return "; ".join(said)

    def _admits(self, name: str, allowed: Allowed) -> bool:
        if name not in self.values:
            raise Unknown(name)
        variable, value = self.variables[name], self.values[name]
        if allowed.values is not None:
            options = [read_value(variable, option) for option in allowed.values]
            fits = (
                any(value.is_in(option) for option in options)
                if isinstance(value, Period)
                else value in options
            )
            if not fits:
                return False

        def bound(text: str | None) -> Any:
            return None if text is None else read_value(variable, text)

        first, last = (value, value)
        low, above, high, under = map(
            bound, (allowed.at_least, allowed.more_than, allowed.at_most, allowed.less_than)
        )
        if isinstance(value, Period):
            first, last = _edges(value)
            low, above = low and _edges(low)[0], above and _edges(above)[1]
            high, under = high and _edges(high)[1], under and _edges(under)[0]
        return not (
            (low is not None and first < low)
            or (above is not None and first <= above)
            or (high is not None and last > high)
            or (under is not None and last >= under)
        )


def _edges(period: Period) -> tuple[tuple[int, int], tuple[int, int]]:
    year = period.year or 0
    return (year, period.first), (year, period.last)


def _hint(variable: Variable) -> str:
    if variable.kind == "choice":
        return "одно из " + ", ".join(f"{code} ({title})" for code, title in (variable.values or {}).items())
    return {
        "number": "число",
        "date": "дата, например 2026-12-01",
        "period": "период, например 2026-Q4",
    }[variable.kind]
