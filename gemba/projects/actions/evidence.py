"""Evidence of the gates: confirmed conditions, files; reminders of what is late."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet

from gemba.kernel.problems import Problem, Refusal
from gemba.notices.models import Kind
from gemba.organisation.access import Actor
from gemba.projects import access, documents
from gemba.projects.actions.base import allow, check_reason, day_of, finish, locked, tell
from gemba.projects.gates import gate_of
from gemba.projects.models import Evidence, GateTick, Project, StabilityPoint
from gemba.projects.rules.states import LIVING, Party, Status


def confirm(*, actor: Actor, project_id: int, code: str, at: datetime, comment: str) -> GateTick:
    """Confirm a condition of a gate that only a person can see.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises Refusal: when it is no condition of this kind or there is no comment.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(
            actor=actor,
            project=project,
            parties={*access.EDITORS, Party.CUSTOMER},
            title="Подтвердить условие",
        )
        gate = gate_of(code)
        if gate is None or not gate.is_confirmed or project.status not in LIVING:
            raise Refusal(Problem("Такого условия нет.", mend="Обновите страницу."))
        check_reason(comment, is_needed=True, field="comment")
        tick, _ = GateTick.objects.update_or_create(
            project=project,
            code=code,
            defaults={"comment": comment.strip(), "by": (actor.name or "Без имени")[:200], "at": at},
        )
        finish(project, actor=actor, verb="confirm", title=f"Подтверждено: {gate.title}", at=at, text=comment)
    return tick


def attach(
    *,
    actor: Actor,
    project_id: int,
    code: str,
    title: str,
    file: "UploadedFile[Any]",
    at: datetime,
    replaces_id: int | None = None,
) -> Evidence:
    """Attach a file as evidence of a gate, or with an empty code to the project as a whole.

    A file that replaces another one, or comes under the same code and title, is its next version; the older stays.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises Refusal: when there is no such gate or file, or the project is not in work.
    :raises ValidationError: when the file is too large, broken or of another kind.
    """
    place = ""
    try:
        with transaction.atomic():
            project = locked(actor=actor, project_id=project_id)
            allow(
                actor=actor,
                project=project,
                parties=access.WORKERS | {Party.CUSTOMER, Party.OWNER},
                title="Приложить файл",
            )
            if project.status == Status.TERMINATED:
                raise Refusal(Problem("Проект прекращён."))
            if code and gate_of(code) is None:
                raise Refusal(Problem("Такого условия нет.", mend="Обновите страницу."))
            older = _older(project, code, title, replaces_id)
            place, name, kind = documents.store(file, at=at)
            row = Evidence.objects.create(
                project=project,
                code=older.code if older else code,
                title=(title.strip() or (older.title if older else name))[:200],
                file=place,
                name=name,
                kind=kind,
                by=(actor.name or "Без имени")[:200],
                at=at,
                first=(older.first or older) if older else None,
                version=older.version + 1 if older else 1,
            )
            if older is not None:
                _versions(row).exclude(pk=row.pk).update(is_current=False)
            said = f", версия {row.version}" if older else ""
            finish(project, actor=actor, verb="attach", title=f"Приложен файл: {row.title}{said}", at=at)
    except BaseException:
        if place:
            documents.discard(place)
        raise
    return row


def _older(project: Project, code: str, title: str, replaces_id: int | None) -> Evidence | None:
    """Find the newest version of the evidence that a file comes to."""
    if replaces_id is not None:
        named = project.evidence.filter(pk=replaces_id, is_withdrawn=False).first()
        if named is None:
            raise Refusal(Problem("Файла, который вы заменяете, уже нет.", mend="Обновите страницу."))
    else:
        key = title.strip().casefold()
        same = project.evidence.filter(code=code, is_current=True).order_by("-pk")
        named = next((row for row in same if key and row.title.casefold() == key), None)
    return _versions(named).order_by("-version").first() if named else None


def _versions(row: Evidence) -> QuerySet[Evidence]:
    first = row.first_id or row.pk
    return Evidence.objects.filter(Q(pk=first) | Q(first_id=first))


def withdraw(*, actor: Actor, project_id: int, evidence_id: int, at: datetime) -> None:
    """Withdraw a file attached by mistake; it stays in the storage, and the version before it counts again.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when there is no such file.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Убрать файл")
        row = project.evidence.filter(pk=evidence_id, is_withdrawn=False).first()
        if row is None:
            raise Refusal(Problem("Этого файла уже нет."))
        was_current = row.is_current
        row.is_withdrawn, row.is_current = True, False
        row.save(update_fields=["is_withdrawn", "is_current"])
        before = _versions(row).filter(is_withdrawn=False).order_by("-version").first()
        if was_current and before is not None:
            before.is_current = True
            before.save(update_fields=["is_current"])
        finish(project, actor=actor, verb="withdraw", title=f"Файл убран: {row.title}", at=at)


def remind_red(*, at: datetime) -> int:
    """Tell leaders weekly which of their stages are red, and customers too; once for each stage and week."""
    told = 0
    rows = Project.objects.filter(status=Status.ACTIVE, stage_end_on__isnull=False).select_related(
        "municipality"
    )
    for project in _red(rows, at):
        week = day_of(at, project).isocalendar()
        people = [project.leader_id, project.customer_id]
        tell(
            project,
            title="Этап просрочен",
            at=at,
            people=people,
            kind=Kind.DEADLINE,
            key=f"project-red:{project.pk}:{project.stage}:{week.year}-{week.week}",
        )
        told += 1
    points = StabilityPoint.objects.filter(
        checked_on__isnull=True, due_on__lte=at.date() + timedelta(days=1)
    ).select_related("project__municipality")
    for point in points:
        project = point.project
        if point.due_on > day_of(at, project):
            continue  # east of the server the day has come, here it has not
        tell(
            project,
            title=f"Проверьте стабильность {point}",
            at=at,
            kind=Kind.DEADLINE,
            part="stability",
            people=[project.process_owner_id or project.customer_id],
            key=f"project-point:{point.pk}",
        )
        told += 1
    return told


def _red(rows: Iterable[Project], at: datetime) -> Iterable[Project]:
    return (row for row in rows if row.stage_end_on and row.stage_end_on < day_of(at, row))
