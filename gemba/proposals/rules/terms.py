"""What a municipality sets for its proposals, and the terms that follow. None of it is law: each value is a setting."""

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from gemba.kernel.calendar import WorkCalendar
from gemba.proposals.rules.states import State


@dataclass(frozen=True)
class ProposalRules:
    """Settings of a municipality; defaults are those the domain names as ordinary (4.21)."""

    registration_days: int = 1
    decision_days: int = 5
    commission_days: int = 10
    clarification_days: int = 5
    verification_days: int = 5
    # Calendar days, as people speak of «месяц на внедрение».
    implementation_days: int = 30
    registers_at_once: bool = True
    allows_anonymous: bool = True
    code_digits: int = 4
    code_days: int = 365
    attempts: int = 5
    attempts_minutes: int = 15
    unassigned_days: int = 7
    stagnant_days: int = 30
    points_registered: int = 1
    points_accepted: int = 2
    points_implemented: int = 5
    points_replicated: int = 3
    shares_points: bool = False
    hour_rate: Decimal = Decimal("350")
    work_days_a_year: int = 247

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """Read what is kept, taking the default for what is absent.

        :raises ValueError: when a key is not known or a value is out of its bounds.
        """
        kinds = {field.name: field.type for field in fields(cls)}
        if unknown := set(data) - set(kinds):
            raise ValueError(f"Неизвестные настройки предложений: {', '.join(sorted(unknown))}.")
        read: dict[str, Any] = dict(data)
        if "hour_rate" in read:
            try:
                read["hour_rate"] = Decimal(str(read["hour_rate"]))
            except InvalidOperation:
                raise ValueError("Настройка «ставка часа»: введите число.") from None
        result = cls(**read)
        for name, (low, high) in BOUNDS.items():
            if not low <= getattr(result, name) <= high:
                raise ValueError(f"Настройка {name}: от {low} до {high}.")
        return result

    def as_json(self) -> dict[str, Any]:
        """Return what the database keeps."""
        return {**asdict(self), "hour_rate": str(self.hour_rate)}


BOUNDS: dict[str, tuple[int, int]] = {
    "registration_days": (0, 30),
    "decision_days": (1, 60),
    "commission_days": (1, 90),
    "clarification_days": (1, 60),
    "verification_days": (1, 60),
    "implementation_days": (1, 730),
    "code_digits": (4, 8),
    "code_days": (1, 3650),
    "attempts": (3, 20),
    "attempts_minutes": (1, 1440),
    "unassigned_days": (1, 365),
    "stagnant_days": (1, 730),
    "points_registered": (0, 1000),
    "points_accepted": (0, 1000),
    "points_implemented": (0, 1000),
    "points_replicated": (0, 1000),
    "work_days_a_year": (1, 366),
    "hour_rate": (0, 100_000),
}


def answer_by(*, sent_on: date, rules: ProposalRules, calendar: WorkCalendar) -> date:
    """Return the day by which the author is promised an answer."""
    return calendar.add_working_days(sent_on, rules.registration_days + rules.decision_days)


def term_of(
    *, state: State | str, level: int, since: date, rules: ProposalRules, calendar: WorkCalendar
) -> date | None:
    """Return the day by which whoever the state waits for must act; None where nobody is waited for."""
    working = {
        State.SUBMITTED: rules.registration_days,
        State.REGISTERED: rules.decision_days,
        State.UNDER_REVIEW: rules.commission_days if level > 1 else rules.decision_days,
        State.RETURNED: rules.clarification_days,
        State.IMPLEMENTED: rules.verification_days,
    }
    if state in (State.ACCEPTED, State.IN_PROGRESS):
        return since + timedelta(days=rules.implementation_days)
    days = working.get(State(state))
    return None if days is None else calendar.add_working_days(since, days)


def is_overdue(*, term_on: date | None, today: date) -> bool:
    """Tell whether the term has passed; it is computed and never kept."""
    return term_on is not None and term_on < today


def number_text(year: int | None, number: int | None) -> str:
    """Write a registration number as people read it: «2026-0017»; nothing before registration."""
    return f"{year}-{number:04}" if year and number else ""
