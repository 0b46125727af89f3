"""Projects and roadmaps out of files: kept after the check, loaded on a word, taken back while untouched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gemba.audit.actions import record
from gemba.kernel.numbers import counted, format_date
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Organisation
from gemba.projects import access
from gemba.projects.actions import passport as passports
from gemba.projects.actions import work
from gemba.projects.actions.base import allow, finish
from gemba.projects.actions.load import LoadedProject, write_projects
from gemba.projects.importing.found import Found
from gemba.projects.models import (
    ImportFile,
    ImportKind,
    Measure,
    MeasureState,
    Project,
)
from gemba.projects.rules.passport import GroundLine, Passport
from gemba.projects.rules.states import Status

PROJECTS = ("проект", "проекта", "проектов")
LINES = ("строка", "строки", "строк")
MOST_PROBLEMS = 1000


def keep(
    *, actor: Actor, kind: str, name: str, found: Found, at: datetime, project: Project | None = None
) -> ImportFile:
    """Keep what was read until the person says to load it; earlier checks of theirs that were not loaded go away.

    :raises PermissionDenied: when the actor may not load this.
    """
    _allow(actor, kind, project)
    with transaction.atomic():
        mine = ImportFile.objects.filter(
            municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0, kind=kind
        )
        mine.filter(loaded_at__isnull=True).delete()
        return ImportFile.objects.create(
            municipality_id=actor.municipality_id or 0,
            user_id=actor.user_id,
            kind=kind,
            project=project,
            name=name[:200],
            rows=found.rows,
            problems=[one.as_json() for one in found.problems[:MOST_PROBLEMS]],
            made_at=at,
        )


def load(
    *,
    actor: Actor,
    file_id: int,
    at: datetime,
    organisation: Organisation | None = None,
    title: str = "",
    only_good: bool = False,
) -> ImportFile:
    """Load what was read, all or nothing; rows with grave problems only when the person leaves them out.

    :raises PermissionDenied: when the actor may not, or a row is of an organisation that is not theirs.
    :raises Refusal: when it is loaded already, nothing is right, or problems were not accepted.
    """
    with transaction.atomic():
        file = _held(actor, file_id)
        _allow(actor, file.kind, file.project)
        if file.loaded_at is not None:
            raise Refusal(Problem("Этот файл уже загружен.", mend="Выберите файл заново."))
        if not file.rows:
            raise Refusal(Problem("В файле нет ни одной верной строки.", mend="Исправьте ошибки."))
        if any(is_grave for *_, is_grave in file.problems) and not only_good:
            raise Refusal(
                Problem("В файле есть ошибки.", mend="Исправьте их или загрузите только верные строки.")
            )
        if file.kind == ImportKind.PASSPORT:
            file.made = _load_passport(actor, file, organisation, title, at)
        elif file.kind == ImportKind.PROJECTS:
            file.made = _load_projects(actor, file, at)
        else:
            file.made = _load_roadmap(actor, file, at)
        file.loaded_at = at
        file.save(update_fields=["made", "loaded_at"])
        words = LINES if file.kind == ImportKind.ROADMAP else PROJECTS
        _record(actor, file, "projects.load", f"Загружено из файла: {counted(len(file.made), *words)}", at)
    return file


def unload(*, actor: Actor, file_id: int, at: datetime) -> ImportFile:
    """Take back everything a file made, when nobody has touched any of it.

    :raises PermissionDenied: when the actor may not load this.
    :raises Refusal: when it was not loaded, was taken back already, or something was changed since.
    """
    with transaction.atomic():
        file = _held(actor, file_id)
        _allow(actor, file.kind, file.project)
        if file.loaded_at is None or file.undone_at is not None:
            raise Refusal(Problem("Отменять нечего: файл не загружен или загрузка уже отменена."))
        if file.kind == ImportKind.ROADMAP:
            _unload_roadmap(file)
        else:
            _unload_projects(actor, file, at)
        file.undone_at = at
        file.save(update_fields=["undone_at"])
        _record(actor, file, "projects.unload", f"Загрузка отменена: {file.name}", at)
    return file


def _allow(actor: Actor, kind: str, project: Project | None) -> None:
    if kind == ImportKind.PASSPORT:
        require(actor, "projects.work")
    elif kind == ImportKind.PROJECTS:
        require(actor, "projects.oversee")
    elif project is not None:
        allow(actor=actor, project=project, parties=access.WORKERS, title="Загрузить дорожную карту")


def _held(actor: Actor, file_id: int) -> ImportFile:
    file = (
        ImportFile.objects.select_for_update(of=("self",))
        .select_related("project", "municipality")
        .filter(pk=file_id, municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0)
        .first()
    )
    if file is None:
        raise Refusal(Problem("Этого файла нет.", mend="Выберите файл заново."))
    return file


def _record(actor: Actor, file: ImportFile, act: str, title: str, at: datetime) -> None:
    record(
        act=act,
        actor=actor,
        subject=file.project or file.municipality,
        title=title[:300],
        municipality_id=file.municipality_id,
        at=at,
        after={"file": file.name, "count": len(file.made)},
    )


def _load_passport(
    actor: Actor, file: ImportFile, organisation: Organisation | None, title: str, at: datetime
) -> list[list[int]]:
    passport = Passport.of(file.rows[0]["passport"])
    place = (
        organisation
        or Organisation.objects.filter(
            pk=passport.organisation_id or 0, municipality_id=file.municipality_id
        ).first()
    )
    if place is None:
        raise Refusal(Problem("Не указана организация.", field="organisation", mend="Выберите её."))
    project = passports.create(
        actor=actor, title=title or passport.title, organisation=place, at=at, passport=passport, leads=False
    )
    return [[project.pk, project.version]]


def _load_projects(actor: Actor, file: ImportFile, at: datetime) -> list[list[int]]:
    places = Organisation.objects.in_bulk({row["organisation_id"] for row in file.rows})
    for place in places.values():
        require_own(actor, place)
        require(actor, "projects.oversee", place.pk)
    made: list[int] = []
    ready = []
    for row in file.rows:
        passport = Passport.of(row["passport"])
        if row["state"] == "draft":
            draft = passports.create(
                actor=actor,
                title=row["title"],
                organisation=places[row["organisation_id"]],
                at=at,
                passport=passport,
                leads=False,
            )
            made.append(draft.pk)
        else:
            ready.append(_standing(row, passport, file.name))
    if ready:
        made += write_projects(file.municipality, ready, at)
    versions = dict(Project.objects.filter(pk__in=made).values_list("pk", "version"))
    return [[pk, versions[pk]] for pk in made]


def _standing(row: dict[str, Any], passport: Passport, file_name: str) -> LoadedProject:
    """Return a project that was opened and maybe closed before the product came."""
    assert passport.customer_id is not None and passport.leader_id is not None
    passport.grounds = [
        GroundLine(
            "other",
            "Открыт до начала учёта в программе",
            object_title=f"{file_name}, строка {row['line']}"[:300],
        )
    ]
    is_cut = row["state"] == "terminated"
    return LoadedProject(
        title=row["title"],
        organisation_id=row["organisation_id"],
        customer_id=passport.customer_id,
        leader_id=passport.leader_id,
        team=[one.person_id for one in passport.team],
        opened_on=date.fromisoformat(row["opened_on"]),
        closed_on=date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
        stage=row["stage"],
        outcome=row["outcome"],
        reason=f"Перенесён из файла «{file_name}»." if is_cut else "",
        passport=passport,
        final=Decimal(row["final"]) if row["final"] else None,
        extra={"presentation_url": row["url"]} if row["url"] else {},
    )


def _load_roadmap(actor: Actor, file: ImportFile, at: datetime) -> list[list[int]]:
    assert file.project is not None
    made = []
    for row in file.rows:
        measure = work.save_measure(
            actor=actor,
            project_id=file.project.pk,
            at=at,
            values={
                **{name: row[name] for name in ("title", "problem", "root_cause", "expected", "resources")},
                "responsible_id": row["responsible_id"],
                "starts_on": date.fromisoformat(row["starts_on"]) if row["starts_on"] else None,
                "due_on": date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            },
        )
        made.append([measure.pk, measure.version])
    return made


def _unload_roadmap(file: ImportFile) -> None:
    rows = {row.pk: row for row in Measure.objects.select_for_update().filter(pk__in=_keys(file.made))}
    for pk, version in file.made:
        row = rows.get(pk)
        if row is None or row.version != version or row.state != MeasureState.PLANNED:
            raise _touched("строка плана" if row is None else row.title, file)
    Measure.objects.filter(pk__in=_keys(file.made)).delete()


def _unload_projects(actor: Actor, file: ImportFile, at: datetime) -> None:
    """Give the projects up: the history of a project is never erased, but they count nowhere any more."""
    keys = _keys(file.made)
    rows = {
        row.pk: row
        for row in Project.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .filter(pk__in=keys)
    }
    for pk, version in file.made:
        row = rows.get(pk)
        if row is None or row.version != version or row.status == Status.APPROVAL:
            raise _touched("проект" if row is None else row.title, file)
    for row in rows.values():
        row.status = Status.TERMINATED
        row.opened_on = row.closed_on = row.stage_end_on = None
        row.outcome, row.closing_text = "", ""
        finish(row, actor=actor, verb="unload", title="Загрузка из файла отменена", at=at, text=file.name)


def _touched(title: str, file: ImportFile) -> Refusal:
    day = format_date(file.loaded_at.astimezone(file.municipality.zone).date()) if file.loaded_at else ""
    return Refusal(
        Problem(
            f"Отменить загрузку уже нельзя: «{title[:80]}» с тех пор меняли (загружено {day}).",
            mend="Исправьте или прекратите его отдельно.",
        )
    )


def _keys(made: Sequence[Sequence[int]]) -> list[int]:
    return [pk for pk, _ in made]
