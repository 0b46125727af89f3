"""Problems and refusals."""

import pytest

from gemba.kernel.problems import Problem, Refusal, Severity, refuse_on


def test_a_refusal_carries_all_its_problems() -> None:
    problems = [Problem("Нет даты.", clause="п. 3.1", field="due_on"), Problem("Нет автора.")]
    refusal = Refusal(iter(problems))
    assert refusal.problems == problems
    assert str(refusal) == "Нет даты. (п. 3.1)\nНет автора."


def test_a_refusal_is_made_from_one_problem_or_a_sentence() -> None:
    assert Refusal(Problem("Нет даты.")).problems == [Problem("Нет даты.")]
    assert Refusal("Нет даты.").problems == [Problem("Нет даты.")]


def test_a_refusal_without_a_reason_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError):
        Refusal([])


def test_warnings_let_the_act_go_on() -> None:
    refuse_on(
        [Problem("Срок близко.", severity=Severity.WARNING), Problem("x", severity=Severity.NEEDS_APPROVAL)]
    )


def test_one_refusing_problem_refuses_and_brings_the_rest() -> None:
    warning, refused = Problem("Срок близко.", severity=Severity.WARNING), Problem("Срок прошёл.")
    with pytest.raises(Refusal) as caught:
        refuse_on([warning, refused])
    assert caught.value.problems == [warning, refused]


def test_the_mend_follows_the_text() -> None:
    assert str(Problem("Нет даты.", mend="Введите дату.")) == "Нет даты. Введите дату."
