"""Lists of proposals: what needs somebody first, one's own, the catalogue, everything; by keyset, never by offset."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from gemba.organisation.access import Actor, may
from gemba.organisation.models import Organisation
from gemba.proposals import access
from gemba.proposals.models import Author, Proposal, ProposalCounter
from gemba.proposals.queries import ready
from gemba.proposals.queries.kept import kept, last_act
from gemba.proposals.queries.lines import Line, line_of, lines
from gemba.proposals.queries.ready import STAGNANT, in_town
from gemba.proposals.rules.states import AWAITING_ANSWER, IMPLEMENTED, PUBLIC, State
from gemba.proposals.rules.terms import ProposalRules
from gemba.search.queries import matching
from gemba.search.queries import question as words_question

PAGE = 50
MOST: Literal[100] = 100
Row = TypeVar("Row")
VIEWS = {"mine": "Мои", "queue": "Очередь", "all": "Все", "catalogue": "Каталог"}
GROUPS: dict[str, tuple[str, frozenset[State]]] = {
    "waiting": ("Ждут ответа", AWAITING_ANSWER),
    "returned": ("На уточнении", frozenset({State.RETURNED})),
    "doing": ("Внедряются", frozenset({State.ACCEPTED, State.IN_PROGRESS, State.POSTPONED})),
    "done": ("Внедрены", IMPLEMENTED),
    "refused": (
        "Отклонены и сняты",
        frozenset({State.REJECTED, State.CANCELLED, State.DUPLICATE, State.TO_PROJECT}),
    ),
}
TROUBLES = {"overdue": "Просрочены", "unassigned": "Никому не назначены", "stagnant": "Без движения"}


@dataclass(frozen=True)
class Filters:
    """What is asked of a list; the address of the page holds it."""

    view: str = "mine"
    group: str = ""
    state: str = ""
    trouble: str = ""
    words: str = ""
    category: str = ""
    organisation_id: int | None = None
    year: int | None = None
    # The organisation with everything below it, when that is known already.
    branch: tuple[int, ...] = ()
    place: str = ""

    @property
    def states(self) -> frozenset[State] | None:
        """Return the states asked for; None means any."""
        if self.state:
            return frozenset({State(self.state)})
        return GROUPS[self.group][1] if self.group else None

    @property
    def is_any(self) -> bool:
        """Tell whether anything beyond the view is asked."""
        return self != Filters(view=self.view)


def views_of(actor: Actor) -> dict[str, str]:
    """Return the lists the actor has."""
    has_office = access.sees_everything(actor) or may(actor, "proposals.read_own")
    return {code: title for code, title in VIEWS.items() if has_office or code in ("mine", "catalogue")}


def mine(actor: Actor) -> QuerySet[Proposal]:
    """Return what the actor wrote or was given to do, drafts included."""
    town = Proposal.objects.filter(municipality_id=actor.municipality_id or 0)
    sources: list[Any] = [
        town.filter(submitted_by_id=actor.user_id or 0, state=State.DRAFT).values_list("pk")
    ]
    if actor.person_id:
        sources.append(Author.objects.filter(person_id=actor.person_id).values_list("proposal_id"))
        sources.append(town.filter(reviewer_id=actor.person_id).values_list("pk"))
        sources.append(town.filter(responsible_id=actor.person_id).values_list("pk"))
    # Each part walks its own index; one condition with OR would read the whole table on both databases.
    ids = (
        [pk for (pk,) in sources[0].union(*sources[1:])] if len(sources) > 1 else [pk for (pk,) in sources[0]]
    )
    return town.filter(pk__in=ids)


def scope_of(actor: Actor) -> QuerySet[Proposal]:
    """Return what the actor keeps: the whole municipality, or the own organisations; no drafts."""
    town_id = actor.municipality_id or 0
    if access.sees_everything(actor):
        return Proposal.objects.filter(municipality_id=town_id).exclude(state=State.DRAFT)
    own = Proposal.objects.filter(organisation_id__in=access.own_organisations(actor))
    return in_town(own, town_id, is_cut=True).exclude(state=State.DRAFT)


def found(*, actor: Actor, filters: Filters, rules: ProposalRules, at: datetime) -> QuerySet[Proposal]:
    """Return the proposals asked for, unordered; nothing that the actor may not see."""
    if not (actor.is_system or may(actor, "proposals.read")) or filters.view not in views_of(actor):
        return Proposal.objects.none()
    if filters.view == "mine":
        rows = mine(actor)
    elif filters.view == "catalogue":
        rows = Proposal.objects.filter(municipality_id=actor.municipality_id or 0, is_public=True)
    else:
        rows = scope_of(actor)
    if filters.view == "queue":
        rows = rows.filter(term_on__isnull=False)
    if filters.states is not None:
        rows = rows.filter(state__in=filters.states)
    rows = in_trouble(rows, filters.trouble, rules=rules, at=at, today=actor.today)
    if filters.category:
        rows = rows.filter(category=filters.category)
    if filters.organisation_id:
        rows = rows.filter(organisation_id__in=filters.branch or branch_of(actor, filters.organisation_id))
    if filters.year:
        first, last = date(filters.year, 1, 1), date(filters.year, 12, 31)
        rows = rows.filter(submitted_on__gte=first, submitted_on__lte=last)
    return by_words(rows, filters.words)


def by_words(rows: QuerySet[Proposal], words: str) -> QuerySet[Proposal]:
    """Keep the proposals with this number, or with all these words in any form."""
    if number := _number_asked(words):
        return rows.filter(number_year=number[0], number=number[1])
    return matching(rows, words)


def _number_asked(words: str) -> tuple[int, int] | None:
    year, dash, number = words.strip().partition("-")
    is_number = dash and year.isdigit() and number.isdigit() and len(year) == 4 and len(number) < 8
    return (int(year), int(number)) if is_number else None


def in_trouble(
    rows: QuerySet[Proposal], trouble: str, *, rules: ProposalRules, at: datetime, today: date
) -> QuerySet[Proposal]:
    """Keep what is overdue, unassigned or stagnant by the thresholds of the municipality."""
    if trouble == "overdue":
        return rows.filter(term_on__lt=today)
    if trouble == "unassigned":
        # One condition with OR would read the whole municipality.
        first, *more = unassigned(rows.order_by().values("pk"), rules=rules, at=at)
        return rows.filter(pk__in=first.union(*more))
    if trouble == "stagnant":
        return rows.filter(state__in=STAGNANT, moved_at__lt=at - timedelta(days=rules.stagnant_days))
    return rows


def unassigned(
    rows: QuerySet[Proposal, Row], *, rules: ProposalRules, at: datetime
) -> list[QuerySet[Proposal, Row]]:
    """Split off what nobody has been asked to decide, and what is accepted without anybody to introduce it.

    Each part has an index of its own.
    """
    old = rows.filter(moved_at__lt=at - timedelta(days=rules.unassigned_days))
    return [
        old.filter(state__in=AWAITING_ANSWER, reviewer__isnull=True),
        old.filter(state=State.ACCEPTED, responsible__isnull=True),
    ]


def branch_of(actor: Actor, organisation_id: int) -> tuple[int, ...]:
    """Return the organisation and everything below it; nothing when it is not of the actor's municipality."""
    return place_with_branch(actor, organisation_id)[1]


