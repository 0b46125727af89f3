"""Portfolios, what a municipality decides for itself, filters that a person keeps."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Organisation
from gemba.projects import access
from gemba.projects.actions.base import allow, finish, locked
from gemba.projects.models import Portfolio, Project, ProjectSettings, SavedFilter
from gemba.projects.queries.settings import rules_of

MOST_FILTERS = 30


def save_portfolio(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    purpose: str = "",
    organisation: Organisation | None = None,
    is_active: bool = True,
    portfolio_id: int | None = None,
    version: int | None = None,
) -> Portfolio:
    """Make a portfolio or change one.

    :raises PermissionDenied: when the actor may not lead portfolios.
    :raises Refusal: when the name is taken or somebody has changed it meanwhile.
    """
    require(actor, "projects.portfolio", organisation.pk if organisation else None)
    if organisation is not None:
        require_own(actor, organisation)
    title = " ".join(title.split())[:200]
    if not title:
        raise Refusal(Problem("Назовите портфель.", field="title"))
    town = actor.municipality_id
    assert town is not None
    with transaction.atomic():
        rows = Portfolio.objects.select_for_update().filter(municipality_id=town)
        row = rows.filter(pk=portfolio_id).first() if portfolio_id else Portfolio(municipality_id=town)
        if row is None:
            raise Refusal(Problem("Этого портфеля нет."))
        if row.pk and row.organisation_id:
            require(actor, "projects.portfolio", row.organisation_id)
        if row.pk and version is not None and row.version != version:
            raise Refusal(Problem("Пока вы писали, портфель изменили.", mend="Откройте его заново."))
        if rows.filter(title=title).exclude(pk=row.pk).exists():
            raise Refusal(
                Problem("Портфель с таким названием уже есть.", field="title", mend="Возьмите другое.")
            )
        before = {"title": row.title, "is_active": row.is_active}
        row.title, row.purpose, row.organisation, row.is_active = (
            title,
            purpose.strip(),
            organisation,
            is_active,
        )
        row.version = row.version + 1 if row.pk else 1
        row.save()
        record(
            act="projects.portfolio",
            actor=actor,
            subject=row,
            title=f"Портфель «{row.title}»",
            at=at,
            municipality_id=row.municipality_id,
            before=before,
            after={"title": row.title, "is_active": is_active},
        )
    return row


def put_into_portfolio(
    *, actor: Actor, project_id: int, portfolio: Portfolio | None, at: datetime
) -> Project:
    """Put a project into a portfolio or take it out.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when there is no such project.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Включить в портфель")
        if portfolio is not None:
            require_own(actor, portfolio)
        before = project.portfolio_id
        project.portfolio = portfolio
        title = f"Включён в портфель «{portfolio.title}»" if portfolio else "Исключён из портфеля"
        finish(
            project,
            actor=actor,
            verb="portfolio",
            title=title,
            at=at,
            before={"portfolio": before},
            after={"portfolio": portfolio.pk if portfolio else None},
        )
    return project


def set_rules(*, actor: Actor, at: datetime, values: dict[str, Any]) -> ProjectSettings:
    """Change what the municipality decides for itself.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when a value is out of its bounds.
    """
    require(actor, "projects.set_rules")
    town = actor.municipality_id
    assert town is not None
    before = rules_of(town)
    rules = before.changed(**values)
    months = rules.stability_months
    if any(not 1 <= one <= 60 for one in months) or list(months) != sorted(set(months)):
        raise Refusal(Problem("Месяцы контроля — по возрастанию, от 1 до 60.", field="stability_months"))
    if not (
        0 <= rules.yellow_days <= 60
        and 1 <= rules.measurements_needed <= 50
        and 0 <= rules.tolerance_percent <= 100
    ):
        raise Refusal(Problem("Число вне разумных границ.", mend="Проверьте числа."))
    with transaction.atomic():
        row, _ = ProjectSettings.objects.select_for_update().get_or_create(municipality_id=town)
        row.values = {
            **rules.__dict__,
            "stability_months": list(months),
            "lengths": [list(pair) for pair in rules.lengths],
        }
        row.version += 1
        row.save()
        record(
            act="projects.set_rules",
            actor=actor,
            subject=row,
            title="Правила работы с проектами",
            municipality_id=town,
            at=at,
            before={key: str(getattr(before, key)) for key in values},
            after={k: str(v) for k, v in values.items()},
        )
    return row


def keep_filter(*, actor: Actor, title: str, query: str, at: datetime) -> SavedFilter:
    """Keep a filter with its columns under a name.

    :raises Refusal: when there are too many, or the name is missing.
    """
    require(actor, "projects.read")
    title = " ".join(title.split())[:100]
    if not title or actor.user_id is None:
        raise Refusal(Problem("Назовите отбор.", field="title"))
    with transaction.atomic():
        if SavedFilter.objects.filter(user_id=actor.user_id).exclude(title=title).count() >= MOST_FILTERS:
            raise Refusal(Problem(f"Отборов уже {MOST_FILTERS}.", mend="Уберите лишний."))
        row, _ = SavedFilter.objects.update_or_create(
            user_id=actor.user_id, title=title, defaults={"query": query[:1000]}
        )
        record(
            act="projects.keep_filter",
            actor=actor,
            subject=row,
            title=f"Отбор «{title}»",
            at=at,
            municipality_id=actor.municipality_id,
        )
    return row


def drop_filter(*, actor: Actor, filter_id: int, at: datetime) -> None:
    """Forget a kept filter."""
    with transaction.atomic():
        row = SavedFilter.objects.filter(pk=filter_id, user_id=actor.user_id or 0).first()
        if row is not None:
            record(
                act="projects.drop_filter",
                actor=actor,
                subject=row,
                title=f"Отбор «{row.title}» убран",
                at=at,
                municipality_id=actor.municipality_id,
            )
            row.delete()
