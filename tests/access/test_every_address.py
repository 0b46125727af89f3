"""Every page and act is tried by nobody, by a stranger and by each role; a new page cannot be forgotten."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from gemba.organisation.roles import WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import Cast, signed_in
from tests.access.walk import Address, Sample, addresses, ask, samples, url_of

# What nonsense a form may be sent: texts too long, numbers that are none, markup, a formula, a null byte.
NONSENSE = {
    "name": "<script>alert(1)</script>" * 40,
    "title": "=1+1",
    "starts_on": "32.13.2026",
    "last_day": "завтра",
    "version": "много",
    "pk": "-1",
    "next": "//evil.example/",
    "q": "\x00'\"%_",
    "act": "accept",
    "text": "ы" * 9000,
}
NONSENSE_QUERY = {"after": "99999999999999999999", "before": "x", "q": "\x00'\"", "on": "31.02.2026", "page": "-1",
                  "kind": "?", "state": "?", "first": "нет", "direction": "1e9", "organisation": "x"}  # fmt: skip

# Those before whom most doors stand open are tried most.
MANY_DOORS = {Role.ADMIN, Role.MONITOR, Role.UNIT_HEAD, Role.REGION}


@pytest.fixture
def known(cast: Cast) -> dict[str, Sample]:
    return samples(cast)


def walk(known: dict[str, Sample]) -> list[tuple[Address, str]]:
    return [(address, url) for address in addresses() if (url := url_of(address, known)) is not None]


def broken(answer: HttpResponse | Exception) -> str:
    if isinstance(answer, Exception):
        return f"{type(answer).__name__}: {answer}"[:300]
    return f"status {answer.status_code}" if answer.status_code >= 500 else ""


def test_every_address_has_a_name_and_a_guard() -> None:
    without = [address.route for address in addresses() if not address.name or address.name.endswith(":")]
    assert without == []
    unguarded = [address.name for address in addresses() if address.guard is None]
    assert unguarded == [], "mark each view with gemba.ui.guards: guard, signed_in or public"


def test_every_address_with_an_object_has_a_sample(known: dict[str, Sample]) -> None:
    missing = [address.name for address in addresses() if address.parameters and address.name not in known]
    assert missing == [], "give a sample in url_samples(cast) of the module's tests/factories.py"


def test_every_sample_belongs_to_an_address(known: dict[str, Sample]) -> None:
    assert set(known) - {address.name for address in addresses()} == set()


def test_nobody_is_asked_to_sign_in_everywhere(known: dict[str, Sample]) -> None:
    wrong = []
    sign_in = reverse("organisation:sign_in")
    for address, url in walk(known):
        for method in ("get", "post"):
            answer = ask(Client(), method, url)
            if trouble := broken(answer):
                wrong.append(f"{method} {address.name}: {trouble}")
            elif not address.is_public and not (
                answer.status_code == 302 and answer["Location"].startswith(sign_in)  # type: ignore[union-attr]
            ):
                wrong.append(f"{method} {address.name}: {answer.status_code}")  # type: ignore[union-attr]
    assert not wrong, "\n".join(wrong)


def test_a_stranger_gets_at_nothing_of_another_municipality(cast: Cast, known: dict[str, Sample]) -> None:
    wrong = []
    client = cast.stranger_client()
    for address, url in walk(known):
        sample = known.get(address.name)
        if address.is_public or sample is None or not sample.is_object:
            continue
        for method in ("get", "post"):
            answer = ask(client, method, url, NONSENSE if method == "post" else None)
            if trouble := broken(answer):
                wrong.append(f"{method} {address.name}: {trouble}")
            # 405: the address has no such method, so nothing was asked.
            elif answer.status_code not in (403, 404, 405):  # type: ignore[union-attr]
                wrong.append(f"{method} {address.name}: {answer.status_code}")  # type: ignore[union-attr]
    assert not wrong, "\n".join(wrong)


def test_no_page_shows_a_stranger_the_people_of_another_municipality(
    cast: Cast, known: dict[str, Sample]
) -> None:
    client = cast.stranger_client()
    family_names = re.compile(
        r"\b(" + "|".join(person.family_name for person in cast.people.values()) + r")\b"
    )
    seen = []
    for address, url in walk(known):
        answer = ask(client, "get", url)
        if isinstance(answer, Exception) or address.is_public or answer.streaming:
            continue
        text = answer.content.decode("utf-8", "ignore")
        seen += [f"{address.name}: {name}" for name in set(family_names.findall(text))]
    assert not seen, "\n".join(seen)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in WITHOUT_ACCOUNT], ids=lambda role: role.value
)
def test_nothing_breaks_for_anybody(cast: Cast, known: dict[str, Sample], role: Role) -> None:
    wrong = []
    client = signed_in(cast.users[role])
    tries: list[tuple[str, dict[str, str] | None]] = [("get", None), ("post", NONSENSE)]
    if role in MANY_DOORS:
        tries += [("get", NONSENSE_QUERY), ("post", None)]
    for address, url in walk(known):
        for method, data in tries:
            if trouble := broken(ask(client, method, url, data)):
                wrong.append(f"{method} {address.name} {'with nonsense' if data else ''}: {trouble}")
    assert not wrong, "\n".join(wrong)
