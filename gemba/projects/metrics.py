"""What this module counts for the plan: closed projects, joint ones once for the municipality and each participant."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from gemba.plan.metrics import Counts, Metric, Ratio, Record, Scope, ShareOfOrganisations, register
from gemba.projects.models import Participant, Project, ProjectSettings
from gemba.projects.rules.states import Outcome


def register_all() -> None:
    """Give the plan its metrics."""
    register(
        Metric(
            code="projects_closed",
            title="Закрыто проектов",
            formula="Проекты, закрытые в периоде с результатом; совместный — один в округе и один у каждого участника",
            unit="шт.",
            event="дата закрытия",
            count=count_closed,
            records=closed_records,
            total=total_closed,
            together=together,
        )
    )
    register(
        Metric(
            code="projects_closed_quality",
            title="Закрыто проектов с показателем качества",
            formula="Закрытые в периоде проекты с достигнутым показателем качества услуги; совместный — так же",
            unit="шт.",
            event="дата закрытия",
            count=count_quality,
            records=quality_records,
            total=total_quality,
            together=together,
        )
    )
    register(
        Metric(
            code="projects_replicated",
            title="Закрытые проекты, которые тиражированы",
            formula="Закрытые в периоде проекты, которые к этому дню повторены другим закрытым проектом",
            unit="шт.",
            event="дата закрытия",
            count=count_replicated,
            records=replicated_records,
            total=total_replicated,
        )
    )
    register(
        Ratio(
            code="replicated_projects_share",
            title="Доля тиражируемых проектов",
            formula="Закрытые в периоде проекты, которые повторены к этому дню / все закрытые в периоде × 100",
            part="projects_replicated",
            whole="projects_closed",
        )
    )
    register(
        ShareOfOrganisations(
            code="orgs_with_projects_share",
            title="Доля организаций с закрытыми проектами",
            formula="Организации хотя бы с одним закрытым проектом периода, к числу организаций на день отчёта",
            of="projects_closed",
        )
    )


def closed(scope: Scope) -> QuerySet[Project]:
    """Return the projects closed in the scope that count as realised; a joint one is of every participant."""
    settings = ProjectSettings.objects.filter(municipality_id=scope.municipality_id).first()
    outcomes = [Outcome.SUCCESS]
    if settings is not None and settings.rules.is_partial_counted:
        outcomes.append(Outcome.PARTIAL)
    return _closed(scope, outcomes)


def _closed(scope: Scope, outcomes: list[Outcome]) -> QuerySet[Project]:
    found = Project.objects.filter(
        municipality_id=scope.municipality_id,
        closed_on__gte=scope.first,
        closed_on__lte=scope.last,
        outcome__in=outcomes,
    )
    if scope.organisation_ids is None:
        return found
    joint = Participant.objects.filter(organisation_id__in=scope.organisation_ids).values("project_id")
    return found.filter(pk__in=joint)


def quality(scope: Scope) -> QuerySet[Project]:
    """Return those with a quality goal whose target was reached."""
    # `has_quality_goal` is settled at closing: a quality goal that was reached (actions.stages.close).
    return closed(scope).filter(has_quality_goal=True)


def replicated(scope: Scope) -> QuerySet[Project]:
    """Return those that another project has repeated and closed by the end of the scope."""
    done = Project.objects.filter(
        origin=OuterRef("pk"), closed_on__lte=scope.last, outcome__in=[Outcome.SUCCESS, Outcome.PARTIAL]
    )
    return closed(scope).filter(Exists(done))


def _counted(found: QuerySet[Project], scope: Scope) -> dict[int, Decimal]:
    rows = Participant.objects.filter(project__in=found.order_by())
    if scope.organisation_ids is not None:
        rows = rows.filter(organisation_id__in=scope.organisation_ids)
    return {
        pk: Decimal(n) for pk, n in rows.values_list("organisation_id").annotate(n=Count("pk")).order_by()
    }


def together(scope: Scope, codes: Collection[str]) -> Counts:
    """Count both indicators in one statement: a joint project once for the municipality, once for each participant."""
    by_organisation: dict[str, dict[int, Decimal]] = {code: {} for code in codes}
    projects: dict[str, set[int]] = {code: set() for code in codes}
    settings = ProjectSettings.objects.filter(municipality_id=OuterRef("municipality_id")).values("values")[
        :1
    ]
    rows = _closed(scope, [Outcome.SUCCESS, Outcome.PARTIAL]).annotate(settings=Subquery(settings))
    is_partial_counted: bool | None = None
    for pk, outcome, is_good, kept, place in rows.order_by().values_list(
        "pk", "outcome", "has_quality_goal", "settings", "participants__organisation_id"
    ):
        if is_partial_counted is None:
            is_partial_counted = ProjectSettings(values=kept or {}).rules.is_partial_counted
        if outcome == Outcome.PARTIAL and not is_partial_counted:
            continue
        for code in codes:
            if code == "projects_closed_quality" and not is_good:
                continue
            projects[code].add(pk)
            if place is not None and (scope.organisation_ids is None or place in scope.organisation_ids):
                by_organisation[code][place] = by_organisation[code].get(place, Decimal(0)) + 1
    return Counts(by_organisation, {code: Decimal(len(found)) for code, found in projects.items()})


def count_closed(scope: Scope) -> dict[int, Decimal]:
    """Count closed projects by participant."""
    return _counted(closed(scope), scope)


def count_quality(scope: Scope) -> dict[int, Decimal]:
    """Count closed projects with a quality goal by participant."""
    return _counted(quality(scope), scope)


def count_replicated(scope: Scope) -> dict[int, Decimal]:
    """Count replicated projects by participant."""
    return _counted(replicated(scope), scope)


def total_replicated(scope: Scope) -> Decimal:
    """Count replicated projects, each once."""
    return Decimal(replicated(scope).count())


def replicated_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List replicated projects, newest first."""
    return _records(replicated(scope), limit)


def total_closed(scope: Scope) -> Decimal:
    """Count closed projects, each once."""
    return Decimal(closed(scope).count())


def total_quality(scope: Scope) -> Decimal:
    """Count closed projects with a quality goal, each once."""
    return Decimal(quality(scope).count())


def _records(found: QuerySet[Project], limit: int) -> Iterator[Record]:
    rows = found.select_related("organisation").defer("draft", "words")
    for row in rows.order_by("-closed_on", "-pk")[:limit]:
        assert row.closed_on is not None
        yield Record(
            on=row.closed_on,
            title=row.title,
            number=row.number_text,
            organisation_id=row.organisation_id,
            organisation=str(row.organisation),
            url=reverse("projects:card", args=[row.pk]),
            note=row.place.title,
        )


def closed_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List closed projects, newest first."""
    return _records(closed(scope), limit)


def quality_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List closed projects with a quality goal, newest first."""
    return _records(quality(scope), limit)
