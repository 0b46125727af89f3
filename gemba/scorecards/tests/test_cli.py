"""`gemba score` as it is called: files in, JSON and an exit code out."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gemba.scorecards import cli
from gemba.scorecards.answers import Unreadable, parse_json

REGULATIONS = Path(__file__).parents[3] / "regulations"
SIGNIFICANCE = REGULATIONS / "leninsk-kuznetsky" / "2022-09-30.yaml"
CHECKLIST = REGULATIONS / "promyshlennovsky" / "2025-12-02.yaml"
WHOLE = {"1": ["1a"], "2": ["2a"], "3": ["3a"], "4": ["4a"], "5": ["5a"], "6": ["6a"], "7": ["7a"]}


def call(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_parser(parser.add_subparsers())
    read = parser.parse_args(["score", *arguments])
    assert read.django_required is False
    return int(read.run(read))


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Score answers and return the exit code and the JSON printed."""

    def asked(
        answers: Any, *, pack: Path = SIGNIFICANCE, code: str = "significance", context: Any = None
    ) -> Any:
        file = tmp_path / "answers.json"
        file.write_text(answers if isinstance(answers, str) else json.dumps(answers), encoding="utf-8")
        line = ["--pack", str(pack), "--procedure", code, "--answers", str(file)]
        if context is not None:
            conditions = tmp_path / "context.json"
            conditions.write_text(json.dumps(context), encoding="utf-8")
            line += ["--context", str(conditions)]
        exit_code = call(*line)
        said = capsys.readouterr()
        assert said.out, said.err
        return exit_code, json.loads(said.out)

    return asked


def test_points_total_status_and_reasons(ask: Any) -> None:
    code, said = ask({"answers": {**WHOLE, "6": ["6b"]}})
    assert code == 0
    assert said["points"]["6"] == "1"
    assert (said["total"], said["status"]) == ("9.5", "regional")
    assert said["status_title"] == "Региональный бережливый проект"
    assert said["maximum"] == "10"
    assert said["rank"] is None
    assert all(remark["clause"] for remark in said["explanation"])
    assert said["problems"] == []


def test_a_flat_file_of_answers_is_enough(ask: Any) -> None:
    assert ask(WHOLE)[1]["total"] == "10"


def test_several_subjects_get_places_and_a_banner(ask: Any) -> None:
    subjects = [
        {"subject": "а", "answers": {"1": [1, 2, 3]}},
        {"subject": "б", "answers": {"1": [1, 3]}},
        {"subject": "в", "answers": {"1": ["1"], "3": ["3"]}},
        {"subject": "г", "answers": {}},
    ]
    code, said = ask(
        {"subjects": subjects}, pack=CHECKLIST, code="checklist", context={"rating_group": "subordinate"}
    )
    assert code == 0
    assert [result["rank"] for result in said["results"]] == [1, 2, 2, 4]
    assert [result["total"] for result in said["results"]] == ["3", "1", "1", "0"]
    assert said["results"][2]["points"]["3"] == "3"
    assert said["results"][2]["weighted"]["3"] is None
    assert "критерия 3" in said["results"][2]["banner"]
    assert "не определено положением" in said["results"][2]["undefined"][0]["text"]


def test_subjects_may_be_named_by_key(ask: Any) -> None:
    subjects = {"а": {"answers": WHOLE}, "б": {"answers": {**WHOLE, "1": ["1z"]}}}
    _, said = ask({"subjects": subjects})
    assert {each["subject"]: each["status"] for each in said["results"]} == {"а": "federal", "б": "not_lean"}
    assert said["results"][1]["cut_by"] == ["1"]


def test_what_may_still_change_is_marked(ask: Any) -> None:
    subjects = [{"subject": "а", "answers": {"1": [1]}}, {"subject": "б", "answers": {"1": ["нет такой"]}}]
    rated = {"pack": CHECKLIST, "code": "checklist", "context": {"rating_group": "subordinate"}}
    code, said = ask({"subjects": subjects}, **rated)
    assert code == 1
    assert [(each["rank"], each["provisional"]) for each in said["results"]] == [(1, True), (None, False)]


def test_problems_in_answers_have_exit_code_1_and_say_what_to_do(ask: Any) -> None:
    code, said = ask({"answers": {**WHOLE, "1": ["1a", "1q"], "8": [1]}})
    assert code == 1
    assert said["total"] is None
    assert said["status"] is None
    assert said["status_title"] == "не определено положением"
    assert said["known_total"] == "9"
    assert {problem["field"] for problem in said["problems"]} == {"answers.1", "answers.8"}
    assert all(problem["mend"] for problem in said["problems"])


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ([], "нет никого"),
        ("7", "не объект"),
        ({"subjects": []}, "нет никого"),
        ({"subjects": [{"subject": "а", "answer": {}}]}, "«answer»"),
        ({"subjects": [{"subject": "а"}, {"subject": "а"}]}, "дважды"),
        ({"answers": [1, 2]}, "answers — не объект"),
        ('{"answers": {"1": ["1a"], "1": ["1z"]}}', "записано дважды"),
    ],
)
def test_a_file_of_the_wrong_shape(ask: Any, answers: Any, text: str) -> None:
    code, said = ask(answers)
    assert code == 1
    assert any(text in problem["text"] for problem in said["problems"]), said["problems"]


