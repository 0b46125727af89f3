"""Evidence of the gates: confirmed conditions, files; reminders of what is late."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

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
    *, actor: Actor, project_id: int, code: str, title: str, file: "UploadedFile[Any]", at: datetime
) -> Evidence:
    """Attach a file as evidence of a gate, or with an empty code to the project as a whole.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises Refusal: when there is no such gate or the project is not in work.
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
            place, name, kind = documents.store(file, at=at)
            row = Evidence.objects.create(
                project=project,
                code=code,
                title=(title.strip() or name)[:200],
                file=place,
                name=name,
                kind=kind,
                by=(actor.name or "Без имени")[:200],
                at=at,
            )
            finish(project, actor=actor, verb="attach", title=f"Приложен файл: {row.title}", at=at)
    except BaseException:
        if place:
            documents.discard(place)
        raise
    return row


def withdraw(*, actor: Actor, project_id: int, evidence_id: int, at: datetime) -> None:
    """Withdraw a file that was attached by mistake; it stays in the storage for the record.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when there is no such file.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Убрать файл")
        row = project.evidence.filter(pk=evidence_id, is_withdrawn=False).first()
        if row is None:
            raise Refusal(Problem("Этого файла уже нет."))
        row.is_withdrawn = True
        row.save(update_fields=["is_withdrawn"])
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
    points = StabilityPoint.objects.filter(checked_on__isnull=True, due_on__lte=at.date()).select_related(
        "project__municipality"
    )
    for point in points:
        project = point.project
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
