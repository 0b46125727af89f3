"""A closed project is repeated elsewhere: the two remember each other, and the plan counts it once it is done there."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from gemba.kernel.problems import Refusal
from gemba.organisation.access import system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.plan.metrics import Scope, find, is_taken_over, is_written
from gemba.plan.models import JournalEntry
from gemba.plan.tests.factories import event
from gemba.projects import metrics
from gemba.projects.actions.passport import replicate
from gemba.projects.models import Participant, Project, ProjectSettings
from gemba.projects.tests.factories import AT, DAY, make_active, make_closed

pytestmark = pytest.mark.django_db


def repeated(cast: Cast, origin: Project) -> Project:
    return replicate(
        actor=system_actor(cast.municipality), project_id=origin.pk, title="То же в саду",
        organisation=cast.kindergarten, at=AT + timedelta(days=40),
    )  # fmt: skip


def test_what_was_proved_is_taken_over_and_people_and_days_are_new(cast: Cast) -> None:
    origin = make_closed(cast)
    made = repeated(cast, origin)
    approved = origin.editions.get(number=origin.edition_number).passport
    assert (made.origin_id, made.organisation_id, made.status) == (origin.pk, cast.kindergarten.pk, "draft")
    assert made.passport.process == approved.process
    assert [goal.title for goal in made.passport.goals] == [goal.title for goal in approved.goals]
    assert made.passport.customer_id is None and made.passport.team == [] and made.passport.is_baseline_unsure
    assert made.passport.stages and made.passport.stages != approved.stages


def test_only_a_closed_project_and_only_in_another_place(cast: Cast) -> None:
    actor, active = system_actor(cast.municipality), make_active(cast)
    with pytest.raises(Refusal, match="закрытый"):
        replicate(actor=actor, project_id=active.pk, title="x", organisation=cast.kindergarten, at=AT)
    closed = make_closed(cast, title="Второй")
    with pytest.raises(Refusal, match="уже выполнен"):
        replicate(actor=actor, project_id=closed.pk, title="x", organisation=closed.organisation, at=AT)
    assert Project.objects.count() == 2


def test_the_share_of_replicated_projects_counts_a_replica_when_it_is_closed(cast: Cast) -> None:
    origin = make_closed(cast)
    made = repeated(cast, origin)
    scope = Scope(cast.municipality.pk, date(DAY.year, 1, 1), date(DAY.year, 12, 31))
    assert metrics.total_closed(scope) == 1 and metrics.total_replicated(scope) == 0
    Project.objects.filter(pk=made.pk).update(
        status="stability", outcome="success", closed_on=origin.closed_on, stage=10
    )
    assert metrics.total_replicated(scope) == 1
    assert metrics.count_replicated(scope) == {origin.organisation_id: Decimal(1)}
    assert [row.title for row in metrics.replicated_records(scope, 5)] == [origin.title]


def close(project: Project, outcome: str = "success") -> None:
    Project.objects.filter(pk=project.pk).update(status="stability", outcome=outcome, closed_on=DAY, stage=10)
    Participant.objects.get_or_create(project=project, organisation=project.organisation)


def test_a_closed_replica_and_the_journal_are_counted_together_and_nothing_twice(cast: Cast) -> None:
    origin = make_closed(cast)
    made = repeated(cast, origin)
    metric, school, garden = find("replications_count"), cast.school, cast.kindergarten
    town = Scope(cast.municipality.pk, date(DAY.year, 1, 1), date(DAY.year, 12, 31))
    own = Scope(town.municipality_id, town.first, town.last, frozenset({garden.pk}))

    def counted() -> tuple[int, dict[int, int], list[str]]:
        assert metric.count(own).get(garden.pk, 0) == metric.count(town).get(garden.pk, 0)
        assert metric.total(own) == metric.count(own).get(garden.pk, 0)
        titles = sorted(record.title for record in metric.records(town, 10))
        assert len(titles) == metric.total(town)
        return metric.total(town), metric.count(town), titles

    assert counted() == (0, {}, [])
    # The journal says it first, by another name: it names what was repeated.
    old = event(school, "project", DAY, title=origin.title)
    entry = event(garden, "replication", DAY, title="Внедрено в саду", of=old)
    JournalEntry.objects.filter(pk=event(garden, "replication", DAY, of=old).pk).update(is_cancelled=True)
    assert counted() == (1, {garden.pk: 1}, ["Внедрено в саду"])
    # The project that repeats it is closed: it stands for the entry.
    close(made)
    assert counted() == (1, {garden.pk: 1}, [made.title])
    # By its own name too; what happened elsewhere is another replication.
    other = event(school, "project", DAY, title="Назван иначе")
    event(garden, "replication", DAY, title=made.title, of=other)
    event(school, "replication", DAY, title=made.title, of=other)
    assert counted() == (2, {garden.pk: 1, school.pk: 1}, [made.title, made.title])
    # Closed partially it counts where the municipality has decided so; where not, the journal speaks again.
    close(made, "partial")
    assert counted()[1] == {garden.pk: 2, school.pk: 1} and entry.title in counted()[2]
    ProjectSettings.objects.update_or_create(
        municipality=cast.municipality, defaults={"values": {"is_partial_counted": True}}
    )
    assert counted()[1] == {garden.pk: 1, school.pk: 1}
    # People go on writing replications into the journal.
    assert is_written("replications_count") and not is_taken_over(["replications_count"])


def test_the_card_offers_it_and_shows_both_ways(cast: Cast) -> None:
    origin = make_closed(cast)
    client = cast.client(Role.COORDINATOR)
    assert f"/projects/{origin.pk}/replicate/" in client.get(f"/projects/{origin.pk}/").content.decode()
    shown = client.get(f"/projects/{origin.pk}/replicate/").content.decode()
    assert origin.title in shown
    place = cast.kindergarten
    sent = client.post(
        f"/projects/{origin.pk}/replicate/",
        {"title": "То же в саду", "organisation": f"{place.code} — {place}"},
    )
    assert sent.status_code == 302
    made = Project.objects.get(origin=origin)
    Project.objects.filter(pk=made.pk).update(status="approval")
    assert f"/projects/{made.pk}/" in client.get(f"/projects/{origin.pk}/").content.decode()
