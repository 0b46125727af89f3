"""Reporting periods: years and quarters."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

ROMAN = ("I", "II", "III", "IV")


def _check_year(number: int) -> None:
    if not 1900 <= number <= 2999:
        raise ValueError(f"Год {number}: ожидается от 1900 до 2999.")


@dataclass(frozen=True, order=True, slots=True)
class Year:
    """A calendar year.

    :raises ValueError: when the year is outside 1900…2999.
    """

    number: int

    def __post_init__(self) -> None:
        _check_year(self.number)

    @classmethod
    def of(cls, day: date) -> "Year":
        """Return the year the day falls into."""
        return cls(day.year)

    @property
    def first(self) -> date:
        """Return the first day."""
        return date(self.number, 1, 1)

    @property
    def last(self) -> date:
        """Return the last day."""
        return date(self.number, 12, 31)

    @property
    def label(self) -> str:
        """Return the Russian name: «2026 год»."""
        return f"{self.number} год"

    @property
    def key(self) -> str:
        """Return the short form for addresses and storage: `2026`."""
        return str(self.number)

    @property
    def quarters(self) -> "tuple[Quarter, Quarter, Quarter, Quarter]":
        """Return the four quarters in order."""
        return (
            Quarter(self.number, 1),
            Quarter(self.number, 2),
            Quarter(self.number, 3),
            Quarter(self.number, 4),
        )

    def next(self) -> "Year":
        """Return the year after."""
        return Year(self.number + 1)

    def previous(self) -> "Year":
        """Return the year before."""
        return Year(self.number - 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return self.label


@total_ordering
@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a calendar year, 1 to 4.

    :raises ValueError: when the quarter is not 1…4 or the year is outside 1900…2999.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.number <= 4:
            raise ValueError(f"Квартал {self.number}: ожидается от 1 до 4.")

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """Return the quarter the day falls into."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> date:
        """Return the first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        """Return the last day."""
        month = self.number * 3
        return date(self.year, 12, 31) if month == 12 else date(self.year, month + 1, 1) - timedelta(days=1)

    @property
    def roman(self) -> str:
        """Return the number as acts write it: I…IV."""
        return ROMAN[self.number - 1]

    @property
    def label(self) -> str:
        """Return the Russian name: «IV квартал 2026 года»."""
        return f"{self.roman} квартал {self.year} года"

    @property
    def key(self) -> str:
        """Return the short form for addresses and storage: `2026-4`."""
        return f"{self.year}-{self.number}"

    def next(self) -> "Quarter":
        """Return the quarter after."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def previous(self) -> "Quarter":
        """Return the quarter before."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __lt__(self, other: "Quarter") -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        return self.label


Period = Year | Quarter


def parse_period(key: str) -> Period:
    """Read a period from its key: `2026` or `2026-4`.

    :raises ValueError: when the key is neither.
    """
    year, dash, quarter = key.partition("-")
    if year.isascii() and year.isdigit() and len(year) == 4 and (not dash or quarter in {"1", "2", "3", "4"}):
        return Quarter(int(year), int(quarter)) if dash else Year(int(year))
    raise ValueError(f"Период «{key}»: ожидается год (2026) или квартал (2026-4).")
