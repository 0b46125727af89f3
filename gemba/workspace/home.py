"""What the home page shows of the modules below: terms, duties, one's organisation, the regulation, first steps."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gemba.kernel.numbers import counted, plural
from gemba.notices.queries import urgent_of
from gemba.organisation.access import can, may
from gemba.organisation.models import Body, Municipality, Organisation, Person, RoleGrant
from gemba.organisation.queries import head_on, headcount_of
from gemba.organisation.queries.card import places_of
from gemba.organisation.requests import actor_of
from gemba.organisation.roles import Role
from gemba.regulations.deadlines import DeadlineDate
from gemba.regulations.models import CalendarDay, Edition
from gemba.regulations.queries import findings_of, pack_of
from gemba.statements import written
from gemba.workspace import panels
from gemba.workspace.menu import address
from gemba.workspace.panels import Panel, QuickAct, Task, Waiting
from gemba.workspace.terms import WORKING_DAYS, of_request

# Those whose work the terms are about: a term stands among what waits for them once its first reminder day has come.
WORKING = (Role.COORDINATOR, Role.UNIT_HEAD, Role.MONITOR)
STEERING = (*WORKING, Role.CURATOR, Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.HEAD)
KEEPERS = (Role.ADMIN, Role.MONITOR)
# A term as near as this is urgent.
URGENT_WORKING_DAYS = 3


def register() -> None:
    """Enter the panels, what waits, and the quick acts."""
    for panel in (
        Panel(
            "first_steps", "Первые шаги", KEEPERS, 0, "workspace/panels/first_steps.html", first_steps,
            icon="flag-3",
        ),
        Panel("region", "Округа региона", (Role.REGION,), 10, "workspace/panels/region.html", region, icon="map-pin"),
        Panel(
            "attention", "Положение: что проверить", KEEPERS, 80, "workspace/panels/attention.html", attention,
            icon="alert-triangle",
        ),
        Panel(
            "duties", "Регулярно, без даты в акте", STEERING, 70, "workspace/panels/duties.html", duties,
            icon="refresh",
        ),
        Panel(
            "deadlines", "Ближайшие сроки", panels.EVERYBODY, 10, "workspace/panels/deadlines.html", deadlines,
            place="side", icon="calendar-due",
        ),
        Panel(
            "organisation", "Моя организация", panels.EVERYBODY, 30, "workspace/panels/organisation.html",
            organisation, place="side", icon="building-community",
        ),
        Panel(
            "regulation", "Действует положение", panels.EVERYBODY, 40, "workspace/panels/regulation.html",
            regulation, place="side", icon="book-2",
        ),
    ):  # fmt: skip
        panels.register(panel)
    panels.register_waiting(Waiting("notices", urgent_notices))
    panels.register_waiting(Waiting("terms", terms_that_wait))
    panels.register_quick(
        QuickAct(
            "find",
            "Найти",
            "search",
            "workspace:search",
            90,
            can("workspace.search"),
            "человека, пункт, организацию",
        )
    )
    panels.register_quick(
        QuickAct(
            "terms",
            "Сроки",
            "calendar-due",
            "workspace:calendar",
            80,
            can("workspace.calendar"),
            "на месяц и на год",
        )
    )


# --- greeting


@dataclass(frozen=True)
class Greeting:
    """How the page greets: words by the hour, the name as people say it, what day it is."""

    words: str
    name: str
    weekday: str
    day_word: str


WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


def greeting(request: HttpRequest, now: datetime) -> Greeting:
    """Greet the person."""
    actor = actor_of(request)
    hour = now.hour
    words = (
        "Доброе утро" if 5 <= hour < 12
        else "Добрый день" if 12 <= hour < 18
        else "Добрый вечер" if 18 <= hour < 23
        else "Доброй ночи"
    )  # fmt: skip
    parts = actor.name.split()
    # An account without a person has a title instead of a name: it is greeted without one.
    name = " ".join(parts[1:3]) if actor.person_id and len(parts) > 1 else ""
    is_working = of_request(request).calendar.is_working(actor.today)
    return Greeting(
        words, name, WEEKDAYS[actor.today.weekday()], "рабочий день" if is_working else "выходной день"
    )


def is_ready(request: HttpRequest) -> bool:
    """Tell whether the municipality lives by a regulation already; the regional office needs none."""
    return bool(of_request(request).editions) or actor_of(request).has(Role.REGION)


@dataclass(frozen=True)
class Countdown:
    """The nearest term as the head of the page counts it down."""

    left: int
    words: str
    title: str
    url: str


def countdown(request: HttpRequest) -> Countdown | None:
    """Count the working days to the nearest term of those who steer or do the work."""
    actor = actor_of(request)
    if not any(actor.has(role) for role in STEERING):
        return None
    shared = of_request(request)
    term = next((term for term in shared.coming() if not term.item.is_after_programme), None)
    if term is None:
        return None
    left = max(shared.working_left(term.item.due_on), 0)
    due = term.item.due_on
    words = "сегодня срок" if due == actor.today else f"{plural(left, *WORKING_DAYS)} до срока"
    return Countdown(
        left, words, f"{term.item.title}, {term.item.period_label}",
        _term_url(due.year, due.month, term.code),
    )  # fmt: skip


# --- what waits


def urgent_notices(request: HttpRequest, limit: int) -> list[Task]:
    """Return unread assignments, returns and escalations."""
    return [
        Task(
            title=notice.title,
            url=reverse("notices:open", args=[notice.pk]),
            note=notice.text,
            state="bad" if notice.kind == "escalation" else "warn",
            state_title=notice.get_kind_display(),
        )
        for notice in urgent_of(user_id=cast(int, actor_of(request).user_id), limit=limit)
    ]


def terms_that_wait(request: HttpRequest, limit: int) -> list[Task]:
    """Return the terms whose reminder day has come, for those who do the work."""
    actor = actor_of(request)
    if not any(actor.has(role) for role in WORKING):
        return []
    shared = of_request(request)
    found = [
        term
        for term in shared.coming()
        if not term.item.is_after_programme and any(day <= actor.today for day in term.item.remind_on)
    ]
    return [
        Task(
            title=f"{term.item.title}, {term.item.period_label}",
            url=_term_url(term.item.due_on.year, term.item.due_on.month, term.code),
            note=f"{term.item.as_written}. {term.refs[0].title}" if term.refs else term.item.as_written,
            due_on=term.item.due_on,
            state="warn" if shared.working_left(term.item.due_on) <= URGENT_WORKING_DAYS else "info",
            state_title="Срок близко"
            if shared.working_left(term.item.due_on) <= URGENT_WORKING_DAYS
            else "Пора начать",
            verb="К сроку",
        )
        for term in found[:limit]
    ]


def _term_url(year: int, month: int, code: str) -> str:
    return f"{reverse('workspace:calendar')}?year={year}&month={month}#t-{code}"


def address_of_term(item: DeadlineDate) -> str:
    """Return where the calendar shows a term: reminders lead there."""
    return _term_url(item.due_on.year, item.due_on.month, f"{item.code}-{item.legal_on.isoformat()}")


# --- panels


def deadlines(request: HttpRequest) -> dict[str, Any] | None:
    """Return the three nearest terms."""
    shared = of_request(request)
    if not shared.editions:
        return None
    nearest = shared.coming()[:3]
    return {
        "terms": nearest,
        "working_left": shared.working_left,
        "left_words": shared.left_words,
        "is_over": any(term.item.is_after_programme for term in nearest),
        "term_url": lambda term: _term_url(term.item.due_on.year, term.item.due_on.month, term.code),
        "link_title": "Все сроки",
        "link_url": reverse("workspace:calendar"),
    }


def duties(request: HttpRequest) -> dict[str, Any] | None:
    """Return the periodic duties that name no day."""
    found = of_request(request).duties()
    return {"duties": found[:6], "more": found[6:]} if found else None


def attention(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the linter found in the regulation and which readings are still open."""
    edition = of_request(request).edition
    if edition is None:
        return None
    found = findings_of(edition)
    open_readings = [item for item in pack_of(edition).interpretations if item.status == "open"]
    if not found and not open_readings:
        return None
    return {
        "findings": found[:3],
        "findings_count": len(found),
        "readings": open_readings[:3],
        "readings_count": len(open_readings),
        "edition": edition,
        "link_title": counted(len(found), "замечание", "замечания", "замечаний"),
        "link_url": reverse("regulations:findings", args=[edition.code]),
    }


