"""The command line of regulations: check a file, print its schema, load it into a municipality, list editions.

`check` and `schema` need neither Django nor a database: a methodologist runs them beside the text editor.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from gemba.regulations.pack import PackError, load_pack
from gemba.regulations.pack.lint import lint
from gemba.regulations.pack.loading import line_index
from gemba.regulations.pack.schema import Pack


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `gemba regulation …`."""
    parser = subparsers.add_parser("regulation", help="положение: проверить, загрузить, показать схему")
    commands = parser.add_subparsers(dest="regulation_command", required=True, metavar="команда")

    check = commands.add_parser("check", help="проверить файл: ошибки и замечания к акту")
    check.add_argument("file", type=Path, nargs="+", metavar="ФАЙЛ")
    check.add_argument("--json", action="store_true", help="вывести как JSON")
    check.set_defaults(run=run_check, django_required=False)

    schema = commands.add_parser("schema", help="напечатать JSON Schema файла положения")
    schema.set_defaults(run=run_schema, django_required=False)

    load = commands.add_parser("load", help="загрузить файл как редакцию положения")
    load.add_argument("file", type=Path, metavar="ФАЙЛ")
    load.add_argument("--municipality", required=True, metavar="КОД")
    load.set_defaults(run=run_load, django_required=True)

    editions = commands.add_parser("list", help="показать загруженные редакции")
    editions.set_defaults(run=run_list, django_required=True)


def run_check(options: argparse.Namespace) -> int:
    """Check files; the exit code is 1 when a file is not valid, 0 when it is (findings are not errors)."""
    report = [_checked(file) for file in options.file]
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for item in report:
            _print(item)
    return 1 if any(item["problems"] for item in report) else 0


def _checked(file: Path) -> dict[str, object]:
    try:
        pack = load_pack(file)
    except PackError as error:
        return {"file": file.name, "problems": [vars(problem) for problem in error.problems], "findings": []}
    lines = line_index(file)
    findings = []
    for finding in lint(pack):
        place: tuple[str | int, ...] = finding.place
        while place and place not in lines:
            place = place[:-1]
        findings.append(
            {
                "code": finding.code,
                "title": finding.title,
                "line": lines.get(place, 1),
                "clauses": list(finding.clauses),
                "text": finding.text,
                "advice": finding.advice,
                "interpretations": list(finding.interpretations),
            }
        )
    return {"file": file.name, "title": pack.edition.title, "problems": [], "findings": findings}


def _print(item: dict[str, object]) -> None:
    problems, findings = item["problems"], item["findings"]
    assert isinstance(problems, list) and isinstance(findings, list)
    if problems:
        print(f"{item['file']}: не принят, ошибок: {len(problems)}")
        for problem in problems:
            clause = f", пункт «{problem['clause']}»" if problem["clause"] else ""
            print(f"  строка {problem['line']}{clause}, {problem['place']}: {problem['text']}.")
            if problem["mend"]:
                print(f"    Как исправить: {problem['mend']}.")
        return
    print(f"{item['file']}: читается. Замечаний к акту: {len(findings)}")
    for finding in findings:
        clauses = f" [{', '.join(finding['clauses'][:4])}]" if finding["clauses"] else ""
        read = (
            "" if not finding["interpretations"] else f" Прочтение: {', '.join(finding['interpretations'])}."
        )
        print(
            f"  строка {finding['line']}{clauses} {finding['title']}: {finding['text']} {finding['advice']}{read}"
        )


def run_schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema, for text editors that check while one types."""
    schema = Pack.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Положение муниципалитета"
    json.dump(schema, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def run_load(options: argparse.Namespace) -> int:
    """Load a file as an edition."""
    from django.utils import timezone

    from gemba.kernel.problems import Refusal
    from gemba.organisation.access import system_actor
    from gemba.organisation.models import Municipality
    from gemba.regulations.actions import load_edition

    municipality = Municipality.objects.filter(code=options.municipality).first()
    if municipality is None:
        known = (
            ", ".join(Municipality.objects.order_by("code").values_list("code", flat=True)) or "нет ни одного"
        )
        print(f"Муниципалитета «{options.municipality}» нет. Есть: {known}.", file=sys.stderr)
        return 2
    try:
        content = options.file.read_bytes()
    except OSError:
        print(f"Файл {options.file.name} не читается: проверьте имя и права.", file=sys.stderr)
        return 2
    try:
        edition = load_edition(
            actor=system_actor(municipality),
            municipality=municipality,
            source=content,
            name=options.file.name,
            at=timezone.now(),
        )
    except (PackError, Refusal) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Загружена редакция «{edition.title}», действует с {edition.effective_on:%d.%m.%Y}.")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Print the loaded editions of every municipality."""
    from gemba.regulations.models import Edition

    for edition in (
        Edition.objects.defer("pack", "source")
        .select_related("municipality")
        .order_by("municipality__code", "effective_on")
    ):
        print(f"{edition.municipality.code}\t{edition.code}\t{edition.effective_on}\t{edition.title}")
    return 0
