"""What every act on a project shares: the row lock, the table of transitions, history, record, notices."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from gemba.audit.actions import record
from gemba.kernel.numbers import format_moment
from gemba.kernel.problems import Problem, Refusal
from gemba.notices import actions as notices
from gemba.notices.models import Kind
from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.models import NumberRange, Project, ProjectEvent
from gemba.projects.rules.stages import seen_of
from gemba.projects.rules.states import CLOSED, PARTY_TITLES, TABLE, Party, Transition, Verb

LONGEST = 5000


class StaleDays(Refusal):
    """Somebody else has moved the days meanwhile."""

    def __init__(self, start: date | None, end: date | None) -> None:
        self.start, self.end = start, end
        super().__init__(Problem("Пока вы выбирали, сроки изменили.", mend="Сравните и сохраните ещё раз."))


def check_seen(seen: str | None, start: date | None, end: date | None) -> None:
    """Compare the days a person had before him with those that stand now.

    :raises StaleDays: when others have moved them.
    """
    if seen is not None and seen != seen_of(start, end):
        raise StaleDays(start, end)


def day_of(at: datetime, project: Project) -> date:
    """Return the day it is in the municipality at the moment."""
    return timezone.localtime(at, project.municipality.zone).date()


def locked(*, actor: Actor, project_id: int, version: int | None = None) -> Project:
    """Take the row of a project for change; who may not see it learns only that it is not there.

    :raises Refusal: when there is no such project for the actor.
    """
    found = (
        Project.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .filter(pk=project_id, municipality_id=actor.municipality_id or 0)
        .first()
    )
    if found is None:
        raise Refusal(Problem("Этого проекта нет.", mend="Вернитесь к списку и обновите его."))
    return found


def check_reason(reason: str, *, is_needed: bool, field: str = "reason") -> None:
    """Hold the reason within bounds.

    :raises Refusal: when it is missing or too long.
    """
    if is_needed and not reason.strip():
        raise Refusal(
            Problem("Не указана причина.", field=field, mend="Напишите её: она останется в истории.")
        )
    if len(reason) > LONGEST:
        raise Refusal(Problem(f"Текст длиннее {LONGEST} знаков.", field=field, mend="Сократите его."))


def allow(*, actor: Actor, project: Project, parties: Iterable[Party], title: str) -> frozenset[Party]:
    """Let a party of the project pass.

    :raises PermissionDenied: when the actor is none of them.
    """
    wanted = frozenset(parties)
    found = access.parties(actor, project)
    if not found & wanted:
        names = ", ".join(PARTY_TITLES[party] for party in sorted(wanted))
        raise PermissionDenied(f"«{title}»: это делает {names}.")
    return found


def begin(*, actor: Actor, project_id: int, verb: Verb, reason: str = "") -> tuple[Project, Transition]:
    """Lock the project and check one transition of the table: right, status, reason.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the status or the reason does not allow it.
    """
    row = TABLE[verb]
    project = locked(actor=actor, project_id=project_id)
    allow(actor=actor, project=project, parties=row.parties, title=row.title)
    if project.status not in row.sources:
        raise Refusal(why_not(project, row.title))
    check_reason(reason, is_needed=row.needs_reason)
    return project, row


def why_not(project: Project, title: str) -> Problem:
    """Say why the act is not possible now, and who did the last thing."""
    last = ProjectEvent.objects.filter(project=project).order_by("-id").first()
    who = ""
    if last is not None:
        local = timezone.localtime(last.at, project.municipality.zone)
        who = f" {last.title}: {last.actor_name}, {format_moment(local)}."
    return Problem(
        f"Действие «{title}» сейчас невозможно: проект в состоянии «{project.place.title}».{who}",
        mend="Обновите страницу: на ней видно, что можно сделать теперь.",
    )


def happened(
    project: Project, *, actor: Actor, verb: str, title: str, at: datetime, text: str = ""
) -> ProjectEvent:
    """Write one line of the history."""
    return ProjectEvent.objects.create(
        project=project,
        verb=verb,
        title=title[:300],
        text=text,
        stage=project.stage,
        at=at,
        actor_user_id=actor.user_id,
        actor_name=(actor.name or "Без имени")[:200],
    )


def finish(
    project: Project,
    *,
    actor: Actor,
    verb: str,
    title: str,
    at: datetime,
    text: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Save the project, write the history and the record of acts."""
    project.moved_at = at
    project.version += 1
    project.save()
    happened(project, actor=actor, verb=verb, title=title, at=at, text=text.strip())
    record(
        act=f"projects.{verb}",
        actor=actor,
        subject=project,
        title=f"Проект {project.number_text or 'без номера'}: {project.title}"[:300],
        municipality_id=project.municipality_id,
        at=at,
        before=before,
        after=after,
        reason=text.strip(),
    )


def tell(
    project: Project,
    *,
    title: str,
    at: datetime,
    people: Iterable[int | None],
    text: str = "",
    kind: str = Kind.NEWS,
    besides: Actor | None = None,
    key: str = "",
    part: str = "card",
) -> None:
    """Tell people about a project; assignments, returns and escalations go out at once."""
    notices.tell(
        kind=kind,
        title=f"{title}: {project.title}"[:200],
        at=at,
        person_ids=[person for person in people if person],
        text=text[:500],
        url=reverse(f"projects:{part}", args=[project.pk]),
        immediate=kind in (Kind.ASSIGNMENT, Kind.RETURN, Kind.ESCALATION),
        municipality_id=project.municipality_id,
        besides=besides.user_id if besides else None,
        key=key,
    )


def next_number(municipality_id: int, year: int) -> int:
    """Give the next number of the municipality and year; the row lock leaves no gap and no double."""
    NumberRange.objects.get_or_create(municipality_id=municipality_id, year=year)
    NumberRange.objects.filter(municipality_id=municipality_id, year=year).update(last=F("last") + 1)
    return NumberRange.objects.values_list("last", flat=True).get(municipality_id=municipality_id, year=year)


def note_current(project: Project) -> None:
    """Put the code and term of the current stage beside the project, so that «red» is one index."""
    current = project.stages.filter(number=project.stage).first()
    project.stage_code = current.code if current else ""
    project.stage_end_on = current.plan_end if current and project.status not in CLOSED else None
