"""The demo as a whole: four municipalities, every role, nothing twice, never beside real data."""

from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count, F
from django.test import Client, override_settings

from gemba.audit.models import ActRecord
from gemba.demo.actions.accounts import ORDER
from gemba.demo.actions.demo import clear_demo, make_demo, refuse_real_data
from gemba.demo.actions.region import fill_region, fingerprint
from gemba.demo.rules.towns import TOWNS
from gemba.documents.models import IssuedDocument
from gemba.kernel.problems import Refusal
from gemba.organisation.access import actor_of
from gemba.organisation.models import (
    Body,
    BodyMembership,
    Municipality,
    Organisation,
    Person,
    Region,
    Unit,
    User,
)
from gemba.organisation.roles import Role
from gemba.plan.metrics import Scope, find
from gemba.plan.models import JournalEntry
from gemba.projects.models import PassportEdition, Project, Stage
from gemba.projects.rules.states import Status
from gemba.proposals.models import Proposal
from gemba.regulations.models import Edition
from gemba.scorecards.models import Sheet
from gemba.scorecards.rules.states import State as SignificanceState
from gemba.self_assessment.models import Campaign
from gemba.self_assessment.rules.states import State as SheetState

REGULATIONS = Path(__file__).parents[3] / "regulations"
TODAY = date(2026, 11, 20)


def make() -> list[str]:
    return make_demo(regulations=REGULATIONS, seed=5, today=TODAY, progress=lambda text: None)


@pytest.mark.django_db
def test_the_demo_has_four_municipalities_and_every_role_and_is_made_once() -> None:
    assert len(make()) == 4
    assert Region.objects.count() == 2 and Municipality.objects.count() == 4
    assert sorted(Edition.objects.values_list("municipality__code", flat=True)) == [
        "belovo", "leninsk-kuznetsky", "novooskolsky", "promyshlennovsky", "promyshlennovsky",
    ]  # fmt: skip
    # Roles: each account really may what its card says, and no password opens it.
    for town in TOWNS:
        for role in ORDER:
            user = User.objects.with_owner().get(login=f"{town.code}.{role.value}")
            assert user.demo_role_title and not user.has_usable_password()
            assert actor_of(user, today=TODAY).has(role), (town.code, role)
    for user in User.objects.with_owner().filter(region__isnull=False):
        assert actor_of(user, today=TODAY).has(Role.REGION) and user.demo_role_title
    assert User.objects.count() == 4 * len(ORDER) + 2
    # Seats as the acts have them, each person once.
    seats = {
        body.municipality.code: body.memberships.count()
        for body in Body.objects.filter(kind__in=["working_group", "commission"]).select_related(
            "municipality"
        )
    }
    assert seats["belovo"] == 23 and seats["promyshlennovsky"] == 13
    assert Body.objects.filter(
        municipality__code="novooskolsky", kind="leaders_team", memberships__isnull=False
    ).exists()
    acting = (
        BodyMembership.objects.filter(body__municipality__code="belovo", is_acting=True)
        .select_related("person")
        .get()
    )
    assert acting.person is not None and acting.person.positions.get().is_acting
    twice = BodyMembership.objects.values("body", "person").annotate(times=Count("id")).filter(times__gt=1)
    assert not twice.exists()
    # History: merged, closed, and its people did not stay behind.
    for town in TOWNS:
        rows = Organisation.objects.filter(municipality__code=town.code)
        assert (
            rows.filter(successor__isnull=False).exists()
            and rows.filter(ends_on__isnull=False, successor__isnull=True).exists()
        )
        assert not rows.filter(ends_on__isnull=False, positions__ends_on__isnull=True).exists()
    assert Unit.objects.exclude(qr_token="").count() == Unit.objects.count() > 200
    # Work: in the years of the programme, before today, in every state a clerk meets.
    for town in TOWNS:
        rows = Proposal.objects.filter(municipality__code=town.code)
        assert {day.year for day in rows.values_list("implemented_on", flat=True) if day} >= set(
            town.work_years
        )
        assert (
            not rows.filter(submitted_on__gt=TODAY).exists()
            and not rows.filter(implemented_on__gt=TODAY).exists()
        )
        states = set(rows.values_list("state", flat=True))
        assert states >= {
            "registered",
            "under_review",
            "rejected",
            "accepted",
            "in_progress",
            "implemented",
            "verified",
            "closed",
        }
        assert rows.filter(moved_at__date__gte=date(2026, 10, 20)).count() > 10
    assert not Proposal.objects.filter(state="rejected", decision="").exists()
    assert JournalEntry.objects.count() > 500
    _projects_stand_everywhere()
    _assessments_and_papers_are_there()
    # A second run changes nothing.
    before = (fingerprint(), ActRecord.objects.count(), Person.objects.count(), User.objects.count())
    assert make() == []
    assert (fingerprint(), ActRecord.objects.count(), Person.objects.count(), User.objects.count()) == before
    # The sign-in page shows them all.
    with override_settings(DEMO=True):
        page = Client().get("/sign-in/").content.decode()
    for municipality in Municipality.objects.all():
        assert municipality.name in page
    assert page.count('class="demo-person"') == User.objects.count()
    user = User.objects.get(login="belovo.head")
    with override_settings(DEMO=True):
        assert Client().post(f"/sign-in/demo/{user.pk}/").status_code == 302


