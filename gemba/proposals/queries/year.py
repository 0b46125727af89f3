"""The year's table of people and organisations, with points by the municipality's rules."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from gemba.organisation.models import Organisation, Person
from gemba.proposals.models import Author, NameConsent, Proposal, Replication, ReplicationState, Reward
from gemba.proposals.queries.kept import kept
from gemba.proposals.rules.points import points_of
from gemba.proposals.rules.states import IMPLEMENTED, State
from gemba.proposals.rules.terms import ProposalRules

SHOWN = 50
_REPLICATED = (ReplicationState.INTRODUCED, ReplicationState.CONFIRMED)


@dataclass
class Line:
    """One person or organisation of the table."""

    name: str = ""
    place: str = ""
    submitted: int = 0
    accepted: int = 0
    implemented: int = 0
    replicated: int = 0
    points: Decimal = Decimal(0)
    is_named: bool = True


@dataclass
class YearTable:
    """The table of a year."""

    people: list[Line] = field(default_factory=list)
    unnamed: int = 0
    organisations: list[Line] = field(default_factory=list)
    submitted: int = 0
    implemented: int = 0
    hours: Decimal = Decimal(0)
    money: Decimal = Decimal(0)


def year_table_kept(*, municipality_id: int, year: int, rules: ProposalRules, at: datetime) -> YearTable:
    """Return the table, gathered anew when something has been done in the municipality since."""
    return kept(
        key=("year", year), municipality_id=municipality_id, at=at,
        make=lambda: year_table(municipality_id=municipality_id, year=year, rules=rules),
    )  # fmt: skip


def year_table(*, municipality_id: int, year: int, rules: ProposalRules, shown: int = SHOWN) -> YearTable:
    """Gather the table: what was sent, accepted, introduced and repeated elsewhere in the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    table = YearTable()
    done = Q(implemented_on__gte=first, implemented_on__lte=last, state__in=IMPLEMENTED)
    sent = Q(submitted_on__gte=first, submitted_on__lte=last) & ~Q(state__in=(State.DRAFT, State.DUPLICATE))
    decided = Q(decided_on__gte=first, decided_on__lte=last, planned_on__isnull=False)
    town = Proposal.objects.filter(municipality_id=municipality_id)
    people: dict[int, Line] = defaultdict(Line)
    authored = Author.objects.filter(proposal__municipality_id=municipality_id)
    shares = _shares(municipality_id, first, last) if rules.shares_points else {}
    for condition, name, worth in (
        (sent, "submitted", rules.points_registered),
        (decided, "accepted", rules.points_accepted),
        (done, "implemented", rules.points_implemented),
    ):
        credited = authored.filter(proposal__in=town.filter(condition).values("pk"))
        if not shares:
            for person_id, n in credited.values_list("person_id").annotate(n=Count("pk")).order_by():
                line = people[person_id]
                setattr(line, name, getattr(line, name) + n)
                line.points += worth * n
            continue
        for person_id, proposal_id in credited.values_list("person_id", "proposal_id"):
            line = people[person_id]
            setattr(line, name, getattr(line, name) + 1)
            line.points += points_of(worth, shares.get(proposal_id, 1))
    elsewhere = Replication.objects.filter(
        municipality_id=municipality_id,
        introduced_on__gte=first,
        introduced_on__lte=last,
        state__in=_REPLICATED,
    )
    _credit_replications(elsewhere, people, shares, rules)
    given = Reward.objects.filter(
        proposal__municipality_id=municipality_id, act_on__gte=first, act_on__lte=last
    )
    for person_id, points in (
        given.filter(points__gt=0).values_list("person_id").annotate(n=Sum("points")).order_by()
    ):
        people[person_id].points += points
    _name(table, people)
    table.people = table.people[:shown]
    _organisations(table, town, sent, done, elsewhere)
    table.organisations = table.organisations[:shown]
    totals = town.filter(done).aggregate(n=Count("pk"), hours=Sum("hours_a_year"), money=Sum("money_a_year"))
    table.submitted = town.filter(sent).count()
    table.implemented = totals["n"]
    table.hours, table.money = totals["hours"] or Decimal(0), totals["money"] or Decimal(0)
    return table


def _shares(municipality_id: int, first: date, last: date) -> dict[int, int]:
    counted = Author.objects.filter(proposal__municipality_id=municipality_id)
    rows = counted.values_list("proposal_id").annotate(n=Count("pk")).order_by().filter(n__gt=1)
    return dict(rows)


def _credit_replications(
    elsewhere: QuerySet[Replication], people: dict[int, Line], shares: dict[int, int], rules: ProposalRules
) -> None:
    pairs = list(elsewhere.values_list("proposal_id", "responsible_id"))
    authors: dict[int, list[int]] = defaultdict(list)
    found = Author.objects.filter(proposal_id__in={proposal_id for proposal_id, _ in pairs})
    for proposal_id, person_id in found.values_list("proposal_id", "person_id"):
        authors[proposal_id].append(person_id)
    for proposal_id, responsible_id in pairs:
        for person_id in authors[proposal_id]:
            people[person_id].replicated += 1
            people[person_id].points += points_of(rules.points_replicated, shares.get(proposal_id, 1))
        if responsible_id and responsible_id not in authors[proposal_id]:
            # The side that took it over is credited as well.
            people[responsible_id].replicated += 1
            people[responsible_id].points += points_of(rules.points_replicated, 1)


def _name(table: YearTable, people: dict[int, Line]) -> None:
    agreed = set(NameConsent.objects.filter(person_id__in=people).values_list("person_id", flat=True))
    named = Person.objects.in_bulk(agreed)
    for person_id, line in people.items():
        if person_id in named:
            line.name = named[person_id].full_name
            table.people.append(line)
        else:
            table.unnamed += 1
    table.people.sort(key=lambda line: (-line.points, -line.implemented, line.name))


def _organisations(
    table: YearTable, town: QuerySet[Proposal], sent: Q, done: Q, elsewhere: QuerySet[Replication]
) -> None:
    lines: dict[int, Line] = defaultdict(Line)
    for condition, name in ((sent, "submitted"), (done, "implemented")):
        rows = town.filter(condition).values_list("organisation_id").annotate(n=Count("pk")).order_by()
        for organisation_id, n in rows:
            setattr(lines[organisation_id], name, n)
    for organisation_id, n in elsewhere.values_list("organisation_id").annotate(n=Count("pk")).order_by():
        lines[organisation_id].replicated = n
    names = Organisation.objects.only("short_name", "name").in_bulk(lines)
    for organisation_id, line in lines.items():
        line.name = str(names[organisation_id])
    table.organisations = sorted(
        lines.values(), key=lambda line: (-line.implemented, -line.submitted, line.name)
    )
