"""What this module counts for the plan: closed projects, joint ones once for the municipality and each participant."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from gemba.plan.metrics import Counts, Metric, Ratio, Record, Scope, ShareOfOrganisations, register
from gemba.plan.models import JournalEntry, JournalPart
from gemba.projects.models import Participant, Project, ProjectSettings
from gemba.projects.rules.states import Outcome
from gemba.statements import written
from gemba.ui.small import address


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
            left_out=without_quality_records,
            left_out_because="проекты закрыты без показателя качества услуги, цель по которому достигнута",
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
            together=together,
        )
    )
    register(
        Metric(
            code="replications_count",
            title="Тиражирований",
            formula="Закрытые в периоде проекты, которые повторяют закрытый проект, и записи журнала «внедрено», "
            "которых такой проект не повторяет: один проект в трёх местах — три; совместный — один в округе",
            unit="шт.",
            event="дата закрытия или дата, когда внедрено",
            count=count_replications,
            records=replication_records,
            total=total_replications,
            together=replications_together,
            keeps_journal=True,
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
    found = Project.objects.filter(
        _realised(scope.municipality_id),
        municipality_id=scope.municipality_id,
        closed_on__gte=scope.first,
        closed_on__lte=scope.last,
    )
    if scope.organisation_ids is None:
        return found
    joint = Participant.objects.filter(organisation_id__in=scope.organisation_ids).values("project_id")
    return found.filter(pk__in=joint)


def _realised(municipality_id: int, project: str = "") -> Q:
    """Return what an outcome must be; one closed partially counts where the municipality has decided so."""
    outcome = f"{project}outcome"
    decided = ProjectSettings.objects.filter(municipality_id=municipality_id, values__is_partial_counted=True)
    return Q(**{f"{outcome}__in": [Outcome.SUCCESS, Outcome.PARTIAL]}) & (
        Q(**{outcome: Outcome.SUCCESS}) | Q(Exists(decided))
    )


def quality(scope: Scope) -> QuerySet[Project]:
    """Return those with a quality goal whose target was reached."""
    # `has_quality_goal` is settled at closing: a quality goal that was reached (actions.stages.close).
    return closed(scope).filter(has_quality_goal=True)


def replicated(scope: Scope) -> QuerySet[Project]:
    """Return those that another project has repeated and closed by the end of the scope."""
    return closed(scope).filter(_repeated(scope.last))


def _repeated(last: date, project: str = "pk") -> Exists:
    done = [Outcome.SUCCESS, Outcome.PARTIAL]
    return Exists(Project.objects.filter(origin=OuterRef(project), closed_on__lte=last, outcome__in=done))


def _counted(found: QuerySet[Project], scope: Scope) -> dict[int, Decimal]:
    rows = Participant.objects.filter(project__in=found.order_by())
    if scope.organisation_ids is not None:
        rows = rows.filter(organisation_id__in=scope.organisation_ids)
    return {
        pk: Decimal(n) for pk, n in rows.values_list("organisation_id").annotate(n=Count("pk")).order_by()
    }


def together(scope: Scope, codes: Collection[str]) -> Counts:
    """Count the indicators at once: a joint project once for the municipality, once for each participant."""
    if scope.organisation_ids is None:
        rows = list(_sums(municipality_id=scope.municipality_id, first=scope.first, last=scope.last))
    else:
        rows = list(_whole(scope)) + list(_by_place(scope))
    by_organisation: dict[str, dict[int, Decimal]] = {code: {} for code in codes}
    totals = dict.fromkeys(codes, Decimal(0))
    for place, is_good, is_repeated, n in rows:
        for code in _counting(codes, is_good, is_repeated):
            if place == _WHOLE:
                totals[code] += n
            else:
                by_organisation[code][place] = by_organisation[code].get(place, Decimal(0)) + n
    return Counts(by_organisation, totals)


def _counting(codes: Collection[str], is_good: bool, is_repeated: bool) -> list[str]:
    """Return in which of the indicators such projects count."""
    left = set() if is_good else {"projects_closed_quality"}
    if not is_repeated:
        left.add("projects_replicated")
    return [code for code in codes if code not in left]


# What stands in place of an organisation in a sum of the municipality.
_WHOLE = 0


@written
def _sums(*, municipality_id: int, first: date, last: date) -> "QuerySet[Any, tuple[Any, ...]]":
    scope = Scope(municipality_id, first, last)
    return _whole(scope).union(_by_place(scope), all=True)


def _whole(scope: Scope) -> "QuerySet[Any, tuple[Any, ...]]":
    marked = (
        closed(scope)
        .order_by()
        .annotate(at_place=Cast(Value(_WHOLE), BigIntegerField()), is_repeated=_repeated(scope.last))
    )
    return marked.values_list("at_place", "has_quality_goal", "is_repeated").annotate(n=Count("*"))


def _by_place(scope: Scope) -> "QuerySet[Any, tuple[Any, ...]]":
    found = Participant.objects.filter(
        _realised(scope.municipality_id, "project__"),
        project__municipality_id=scope.municipality_id,
        project__closed_on__gte=scope.first,
        project__closed_on__lte=scope.last,
    )
    if scope.organisation_ids is not None:
        found = found.filter(organisation_id__in=scope.organisation_ids)
    marked = found.order_by().annotate(is_repeated=_repeated(scope.last, "project_id"))
    return marked.values_list("organisation_id", "project__has_quality_goal", "is_repeated").annotate(
        n=Count("*")
    )


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
            url=address("projects:card", row.pk),
            note=row.place.title,
        )


def closed_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List closed projects, newest first."""
    return _records(closed(scope), limit)


