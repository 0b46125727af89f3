"""The demo as a whole: which municipalities it makes, what stops it, how it begins anew."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from gemba.demo.actions.accounts import open_accounts, open_regional_office
from gemba.demo.actions.assessments import enter_assessments
from gemba.demo.actions.bodies import enter_bodies
from gemba.demo.actions.papers import issue_papers
from gemba.demo.actions.programme import (
    enter_programme,
    give_measures,
    link_executors,
    send_reports,
)
from gemba.demo.actions.projects import enter_projects
from gemba.demo.actions.recognition import enter_results
from gemba.demo.actions.town import Made, enter_register, fill_calendars, load_editions, open_municipality
from gemba.demo.actions.work import enter_work
from gemba.demo.rules.invention import invent_town, measure_of
from gemba.demo.rules.programme import for_the_journal, invent_programme
from gemba.demo.rules.projects import closed_projects, open_projects
from gemba.demo.rules.region import CODE_PREFIX
from gemba.demo.rules.seats import give_titles
from gemba.demo.rules.towns import TOWNS, Town
from gemba.demo.rules.work import invent_work
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.models import Municipality, User
from gemba.regulations.pack import Pack, load_pack

# What people do where the regulation has no plan to be fed.
_FEEDS_WITHOUT_PLAN = {"people_trained", "projects_closed", "events_attended", "contests_held"}
Progress = Callable[[str], None]


def make_demo(*, regulations: Path, seed: int, today: date, progress: Progress) -> list[str]:
    """Make what is missing of the demo and return the names of the municipalities made now.

    :raises Refusal: when the database holds anything but the demo, or a regulation file is missing.
    """
    refuse_real_data()
    known = set(Municipality.objects.values_list("code", flat=True))
    made = []
    for number, town in enumerate(TOWNS):
        if town.code not in known:
            made.append(make_town(town, number, regulations, seed, today, progress))
    return made


@transaction.atomic
def make_town(town: Town, number: int, regulations: Path, seed: int, today: date, progress: Progress) -> str:
    """Make one municipality of the demo, whole or not at all.

    :raises Refusal: when its regulation file is missing.
    """
    files = sorted((regulations / town.code).glob("*.yaml"))
    if not files:
        raise Refusal(
            Problem(
                f"Нет файла положения «{town.code}».",
                mend="Проверьте папку regulations или GEMBA_REGULATIONS.",
            )
        )
    read = sorted(((load_pack(file), file) for file in files), key=lambda pair: pair[0].edition.effective_on)
    packs, files = [pack for pack, _ in read], [file for _, file in read]
    pack, begins_on = packs[0], packs[0].edition.effective_on
    if begins_on.month == begins_on.day == 1:
        begins_on = begins_on.replace(day=13)
    progress(pack.municipality.name)
    measure = measure_of(
        town,
        genitive=pack.municipality.genitive,
        begins_on=begins_on,
        today=today,
        offset=1000 * (number + 1),
    )
    invented = invent_town(town.code, measure, seed)
    give_titles(invented, [seat.position for body in pack.bodies for seat in body.seats])
    municipality = open_municipality(town=town, pack=pack, at=_morning(begins_on, pack))
    made = Made(municipality, invented, begins_on, today)
    load_editions(made=made, files=files)
    fill_calendars(made=made)
    enter_register(made=made, progress=progress)
    bodies = enter_bodies(made=made, pack=packs[-1])
    open_accounts(made=made, bodies=bodies)
    open_regional_office(region=municipality.region, made=made)
    work = invent_work(
        invented,
        seed=seed,
        begins_on=begins_on,
        today=today,
        targets=_targets(town, packs[-1]),
        zeal_floor=town.zeal,
    )
    enter_work(made=made, invented=work, progress=progress)
    link_executors(made=made, pack=packs[-1])
    feeds = {row.indicator for row in packs[-1].plan_rows()} or _FEEDS_WITHOUT_PLAN
    events = invent_programme(
        invented,
        seed=seed,
        begins_on=begins_on,
        today=today,
        years=town.work_years,
        feeds=feeds,
        zeal_floor=town.zeal,
    )
    enter_programme(made=made, invented=for_the_journal(events), progress=progress)
    closings = [event for event in events if event.kind == "project"]
    projects = closed_projects(invented, closings, seed=seed, begins_on=begins_on, today=today)
    projects += open_projects(invented, seed=seed, begins_on=begins_on, today=today)
    enter_projects(made=made, invented=projects, progress=progress)
    enter_assessments(made=made, seed=seed, progress=progress)
    enter_results(made=made, progress=progress)
    issue_papers(made=made, progress=progress)
    give_measures(made=made)
    if sent := send_reports(made=made, last_year=town.work_years[-1]):
        progress(f"отчётов за квартал {sent}")
    return municipality.name


def clear_demo() -> None:
    """Empty the database, in which nothing but invented data stands.

    :raises Refusal: when anything else stands there too.
    """
    refuse_real_data()
    call_command("flush", interactive=False, verbosity=0)


def refuse_real_data() -> None:
    """Let the demo stand only alone.

    :raises Refusal: when the database holds a municipality or an account that is not of the demo.
    """
    demo = {town.code for town in TOWNS}
    others = Municipality.objects.exclude(code__in=demo).exclude(code__startswith=CODE_PREFIX)
    strange = list(others.order_by("name").values_list("name", flat=True)[:3])
    accounts = User.objects.filter(demo_role_title="").exclude(login__startswith=CODE_PREFIX)
    people = list(accounts.order_by("pk").values_list("login", flat=True)[:3])
    if strange or people:
        what = "муниципалитеты: " + ", ".join(strange) if strange else "учётные записи: " + ", ".join(people)
        raise Refusal(
            Problem(
                f"В базе есть не только демонстрация ({what}).",
                mend="Демонстрации нужна своя база: задайте другую папку GEMBA_VAR или другой DATABASE_URL.",
            )
        )


def _morning(day: date, pack: Pack) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(pack.municipality.time_zone))


def _targets(town: Town, pack: Pack) -> dict[int, int]:
    """Return how many implemented proposals each year's plan asks of a unit; where it asks nothing, two."""
    asked: dict[int, int] = {}
    for row in pack.plan_rows():
        if row.indicator == "proposals_implemented":
            for year, target in row.targets.items():
                asked[year] = int(getattr(target, "value", 2))
    return {year: asked.get(year, 2) for year in town.work_years}
