"""`gemba organisations|people import|export`: the exchange from the command line of the server."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

# The command line is read before Django starts, so models are imported by the commands themselves.
if TYPE_CHECKING:
    from gemba.organisation.models import Municipality

PROBLEMS_SHOWN = 50


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands `organisations` and `people`."""
    for subject, help_text in (("organisations", "организации"), ("people", "сотрудники")):
        parser = subparsers.add_parser(subject, help=f"загрузить или выгрузить: {help_text}")
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("import", help="проверить файл и загрузить его")
        load.add_argument("file", type=Path, help="заполненный шаблон .xlsx")
        load.add_argument("--municipality", required=True, help="код округа")
        load.add_argument(
            "--accept-good", action="store_true", help="загрузить верные строки, пропустив остальные"
        )
        load.add_argument("--dry-run", action="store_true", help="только проверить")
        load.set_defaults(run=run_import, subject=subject)
        save = verbs.add_parser("export", help="выгрузить всё в файл .xlsx")
        save.add_argument("file", type=Path, help="куда записать")
        save.add_argument("--municipality", required=True, help="код округа")
        save.set_defaults(run=run_export, subject=subject)


def run_import(options: argparse.Namespace) -> int:
    """Check the file, tell what it would do and load it unless told not to; 0 when all went in."""
    from django.utils import timezone

    from gemba.kernel.problems import Refusal
    from gemba.organisation import actions
    from gemba.organisation.access import system_actor
    from gemba.organisation.exchange.doors import check_file
    from gemba.organisation.exchange.plans import CHANGE, CREATE, SAME

    acts = {"organisations": actions.import_organisations, "people": actions.import_people}
    municipality = _municipality(options.municipality)
    if municipality is None:
        return 2
    try:
        with options.file.open("rb") as stream:
            plan = check_file(subject=options.subject, stream=stream, municipality=municipality)
    except OSError as error:
        return _fail(f"Файл {options.file} не открывается: {error.strerror}.")
    except Refusal as refusal:
        return _fail(str(refusal))
    for problem in plan.problems[:PROBLEMS_SHOWN]:
        print(problem)
    if len(plan.problems) > PROBLEMS_SHOWN:
        print(f"… и ещё ошибок: {len(plan.problems) - PROBLEMS_SHOWN}")
    print(
        f"Внести: {plan.count(CREATE)}, изменить: {plan.count(CHANGE)}, без изменений: {plan.count(SAME)}, "
        f"с ошибками: {len(plan.bad_rows)}."
    )
    if options.dry_run:
        print("Только проверка: ничего не загружено.")
        return 1 if plan.bad_rows else 0
    try:
        acts[options.subject](
            actor=system_actor(municipality), municipality=municipality, plan=plan, file_name=options.file.name,
            accept_good=options.accept_good, at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _fail(f"{refusal} На сервере: --accept-good.")
    print("Загружено.")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write everything into the file."""
    from gemba.organisation.exchange.doors import export_file

    municipality = _municipality(options.municipality)
    if municipality is None:
        return 2
    with export_file(subject=options.subject, municipality=municipality) as stream:
        try:
            options.file.write_bytes(stream.read())
        except OSError as error:
            return _fail(f"Файл {options.file} не записать: {error.strerror}.")
    print(f"Записано: {options.file}")
    return 0


def _municipality(code: str) -> "Municipality | None":
    from gemba.organisation.models import Municipality

    found = Municipality.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Municipality.objects.order_by("code").values_list("code", flat=True)) or "ни одного"
        _fail(f"Округа с кодом «{code}» нет. Есть: {known}.")
    return found


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 2