@pytest.mark.parametrize(
    "content", ["{", '{"answers": {"1": NaN}}', "[" * 100_000, '{"1": ' + "9" * 5000 + "}"]
)
def test_a_file_that_is_not_json_has_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = tmp_path / "answers.json"
    file.write_text(content, encoding="utf-8")
    assert call("--pack", str(SIGNIFICANCE), "--procedure", "significance", "--answers", str(file)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "answers.json" in said.err


def test_wrong_calls_have_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text("{}", encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text("municipality:\n  code: x\n  colour: red\n", encoding="utf-8")
    for pack, code, file, text in (
        (SIGNIFICANCE, "other", answers, "Есть: significance"),
        (SIGNIFICANCE, "significance", tmp_path / "none.json", "не читается"),
        (tmp_path / "none.yaml", "significance", answers, "none.yaml"),
        (broken, "significance", answers, "colour"),
    ):
        assert call("--pack", str(pack), "--procedure", code, "--answers", str(file)) == 2
        assert text in capsys.readouterr().err


def test_the_command_needs_no_django() -> None:
    line = "import sys, gemba.scorecards.cli; sys.exit(int(any(n.split('.')[0] == 'django' for n in sys.modules)))"
    assert subprocess.run([sys.executable, "-c", line], check=False).returncode == 0


INVENTED = """\
municipality: {code: zarechny, name: Заречный округ, genitive: Заречного округа, short_name: Заречный, region: Приречье}
edition: {code: "2026", title: Положение о конкурсе, programme: Бережливый округ, years: [2026], effective_on: 2026-01-01}
acts:
  - code: decree
    kind: постановление
    issuer: Администрация Заречного округа
    number: "12"
    date: 2026-01-01
    title: О конкурсе
    status: in_force
    approves: [contest]
documents:
  - code: contest
    title: Положение о конкурсе
    short_title: Положение
    kind: regulation
    act: decree
    sections:
      - number: 3
        title: Оценка
        clauses: [{number: 3.1, text: т}, {number: 3.2, text: т}, {number: 3.3, text: т}, {number: 3.4, text: т}, {number: 3.5, text: т}]
      - number: 4
        title: Отказ
        clauses: [{number: 4.1, text: т}]
      - number: 5
        title: Итоги
        clauses: [{number: 5.1, text: т}, {number: 5.2, text: т}]
procedures:
"""


def test_a_procedure_written_by_the_guide_is_scored(ask: Any, tmp_path: Path) -> None:
    """The contest of the guide in the pack of a municipality that is not shipped, from file to winners."""
    guide = (REGULATIONS / "README.md").read_text(encoding="utf-8")
    contest = guide[guide.index("- code: contest\n") :].split("```")[0]
    pack = tmp_path / "pack.yaml"
    pack.write_text(
        INVENTED + contest.replace("\n", "\n  ").replace("- code: contest", "  - code: contest", 1),
        encoding="utf-8",
    )
    subjects = [
        {
            "subject": "А",
            "experts": {
                "э1": {"novelty": 10, "effect": 10, "show": 5},
                "э2": {"novelty": 9, "effect": 9, "show": "4,5"},
            },
        },
        {
            "subject": "Б",
            "experts": {
                "э1": {"novelty": 9, "effect": 9, "show": 5},
                "э2": {"novelty": 8, "effect": None, "show": 5},
            },
        },
        {
            "subject": "В",
            "experts": {
                "э1": {"novelty": 9, "effect": 9, "show": 5},
                "э2": {"novelty": 9, "effect": 9, "show": 5},
            },
        },
    ]
    code, said = ask({"subjects": subjects}, pack=pack, code="contest")
    assert code == 0
    # Б has one mark for the effect where two are needed: undefined, and therefore no place.
    assert [each["total"] for each in said["results"]] == ["52.25", None, "50"]
    assert [each["rank"] for each in said["results"]] == [1, None, 2]
    assert [each["award"] for each in said["results"]] == ["first", None, "second"]
    assert said["results"][0]["status_title"] == "Диплом I степени"
    assert said["results"][1]["undefined"][0]["clause"] == "contest 3.4"


@pytest.mark.parametrize(
    ("text", "where", "how"),
    [
        ('{"answers": {\n "1": 5,\n}}', "строка", "запят"),
        ('{"answers":\n {"1": 5 "2": 6}}', "строка 2, знак 10", "не хватает запятой"),
        ('{"answers": {"1": 12,5}}', "строка 1", "в двойные кавычки"),
        ("{answers: 1}", "строка 1, знак 2", "в двойные кавычки"),
        ('{"answers": }', "строка 1", "ожидается значение"),
        ('{"a" 1}', "строка 1", "двоеточия"),
        ('{"a": 1} конец', '«{"a": 1} конец»', "ещё текст"),
        ('{"a": "б}', "строка 1", "не закрыты кавычки"),
        ('{"a": "б\n"}', "строка 1", "перенос строки"),
        (" \n", "файл пуст", "answers"),
    ],
)
def test_what_is_not_json_is_said_in_russian(text: str, where: str, how: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        parse_json(text)
    said = str(wrong.value)
    assert where in said
    assert how in said
    assert not any(word in said for word in ("Expecting", "delimiter", "Extra", "Unterminated", "Invalid"))