def place_with_branch(actor: Actor, organisation_id: int) -> tuple[str, tuple[int, ...]]:
    """Return the name of an organisation of the actor's municipality, and it with everything below."""
    root = Organisation.objects.filter(pk=organisation_id, municipality_id=actor.municipality_id or 0).first()
    if root is None:
        return "", ()
    below = Organisation.objects.filter(municipality_id=root.municipality_id).within(root)
    return str(root), tuple(below.values_list("pk", flat=True))


@dataclass(frozen=True)
class Page:
    """One page of a list and the rows from which its neighbours begin."""

    rows: list[Line]
    after: int | None = None
    before: int | None = None


def shown(
    *,
    actor: Actor,
    filters: Filters,
    rules: ProposalRules,
    at: datetime,
    after: int | None = None,
    before: int | None = None,
) -> Page:
    """Return a page of what is asked for; the first page of most lists is a statement written once."""
    if not after and not before:
        asked = _ready_page(actor, filters)
        if asked is not None:
            cut = [line_of(row) for row in ready.first_page(**asked)]
            return Page(cut[:PAGE], after=cut[PAGE - 1].pk if len(cut) > PAGE else None)
    rows = found(actor=actor, filters=filters, rules=rules, at=at)
    return page_of(rows=rows, by_term=filters.view == "queue", after=after, before=before)