def organisation(request: HttpRequest) -> dict[str, Any] | None:
    """Return where the person works, who heads it, how many people."""
    actor = actor_of(request)
    if not actor.person_id:
        return None
    held = places_of(person_id=actor.person_id, day=actor.today)[:3]
    if not held:
        return {"held": [], "head": None, "people": None}
    place = held[0].organisation
    return {
        "held": held,
        "place": place,
        "place_url": object_address("organisation:organisation", place.pk),
        "head": head_on(organisation_id=place.pk, day=actor.today),
        "people": headcount_of(organisation_id=place.pk, day=actor.today),
    }


def regulation(request: HttpRequest) -> dict[str, Any] | None:
    """Return the regulation in force and the ways into it."""
    actor = actor_of(request)
    edition = of_request(request).edition
    if edition is None or not actor.municipality_id:
        return None
    pack = pack_of(edition)
    return {
        "edition": edition,
        "documents": pack.documents[:4],
        "is_over": edition.last_year < actor.today.year,
        "is_ahead": edition.effective_on > actor.today,
        "has_glossary": bool(pack.glossary),
    }


@dataclass(frozen=True)
class Step:
    """A first step of a municipality: done or with the page where it is done."""

    title: str
    text: str
    is_done: bool
    url: str


def first_steps(request: HttpRequest) -> dict[str, Any] | None:
    """Return what a new municipality still lacks; nothing once all is there."""
    actor = actor_of(request)
    if not actor.municipality_id:
        return None
    kept = _kept(
        municipality_id=actor.municipality_id, person_id=actor.person_id or 0, user_id=actor.user_id or 0,
        first=date(actor.today.year, 1, 1), last=date(actor.today.year, 12, 31),
    )[0]  # fmt: skip
    year = actor.today.year
    steps = [
        Step(
            "Загрузить положение", "Из него берутся план, сроки, органы и правила.", kept["has_regulation"],
            address("regulations:load") if may(actor, "regulations.load") else "",
        ),
        Step(
            f"Заполнить производственный календарь на {year} год",
            "Праздники и переносы: по ним считаются рабочие дни.",
            kept["has_calendar"], object_address("regulations:calendar", year),
        ),
        Step(
            "Внести организации", "Списком из Excel или по одной: администрация, управления, учреждения.",
            kept["has_organisations"], address("organisation:organisations"),
        ),
        Step(
            "Внести сотрудников", "С должностями и почтой, тоже можно списком.", kept["has_people"],
            address("organisation:people"),
        ),
        Step(
            "Записать рабочую группу", "Состав по распоряжению: председатель, секретарь, члены.", kept["has_bodies"],
            address("organisation:bodies"),
        ),
        Step(
            "Дать людям роли", "Координаторы и руководители видят свои организации, остальные подают предложения.",
            kept["has_roles"], address("organisation:users") if may(actor, "organisation.edit_users") else "",
        ),
    ]  # fmt: skip
    done = sum(step.is_done for step in steps)
    if done == len(steps):
        return None
    return {"steps": steps, "done": done, "next": next(step for step in steps if not step.is_done)}


