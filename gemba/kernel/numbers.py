"""Numbers and dates as Russian readers write them."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from gemba.kernel.calendar import WorkCalendar

GROUP = "\u202f"  # narrow no-break space
NO_BREAK = "\u00a0"
MINUS = "\u2212"
NOTHING = "—"
MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
# Farther than this a count of working days says less than the date.
NEAR_WORKING_DAYS = 10

_NUMBER = re.compile(r"[+-]?(\d{1,20})(?:[.,](\d{1,20}))?")
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]")


def format_number(value: Decimal | int | float | None, places: int | None = None) -> str:
    """Write a number with a decimal comma and groups of three; without `places` no digit is added or lost.

    Rounding is half up, as in the acts. Nothing is a dash.
    """
    if value is None:
        return NOTHING
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        return NOTHING
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(number):f}".partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    text = f"{int(whole):,}".replace(",", GROUP) + (f",{fraction}" if fraction else "")
    return f"{MINUS}{text}" if number < 0 else text


def parse_number(text: str) -> Decimal:
    """Read a number written with a comma or a point, with or without groups of three.

    :raises ValueError: in Russian, when it is not one number.
    """
    bare = _SPACES.sub("", text).replace(MINUS, "-")
    if not _NUMBER.fullmatch(bare):
        shown = text.strip()[:40]
        raise ValueError(
            f"«{shown}» — не число. Введите число, например 12 или 12,5." if shown else "Введите число."
        )
    return Decimal(bare.replace(",", "."))


def plural(number: Decimal | int | float, one: str, few: str, many: str) -> str:
    """Choose the word form for a number: 1 день, 2 дня, 5 дней; a fraction takes the second form. The word alone."""
    if number != int(number):
        return few
    whole = abs(int(number))
    if whole % 10 == 1 and whole % 100 != 11:
        return one
    if whole % 10 in {2, 3, 4} and whole % 100 not in {12, 13, 14}:
        return few
    return many


def counted(number: Decimal | int | float, one: str, few: str, many: str) -> str:
    """Write a number with its word: «3 дня»."""
    return f"{format_number(number)}{NO_BREAK}{plural(number, one, few, many)}"


def format_date(day: date | None) -> str:
    """Write a date in figures: «21.11.2026»; nothing is a dash."""
    return NOTHING if day is None else f"{day.day:02}.{day.month:02}.{day.year:04}"


def format_long_date(day: date | None) -> str:
    """Write a date in words: «21 ноября 2026 года»; nothing is a dash."""
    return NOTHING if day is None else f"{_day_and_month(day)}{NO_BREAK}{day.year}{NO_BREAK}года"


def format_moment(moment: datetime | None) -> str:
    """Write a moment, already in local time: «21.11.2026 14:05»; nothing is a dash."""
    return (
        NOTHING if moment is None else f"{format_date(moment)}{NO_BREAK}{moment.hour:02}:{moment.minute:02}"
    )


def near_date(day: date, today: date, calendar: WorkCalendar | None = None) -> str:
    """Write a date as people say it: «завтра», «через 3 рабочих дня», «2 рабочих дня назад», «21 ноября»."""
    apart = (day - today).days
    spoken = {-2: "позавчера", -1: "вчера", 0: "сегодня", 1: "завтра", 2: "послезавтра"}.get(apart)
    if spoken:
        return spoken
    # Counting working days of a far date would only be thrown away: thrice the limit covers any holidays.
    if abs(apart) <= NEAR_WORKING_DAYS * 3:
        working = 0 if calendar is None else calendar.working_days_between(today, day)
        count = working or apart
        if abs(count) <= NEAR_WORKING_DAYS:
            words = ("рабочий день", "рабочих дня", "рабочих дней") if working else ("день", "дня", "дней")
            text = counted(abs(count), *words)
            return f"через {text}" if count > 0 else f"{text} назад"
    return _day_and_month(day) if day.year == today.year else f"{_day_and_month(day)} {day.year} года"


def _day_and_month(day: date) -> str:
    return f"{day.day}{NO_BREAK}{MONTHS[day.month - 1]}"