def _ready_page(actor: Actor, filters: Filters) -> dict[str, Any] | None:
    """Return with what the first page is asked; None when its statement is not a ready one."""
    if (
        filters.trouble
        or filters.category
        or filters.year
        or filters.view not in ("all", "queue", "catalogue")
    ):
        return None
    if filters.view not in views_of(actor) or not may(actor, "proposals.read"):
        return None
    place = _place_asked(actor, filters)
    if place is None:
        return None
    asked = ready.asked(actor, place) | {"view": filters.view, "states": filters.states, "most": 51}
    if filters.words:
        question = "" if _number_asked(filters.words) else words_question(Proposal, filters.words)
        return asked | {"question": question} if question else None
    return asked


def _place_asked(actor: Actor, filters: Filters) -> int | None:
    """Return 0 for the whole municipality, or the one organisation that is asked for; None for anything else."""
    place = 0 if filters.view == "catalogue" else ready.place_of(actor)
    if not filters.organisation_id or place is None:
        return place
    if filters.branch == (filters.organisation_id,) and filters.view != "catalogue":
        return filters.organisation_id if place in (0, filters.organisation_id) else None
    return None


def page_of(
    *,
    rows: QuerySet[Proposal],
    by_term: bool,
    after: int | None = None,
    before: int | None = None,
    size: int = PAGE,
) -> Page:
    """Cut one page: by expiry for a queue, newest first for the rest."""
    return _by_term(rows, after, before, size) if by_term else _newest(rows, after, before, size)


def _newest(rows: QuerySet[Proposal], after: int | None, before: int | None, size: int) -> Page:
    if before:
        cut = lines(rows.filter(pk__gt=before).order_by("pk")[: size + 1])
        more, cut = len(cut) > size, cut[:size][::-1]
        return Page(cut, after=cut[-1].pk if cut else None, before=cut[0].pk if more else None)
    if after:
        rows = rows.filter(pk__lt=after)
    cut = lines(rows.order_by("-pk")[: size + 1])
    more, cut = len(cut) > size, cut[:size]
    return Page(cut, after=cut[-1].pk if more else None, before=cut[0].pk if after and cut else None)


def _by_term(rows: QuerySet[Proposal], after: int | None, before: int | None, size: int) -> Page:
    edge = (
        Proposal.objects.filter(pk=after or before or 0).values_list("term_on", "pk").first()
        if after or before
        else None
    )
    if edge is None or edge[0] is None:
        cut = lines(rows.order_by("term_on", "pk")[: size + 1])
        return Page(cut[:size], after=cut[size - 1].pk if len(cut) > size else None)
    day, pk = edge
    if after:
        # The first condition lets both databases walk the index from the edge on.
        rows = rows.filter(term_on__gte=day).exclude(term_on=day, pk__lte=pk)
        cut = lines(rows.order_by("term_on", "pk")[: size + 1])
        more, cut = len(cut) > size, cut[:size]
        return Page(cut, after=cut[-1].pk if more else None, before=cut[0].pk if cut else None)
    rows = rows.filter(term_on__lte=day).exclude(term_on=day, pk__gte=pk)
    cut = lines(rows.order_by("-term_on", "-pk")[: size + 1])
    more, cut = len(cut) > size, cut[:size][::-1]
    return Page(cut, after=cut[-1].pk if cut else None, before=cut[0].pk if more else None)


def state_counts(
    *, actor: Actor, at: datetime, view: str, organisation_id: int | None = None, branch: tuple[int, ...] = ()
) -> Mapping[str, int]:
    """Return how many proposals stand in each state, from the counters kept by the actions."""
    place = _place_asked(actor, Filters(view=view, organisation_id=organisation_id, branch=branch))
    if place is not None:
        counts = _states_of(actor, place, at)
    else:
        counts = {what: n for what, n in _counters(actor, view, organisation_id, branch) if n}
    return {state: n for state, n in counts.items() if state in PUBLIC} if view == "catalogue" else counts


def _states_of(actor: Actor, place: int, at: datetime, last: int | None = None) -> Mapping[str, int]:
    """Return the states of the municipality or of one organisation.

    They are sums of very many counters: kept until the next act of the municipality.
    """
    asked = ready.asked(actor, place)
    return kept(
        key=("states", place), municipality_id=actor.municipality_id or 0, at=at, last=last,
        make=lambda: {what: int(n) for what, n in ready.counters(**asked) if n},
    )  # fmt: skip


