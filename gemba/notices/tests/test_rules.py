"""When a reminder is due, what a letter says, how a calendar is written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.notices.ics import Event, calendar_text, escaped, folded
from gemba.notices.rules import Line, digest, letter_about, one_line, reminder_due

DAYS = [date(2026, 9, 26), date(2026, 10, 3), date(2026, 10, 9)]
DUE = date(2026, 10, 10)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 25), None),
        (date(2026, 9, 26), DAYS[0]),
        # Nothing ran on the third: the reminder is caught up on the fourth.
        (date(2026, 10, 4), DAYS[1]),
        (date(2026, 10, 10), DAYS[2]),
        (date(2026, 10, 11), None),
    ],
)
def test_the_latest_reminder_day_that_has_come(today: date, expected: date | None) -> None:
    assert reminder_due(DAYS, DUE, today) == expected


def test_a_digest_groups_by_kind_and_counts_the_rest() -> None:
    lines = [
        Line("Сроки", "До 10.10.2026: Отчёт", "Срок завтра.", "/notices/1/open/"),
        Line("Обсуждение", "Новый ответ", "", "/notices/2/open/"),
        Line("Сроки", "До 20.12.2026: План", "", "/notices/3/open/"),
    ]
    letter = digest(
        name="Анна Львовна", town="Заречный округ", day=date(2026, 10, 9), lines=lines, count=5,
        origin="https://gemba.example", settings_url="/notices/settings/",
    )  # fmt: skip
    assert letter.subject == "Сводка на 09.10.2026: 5 новых уведомлений"
    assert letter.text.index("Отчёт") < letter.text.index("План") < letter.text.index("Новый ответ")
    assert "https://gemba.example/notices/2/open/" in letter.text
    assert "И ещё 2" in letter.text
    assert "https://gemba.example/notices/settings/" in letter.text


def test_without_a_known_address_a_letter_has_no_broken_links() -> None:
    letter = letter_about(
        name="Анна", line=Line("Поручено вам", "Подготовить\nсводку", "К пятнице.", "/notices/1/open/"),
        origin="", settings_url="/notices/settings/",
    )  # fmt: skip
    assert letter.subject == "Поручено вам: Подготовить сводку"
    assert "/notices/" not in letter.text


def test_one_line_is_short_and_has_no_end_of_line() -> None:
    assert one_line(" а\r\n  б ") == "а б"
    assert len(one_line("слово " * 100, 50)) <= 50


# --- the calendar


@given(st.text(max_size=400))
def test_folding_keeps_every_letter_and_the_length_of_lines(text: str) -> None:
    line = "SUMMARY:" + escaped(text)
    written = folded(line)
    pieces = written.split("\r\n")
    assert all(len(piece.encode("utf-8", "surrogatepass")) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


def test_escaping() -> None:
    assert escaped("а;б,в\\г\r\nд\x07") == "а\\;б\\,в\\\\г\\nд"


def test_an_event_is_a_whole_day_with_alarms_at_nine() -> None:
    day = date(2026, 10, 12)
    text = calendar_text(
        name="Сроки: Заречный",
        description="",
        time_zone="Asia/Novokuznetsk",
        events=[
            Event(
                uid="report-20261010@gemba",
                day=day,
                summary="Отчёт",
                stamped_at=datetime(2026, 1, 1, 10, 0, tzinfo=UTC),
                remind_on=(day - timedelta(days=3), day),
            )
        ],
    )
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")
    assert "DTSTART;VALUE=DATE:20261012" in lines
    assert "DTEND;VALUE=DATE:20261013" in lines
    assert "DTSTAMP:20260101T100000Z" in lines
    # Three days before, at nine in the morning: sixty-three hours before midnight.
    assert "TRIGGER:-P2DT15H" in lines
    assert "TRIGGER:PT9H" in lines
    assert lines.count("BEGIN:VALARM") == lines.count("END:VALARM") == 2
