"""Word forms."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.kernel.words import LONGEST_WORD, bare, normalise, twins


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


FLEETING = [
    ("щиток", "щитки"), ("уголок", "уголки"), ("палец", "пальцы"), ("окно", "окон"), ("карточка", "карточек"),
    ("папка", "папок"), ("кресло", "кресел"), ("боец", "бойцы"), ("узел", "узлы"), ("звонок", "звонков"),
    ("стекло", "стёкол"), ("ребёнок", "ребёнка"), ("корень", "корни"), ("участок", "участками"), ("доска", "досок"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), FLEETING)
def test_a_vowel_that_comes_and_goes_does_not_part_forms(one: str, other: str) -> None:
    first, second = normalise(one), normalise(other)
    assert second in twins(first) and first in twins(second)
    assert bare(first) == bare(second)


@pytest.mark.parametrize("word", ["стол", "кран", "план", "школа", "приём", "карта", "дом", "5с", "2026"])
def test_other_words_have_no_twins(word: str) -> None:
    assert twins(normalise(word)) == (normalise(word),) and bare(normalise(word)) == normalise(word)


@given(st.text(alphabet="абвгдежзиклмнопрстуцчьйq1", max_size=12))
def test_twins_hold_the_stem_first_and_are_letters(stem: str) -> None:
    found = twins(stem)
    assert found[0] == stem and len(set(found)) == len(found)
    assert bare(bare(stem)) == bare(stem)
