"""What is a reminder due today, when a digest goes out, what it says: pure, no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gemba.kernel.numbers import counted, format_date

# Only these may go out by mail at once; everything else waits for the morning digest.
IMMEDIATE = frozenset({"assignment", "return", "escalation"})
DEFAULT_HOUR = 8
HOURS = tuple(range(6, 21))
# A digest names so many; the rest is counted.
IN_DIGEST = 30
# Older news is no news: whoever turns the digest on again is not flooded.
DIGEST_REACHES_DAYS = 14
# Reminders are written from this local hour on, so that they stand in the morning's digest.
REMIND_FROM_HOUR = 5


def reminder_due(remind_on: Sequence[date], due_on: date, today: date) -> date | None:
    """Return the reminder day that has come: the latest one not after today, while the work can still be done.

    A reminder missed because nothing ran on its day is thus caught up, and nobody gets two for one day.
    """
    if today > due_on:
        return None
    return max((day for day in remind_on if day <= today), default=None)


def one_line(text: str, longest: int = 200) -> str:
    """Return the text as one line of a mail's subject or list."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the digest names it."""

    kind_title: str
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain letter."""

    subject: str
    text: str


def digest(
    *, name: str, town: str, day: date, lines: Sequence[Line], count: int, origin: str, settings_url: str
) -> Letter:
    """Write the morning digest: what is new, by kind, each with its address."""
    words = counted(count, "новое уведомление", "новых уведомления", "новых уведомлений")
    parts = [f"Здравствуйте, {name}.", f"{town}, {format_date(day)}. У вас {words}."]
    kinds = list(dict.fromkeys(line.kind_title for line in lines))
    for kind in kinds:
        parts.append(f"{kind}\n{'-' * len(kind)}")
        parts += [_written(line, origin) for line in lines if line.kind_title == kind]
    if count > len(lines):
        parts.append(f"И ещё {count - len(lines)}: они в разделе «Уведомления».")
    where = f"{origin}{settings_url}" if origin else "раздел «Уведомления», «Настроить»"
    parts.append(f"Сводка приходит раз в рабочий день, если есть новое. Изменить час или отключить: {where}")
    return Letter(f"Сводка на {format_date(day)}: {words}".replace("\u00a0", " "), "\n\n".join(parts) + "\n")


def letter_about(*, name: str, line: Line, origin: str, settings_url: str) -> Letter:
    """Write the letter that goes out at once."""
    where = f"{origin}{settings_url}" if origin else "раздел «Уведомления», «Настроить»"
    parts = [f"Здравствуйте, {name}.", _written(line, origin)]
    parts.append(f"Такие письма приходят сразу. Изменить: {where}")
    return Letter(f"{line.kind_title}: {one_line(line.title, 120)}", "\n\n".join(parts) + "\n")


def _written(line: Line, origin: str) -> str:
    rows = [one_line(line.title)]
    if line.text:
        rows.append(line.text.strip())
    if line.url and origin:
        rows.append(f"{origin}{line.url}")
    return "\n".join(rows)
