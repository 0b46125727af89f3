"""Words with mistakes: what was meant, among the words that are really there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.kernel.typos import Lexicon, distance

TEXTS = (
    "Улучшение освещения на лестнице: повесить лампу с датчиком", "Принтер стоит далеко, очередь у принтера",
    "В коридоре темно, освещение слабое", "Завести журнал ключей, щиток у вахты", "Ремонт ограждения",
)  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    made = Lexicon()
    for text in TEXTS:
        made.add(text)
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("улутшение", "улучшение"),
        ("освищение", "освещение"),
        ("асвещение", "освещение"),
        ("лмпа", "лампу"),
        ("Принтир", "принтер"),
        ("ghbynth", "принтер"),
        ("jcdtotybt", "освещение"),
        ("каридор", "коридоре"),
        ("журнл", "журнал"),
        ("щитак", "щиток"),
        ("очереть", "очередь"),
        ("лесница", "лестнице"),
        ("темно освищение", "темно освещение"),
        # Known already, in any form, or unfinished at the end: nothing to mend.
        ("освещения", ""),
        ("щитков", ""),
        ("лестн", ""),
        # Nothing like it, a number, nothing at all.
        ("собака", ""),
        ("2026", ""),
        ("темно собака", ""),
        ("", ""),
        ("!!! ???", ""),
    ],
)
def test_what_was_meant(lexicon: Lexicon, typed: str, meant: str) -> None:
    assert lexicon.mend(typed) == meant


def test_the_form_that_people_write_is_offered_before_a_rare_one(lexicon: Lexicon) -> None:
    # «освещения» is as near to the stem; what is typed decides between the forms.
    assert lexicon.mend("освищения") == "освещения"


@given(st.text(alphabet="абвё\u0301 7-ю'", max_size=40), st.text(max_size=60))
def test_any_text_is_taken(typed: str, text: str) -> None:
    made = Lexicon()
    made.add(text)
    made.add(typed)
    assert isinstance(made.mend(typed), str) and isinstance(made.mend(text), str)


@given(st.text(alphabet="абв", max_size=7), st.text(alphabet="абв", max_size=7))
def test_distance_is_the_same_both_ways_and_nothing_only_for_the_same(first: str, second: str) -> None:
    far = distance(first, second, 9)
    assert far == distance(second, first, 9) and (far == 0) == (first == second)
    assert abs(len(first) - len(second)) <= far <= max(len(first), len(second))
    assert distance(first, second, 1) == min(far, 2)
