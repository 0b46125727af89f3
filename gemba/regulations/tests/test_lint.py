"""The linter compares what is written with what is recorded, and finds what a person misses."""

from __future__ import annotations

import pytest

from gemba.regulations.pack import load_pack
from gemba.regulations.pack.lint import Finding, lint
from gemba.regulations.tests.factories import pack_text

TARGET = 'kind: at_least, value: "2", as_written: не менее 2'
GLOSSARY = "glossary:\n"


def found(text: str, code: str) -> list[Finding]:
    return [finding for finding in lint(load_pack(text)) if finding.code == code]


def changed(was: str, became: str) -> str:
    text = pack_text()
    assert was in text
    return text.replace(was, became, 1)


def test_a_sound_pack_has_nothing_of_this() -> None:
    codes = {finding.code for finding in lint(load_pack(pack_text()))}
    assert not codes & {"not-as-written", "own-indicator", "said-twice", "dates-order"}


@pytest.mark.parametrize(
    "target",
    [
        'kind: at_least, value: "5", as_written: не менее 2',
        'kind: at_least, value: "3", as_written: не более 3',
        'kind: number, value: "3", as_written: не более 3',
        'kind: at_most, value: "3", as_written: не менее 3',
        "kind: by_date, date: 01.09.2026, as_written: до 01.03.2026",
        'kind: between, least: "10", most: "20", as_written: от 10 до 15',
    ],
)
def test_a_target_that_is_not_the_one_written(target: str) -> None:
    (finding,) = found(changed(TARGET, target), "not-as-written")
    assert "Строка 1.1, 2026 год" in finding.text


@pytest.mark.parametrize(
    "target",
    [
        'kind: at_most, value: "3", as_written: не более 3',
        'kind: at_least, value: "0.5", as_written: "не менее 0,5"',
        'kind: between, least: "10", most: "15", as_written: 10–15 %',
        "kind: words, as_written: по решению комиссии",
        "kind: by_quarter, quarter: 4, as_written: IV квартал",
    ],
)
def test_a_target_that_is_the_one_written(target: str) -> None:
    assert not found(changed(TARGET, target), "not-as-written")


def test_a_deadline_that_is_not_the_one_written() -> None:
    (finding,) = found(changed("day: 10}", "day: 15}"), "not-as-written")
    assert "день 15" in finding.text and finding.clauses == ("polozhenie 3.1",)


def test_a_misspelt_indicator_is_named_with_the_nearest_one() -> None:
    (finding,) = found(changed("proposals_implemented", "proposals_implementd"), "own-indicator")
    assert "proposals_implemented" in finding.text


def test_two_terms_of_different_people_do_not_contradict() -> None:
    second = (
        "  - {code: second, title: Свод, subject: quarterly_report, who: [economy], as_written: до 20 числа месяца,"
        " rule: {kind: after_period, period: quarter, day: 20}, clause: polozhenie 3.1}\n"
    )
    executor = "  - {code: economy, name: Управление экономики, clause: polozhenie 1.1}\nplan:"
    apart = changed("plan:\n  title", f"{executor}\n  title").replace(GLOSSARY, second + GLOSSARY)
    same = apart.replace("who: [economy]", "who: [all]")
    assert not found(apart, "two-deadlines") and found(same, "two-deadlines")


def test_a_term_written_twice() -> None:
    text = pack_text() + "  - {number: 2, term: потеря, definition: другое, clause: polozhenie 1.1}\n"
    assert found(text, "said-twice")
