"""Procedures of nobody's act, written by regulations/README.md alone, from the file to what `gemba score` prints.

The numbers expected were computed by hand; the comments say how.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from gemba.regulations.pack import load_pack
from gemba.scorecards import cli

PACK = Path(__file__).with_name("foreign.yaml")


def experts(**marks: list[Any]) -> dict[str, dict[str, Any]]:
    """Return the marks by expert: experts(вид=[8, 9]) is э1 with 8 and э2 with 9."""
    count = max(len(row) for row in marks.values())
    return {
        f"э{number + 1}": {code: row[number] for code, row in marks.items() if number < len(row)}
        for number in range(count)
    }


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Score the subjects with the command; return its exit code and the results by subject."""

    def asked(
        code: str, context: dict[str, Any], /, **subjects: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        parser = argparse.ArgumentParser()
        cli.add_parser(parser.add_subparsers())
        files = {"answers": {"subjects": subjects}, "context": context}
        line = ["score", "--pack", str(PACK), "--procedure", code]
        for name, data in files.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
            line += [f"--{name}", str(tmp_path / f"{name}.json")]
        read = parser.parse_args(line)
        exit_code = int(read.run(read))
        return exit_code, {each["subject"]: each for each in json.loads(capsys.readouterr().out)["results"]}

    return asked


def fields(results: dict[str, Any], *names: str) -> dict[str, tuple[Any, ...]]:
    return {subject: tuple(each[name] for name in names) for subject, each in results.items()}


def test_the_pack_is_whole_and_has_twelve_procedures() -> None:
    assert len(load_pack(PACK).procedures) == 12


def test_contest_without_extremes_and_with_a_tie_by_date(ask: Any) -> None:
    code, found = ask(
        "workplace", {},
        # (8 + 9 + 7) / 3 = 8 × 0,4 = 3,2; (7 + 7 + 8) / 3 = 22/3 × 0,6 = 4,4
        А={"context": {"submitted": "2026-03-02"}, "experts": experts(вид=[8, 9, 10, 7, 6], удобство=[7, 7, 8, 9, 4])},
        # fewer than five marks: nothing is dropped; 8 × 0,4 and 22/3 × 0,6 again, but earlier
        Б={"context": {"submitted": "2026-03-01"}, "experts": experts(вид=[8, 8, 8, 8, None], удобство=[7, 7, 8, None, None])},
        В={"context": {"submitted": "2026-02-01"}, "experts": experts(вид=[0, 9, 9, 9, 9], удобство=[9, 9, 9, 9, 9])},
        Г={"context": {"submitted": "2026-02-02"}, "experts": experts(вид=[6] * 5, удобство=[6] * 5)},
    )  # fmt: skip
    assert code == 0
    assert fields(found, "total", "rank", "award") == {
        "А": ("7.6", 2, "silver"),
        "Б": ("7.6", 1, "gold"),
        "В": ("9", None, None),
        "Г": ("6", 3, None),
    }
    assert found["В"]["status"] == "off" and found["В"]["cut_by"] == ["э1"]


def test_contest_with_too_few_experts_is_not_defined(ask: Any) -> None:
    marks = experts(вид=[9, 9], удобство=[9, 9])
    code, found = ask("workplace", {}, А={"context": {"submitted": "2026-03-02"}, "experts": marks})
    assert code == 0 and found["А"]["total"] is None
    assert any("нужно не менее 3" in each["text"] for each in found["А"]["undefined"])


def test_audit_of_five_s(ask: Any) -> None:
    code, found = ask(
        "fives", {},
        # 4 × 0,2 + 3 × 0,3 + 3 × 0,5 = 3,2 of 4
        А={"answers": {"1.1": 4, "1.2": "n/a", "2.1": 3, "3.1": 4, "3.2": 3}},
        # 3,5 × 0,2 + 4 × 0,3 + 4 × 0,5 = 3,9 of 4 = 97,5
        Б={"answers": {"1.1": 4, "1.2": 3, "2.1": 4, "3.1": 4, "3.2": 4}},
        # 0,8 + 1,2 + 0 = 2 of 4
        В={"answers": {"1.1": 4, "1.2": 4, "2.1": 4, "3.1": 4, "3.2": 0}},
        Г={"answers": {"1.1": 2.5, "1.2": 4, "2.1": 4, "3.1": 4, "3.2": 4}},
    )  # fmt: skip
    assert code == 1, "a mark beside the step is a problem"
    assert fields(found, "total", "status", "cut_by") == {
        "А": ("80", "yellow", []),
        "Б": ("98", "green", []),
        "В": ("50", "red", ["s3"]),
        "Г": (None, None, []),
    }
    assert found["Г"]["problems"][0]["field"] == "answers.1.1"


def test_partner_check(ask: Any) -> None:
    code, found = ask(
        "partner", {},
        А={"answers": {"a": True, "b": True, "c": True, "d": True}},
        Б={"answers": {"a": "да", "b": True, "c": False, "d": "n/a"}},  # 2 of 3 = 66,67, down to 66
        В={"answers": {"a": False, "b": "нет", "c": True, "d": True}},  # 3 of 5
        Г={"answers": {"a": "может быть", "b": True, "c": True, "d": True}},
        Д={"answers": {"a": "n/a", "b": True, "c": True, "d": True}},
    )  # fmt: skip
    assert code == 1
    assert fields(found, "total", "status", "cut_by") == {
        "А": ("100", "confirmed", []),
        "Б": ("66", "again", []),
        "В": ("60", "declined", ["a", "b"]),
        "Г": (None, None, []),
        "Д": (None, None, []),
    }
    assert "не предусмотрен" in found["Д"]["problems"][0]["text"]


@pytest.mark.parametrize(("year", "status"), [("2026", "taken"), ("2027", "below"), ("2028", None)])
def test_median_of_experts_and_a_threshold_by_year(ask: Any, year: str, status: str | None) -> None:
    marks = experts(польза=[["округ"], "отдел", ["отдел"]], просто=[4, 5, "2"])  # 3 and 4
    code, found = ask("proposals", {"period": year}, А={"experts": marks})
    assert (code, found["А"]["total"], found["А"]["status"]) == (0, "7", status)
    assert bool(found["А"]["undefined"]) == (status is None)


def test_an_expert_may_not_abstain_nor_choose_two_rows(ask: Any) -> None:
    code, found = ask(
        "proposals", {"period": "2026"},
        А={"experts": experts(польза=[["округ"], None, ["отдел"]], просто=[4, 5, 2])},
        Б={"experts": experts(польза=[["округ", "отдел"], ["отдел"], ["отдел"]], просто=[4, 5, 2])},
        В={"experts": experts(польза=[["округ"], ["отдел"]], просто=[4, 5])},
    )  # fmt: skip
    assert code == 1
    assert {name: each["total"] for name, each in found.items()} == {"А": None, "Б": None, "В": None}
    assert "воздержаться нельзя" in found["А"]["problems"][0]["text"]
    assert "выбрать можно одну" in found["Б"]["problems"][0]["text"]
    assert not found["В"]["problems"] and found["В"]["undefined"]


def test_comparison_within_the_group(ask: Any) -> None:
    school, library = {"kind": "school"}, {"kind": "library"}
    code, found = ask(
        "costs", {},
        А={"context": school, "answers": {"деньги": 100, "срок": 10}},  # (3 × 1 + 0,5) / 4 = 0,875 → even 0,88
        Б={"context": school, "answers": {"деньги": 200, "срок": 5}},  # (3 × 0 + 1) / 4
        В={"context": school, "answers": {"деньги": "150", "срок": "20,0"}},  # (3 × 0,5 + 0,25) / 4 = 0,4375
        Г={"context": library, "answers": {"деньги": 500, "срок": 7}},  # alone: full and best
    )  # fmt: skip
    assert code == 0
    assert fields(found, "total", "rank", "group") == {
        "А": ("0.88", 1, ["school"]),
        "Б": ("0.25", 3, ["school"]),
        "В": ("0.44", 2, ["school"]),
        "Г": ("1", 1, ["library"]),
    }


def test_a_group_that_is_not_in_the_list_is_refused(ask: Any) -> None:
    code, found = ask("costs", {"kind": "museum"}, А={"answers": {"деньги": 1, "срок": 1}})
    assert code == 1 and found["А"]["rank"] is None
    assert "museum" in json.dumps(found["А"]["problems"], ensure_ascii=False)


def test_cumulative_levels_and_the_cap_of_a_block(ask: Any) -> None:
    code, found = ask(
        "maturity", {},
        # 1 (row 3 without row 2) + 3 × 0,5 + 1 = 3,5; 25 / 10 → 2
        А={"answers": {"обучение": [1, 3], "наставники": {"н": 3, "ж": True}, "стандарты": 25}},
        # 4 + 4 × 0,5 (no more than four) = 6, no more than 5; 47 / 10 → 4, no more than 3
        Б={"answers": {"обучение": [3, 2, 1], "наставники": {"н": 9}, "стандарты": 47}},
        В={"answers": {"обучение": [], "наставники": [], "стандарты": 0}},
        Г={"answers": {"обучение": ["4"], "наставники": [], "стандарты": 0}},
    )  # fmt: skip
    assert code == 1
    assert fields(found, "total", "status") == {
        "А": ("5.5", None), "Б": ("8", "high"), "В": ("0", "low"), "Г": (None, None),
    }  # fmt: skip
    assert any("не выполнена строка 2" in each["text"] for each in found["А"]["explanation"])
    assert found["А"]["undefined"], "a total between the statuses is said to be undefined"
    assert "«4» нет" in found["Г"]["problems"][0]["text"]


def test_product_of_scales(ask: Any) -> None:
    def risk(*marks: int) -> dict[str, Any]:
        return {"answers": dict(zip(("тяжесть", "частота", "заметность"), marks, strict=True))}

    code, found = ask("risks", {}, А=risk(8, 5, 3), Б=risk(9, 1, 1), В=risk(5, 4, 4), Г=risk(11, 1, 1))
    assert code == 1
    assert fields(found, "total", "status") == {
        "А": ("120", "act"), "Б": ("9", "stop"), "В": ("80", "watch"), "Г": (None, None),
    }  # fmt: skip


def test_penalties_bonus_floor_cap_and_shared_places(ask: Any) -> None:
    def facts(share: Any, days: Any, started: bool) -> dict[str, Any]:
        return {"answers": {"база": share, "начало": True, "дни": days, "почин": started}}

    code, found = ask(
        "discipline", {},
        А=facts(75, 3, True),  # 10 − 2 = 8; − 1,5 + 3
        Б=facts(100, 0, True),  # 10 + 3 = 13, no more than 12
        В=facts(0, 20, False),  # 10 − 10 = 0; − 4, no less than 0
        Г=facts("75,0", "3", True),
    )  # fmt: skip
    assert code == 0
    assert fields(found, "total", "rank") == {
        "А": ("9.5", 2), "Б": ("12", 1), "В": ("0", 4), "Г": ("9.5", 2),
    }  # fmt: skip
    code, found = ask("discipline", {}, А=facts(120, -1, True))
    assert code == 1 and {each["field"] for each in found["А"]["problems"]} == {"answers.база", "answers.дни"}


def test_totals_of_experts_and_nobody_at_the_border(ask: Any) -> None:
    young = {"kind": "young"}
    code, found = ask(
        "mentors", {},
        А={"context": young, "experts": experts(x=[4, 3], y=[3, 4])},  # 11 and 10
        Б={"context": young, "experts": experts(x=[5, 2, 4], y=[5, None, 4])},  # 15, left out, 12
        В={"context": young, "experts": experts(x=[3, 4], y=[4, 3])},  # 10 and 11
        Г={"context": young, "experts": experts(x=[1, 1, 5], y=[1, 2, 5])},  # 3, 4, 15: two of three below 5
        Д={"context": {"kind": "experienced"}, "experts": experts(x=[5, None], y=[5, None])},
    )  # fmt: skip
    assert code == 0
    assert fields(found, "total", "rank", "award", "status") == {
        "А": ("10.5", 2, None, None),
        "Б": ("13.5", 1, "paid", "paid"),
        "В": ("10.5", 2, None, None),
        "Г": ("7.3", None, None, "refused"),
        "Д": (None, None, None, None),
    }
    assert found["Д"]["undefined"] and not found["А"]["provisional"]


def test_a_weight_that_is_not_printed(ask: Any) -> None:
    code, found = ask(
        "quality", {},
        А={"answers": {"1": 80, "2": 10, "3": 40}},  # (40 + 10) / 0,75
        Б={"answers": {"1": 60, "2": 0, "3": 80}},  # (30 + 20) / 0,75
        В={"answers": {"1": 50, "2": 5, "3": 50}},  # 37,5 / 0,75
    )  # fmt: skip
    assert code == 0
    assert fields(found, "total", "rank", "status") == {
        "А": ("66.7", 1, None), "Б": ("66.7", 1, None), "В": ("50", 3, None),
    }  # fmt: skip
    assert "2" in found["А"]["banner"] and found["А"]["points"]["2"] == "10"


@pytest.mark.parametrize(
    ("people", "answer", "total", "code", "is_undefined"),
    [
        (30, {"numerator": 31, "denominator": 48}, "15", 0, False),  # 64,58 % → 10 × 1,5
        (499, 50, "4", 0, False),
        (30, 55, None, 0, True),  # in the gap between the ranges
        (30, {"numerator": 0, "denominator": 0}, None, 0, True),
        (30, {"numerator": 50, "denominator": 48}, None, 1, False),  # 104 %
        (700, 64, None, 0, True),  # no coefficient for so many people
    ],
)
def test_shares_gaps_and_a_coefficient_by_population(
    ask: Any, people: int, answer: Any, total: str | None, code: int, is_undefined: bool
) -> None:
    exit_code, found = ask("trained", {"people": people}, А={"answers": {"доля": answer}})
    assert (exit_code, found["А"]["total"]) == (code, total)
    assert bool(found["А"]["undefined"]) == is_undefined


def test_a_variable_that_is_not_given_is_asked_for(ask: Any) -> None:
    code, found = ask("trained", {}, А={"answers": {"доля": 64}})
    assert code == 1 and found["А"]["total"] is None
    assert any("people" in each["mend"] + each["text"] for each in found["А"]["problems"])


def test_the_better_of_two_and_dense_places(ask: Any) -> None:
    village, town = {"territory": "village"}, {"territory": "town"}
    code, found = ask(
        "award", {},
        # the highest of 7,5 and (9 − 3) × 2 = 12, no more than 8; (8 + 4,5) × 1,25 = 15,625, up to 16
        А={"context": village, "answers": {"проект": ["р", "о"], "идеи": 9, "жюри": 4.5}},
        Б={"context": town, "answers": {"проект": [], "идеи": 2, "жюри": 4}},
        В={"context": town, "answers": {"проект": ["о"], "идеи": 5, "жюри": "3,5"}},
        Г={"context": town, "answers": {"проект": "о", "идеи": 0, "жюри": 3.5}},
    )  # fmt: skip
    assert code == 0
    assert fields(found, "total", "rank", "award") == {
        "А": ("16", 1, "first"), "Б": ("4", 3, None), "В": ("11", 2, "second"), "Г": ("11", 2, "second"),
    }  # fmt: skip


@pytest.mark.parametrize("code", ["workplace", "fives", "partner", "risks", "award", "quality", "discipline"])
def test_what_does_not_exist_is_refused_by_name(ask: Any, code: str) -> None:
    exit_code, found = ask(code, {}, А={"answers": {"нет такого": 5}})
    assert exit_code == 1 and found["А"]["total"] is None
    assert any("«нет такого»" in each["text"] for each in found["А"]["problems"])
