"""Official papers of a project: passport, roadmap, protocol of a defence, act of closing, A3, set for the stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse

from gemba.documents.files import register_subject
from gemba.documents.kinds import DocumentKind, Field, register
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.models import Defence, Project
from gemba.projects.papers import a3, passport, stand, work
from gemba.projects.rules.states import Party

ISSUERS = access.EDITORS | {Party.CUSTOMER}
Hindrances = Callable[[Project], Sequence[Problem]]

PASSPORT, ROADMAP, DEFENCE, CLOSING, A3, STAND = CODES = (
    "projects.passport",
    "projects.roadmap",
    "projects.defence",
    "projects.closing",
    "projects.a3",
    "projects.stand",
)

# What each paper is for, said where it is offered.
HINTS = {
    PASSPORT: "Форма приложения № 1 на одном листе, с «УТВЕРЖДАЮ».",
    A3: "Весь проект на одном листе А3: от предпосылок до стабильности, с графиком.",
    ROADMAP: "План мероприятий: проблема, первопричина, мероприятие, срок, ответственный.",
    DEFENCE: "Кто был, что решили и какие замечания. Протокол каждой защиты — на её странице.",
    STAND: "Листы А4 для стенда: команда, паспорт, карты, план, график, «было — стало».",
    CLOSING: "Итог, цели «было — план — стало», эффект за год.",
}


def register_all() -> None:
    """Enter the kinds of papers, and say who reads them."""
    register_subject(Project, _sees, _works, _url)
    register_subject(
        Defence,
        lambda actor, defence: _sees(actor, defence.project),
        lambda actor, defence: _works(actor, defence.project),
        lambda defence: reverse("projects:defences", args=[defence.project_id]),
    )
    _enter(
        PASSPORT,
        "Паспорт проекта",
        passport.PASSPORT,
        passport.passport_template,
        passport.passport_context,
        passport.passport_hindrances,
    )
    _enter(ROADMAP, "Дорожная карта проекта", work.ROADMAP, work.roadmap_template, work.roadmap_context)
    _enter(
        DEFENCE,
        "Протокол защиты проекта",
        work.DEFENCE,
        work.defence_template,
        work.defence_context,
        model="projects.Defence",
        project_of=lambda defence: defence.project,
    )
    _enter(
        CLOSING,
        "Акт закрытия проекта",
        work.CLOSING,
        work.closing_template,
        work.closing_context,
        work.closing_hindrances,
    )
    _enter(A3, "Отчёт А3 по проекту", a3.A3, a3.a3_template, a3.a3_context, passport.passport_hindrances)
    _enter(
        STAND,
        "Набор для стенда",
        stand.STAND,
        stand.stand_template,
        stand.stand_context,
        passport.passport_hindrances,
    )


def _sees(actor: Actor, project: Any) -> bool:
    return access.visible_projects(actor).filter(pk=project.pk).exists()


def _works(actor: Actor, project: Any) -> bool:
    return bool(access.parties(actor, project) & access.WORKERS)


def _url(project: Any) -> str:
    return reverse("projects:papers", args=[project.pk])


def _enter(
    code: str,
    title: str,
    fields: Sequence[Field],
    template: Callable[[], bytes],
    context: Callable[..., dict[str, Any]],
    hindrances: Hindrances | None = None,
    model: str = "projects.Project",
    project_of: Callable[[Any], Project] = lambda project: project,
) -> None:
    register(
        DocumentKind(
            code=code,
            title=title,
            fields=fields,
            default_template=template,
            context=context,
            subject_model=model,
            act="projects.work",
            title_of=lambda subject: f"{title} «{project_of(subject).title}»",
            may_issue=lambda actor, subject: _may_issue(actor, project_of(subject)),
            hindrances=hindrances,
        )
    )


def _may_issue(actor: Actor, project: Project) -> bool:
    return bool(access.parties(actor, project) & ISSUERS)
