"""A calendar in the iCalendar format (RFC 5545): all-day events with reminders. Pure text, no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# RFC 5545, 3.1: a line holds 75 octets without its end.
LONGEST_LINE = 75
# An all-day event begins at midnight; its reminder sounds when people come to work.
ALARM_HOUR = 9


@dataclass(frozen=True, slots=True)
class Event:
    """One day in the calendar. `uid` stays the same for ever, `stamped_at` changes only with the words."""

    uid: str
    day: date
    summary: str
    stamped_at: datetime
    description: str = ""
    url: str = ""
    category: str = ""
    remind_on: Sequence[date] = ()


def calendar_text(*, name: str, description: str, time_zone: str, events: Iterable[Event]) -> str:
    """Write the calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gemba//Calendar of terms//RU",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-CALDESC:{escaped(description)}",
        f"X-WR-TIMEZONE:{escaped(time_zone)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{event.stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.summary)}",
    ]
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    if event.category:
        lines.append(f"CATEGORIES:{escaped(event.category)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    # A term leaves the day free: colleagues can still be invited.
    lines += ["TRANSP:TRANSPARENT", "CLASS:PUBLIC"]
    for day in event.remind_on:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escaped(event.summary)}",
            f"TRIGGER:{_trigger(event.day, day)}",
            "END:VALARM",
        ]
    return [*lines, "END:VEVENT"]


def _trigger(day: date, remind_on: date) -> str:
    """Return the time of a reminder as a distance from the midnight at which the day begins."""
    hours = (remind_on - day).days * 24 + ALARM_HOUR
    days, rest = divmod(abs(hours), 24)
    parts = f"{days}D" * bool(days) + f"T{rest}H" * bool(rest)
    return f"{'-' if hours < 0 else ''}P{parts}"


def escaped(text: str) -> str:
    r"""Write a text value: `\`, `;`, `,` and ends of lines are escaped, other control characters dropped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(sign for sign in plain if sign >= " " and sign != "\x7f")


def folded(line: str) -> str:
    """Break a line after at most 75 octets, never inside a letter."""
    pieces: list[str] = []
    piece, size, limit = "", 0, LONGEST_LINE
    for sign in line:
        width = len(sign.encode())
        if size + width > limit:
            pieces.append(piece)
            # The space that begins a continuation counts too.
            piece, size, limit = "", 0, LONGEST_LINE - 1
        piece += sign
        size += width
    return "\r\n ".join([*pieces, piece])
