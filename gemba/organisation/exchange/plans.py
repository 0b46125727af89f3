"""What a checked file would do: rows to create and to change, and problems by row and cell."""

from dataclasses import dataclass, field
from typing import Any

from gemba.organisation.exchange.reading import CellProblem

CREATE, CHANGE, SAME = "create", "change", "same"
WORDS = {CREATE: "Будет внесено", CHANGE: "Изменится", SAME: "Без изменений"}


@dataclass
class RowPlan:
    """What one good row would do."""

    number: int
    verb: str
    title: str
    # In words: «ИНН: не указано → 4200000000».
    changes: list[str] = field(default_factory=list)
    # What the action needs to write; each planner knows its own.
    data: Any = None


@dataclass
class ImportPlan:
    """The outcome of a check."""

    subject: str
    rows: list[RowPlan]
    problems: list[CellProblem]
    bad_rows: frozenset[int]
    unknown_columns: list[str] = field(default_factory=list)

    def count(self, verb: str) -> int:
        """Count the rows that would do this."""
        return sum(row.verb == verb for row in self.rows)

    @property
    def work(self) -> list[RowPlan]:
        """Return the rows that would change something."""
        return [row for row in self.rows if row.verb != SAME]

    @property
    def mark(self) -> str:
        """Return what tells one outcome from another: the numbers a person has agreed to."""
        return f"{self.count(CREATE)}-{self.count(CHANGE)}-{self.count(SAME)}-{len(self.bad_rows)}"