def _assessments_and_papers_are_there() -> None:
    """Last year's rating is fixed and published, this year's campaign is under way, sheets and papers exist."""
    last, current = Campaign.objects.order_by("year").select_related("municipality")
    assert last.municipality.code == current.municipality.code == "promyshlennovsky"
    assert last.is_fixed and last.is_published and last.standings.filter(place=1).exists()
    assert last.standings.count() == last.participants.count() > 20
    states = set(current.participants.values_list("state", flat=True))
    assert not current.is_fixed and states == set(SheetState)
    assert set(Sheet.objects.values_list("state", flat=True)) == set(SignificanceState)
    assert not Sheet.objects.filter(assessor__isnull=False, assessor=F("subject__leader")).exists()
    for town in TOWNS:
        assert IssuedDocument.objects.filter(municipality__code=town.code).count() >= 3, town.code


def _projects_stand_everywhere() -> None:
    """Every status and stage is there to look at, and the plan counts what was closed."""
    for town in TOWNS:
        rows = Project.objects.filter(municipality__code=town.code)
        statuses = set(rows.values_list("status", flat=True))
        assert statuses >= {
            Status.DRAFT, Status.APPROVAL, Status.ACTIVE, Status.PAUSED, Status.STABILITY, Status.STABLE, Status.DEGRADED,
            Status.TERMINATED,
        }, town.code  # fmt: skip
        standing = set(rows.filter(status=Status.ACTIVE).values_list("stage", flat=True))
        assert standing >= {2, 3, 5, 6, 7, 8, 9}, town.code
        assert {"success", "partial", "terminated"} <= set(rows.values_list("outcome", flat=True))
        late = Stage.objects.filter(project__in=rows, actual_start__isnull=False, actual_end__isnull=True)
        assert late.filter(plan_end__lt=TODAY).exclude(delay_reason="").exists()
        assert rows.filter(proposal__isnull=False).exists() and rows.filter(is_sent=True).exists()
        editions = PassportEdition.objects.filter(project__in=rows)
        assert editions.filter(number=2).exists() and editions.filter(state="returned").exists()
        year = town.work_years[-1]
        scope = Scope(rows[0].municipality_id, date(year, 1, 1), min(date(year, 12, 31), TODAY))
        assert find("projects_closed").total(scope) > 5
        joint = rows.filter(participants__organisation__isnull=False).annotate(n=Count("participants"))
        assert joint.filter(n__gt=1).exists()


@pytest.mark.django_db
def test_the_demo_never_stands_beside_real_data() -> None:
    region = Region.objects.create(code="real", name="Настоящая область")
    real = Municipality.objects.create(
        region=region, code="real", name="Настоящий округ", short_name="Н", genitive="Н"
    )
    for act in (refuse_real_data, make, clear_demo, lambda: fill(1)):
        with pytest.raises(Refusal, match="Настоящий округ"):
            act()
    assert list(Municipality.objects.all()) == [real] and not Person.objects.exists()


@pytest.mark.django_db
def test_an_account_of_a_real_person_stops_the_demo() -> None:
    User.objects.create(login="boss", title="Администратор", created_at="2026-01-01T00:00Z")
    with pytest.raises(Refusal, match="boss"):
        clear_demo()


def fill(seed: int) -> int:
    return fill_region(
        municipalities=3,
        scale=1,
        proposals=120,
        projects=40,
        seed=seed,
        today=TODAY,
        progress=lambda text: None,
    )


@pytest.mark.django_db(transaction=True)
def test_a_region_is_the_same_for_the_same_seed_and_goes_on_after_an_interruption() -> None:
    assert fill(1) == 3
    assert Proposal.objects.count() == 120
    assert Project.objects.count() == 40
    whole = fingerprint()
    assert fill(1) == 0
    assert fingerprint() == whole
    clear_demo()
    assert not Municipality.objects.exists()
    with pytest.raises(KeyboardInterrupt):
        fill_region(
            municipalities=3, scale=1, proposals=120, projects=40, seed=1, today=TODAY, progress=_interrupt
        )
    assert Municipality.objects.count() == 1
    assert fill(1) == 2
    assert fingerprint() == whole
    clear_demo()
    assert fill(2) == 3
    assert fingerprint() != whole


def _interrupt(text: str) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_a_filled_region_has_working_accounts_and_no_way_in() -> None:
    fill(1)
    for role in ORDER:
        user = User.objects.with_owner().get(login=f"fill-1-001.{role.value}")
        assert actor_of(user, today=TODAY).has(role), role
        assert not user.has_usable_password()
    assert Edition.objects.count() == 3
