"""Regular work: who owes a report is reminded, who is late is told once, an assignment is recalled near its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import counted, format_date, near_date
from gemba.kernel.periods import Quarter
from gemba.notices.actions import tell
from gemba.notices.models import Kind, Notice
from gemba.notices.reminders import REMIND_FROM_HOUR
from gemba.organisation.models import Municipality, RoleGrant
from gemba.organisation.models.dated import holds_on
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.plan.models import Measure, MeasureState
from gemba.plan.queries.head import open_measures
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.population import register_on
from gemba.plan.queries.reports import collection, late_ones
from gemba.regulations.deadlines import DeadlineDate
from gemba.regulations.queries import clause_title

# Whoever has not been told within a month of the term hears of it from the economist, not from a program.
LATE_WITHIN = timedelta(days=31)
# An assignment is recalled so many working days before its day.
MEASURE_DAYS = (5, 1)


def remind(*, at: datetime) -> int:
    """Do the reminding of every municipality; running again tells nobody twice. Return how many were told."""
    return sum(remind_municipality(municipality=town, at=at) for town in Municipality.objects.order_by("pk"))


def remind_municipality(*, municipality: Municipality, at: datetime) -> int:
    """Remind in one municipality by its own clock."""
    local = at.astimezone(municipality.zone)
    if local.hour < REMIND_FROM_HOUR:
        return 0
    return remind_the_late(municipality=municipality, today=local.date(), at=at) + remind_of_measures(
        municipality=municipality, today=local.date(), at=at
    )


# --- reports


def who_owes(municipality: Municipality, item: DeadlineDate, people: set[int]) -> tuple[set[int], str] | None:
    """Narrow a reminder of a quarterly report to those whose report is not here; other terms are not ours."""
    lens = _lens_of(municipality, item)
    if lens is None:
        return None
    found = collection(lens=lens, register=register_on(municipality=municipality, day=lens.as_of))
    if found.period is not None and found.period.is_locked:
        return set(), ""
    owing = late_ones(found)
    if not owing:
        return set(), ""
    awaited = _keepers(municipality, owing, lens.today) | _users(municipality, Role.MONITOR, lens.today)
    return people & awaited, _address(lens)


def _lens_of(municipality: Municipality, item: DeadlineDate) -> Lens | None:
    """Return the quarter whose report the term is about."""
    # The reminder goes out before the term and the quarter has just ended, or is about to.
    ended = Quarter.of(item.legal_on).previous()
    if item.period_label != ended.label:
        return None
    lens = look(municipality=municipality, today=item.due_on, year=ended.year, quarter=ended.number)
    if lens is None or lens.pack is None or lens.quarter != ended:
        return None
    rule = next((one.rule for one in lens.pack.deadlines if one.code == item.code), None)
    return lens if rule is not None and rule.kind == "after_period" and rule.period == "quarter" else None


def remind_the_late(*, municipality: Municipality, today: date, at: datetime) -> int:
    """Tell once everybody whose report is not here though its legal term has passed, and the economist how many."""
    ended = Quarter.of(today).previous()
    lens = look(municipality=municipality, today=today, year=ended.year, quarter=ended.number)
    if lens is None or lens.quarter != ended or lens.edition is None:
        return 0
    found = collection(lens=lens, register=register_on(municipality=municipality, day=lens.as_of))
    term = found.terms.legal
    if term is None or not term.due_on < today <= term.due_on + LATE_WITHIN:
        return 0
    late = late_ones(found)
    if not late or (found.period is not None and found.period.is_locked):
        return 0
    refs = ", ".join(clause_title(lens.edition, ref) for ref in term.clause)
    key = f"report-late:{ended.key}"
    told = _tell_new(
        municipality, _keepers(municipality, late, today), key, at,
        title=f"Отчёт за {ended.label} не отправлен, срок был {format_date(term.due_on)}",
        text=f"Как в акте: «{term.as_written}» ({refs}). Если проектов нет, отправьте нулевой отчёт одним нажатием.",
        url=_address(lens),
    )  # fmt: skip
    return told + _tell_new(
        municipality, _users(municipality, Role.MONITOR, today), key, at,
        title=f"Не отправили отчёт за {ended.label}: "
        f"{counted(len(late), 'организация', 'организации', 'организаций')} из {len(found.rows)}",
        text=f"Срок прошёл {format_date(term.due_on)} ({refs}). Им отправлено напоминание.",
        url=_address(lens, show="late"),
    )  # fmt: skip


def _address(lens: Lens, **more: str) -> str:
    return reverse("plan:reports", query={"year": lens.year, "quarter": lens.quarter.number, **more})


def _keepers(municipality: Municipality, organisation_ids: list[int], day: date) -> set[int]:
    grants: QuerySet[RoleGrant] = RoleGrant.objects.filter(
        holds_on(day), role__in=[Role.COORDINATOR, Role.UNIT_HEAD], organisation_id__in=organisation_ids,
        municipality=municipality,
    )  # fmt: skip
    return set(grants.values_list("user_id", flat=True))


def _users(municipality: Municipality, role: Role, day: date) -> set[int]:
    return set(holders(municipality_id=municipality.pk, role=role, day=day).values_list("pk", flat=True))


def _tell_new(
    municipality: Municipality, people: set[int], key: str, at: datetime, *, title: str, text: str, url: str
) -> int:
    # The usual case of an hourly job: everybody has it already, one statement says so.
    known = set(Notice.objects.filter(key=key, user_id__in=people).values_list("user_id", flat=True))
    if not people - known:
        return 0
    return tell(
        kind=Kind.DEADLINE, title=title, text=text, url=url, users=people - known, municipality_id=municipality.pk,
        key=key, at=at,
    )  # fmt: skip


# --- assignments


def remind_of_measures(*, municipality: Municipality, today: date, at: datetime) -> int:
    """Recall assignments 5 and 1 working days before their day; of an overdue one tell also whoever gave it."""
    lens = look(municipality=municipality, today=today)
    calendar = lens.calendar if lens is not None else WorkCalendar()
    until = calendar.add_working_days(today, max(MEASURE_DAYS))
    told = 0
    for measure in open_measures(municipality_id=municipality.pk).filter(due_on__lte=until):
        if measure.state != MeasureState.GIVEN:
            continue
        told += _recall(measure, today, calendar, at)
    return told


def _recall(measure: Measure, today: date, calendar: WorkCalendar, at: datetime) -> int:
    url = reverse("plan:measure", args=[measure.pk])
    if measure.due_on < today:
        if today - measure.due_on > LATE_WITHIN:
            return 0
        key = f"measure-late:{measure.pk}:{measure.due_on.isoformat()}"
        if Notice.objects.filter(key=key).exists():
            return 0
        return tell(
            kind=Kind.DEADLINE, title=f"Просрочено поручение: {measure.text}",
            text=f"Срок был {format_date(measure.due_on)}, отвечает {measure.responsible.short_name}.", url=url,
            users=[measure.given_by_user_id] if measure.given_by_user_id else [], person_ids=[measure.responsible_id],
            municipality_id=measure.municipality_id, key=key, at=at,
        )  # fmt: skip
    left = calendar.working_days_between(today, measure.due_on)
    step = next((days for days in sorted(MEASURE_DAYS) if left <= days), None)
    if step is None or today <= measure.given_at.astimezone(measure.municipality.zone).date():
        return 0
    key = f"measure:{measure.pk}:{measure.due_on.isoformat()}:{step}"
    if Notice.objects.filter(key=key).exists():
        return 0
    return tell(
        kind=Kind.DEADLINE, title=f"Поручение {near_date(measure.due_on, today, calendar)}: {measure.text}", url=url,
        person_ids=[measure.responsible_id], municipality_id=measure.municipality_id, key=key, at=at,
    )  # fmt: skip