def quality_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List closed projects with a quality goal, newest first."""
    return _records(quality(scope), limit)


def without_quality_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List closed projects that have no quality goal that was reached, newest first."""
    return _records(closed(scope).filter(has_quality_goal=False), limit)


# --- replications: replicas closed here, and what the journal says beyond them ---------------------------------------


def replicas(scope: Scope) -> QuerySet[Project]:
    """Return the closed projects that repeat another one."""
    return closed(scope).filter(origin__isnull=False)


def noted(scope: Scope) -> QuerySet[JournalEntry]:
    """Return the replications of the journal that no closed replica of the same organisation stands for."""
    found = JournalEntry.objects.filter(
        ~_covered(scope),
        municipality_id=scope.municipality_id,
        kind="replication",
        is_cancelled=False,
        counts_on__gte=scope.first,
        counts_on__lte=scope.last,
    )
    if scope.organisation_ids is None:
        return found
    parts = JournalPart.objects.filter(organisation_id__in=scope.organisation_ids)
    return found.filter(pk__in=parts.values("entry_id"))


def _covered(scope: Scope, entry: str = "") -> Exists:
    # The journal knows no project: the same place and the same name, of the replica or of what it repeats.
    same_name = Q(project__title=OuterRef(f"{entry}title")) | Q(
        project__origin__title=OuterRef(f"{entry}of__title")
    )
    return Exists(
        Participant.objects.filter(
            same_name,
            _realised(scope.municipality_id, "project__"),
            organisation_id=OuterRef(f"{entry}organisation_id"),
            project__origin__isnull=False,
            project__closed_on__lte=scope.last,
        )
    )


def replications_together(scope: Scope, codes: Collection[str]) -> Counts:
    """Count replications, in one statement for the municipality."""
    if scope.organisation_ids is None:
        rows = list(_replications(municipality_id=scope.municipality_id, first=scope.first, last=scope.last))
    else:
        rows = [row for found in _parts_of_replications(scope) for row in found]
    values: dict[int, Decimal] = {}
    for place, n in rows:
        values[place] = values.get(place, Decimal(0)) + n
    total = values.pop(_WHOLE, Decimal(0))
    return Counts(dict.fromkeys(codes, values), dict.fromkeys(codes, total))


@written
def _replications(*, municipality_id: int, first: date, last: date) -> "QuerySet[Any, tuple[Any, ...]]":
    head, *others = _parts_of_replications(Scope(municipality_id, first, last))
    return head.union(*others, all=True)


def _parts_of_replications(scope: Scope) -> "list[QuerySet[Any, tuple[Any, ...]]]":
    whole = Cast(Value(_WHOLE), BigIntegerField())
    places = Participant.objects.filter(
        _realised(scope.municipality_id, "project__"),
        project__municipality_id=scope.municipality_id,
        project__origin__isnull=False,
        project__closed_on__gte=scope.first,
        project__closed_on__lte=scope.last,
    )
    parts = JournalPart.objects.filter(
        ~_covered(scope, "entry__"),
        entry__municipality_id=scope.municipality_id,
        entry__kind="replication",
        entry__is_cancelled=False,
        entry__counts_on__gte=scope.first,
        entry__counts_on__lte=scope.last,
    )
    if scope.organisation_ids is not None:
        places = places.filter(organisation_id__in=scope.organisation_ids)
        parts = parts.filter(organisation_id__in=scope.organisation_ids)
    return [
        replicas(scope).order_by().annotate(at_place=whole).values_list("at_place").annotate(n=Count("*")),
        noted(scope).order_by().annotate(at_place=whole).values_list("at_place").annotate(n=Count("*")),
        places.order_by().values_list("organisation_id").annotate(n=Count("*")),
        parts.order_by().values_list("organisation_id").annotate(n=Count("entry_id", distinct=True)),
    ]


def count_replications(scope: Scope) -> Mapping[int, Decimal]:
    """Count replications by the organisation where they were done."""
    return replications_together(scope, ["replications_count"]).by_organisation["replications_count"]


def total_replications(scope: Scope) -> Decimal:
    """Count replications, a joint one once."""
    return replications_together(scope, ["replications_count"]).totals["replications_count"]


def replication_records(scope: Scope, limit: int) -> list[Record]:
    """List replicas and entries of the journal, newest first."""
    entries = noted(scope).select_related("organisation").order_by("-counts_on", "-pk")[:limit]
    found = [
        *_records(replicas(scope), limit),
        *(
            Record(
                on=entry.counts_on,
                title=entry.title,
                number="Тиражирование",
                organisation_id=entry.organisation_id,
                organisation=str(entry.organisation),
                url=reverse("plan:entry", args=[entry.pk]),
                note=entry.document,
            )
            for entry in entries
        ),
    ]
    return sorted(found, key=lambda record: record.on, reverse=True)[:limit]
