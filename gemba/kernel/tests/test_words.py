"""Word forms."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.kernel.words import LONGEST_WORD, normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("предложение", "Предложениями"),
        ("муниципальный округ", "МУНИЦИПАЛЬНОГО ОКРУГА"),
        ("учёт", "учета"),
        ("картирование процесса", "картирования процессов"),
        ("приём", "приёма"),
        ("объёму", "объемов"),
        ("подъём", "подъемом"),
        ("й", "и\u0306"),
    ],
)
def test_forms_of_one_word_are_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other) != ""


def test_different_words_stay_different() -> None:
    assert normalise("план") != normalise("проект")


def test_only_letters_and_digits_are_left() -> None:
    assert normalise("  «5С»: приказ № 17-п от 01.02.2026; a_b <b> ") == "5с приказ 17 п от 01 02 2026 a b b"
    assert normalise("— … !") == ""


def test_a_very_long_word_is_cut() -> None:
    assert len(normalise("х" * 5000)) <= LONGEST_WORD


@given(st.text(max_size=200))
def test_any_text_gives_clean_tokens(text: str) -> None:
    stems = normalise(text)
    assert stems == " ".join(stems.split())
    assert all(token.isalnum() for token in stems.split())


def test_threads_do_not_disturb_each_other() -> None:
    words = ["предложения", "улучшениями", "муниципального", "картированию"] * 200
    expected = [normalise(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(normalise, words)) == expected
