"""A region of full size: all indicators counted anew on two cores, the head's page by one and by five years of data.

    python tests/load/region.py [--municipalities 34] [--organisations 300] [--years 5] [--data FOLDER]

Writes docs/benchmarks-region.md. The database is SQLite in a temporary folder unless `--data` names one to keep; every
process it starts it ends. The regulation is the invented one of `gemba fill`, its plan stretched over the years.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parents[2]
DOCUMENT = BASE / "docs" / "benchmarks-region.md"
CORES = 2
LAST_YEAR = 2026
TODAY = date(LAST_YEAR, 11, 20)
AT = datetime(LAST_YEAR, 11, 20, 9, tzinfo=UTC)
KINDS = ("omsu", "structural_unit", "institution", "institution", "institution", "organisation")
# What one organisation does in a year: a person trained, a survey, proposals, a project every second year.
JOURNAL = ("training", "survey", "event", "trainer", "contest", "popularisation")
SECONDS = 10
HEAD_MS, HEAD_SQL = 300, 20


def main() -> int:
    """Fill, measure, write; the exit code is 1 when a promise is not kept."""
    options = read_options()
    folder = Path(options.data) if options.data else Path(tempfile.mkdtemp(prefix="gemba-region-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"GEMBA_VAR": str(folder), "GEMBA_LOG_LEVEL": "ERROR"}
    os.environ.pop("DATABASE_URL", None)
    try:
        start()
        found: dict[str, Any] = {"load": os.getloadavg()[0], "cores": len(os.sched_getaffinity(0))}
        found["rows"] = filled(options.municipalities, options.organisations, options.years)
        found |= recomputed(options.years)
        found["head"] = {"all": head_page(), "all_anew": head_page(is_anew=True)}
        forget_years_but_one()
        found["head"] |= {"one": head_page(), "one_anew": head_page(is_anew=True)}
    finally:
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    DOCUMENT.write_text(document(found, options), encoding="utf-8")
    head = found["head"]["all_anew"]
    is_kept = found["now_s"] < SECONDS and head["ms"] <= HEAD_MS and head["sql"] <= HEAD_SQL
    return 0 if is_kept else 1


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Измерить край полного размера.")
    parser.add_argument("--municipalities", type=int, default=34)
    parser.add_argument("--organisations", type=int, default=300)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--data", default="", help="папка, в которой заполненная база остаётся")
    return parser.parse_args()


def start() -> None:
    """Set up the product in this process."""
    sys.path.insert(0, str(BASE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


# --- filling


def filled(municipalities: int, organisations: int, years: int) -> dict[str, int]:
    """Fill the database if it is empty; return how many rows of each kind it holds."""
    from django.core.management import call_command

    from gemba.demo.actions.quick import prepare_for_much
    from gemba.organisation.models import Municipality

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    prepare_for_much()
    for number in range(Municipality.objects.count(), municipalities):
        fill_one(number, organisations, years)
        print(f"{number + 1} из {municipalities}", file=sys.stderr, flush=True)
    return counted()


def fill_one(number: int, count: int, years: int) -> None:
    """Write one municipality: its regulation, organisations and what they did."""
    from django.db import transaction

    from gemba.organisation.access import system_actor
    from gemba.organisation.models import Municipality, Organisation, ParticipationPeriod, Region
    from gemba.regulations.actions import fill_calendar, load_edition

    pick = random.Random(number)
    with transaction.atomic():
        region, _ = Region.objects.get_or_create(code="bench", defaults={"name": "Придуманный край"})
        code = f"fill-bench-{number + 1:03}"
        town = Municipality.objects.create(
            region=region, code=code, name=f"Округ {number + 1}", time_zone="Asia/Novokuznetsk"
        )
        actor = system_actor(town, today=TODAY)
        load_edition(
            actor=actor, municipality=town, source=regulation(code, town.name, years).encode(), name="положение.yaml", at=AT,
        )  # fmt: skip
        fill_calendar(actor=actor, municipality=town, years=[LAST_YEAR, LAST_YEAR + 1], at=AT)
        places = Organisation.objects.bulk_create(
            Organisation(
                municipality=town, kind=KINDS[place % len(KINDS)], code=f"{place}", name=f"Учреждение № {place}",
                name_key=f"учреждение № {place:04}", short_name=f"У-{place}",
            )
            for place in range(count)
        )  # fmt: skip
        ParticipationPeriod.objects.bulk_create(
            ParticipationPeriod(organisation=one, starts_on=date(LAST_YEAR - years, 1, 1)) for one in places
        )
        write_work(town, places, range(LAST_YEAR - years + 1, LAST_YEAR + 1), pick)
        people_of(town)


def regulation(code: str, name: str, years: int) -> str:
    """Stretch the plan of the invented regulation over the years."""
    from gemba.demo.rules.region_pack import YEARS, region_pack

    pack = json.loads(
        region_pack(
            code=code, name=name, genitive=name, short_name=name, region="Придуманный край", time_zone="Asia/Novokuznetsk"
        )
    )  # fmt: skip
    span = range(LAST_YEAR - years + 1, LAST_YEAR + 1)
    pack["edition"] |= {"years": list(span), "effective_on": f"{span[0]}-01-01", "code": f"{span[0]}-01-01"}
    for row in pack["plan"]["sections"][0]["rows"]:
        last = row["targets"][str(YEARS[-1])]
        row["targets"] = {str(year): row["targets"].get(str(year), last) for year in span}
    return json.dumps(pack, ensure_ascii=False)


def write_work(town: Any, places: list[Any], years: Iterable[int], pick: random.Random) -> None:
    """Write events of the journal, proposals and projects of all organisations."""
    from gemba.plan.models import JournalEntry, JournalPart
    from gemba.projects.models import Participant, Project
    from gemba.proposals.models import Proposal

    def days(year: int) -> date:
        last = TODAY if year == TODAY.year else date(year, 12, 31)
        return date(year, 1, 1) + timedelta(days=pick.randrange((last - date(year, 1, 1)).days + 1))

    entries, parts, proposals, projects = [], [], [], []
    numbers = iter(range(1, 1_000_000))
    for year in years:
        for one in places:
            for kind in pick.sample(JOURNAL, 3):
                on = days(year)
                entry = JournalEntry(
                    municipality=town, kind=kind, organisation=one, on=on, counts_on=on, title="Событие", document="приказ",
                    is_marked=True, entered_by="Учёт", entered_at=AT,
                )  # fmt: skip
                entries.append(entry)
                who = f"человек {one.pk}-{pick.randrange(5)}" if kind in ("training", "trainer") else ""
                parts.append((entry, one, who))
            for _ in range(2):
                on = days(year)
                proposals.append(
                    Proposal(
                        municipality=town, organisation=one, state="closed", title="Предложение", problem="—", solution="—",
                        number_year=year, number=next(numbers), registered_on=on, decided_on=on,
                        created_at=AT, moved_at=AT, submitted_on=on, implemented_on=on, verified_on=on,
                    )
                )  # fmt: skip
            if pick.random() < 0.5:
                on = days(year)
                projects.append(
                    Project(
                        municipality=town, organisation=one, title="Проект", status="closed_success", outcome="success",
                        number_year=year, number=next(numbers),
                        created_at=AT, moved_at=AT, opened_on=date(year, 1, 1), closed_on=on,
                    )
                )  # fmt: skip
    JournalEntry.objects.bulk_create(entries, batch_size=2000)
    JournalPart.objects.bulk_create(
        (
            JournalPart(entry=entry, organisation=one, person_name=who.title(), person_key=who)
            for entry, one, who in parts
        ),
        batch_size=2000,
    )
    Proposal.objects.bulk_create(proposals, batch_size=2000)
    Project.objects.bulk_create(projects, batch_size=2000)
    Participant.objects.bulk_create(
        (Participant(project=one, organisation_id=one.organisation_id) for one in projects), batch_size=2000
    )


def people_of(town: Any) -> None:
    """Write the head, whose page is measured."""
    from gemba.organisation.models import Person, RoleGrant, User

    person = Person.objects.create(
        municipality=town, code="г", family_name="Лапин", given_name="Пётр", name_key="лапин петр"
    )
    user = User.objects.create(login=f"{town.code}.head", person=person, municipality=town, created_at=AT)
    RoleGrant.objects.create(
        user=user, role="head", municipality=town, starts_on=date(2020, 1, 1), granted_at=AT
    )


def counted() -> dict[str, int]:
    """Count what is there."""
    from gemba.organisation.models import Municipality, Organisation
    from gemba.plan.models import JournalEntry
    from gemba.projects.models import Project
    from gemba.proposals.models import Proposal

    return {
        "муниципалитетов": Municipality.objects.count(), "организаций": Organisation.objects.count(),
        "событий журнала": JournalEntry.objects.count(), "предложений": Proposal.objects.count(),
        "проектов": Project.objects.count(),
    }  # fmt: skip


# --- measuring


def recomputed(years: int) -> dict[str, float]:
    """Count all rows of all plans anew on two cores: of this quarter, and of every quarter of all years."""
    from django.db import connections

    from gemba.organisation.models import Municipality

    towns = list(Municipality.objects.order_by("pk").values_list("pk", flat=True))
    this = [(pk, LAST_YEAR, 4) for pk in towns]
    span = range(LAST_YEAR - years + 1, LAST_YEAR + 1)
    every = [(pk, year, quarter) for pk in towns for year in span for quarter in (1, 2, 3, 4)]
    connections.close_all()
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn"), initializer=start) as pool:
        list(pool.map(time_of, this[:CORES]))  # the processes start and read the rules
        found = {}
        for name, work in (("now", this), ("all", every)):
            started = time.perf_counter()
            cpu = sum(pool.map(time_of, work, chunksize=2))
            found |= {
                f"{name}_s": time.perf_counter() - started,
                f"{name}_cpu_s": cpu,
                f"{name}_plans": len(work),
            }
    return found


def time_of(what: tuple[int, int, int]) -> float:
    """Count one plan and return the seconds of the processor."""
    from gemba.organisation.models import Municipality
    from gemba.plan.queries.lens import look
    from gemba.plan.queries.plan import plan_view
    from gemba.plan.queries.population import register_on

    number, year, quarter = what
    started = time.process_time()
    town = Municipality.objects.get(pk=number)
    lens = look(municipality=town, today=TODAY, year=year, quarter=quarter)
    assert lens is not None
    view = plan_view(lens=lens, register=register_on(municipality=town, day=lens.as_of))
    assert len(view.rows) == 8
    return time.process_time() - started


def head_page(*, is_anew: bool = False) -> dict[str, float]:
    """Open the head's page again and again in this process; `is_anew`: as after an act, when all is counted again."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from gemba.organisation.models import User
    from gemba.plan.queries.glance import forget

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(
        User.objects.get(login="fill-bench-001.head"),
        backend="gemba.organisation.authentication.LoginBackend",
    )
    times, cpu = [], []
    for _ in range(15):
        if is_anew:
            forget()
        started, worked = time.perf_counter(), time.process_time()
        answer = client.get("/plan/head/")
        assert answer.status_code == 200
        times.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - worked))
    if is_anew:
        forget()
    with CaptureQueriesContext(connection) as caught:
        client.get("/plan/head/")
    asked = [
        one["sql"] for one in caught if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    return {"ms": statistics.median(times), "cpu_ms": statistics.median(cpu), "sql": len(asked)}


def forget_years_but_one() -> None:
    """Leave the data of this year in the first municipality only: the page must not have cared for the others."""
    from django.db import connection

    from gemba.organisation.models import Municipality

    first = Municipality.objects.get(code="fill-bench-001").pk
    day = f"{LAST_YEAR}-01-01"
    with connection.cursor() as cursor:
        for statement in (
            "DELETE FROM plan_journalpart WHERE entry_id IN"
            " (SELECT id FROM plan_journalentry WHERE municipality_id = %s AND counts_on < %s)",
            "DELETE FROM plan_journalentry WHERE municipality_id = %s AND counts_on < %s",
            "DELETE FROM proposals_proposal WHERE municipality_id = %s AND submitted_on < %s",
            "DELETE FROM projects_participant WHERE project_id IN"
            " (SELECT id FROM projects_project WHERE municipality_id = %s AND closed_on < %s)",
            "DELETE FROM projects_project WHERE municipality_id = %s AND closed_on < %s",
        ):
            cursor.execute(statement, [first, day])


# --- telling


def document(found: dict[str, Any], options: argparse.Namespace) -> str:
    """Write what was found."""
    return "\n".join(lines_of(found, options)) + "\n"


def lines_of(found: dict[str, Any], options: argparse.Namespace) -> Iterator[str]:
    """Write the document line by line."""
    yield "# Край полного размера"
    yield ""
    yield (
        f"Измерено командой `python tests/load/region.py` {datetime.now(UTC):%d.%m.%Y}: муниципалитетов {options.municipalities}, в каждом "
        f"{options.organisations} организаций, данные за {options.years} лет, SQLite, ядер {found['cores']}."
    )
    yield (
        "Строк в базе: "
        + ", ".join(f"{name} {count:,}".replace(",", " ") for name, count in found["rows"].items())
        + "."
    )
    if found["load"] > 0.7 * found["cores"]:
        yield (
            f"Компьютер был занят другой работой (нагрузка {number(found['load'])}): время завышено, смотрите на «процессор»."
        )
    yield ""
    yield "| что | обещано | время | процессор (все ядра) | SQL |"
    yield "|---|---:|---:|---:|---:|"
    yield (
        f"| Все показатели края на сегодня, два ядра ({found['now_plans']} планов) | {SECONDS} с | {number(found['now_s'])} с | "
        f"{number(found['now_cpu_s'])} с | |"
    )
    yield (
        f"| То же за все кварталы всех лет ({found['all_plans']} планов) | — | {number(found['all_s'])} с | "
        f"{number(found['all_cpu_s'])} с | |"
    )
    for name, title in (
        ("all", f"данные за {options.years} лет"),
        ("all_anew", f"данные за {options.years} лет, сразу после изменения данных"),
        ("one", "данные за один год"),
        ("one_anew", "данные за один год, сразу после изменения данных"),
    ):
        page = found["head"][name]
        yield (
            f"| Страница главы, {title} | {HEAD_MS} мс, {HEAD_SQL} SQL | {number(page['ms'])} мс | {number(page['cpu_ms'])} мс | "
            f"{page['sql']} |"
        )


def number(value: float) -> str:
    """Write a number with a comma."""
    return f"{value:.1f}".replace(".", ",")


if __name__ == "__main__":
    sys.exit(main())
