"""Write the events of the programme, assignments and effects through the acts of their modules."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gemba.demo.actions.town import Made
from gemba.demo.rules.programme import InventedEvent
from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Refusal
from gemba.organisation.access import Actor, actor_of
from gemba.organisation.models import Organisation, User
from gemba.plan.actions import (
    EntryFields,
    MeasureFields,
    accept_report,
    approve_report,
    ask_approval,
    begin_report,
    give_measure,
    link_executor,
    write_entry,
)
from gemba.plan.models import JournalEntry
from gemba.plan.queries.head import deviations
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.plan import plan_view
from gemba.plan.queries.population import register_on
from gemba.regulations.pack import Pack

# Whom the acts mean by executors they name, in kinds of the invented organisations.
_EXECUTORS = {
    "council": "council", "education_department": "education", "social_committee": "social", "economic_department": "economy",
    "methodical_centre": "creativity", "administration_whole": "administration", "sector": "economy",
}  # fmt: skip
_MEASURES = (
    (
        "Провести с руководителями разбор отстающих показателей",
        "Не хватило времени в третьем квартале",
        21,
        9,
    ),
    ("Назначить наставников в организациях без внедрённых предложений", "Нет обученных сотрудников", 34, -4),
    ("Обновить стенды с предложениями в холлах учреждений", "Старые стенды сняты при ремонте", 12, 18),
)


def link_executors(*, made: Made, pack: Pack) -> None:
    """Say which organisations the named executors of the plan are."""
    for executor in pack.executors:
        kind = _EXECUTORS.get(executor.code)
        found = made.town.of(kind) if kind else []
        if found and not executor.kinds:
            day = made.begins_on + timedelta(days=4)
            link_executor(
                actor=made.actor(day), municipality=made.municipality, executor=executor.code,
                organisation=made.organisations[found[0].code], at=made.at(day, 11),
            )  # fmt: skip


def enter_programme(*, made: Made, invented: list[InventedEvent], progress: Callable[[str], None]) -> None:
    """Write the journal of events in their order."""
    written: list[JournalEntry] = []
    for event in invented:
        written.append(
            write_entry(
                actor=made.actor(event.day),
                fields=EntryFields(
                    kind=event.kind,
                    organisation=made.organisations[event.organisation],
                    on=event.day,
                    title=event.title,
                    ends_on=event.ends_on,
                    document=event.document,
                    people=event.people,
                    count=event.count,
                    is_marked=event.is_marked,
                    quarter=Quarter(*event.quarter) if event.quarter else None,
                    year=event.year,
                    partners=[made.organisations[code] for code in event.partners],
                    of=written[event.of] if event.of >= 0 else None,
                ),
                at=made.at(event.day, 16),
            )
        )
    progress(f"событий {len(written)}")


def give_measures(*, made: Made) -> None:
    """Let the head give assignments: one overdue, one near, one far."""
    head = User.objects.with_owner().filter(login=f"{made.municipality.code}.head").first()
    team = User.objects.filter(municipality=made.municipality, demo_role_title__gt="", person__isnull=False)
    people = {user.login.rpartition(".")[2]: user.person for user in team.select_related("person")}
    if head is None:
        return
    lens = look(municipality=made.municipality, today=made.today)
    about = _worst_row(lens) if lens is not None else {}
    for (text, cause, ago, left), role in zip(_MEASURES, ("monitor", "curator", "unit_head"), strict=True):
        day = made.today - timedelta(days=ago)
        responsible = people[role]
        assert responsible is not None
        give_measure(
            actor=actor_of(head, today=day), municipality=made.municipality,
            fields=MeasureFields(
                text=text, cause=cause, responsible=responsible, due_on=made.today + timedelta(days=left), **about
            ),
            at=made.at(day, 9, 40),
        )  # fmt: skip
        # The first is about what lags most, the others about anything.
        about = {}


def _worst_row(lens: Lens) -> dict[str, Any]:
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    lagging = deviations(plan_view(lens=lens, register=register).rows)
    if not lagging:
        return {}
    row = lagging[0].row
    return {"row": row.code, "indicator": row.indicator, "year": lens.year}


def send_reports(*, made: Made, last_year: int, share: float = 0.8) -> int:
    """Send the reports of the last whole quarter of the programme: most sent, half of them accepted, some not begun."""
    quarter = min(Quarter.of(made.today).previous(), Quarter(last_year, 4))
    day = quarter.last + timedelta(days=9)
    lens = look(municipality=made.municipality, today=day, year=quarter.year, quarter=quarter.number)
    if lens is None or day > made.today:
        return 0
    living = [row for row in made.town.organisations if row.ends_on is None and row.joins_on]
    sent = 0
    for turn, row in enumerate(living[: round(len(living) * share)]):
        organisation = made.organisations[row.code]
        head = next(person for person in row.people if person.is_head)
        keeper = made.actor(day)
        # A report prepared by the organisation and signed by its head.
        signer = replace(keeper, name=made.people[head.code].full_name)
        try:
            begin_report(actor=keeper, lens=lens, organisation=organisation, at=made.at(day, 10, turn))
            if turn % 9 == 8:
                continue
            _hand_in(lens, keeper, organisation, made.at(day, 11, turn))
        except Refusal:
            continue
        approve_report(actor=signer, lens=lens, organisation=organisation, at=made.at(day, 12, turn))
        sent += 1
        if turn % 2:
            accept_report(actor=keeper, lens=lens, organisation=organisation, at=made.at(day, 15, turn))
    return sent


def _hand_in(lens: Lens, keeper: Actor, organisation: Organisation, at: datetime) -> None:
    """Hand a report to the head, as a zero one when it is empty.

    :raises Refusal: when its rows still lack something; such a report stays begun.
    """
    try:
        ask_approval(actor=keeper, lens=lens, organisation=organisation, at=at, is_zero=True)
    except Refusal:
        ask_approval(actor=keeper, lens=lens, organisation=organisation, at=at)
