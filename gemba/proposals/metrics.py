"""What this module counts for the plan (indicators, 5.2 and 5.3)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Avg, CharField, Count, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Cast

from gemba.organisation.queries import headcount_on
from gemba.plan.metrics import Counts, Metric, Record, Scope, ShareOfOrganisations, register
from gemba.proposals.models import Proposal
from gemba.proposals.rules.states import IMPLEMENTED, State
from gemba.statements import written
from gemba.ui.small import address

# A repeated proposal is credited to its authors in the original: one improvement counts once.
NOT_COUNTED = (State.DRAFT, State.DUPLICATE)


def register_all() -> None:
    """Give the plan its metrics."""
    register(
        Metric(
            code="proposals_submitted", title="Подано предложений по улучшению",
            formula="Число предложений, поданных за период; повторы, объединённые с другими, не считаются",
            unit="шт.", event="дата подачи", count=count_submitted, records=submitted_records,
            together=together,
        )
    )  # fmt: skip
    register(
        Metric(
            code="proposals_implemented", title="Реализовано предложений по улучшению",
            formula="Число предложений с датой внедрения в периоде; соавторы числа не увеличивают",
            unit="шт.", event="дата внедрения", count=count_implemented, records=implemented_records,
            together=together, beside="proposals_submitted", beside_word="подано",
        )
    )  # fmt: skip
    register(
        ShareOfOrganisations(
            code="institutions_with_proposals_share",
            title="Доля учреждений, в которых реализованы предложения по улучшению",
            formula="Учреждения, где за период реализовано хотя бы одно предложение, к числу учреждений на дату отчёта",
            of="proposals_implemented",
        )
    )  # fmt: skip
    register(
        Metric(
            code="proposals_per_100_employees", title="Предложений на 100 работников",
            formula="Поданные за период предложения × 100 ÷ численность на последний день периода",
            unit="на 100 чел.", event="дата подачи", count=count_per_100, records=submitted_records,
            total=total_per_100,
        )
    )  # fmt: skip
    register(
        Metric(
            code="proposals_days_to_decision", title="Средний срок решения по предложению",
            formula="Среднее число календарных дней от подачи до решения по решённым за период",
            unit="дн.", event="дата решения", count=count_days, records=decided_records, total=total_days,
        )
    )  # fmt: skip


def submitted(scope: Scope) -> QuerySet[Proposal]:
    """Return what was sent in the scope."""
    return _within(scope, "submitted_on").exclude(state__in=NOT_COUNTED)


def implemented(scope: Scope) -> QuerySet[Proposal]:
    """Return what was introduced in the scope."""
    return _within(scope, "implemented_on").filter(state__in=IMPLEMENTED)


def decided(scope: Scope) -> QuerySet[Proposal]:
    """Return what was decided in the scope."""
    return _within(scope, "decided_on").exclude(state__in=NOT_COUNTED)


def _within(scope: Scope, field: str) -> QuerySet[Proposal]:
    found = Proposal.objects.filter(
        **{
            "municipality_id": scope.municipality_id,
            f"{field}__gte": scope.first,
            f"{field}__lte": scope.last,
        }
    )
    return (
        found if scope.organisation_ids is None else found.filter(organisation_id__in=scope.organisation_ids)
    )


_SENT, _DONE = "proposals_submitted", "proposals_implemented"


def together(scope: Scope, codes: Collection[str]) -> Counts:
    """Count what was sent and what was introduced in one statement, each out of its index alone."""
    by_organisation: dict[str, dict[int, Decimal]] = {code: {} for code in codes}
    if scope.organisation_ids is None and len(by_organisation) > 1:
        for code, pk, n in _both(municipality_id=scope.municipality_id, first=scope.first, last=scope.last):
            by_organisation[code][pk] = Decimal(n)
    else:
        for code in codes:
            by_organisation[code] = (count_submitted if code == _SENT else count_implemented)(scope)
    return Counts(
        by_organisation, {code: sum(values.values(), Decimal(0)) for code, values in by_organisation.items()}
    )


@written
def _both(*, municipality_id: int, first: date, last: date) -> "QuerySet[Proposal, tuple[str, int, int]]":
    scope = Scope(municipality_id, first, last)
    return _marked(submitted(scope), _SENT).union(_marked(implemented(scope), _DONE), all=True)


def _marked(found: QuerySet[Proposal], code: str) -> "QuerySet[Proposal, tuple[str, int, int]]":
    marked = found.order_by().annotate(code=Cast(Value(code), CharField()))
    return marked.values_list("code", "organisation_id").annotate(n=Count("*"))


@written
def _sent_by_place(*, municipality_id: int, first: date, last: date) -> "QuerySet[Proposal, tuple[int, int]]":
    return _by_place(submitted(Scope(municipality_id, first, last)))


@written
def _done_by_place(*, municipality_id: int, first: date, last: date) -> "QuerySet[Proposal, tuple[int, int]]":
    return _by_place(implemented(Scope(municipality_id, first, last)))


def _by_place(found: QuerySet[Proposal]) -> "QuerySet[Proposal, tuple[int, int]]":
    # Count(*): an index that holds what is asked for answers alone.
    return found.order_by().values_list("organisation_id").annotate(n=Count("*"))


def count_submitted(scope: Scope) -> dict[int, Decimal]:
    """Count what was sent, by organisation."""
    if scope.organisation_ids is not None:
        return _decimals(_by_place(submitted(scope)))
    return _decimals(
        _sent_by_place(municipality_id=scope.municipality_id, first=scope.first, last=scope.last)
    )


def count_implemented(scope: Scope) -> dict[int, Decimal]:
    """Count what was introduced, by organisation."""
    if scope.organisation_ids is not None:
        return _decimals(_by_place(implemented(scope)))
    return _decimals(
        _done_by_place(municipality_id=scope.municipality_id, first=scope.first, last=scope.last)
    )


def _decimals(rows: Iterable[tuple[int, int]]) -> dict[int, Decimal]:
    return {organisation_id: Decimal(n) for organisation_id, n in rows}


def count_per_100(scope: Scope) -> dict[int, Decimal]:
    """Count what was sent per 100 employees; an organisation without a known headcount is missing."""
    heads = headcount_on(
        municipality_id=scope.municipality_id, day=scope.last, organisation_ids=scope.organisation_ids
    )
    return {
        pk: (n * 100 / heads[pk]).quantize(Decimal("0.01"))
        for pk, n in count_submitted(scope).items()
        if heads.get(pk)
    }


def total_per_100(scope: Scope) -> Decimal:
    """Count what was sent per 100 employees of all organisations whose headcount is known."""
    heads = headcount_on(
        municipality_id=scope.municipality_id, day=scope.last, organisation_ids=scope.organisation_ids
    )
    sent = sum((n for pk, n in count_submitted(scope).items() if heads.get(pk)), Decimal(0))
    people = sum(heads.values())
    return (sent * 100 / people).quantize(Decimal("0.01")) if people else Decimal(0)


def _days(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return found.annotate(
        took=ExpressionWrapper(F("decided_on") - F("submitted_on"), output_field=DurationField())
    )


def count_days(scope: Scope) -> dict[int, Decimal]:
    """Give the mean days from sending to decision, by organisation."""
    rows = _days(decided(scope)).values_list("organisation_id").annotate(mean=Avg("took")).order_by()
    return {pk: _in_days(mean) for pk, mean in rows if mean is not None}


def total_days(scope: Scope) -> Decimal:
    """Give the mean days from sending to decision over all proposals."""
    mean = _days(decided(scope)).aggregate(mean=Avg("took"))["mean"]
    return _in_days(mean) if mean is not None else Decimal(0)


def _in_days(mean: object) -> Decimal:
    seconds = Decimal(str(mean.total_seconds()))  # type: ignore[attr-defined]
    return (seconds / 86_400).quantize(Decimal("0.1"))


def _records(found: QuerySet[Proposal], field: str, limit: int) -> Iterator[Record]:
    rows = found.select_related("organisation").defer("problem", "solution", "expected", "words")
    for row in rows.order_by(f"-{field}", "-pk")[:limit]:
        yield Record(
            on=getattr(row, field), title=row.title, number=row.number_text, organisation_id=row.organisation_id,
            organisation=str(row.organisation), url=address("proposals:card", row.pk), note=row.stage.title,
        )  # fmt: skip


def submitted_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List what was sent, newest first."""
    return _records(submitted(scope), "submitted_on", limit)


def implemented_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List what was introduced, newest first."""
    return _records(implemented(scope), "implemented_on", limit)


def decided_records(scope: Scope, limit: int) -> Iterator[Record]:
    """List what was decided, newest first."""
    return _records(decided(scope), "decided_on", limit)