def _counters(
    actor: Actor, view: str, organisation_id: int | None, branch: tuple[int, ...] = ()
) -> QuerySet[ProposalCounter, tuple[str, int]]:
    counters = ProposalCounter.objects.all()
    is_cut = False
    if view != "catalogue" and not access.sees_everything(actor):
        counters, is_cut = counters.filter(organisation_id__in=access.own_organisations(actor)), True
    if organisation_id:
        counters, is_cut = (
            counters.filter(organisation_id__in=branch or branch_of(actor, organisation_id)),
            True,
        )
    counters = in_town(counters, actor.municipality_id or 0, is_cut=is_cut)
    return counters.values_list("what").annotate(n=Sum("count")).order_by()


def numbers(
    *, actor: Actor, filters: Filters, rules: ProposalRules, at: datetime
) -> tuple[Mapping[str, int], dict[str, int]]:
    """Return the states and the troubles of a list, in one statement or two.

    Troubles are counted no further than `MOST`: beyond it the number says nothing more.
    """
    if filters.view not in ("queue", "all"):
        counts = state_counts(
            actor=actor,
            at=at,
            view=filters.view,
            organisation_id=filters.organisation_id,
            branch=filters.branch,
        )
        return counts, {}
    place = _place_asked(actor, filters)
    if place is None:
        return _numbers_anew(actor, filters, rules=rules, at=at)
    asked = ready.asked(actor, place)
    unassigned_before = at - timedelta(days=rules.unassigned_days)
    parts = {
        "overdue": [ready.overdue.text(**asked, today=actor.today, most=MOST)],
        "unassigned": [
            part.text(**asked, before=unassigned_before, most=MOST) for part in (ready.unasked, ready.undone)
        ],
        "stagnant": [
            ready.stagnant.text(**asked, before=at - timedelta(days=rules.stagnant_days), most=MOST)
        ],
    }
    town = actor.municipality_id or 0
    troubles = _summed(_counts_of(parts), last_act.text(municipality_id=town))
    states = _states_of(actor, place, at, troubles.pop(LAST, 0))
    return states, {code: min(troubles[code], MOST) for code in TROUBLES}


Part = tuple[str, tuple[Any, ...]]
LAST = "last"


def _numbers_anew(
    actor: Actor, filters: Filters, *, rules: ProposalRules, at: datetime
) -> tuple[Mapping[str, int], dict[str, int]]:
    """Count for who keeps several organisations, and for an organisation with others below it."""
    scope = scope_of(actor)
    if filters.organisation_id:
        branch = filters.branch or branch_of(actor, filters.organisation_id)
        scope = scope.filter(organisation_id__in=branch)
    parts = {
        code: [
            _text(cut.order_by().values("pk")[:MOST])
            for cut in (
                unassigned(scope, rules=rules, at=at)
                if code == "unassigned"
                else [in_trouble(scope, code, rules=rules, at=at, today=actor.today)]
            )
        ]
        for code in TROUBLES
    }
    counted = _text(_counters(actor, filters.view, filters.organisation_id, filters.branch))
    # An impossible question has no text.
    found = _summed([counted] * bool(counted[0]) + _counts_of(parts))
    troubles = {code: min(found.pop(code, 0), MOST) for code in TROUBLES}
    return {what: n for what, n in found.items() if n}, troubles


def _counts_of(parts: Mapping[str, Iterable[Part]]) -> list[Part]:
    return [
        (f"SELECT '{code}', COUNT(*) FROM ({sql}) {code}_rows", bound)  # noqa: S608
        for code, many in parts.items()
        for sql, bound in many
        if sql
    ]


def _summed(parts: list[Part], last: Part | None = None) -> Counter[str]:
    """Ask several sums at once, and the last act of the municipality."""
    if last is not None:
        parts = [*parts, (f"SELECT '{LAST}', id FROM ({last[0]}) {LAST}_act", last[1])]  # noqa: S608
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(sql for sql, _ in parts), [one for _, many in parts for one in many]
        )
        for what, n in cursor.fetchall():
            found[what] += int(n)
    return found


def _text(rows: QuerySet[Any, Any]) -> Part:
    try:
        sql, bound = rows.query.get_compiler(connection.alias).as_sql()
    except EmptyResultSet:
        return "", ()
    return sql, tuple(bound)


def group_counts(states: Mapping[str, int]) -> dict[str, int]:
    """Sum the states into the groups of the list."""
    return {code: sum(states.get(state, 0) for state in group) for code, (_, group) in GROUPS.items()}


def without(filters: Filters, **changes: Any) -> Filters:
    """Return the filters with some changed."""
    return replace(filters, **changes)


def start_of(day: date) -> datetime:
    """Return the moment a day begins in the current zone."""
    return timezone.make_aware(datetime.combine(day, time()))
