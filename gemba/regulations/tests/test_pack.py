"""Strict reading: every mistake names file, line, clause and mend; nothing is half loaded."""

from __future__ import annotations

import pytest

from gemba.regulations.pack import PackError, load_pack
from gemba.regulations.pack.addresses import addresses, spoken
from gemba.regulations.tests.factories import pack_text


def problems(text: str) -> list[str]:
    with pytest.raises(PackError) as refused:
        load_pack(text, name="проба.yaml")
    return [str(problem) for problem in refused.value.problems]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


def test_a_valid_pack_keeps_numbers_of_clauses_as_text() -> None:
    pack = load_pack(pack_text().replace("number: 1.2\n", "number: 1.20\n"))
    assert "polozhenie 1.20" in addresses(pack)
    assert pack.plan_rows()[0].targets[2026].value == 2  # type: ignore[union-attr]


def test_every_kind_of_clause_has_an_address() -> None:
    found = addresses(load_pack(pack_text()))
    assert found["polozhenie 1.2/1"].text == "собирает предложения;"
    assert found["polozhenie 1.2(1)"].text.startswith("заседает")
    assert found["polozhenie 2/1"].title == "Потеря"
    assert found["plan 1.1"].text == "Исполненные предложения по улучшению"


def test_a_missing_unit_names_line_clause_and_mend() -> None:
    text = pack_text().replace("          unit: единиц\n", "")
    line = line_of(text, 'code: "1.1"')
    (problem,) = problems(text)
    assert "проба.yaml" in problem and f"строка {line}" in problem
    assert "пункт «plan 1.1»" in problem and "unit: null" in problem


@pytest.mark.parametrize(
    ("was", "became", "words"),
    [
        ("scope: per_unit", "skope: per_unit", "возможно, имелось в виду «scope»"),
        ('kind: at_least, value: "2"', 'kind: atleast, value: "2"', "at_least, at_most"),
        ("day: 10}", "day: 45}", "не больше 31"),
        ("years: [2025, 2026, 2027]", "years: скоро", "ожидается список"),
        ("clause: polozhenie 3.1", "clause: polozhenie 9.9", "в тексте нет"),
        ("clause: polozhenie 3.1", "clause: Положение 3.1", "код документа латиницей"),
        ("executors: [all]", "executors: [everybody]", "исполнителя «everybody» нет"),
        ("effective_on: 2025-01-15", "effective_on: 2025-13-15", "это не дата"),
        ("years: [2025, 2026, 2027]", "years: [2025, 2026]", "год 2027 не входит"),
        ('    number: "12"', '    number: "12"\n    number: "13"', "указано дважды"),
    ],
)
def test_each_mistake_says_what_to_do(was: str, became: str, words: str) -> None:
    text = pack_text()
    assert was in text
    assert any(words in problem for problem in problems(text.replace(was, became, 1)))


def test_all_mistakes_come_at_once_in_the_order_of_lines() -> None:
    text = pack_text().replace("scope: per_unit", "skope: per_unit").replace("day: 10}", "day: 45}")
    with pytest.raises(PackError) as refused:
        load_pack(text)
    lines = [problem.line for problem in refused.value.problems]
    assert len(lines) == 3 and lines == sorted(lines)


@pytest.mark.parametrize(
    "broken",
    [
        "a: [1,\n b: }",
        "просто текст\nещё текст",
        "- список\n- список",
        "x: &якорь 1\ny: *якорь\n",
        "\x00\n\x01: 2\n",
    ],
)
def test_what_is_not_a_pack_is_refused_with_one_clear_message(broken: str) -> None:
    (problem,) = problems(broken)
    assert "строка" in problem and "Как исправить" in problem


def test_a_small_file_cannot_grow_without_bound() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for n, p in zip("bcdefgh", "abcdefg", strict=True)
    )
    assert any("якоря" in problem for problem in problems(bomb))


def test_a_deep_file_is_refused() -> None:
    assert any("вложенность" in problem for problem in problems("a:\n " + "[" * 3000 + "]" * 3000))


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(PackError) as refused:
        load_pack(b"\xff\xfe\x00PK\n", name="книга.xlsx")
    assert "UTF-8" in str(refused.value)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("6.2", "п. 6.2"),
        ("2.3/1", "п. 2.3, абз. 1"),
        ("/1", "абз. 1"),
        ("3.2(1)/2/4", "п. 3.2(1), абз. 2.4"),
        ("", ""),
    ],
)
def test_a_number_is_said_as_people_do(number: str, words: str) -> None:
    assert spoken(number) == words