@written
def _kept(
    *, municipality_id: int, person_id: int, user_id: int, first: date, last: date
) -> "QuerySet[Municipality, Any]":
    """What the municipality has already; the person who asks is not counted."""
    within = {"municipality": OuterRef("pk")}
    return Municipality.objects.filter(pk=municipality_id).values(
        has_regulation=Exists(Edition.objects.filter(**within)),
        has_calendar=Exists(CalendarDay.objects.filter(**within, day__gte=first, day__lte=last)),
        has_organisations=Exists(Organisation.objects.filter(**within)),
        has_people=Exists(Person.objects.filter(**within).exclude(pk=person_id)),
        has_bodies=Exists(Body.objects.filter(**within)),
        has_roles=Exists(RoleGrant.objects.filter(**within).exclude(user_id=user_id)),
    )


def region(request: HttpRequest) -> dict[str, Any] | None:
    """Return the municipalities of the region with the regulation each lives by."""
    actor = actor_of(request)
    if not actor.region_id:
        return None
    towns = list(Municipality.objects.filter(region_id=actor.region_id).order_by("name"))
    in_force: dict[int, Edition] = {}
    known = Edition.objects.defer("pack", "source").filter(
        municipality__region_id=actor.region_id, effective_on__lte=actor.today
    )
    for edition in known.order_by("effective_on"):
        in_force[edition.municipality_id] = edition
    return {"towns": [(town, in_force.get(town.pk)) for town in towns]}


def object_address(name: str, argument: int) -> str:
    """Return the address of a thing's page, or nothing when no module has it."""
    try:
        return reverse(name, args=[argument])
    except NoReverseMatch:
        return ""
