"""`gemba score`: answers in, points with reasons out. No database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gemba.regulations.pack import PackError, load_pack
from gemba.scorecards import findings
from gemba.scorecards.answers import Unreadable, as_json, parse_json, problems_as_json, read_answers
from gemba.scorecards.rules import score_all

LARGEST_FILE = 50 * 1024 * 1024

OK, PROBLEMS, USAGE = 0, 1, 2


class _Wrong(Exception):
    """The command cannot be done as asked."""


def add_parser(subparsers: Any) -> None:
    """Add the words of this module to the command line, and its checks to `gemba regulation check`."""
    findings.install()
    parser = subparsers.add_parser(
        "score",
        help="посчитать баллы по процедуре положения",
        description="Считает баллы по процедуре из файла положения и печатает JSON: баллы, итог, статус, место, "
        "объяснение с пунктами. Код выхода: 0 — посчитано, 1 — замечания к ответам, 2 — неверный вызов или файл.",
    )
    parser.add_argument("--pack", required=True, metavar="ФАЙЛ", help="файл положения (YAML)")
    parser.add_argument("--procedure", required=True, metavar="КОД", help="код процедуры в файле")
    parser.add_argument("--answers", required=True, metavar="ФАЙЛ", help="ответы (JSON); - читать со входа")
    parser.add_argument("--context", metavar="ФАЙЛ", help="период, вид организации и прочее (JSON)")
    parser.set_defaults(run=run, django_required=False)


def run(arguments: argparse.Namespace) -> int:
    """Score and print; return the exit code."""
    try:
        return _run(arguments)
    except _Wrong as wrong:
        print(wrong, file=sys.stderr)
        return USAGE


def _run(arguments: argparse.Namespace) -> int:
    try:
        pack = load_pack(Path(arguments.pack))
    except PackError as wrong:
        raise _Wrong(str(wrong)) from None
    except OSError as wrong:
        raise _Wrong(f"{arguments.pack}: файл положения не читается ({wrong.strerror})") from None
    procedure = next((each for each in pack.procedures if each.code == arguments.procedure), None)
    if procedure is None:
        codes = ", ".join(each.code for each in pack.procedures) or "ни одной"
        raise _Wrong(f"Процедуры «{arguments.procedure}» в файле нет. Есть: {codes}")
    context = _read(arguments.context) if arguments.context else {}
    if not isinstance(context, dict):
        raise _Wrong(f'{arguments.context}: ожидается объект {{"переменная": "значение"}}')
    answers = _read(arguments.answers)
    subjects, common, problems = read_answers(answers)
    if problems:
        _print({"procedure": procedure.code, "problems": problems_as_json(problems)})
        return PROBLEMS
    results = score_all(procedure=procedure, subjects=subjects, context={**context, **common})
    is_list = isinstance(answers, list) or "subjects" in answers
    shown = [as_json(procedure, result) for result in results]
    heading = {"procedure": procedure.code, "procedure_title": procedure.title}
    _print({**heading, "results": shown} if is_list else {**heading, **shown[0]})
    return PROBLEMS if any(result.problems for result in results) else OK


def _read(name: str) -> Any:
    try:
        if name == "-":
            text = sys.stdin.read(LARGEST_FILE + 1)
        else:
            path = Path(name)
            if path.stat().st_size > LARGEST_FILE:
                raise _Wrong(f"{name}: файл больше {LARGEST_FILE // 1024 // 1024} МБ")
            text = path.read_text(encoding="utf-8-sig")
    except OSError as wrong:
        raise _Wrong(f"{name}: файл не читается ({wrong.strerror})") from None
    except UnicodeDecodeError:
        raise _Wrong(f"{name}: файл не в кодировке UTF-8; сохраните его в UTF-8") from None
    try:
        return parse_json(text)
    except Unreadable as wrong:
        raise _Wrong(f"{name}: {wrong}") from None


def _print(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))
