"""Answers as a JSON file, and results as JSON: the format is taught in regulations/README.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gemba.kernel.problems import Problem
from gemba.regulations.pack.procedures import UNDEFINED, Procedure
from gemba.scorecards.rules import CriterionResult, Remark, Result, Subject

FILE_KEYS = {"answers", "experts", "context", "subject", "title", "subjects"}
SUBJECT_KEYS = {"subject", "title", "answers", "experts", "context"}
MOST_SUBJECTS = 50_000


class Unreadable(Exception):
    """The file is not JSON at all; the text says why, in Russian."""


class _Repeated(dict[str, Any]):
    """A JSON object that remembers the keys written twice."""

    repeated: list[str]


def _object(pairs: list[tuple[str, Any]]) -> _Repeated:
    found = _Repeated()
    found.repeated = []
    for key, value in pairs:
        if key in found:
            found.repeated.append(key)
        found[key] = value
    return found


def _not_a_number(name: str) -> Any:
    raise Unreadable(f"{name} — не число; уберите или замените на null")


def parse_json(text: str) -> Any:
    """Read JSON with exact numbers.

    :raises Unreadable: when it is not JSON.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_not_a_number, object_pairs_hook=_object)
    except json.JSONDecodeError as wrong:
        raise Unreadable(_in_russian(wrong)) from None
    except (RecursionError, ValueError):
        raise Unreadable("файл не читается: слишком глубокая вложенность или слишком длинное число") from None


MISTAKES = {
    "Expecting property name": "ожидается имя поля в кавычках. Возьмите его в двойные кавычки; после последнего "
    "поля запятая не ставится",
    "Expecting ',' delimiter": "не хватает запятой или закрывающей скобки. Поставьте запятую между записями; "
    'дробное число пишите с точкой (12.5) или в кавычках ("12,5")',
    "Expecting ':' delimiter": 'после имени поля не хватает двоеточия. Запишите "имя": значение',
    "Expecting value": "ожидается значение. Текст возьмите в двойные кавычки; пустое — null, да и нет — true и false; "
    "после последнего значения запятая не ставится",
    "Illegal trailing comma": "лишняя запятая. Уберите запятую после последней записи",
    "Extra data": "после конца записи есть ещё текст. Оставьте один объект { … } или список [ … ]",
    "Unterminated string": "не закрыты кавычки. Поставьте закрывающую кавычку в той же строке",
    "Invalid control character": "внутри кавычек перенос строки или табуляция. Запишите текст одной строкой",
    "Invalid \\": "обратная черта в тексте. Напишите её дважды: \\\\ или уберите",
    "Unexpected UTF-8 BOM": "в начале файла лишний знак (BOM). Сохраните файл в UTF-8 без BOM",
}


def _in_russian(wrong: json.JSONDecodeError) -> str:
    """Say where the file is not JSON and how to mend it."""
    how = next(
        (text for start, text in MISTAKES.items() if wrong.msg.startswith(start)),
        "запись не разобрать. Проверьте кавычки, запятые и скобки",
    )
    if not wrong.doc.strip():
        return 'файл пуст. Запишите ответы: { "answers": { … } }'
    line = wrong.doc.splitlines()[wrong.lineno - 1] if wrong.lineno <= len(wrong.doc.splitlines()) else ""
    shown = f" «{line.strip()[:60]}»" if line.strip() else ""
    return f"строка {wrong.lineno}, знак {wrong.colno}{shown}: {how}"


