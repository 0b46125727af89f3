"""Every page opens for those it is for, and for nobody else."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from gemba.organisation.roles import WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals.actions.consent import give_consent
from gemba.proposals.rules.states import State
from gemba.proposals.tests.factories import AT, make_in, url_samples
from gemba.regulations.tests.factories import an_edition

pytestmark = pytest.mark.django_db
POST_ONLY = {
    "proposals:move", "proposals:comment", "proposals:effect_verify", "proposals:codes", "proposals:template_drop",
    "proposals:filter_drop", "proposals:import_load", "proposals:assign", "proposals:filter_keep", "proposals:consent",
    "quick:similar",
}  # fmt: skip
PLAIN = [
    "list", "submit", "paper", "people", "places", "similar", "board", "statistics", "year", "rules", "templates",
    "units", "import", "import_sample",
]  # fmt: skip


def bare(cast: Cast) -> list[tuple[str, dict[str, object]]]:
    return [
        (name, {key: value for key, value in kwargs.items() if key != "is_object"})
        for name, kwargs in url_samples(cast).items()
    ]


def test_every_address_with_an_argument_has_a_sample(cast: Cast) -> None:
    known = set(url_samples(cast))
    asked = set()
    for namespace in ("proposals", "quick"):
        _, resolver = get_resolver().namespace_dict[namespace]
        asked |= {f"{namespace}:{p.name}" for p in resolver.url_patterns if "<" in str(p.pattern)}
    assert asked == known


def test_pages_open_for_all_roles_without_a_failure(cast: Cast) -> None:
    samples = bare(cast)
    for role in Role:
        if role in WITHOUT_ACCOUNT:
            continue
        client = cast.client(role)
        for name in PLAIN:
            status = client.get(reverse(f"proposals:{name}")).status_code
            assert status in (200, 403, 404), (role, name, status)
        for view in ("mine", "queue", "all", "catalogue"):
            assert client.get(reverse("proposals:list"), {"view": view}).status_code in (200, 403), (
                role,
                view,
            )
        for name, kwargs in samples:
            if name not in POST_ONLY:
                status = client.get(reverse(name, kwargs=kwargs)).status_code
                assert status in (200, 302, 403, 404), (role, name, status)


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.EMPLOYEE, ["list", "submit", "people", "places", "similar", "year", "rules"]),
        (Role.UNIT_HEAD, [name for name in PLAIN if not name.startswith("import")]),
        (Role.COORDINATOR, PLAIN),
        (Role.MONITOR, PLAIN),
        (Role.HEAD, ["list", "submit", "board", "statistics", "year", "rules"]),
    ],
)
def test_each_role_has_its_pages(cast: Cast, role: Role, names: list[str]) -> None:
    client = cast.client(role)
    make_in(cast, State.IMPLEMENTED)
    for name in names:
        assert client.get(reverse(f"proposals:{name}")).status_code == 200, name


def test_the_region_sees_no_text_and_a_stranger_nothing(cast: Cast) -> None:
    public = make_in(cast, State.IMPLEMENTED)
    assert cast.client(Role.REGION).get(reverse("proposals:card", args=[public.pk])).status_code == 403
    assert cast.client(Role.REGION).get(reverse("proposals:list")).status_code == 403
    stranger = cast.stranger_client()
    for name, kwargs in bare(cast):
        if name.startswith("proposals:") and not name.endswith("export"):
            method = stranger.post if name in POST_ONLY else stranger.get
            assert method(reverse(name, kwargs=kwargs)).status_code in (403, 404), name


def test_an_assignment_is_given_from_the_card(cast: Cast) -> None:
    address = reverse("proposals:card", args=[make_in(cast, State.IMPLEMENTED).pk])
    for role, is_offered in ((Role.HEAD, True), (Role.MONITOR, True), (Role.TRAINER, False)):
        page = cast.client(role).get(address).content.decode()
        assert ("/plan/measures/give/?about=" in page and "Дать поручение" in page) is is_offered, role


def test_the_catalogue_shows_no_names(cast: Cast) -> None:
    done = make_in(cast, State.IMPLEMENTED)
    refused = make_in(cast, State.REJECTED)
    client = cast.client(Role.TRAINER)
    page = client.get(reverse("proposals:card", args=[done.pk])).content.decode()
    assert done.problem in page
    assert "Тихонова" not in page and "История" not in page and "Обсуждение" not in page
    assert client.get(reverse("proposals:card", args=[refused.pk])).status_code == 404
    listed = client.get(reverse("proposals:list"), {"view": "catalogue"}).content.decode()
    assert done.title in listed and "Тихонова" not in listed and refused.title not in listed
    sheet = client.get(reverse("proposals:export", args=["csv"]), {"view": "catalogue"})
    text = b"".join(sheet.streaming_content).decode()
    assert done.problem in text and "Тихонова" not in text


def text_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_the_sheets_of_a_year_hold_everything_and_only_ones_own(cast: Cast) -> None:
    make_in(cast, State.IMPLEMENTED)
    person = cast.people[Role.EMPLOYEE]
    for name, kind in (("year_export", "csv"), ("statistics_export", "csv")):
        address = reverse(f"proposals:{name}", args=[kind])
        mine = text_of(cast.client(Role.MONITOR).get(address))
        assert str(cast.school) in mine and person.full_name not in mine
        assert str(cast.school) not in text_of(cast.stranger_client().get(address))
    assert "Всего;" in mine
    give_consent(actor=cast.actor(Role.EMPLOYEE), person=person, at=AT)
    year = reverse("proposals:year_export", args=["csv"])
    assert person.full_name in text_of(cast.client(Role.MONITOR).get(year))
    sheet = cast.client(Role.MONITOR).get(reverse("proposals:year_export", args=["xlsx"]))
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")
    for name in ("year_export", "statistics_export"):
        assert cast.client(Role.MONITOR).get(reverse(f"proposals:{name}", args=["exe"])).status_code == 404
    statistics = reverse("proposals:statistics_export", args=["csv"])
    assert cast.client(Role.EMPLOYEE).get(statistics).status_code == 403


def test_a_stranger_without_an_account_is_asked_to_sign_in(cast: Cast) -> None:
    answer = Client().get(reverse("proposals:list"))
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.MONITOR, Role.SECRETARY, Role.EMPLOYEE])
def test_a_list_asks_at_most_twelve_questions_for_any_number_of_rows(cast: Cast, role: Role) -> None:
    an_edition(cast.municipality)
    for _ in range(12):
        make_in(cast, State.REGISTERED)
        make_in(cast, State.IMPLEMENTED)
    client = cast.client(role)
    for view in ("queue", "all", "mine", "catalogue"):
        client.get(reverse("proposals:list"), {"view": view})
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("proposals:list"), {"view": view}).status_code == 200
        assert len(asked) <= 12, (view, [one["sql"][:90] for one in asked])