def read_answers(data: Any) -> tuple[list[Subject], dict[str, Any], list[Problem]]:
    """Return subjects, the common context, and what is wrong with the shape of the file."""
    problems = _repeated(data)
    context: Any = {}
    given: list[Any]
    if isinstance(data, list):
        given = data
    elif not isinstance(data, dict):
        return [], {}, [Problem("Файл ответов — не объект", mend='Начните с { "answers": { … } }.')]
    elif "subjects" in data:
        problems += _unknown_keys(data, {"subjects", "context"}, "")
        context = data.get("context") or {}
        given = _listed(data["subjects"])
    elif data.keys() & FILE_KEYS:
        given = [data]
    else:
        given = [{"answers": data}]
    if not given:
        problems.append(
            Problem("В файле нет никого", field="subjects", mend="Перечислите оцениваемых списком [ … ].")
        )
    if len(given) > MOST_SUBJECTS:
        return (
            [],
            {},
            [
                Problem(
                    f"Оцениваемых {len(given)}",
                    field="subjects",
                    mend=f"Не больше {MOST_SUBJECTS} в одном файле.",
                )
            ],
        )
    if not isinstance(context, dict):
        problems.append(
            Problem("context — не объект", field="context", mend="Запишите {переменная: значение}.")
        )
        context = {}
    found = [_subject(one, number, len(given), problems) for number, one in enumerate(given, 1)]
    names = [subject.subject for subject in found]
    problems += [
        Problem(
            f"Оцениваемый «{name}» записан дважды", field="subjects", mend="Дайте каждому своё имя в subject."
        )
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    return found, context, problems


def _listed(subjects: Any) -> list[Any]:
    """Take a list, or an object of subjects by name."""
    if isinstance(subjects, dict):
        return [{"subject": name, **one} if isinstance(one, dict) else one for name, one in subjects.items()]
    return subjects if isinstance(subjects, list) else []


def _subject(one: Any, number: int, count: int, problems: list[Problem]) -> Subject:
    where = f"subjects[{number}]" if count > 1 else ""
    if not isinstance(one, dict):
        problems.append(
            Problem(
                "Оцениваемый — не объект", field=where, mend='Запишите { "subject": …, "answers": { … } }.'
            )
        )
        return Subject(subject=str(number))
    problems += _unknown_keys(one, SUBJECT_KEYS, where)
    parts: dict[str, dict[str, Any]] = {}
    for name in ("answers", "experts", "context"):
        part = one.get(name)
        if part is not None and not isinstance(part, dict):
            problems.append(
                Problem(f"{name} — не объект", field=f"{where}.{name}".strip("."), mend="Запишите { … : … }.")
            )
        parts[name] = dict(part) if isinstance(part, dict) else {}
    given_name = one.get("subject")
    return Subject(
        subject=str(given_name) if given_name is not None else (str(number) if count > 1 else ""),
        title=str(one.get("title") or ""),
        answers=parts["answers"],
        experts=parts["experts"],
        context=parts["context"],
    )


def _unknown_keys(data: Mapping[str, Any], known: set[str], where: str) -> list[Problem]:
    return [
        Problem(
            f"Лишнее поле «{key}»",
            field=f"{where}.{key}".strip("."),
            mend=f"Уберите; бывают: {', '.join(sorted(known))}.",
        )
        for key in data
        if key not in known
    ]


def _repeated(data: Any, where: str = "") -> list[Problem]:
    found: list[Problem] = []
    if isinstance(data, _Repeated):
        found += [
            Problem(f"«{key}» записано дважды", field=f"{where}.{key}".strip("."), mend="Оставьте одно.")
            for key in data.repeated
        ]
        for key, value in data.items():
            found += _repeated(value, f"{where}.{key}".strip("."))
    elif isinstance(data, list):
        for number, value in enumerate(data, 1):
            found += _repeated(value, f"{where}[{number}]")
    return found


# --- results -----------------------------------------------------------------------------------------------


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _remark(remark: Remark) -> dict[str, str]:
    return {"text": remark.text, "clause": remark.clause, "criterion": remark.criterion}


def _problem(problem: Problem) -> dict[str, str]:
    return {"text": problem.text, "clause": problem.clause, "field": problem.field, "mend": problem.mend}


def _criterion(result: CriterionResult) -> dict[str, Any]:
    return {
        "title": result.title,
        "clause": result.clause,
        "state": result.state.value,
        "value": _text(result.value),
        "points": _text(result.points),
        "normalised": _text(result.normalised),
        "coefficient": _text(result.coefficient),
        "weighted": _text(result.weighted),
        "minimum": _text(result.minimum),
        "maximum": _text(result.maximum),
        "counted": list(result.counted),
        "not_counted": list(result.not_counted),
        "marks": {name: _text(mark) for name, mark in result.marks.items()},
    }


def as_json(procedure: Procedure, result: Result) -> dict[str, Any]:
    """Return the result as plain data; numbers are strings, so that nothing is lost on the way."""
    # Where the act has no statuses by total, being a winner is the status.
    by_place = not procedure.bands and result.outcome is None
    status = result.award if by_place else result.outcome
    title = result.award_title if by_place else result.outcome_title
    if status is None and (procedure.bands or result.total is None or result.may_be_cut):
        title = UNDEFINED
    return {
        "subject": result.subject,
        "title": result.title,
        "points": {code: _text(each.points) for code, each in result.criteria.items()},
        "weighted": {code: _text(each.weighted) for code, each in result.criteria.items()},
        "blocks": {code: _text(each.weighted) for code, each in result.blocks.items()},
        "total": _text(result.total),
        "known_total": _text(result.known_total),
        "is_complete": result.is_complete,
        "banner": result.banner,
        "minimum": _text(result.minimum),
        "maximum": _text(result.maximum),
        "status": status,
        "status_title": title,
        "cut_by": list(result.cut_by),
        "rank": result.place,
        "provisional": result.provisional,
        "group": list(result.group),
        "award": result.award,
        "award_title": result.award_title,
        "explanation": [_remark(remark) for remark in result.explanation],
        "undefined": [_remark(remark) for remark in result.undefined],
        "warnings": [_remark(remark) for remark in result.warnings],
        "problems": [_problem(problem) for problem in result.problems],
        "criteria": {code: _criterion(each) for code, each in result.criteria.items()},
    }


def problems_as_json(problems: list[Problem]) -> list[dict[str, str]]:
    """Return problems as plain data."""
    return [_problem(problem) for problem in problems]
