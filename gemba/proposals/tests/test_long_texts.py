"""Twenty thousand characters in every field where people write: told in words, and everything comes back to be cut."""

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals.models import Comment, Effect, Proposal, ProposalEvent
from gemba.proposals.rules.states import State
from gemba.proposals.tests.factories import AT, make_in

pytestmark = pytest.mark.django_db
LONG = "Ключ ищем всей школой. " * 870
S, R = State, Role
# Address, who writes, in which state, the other fields, the long one.
FIELDS: list[tuple[str, Role, State | None, dict[str, str], str]] = [
    ("submit", R.EMPLOYEE, None, {"solution": "Повесить щиток."}, "problem"),
    ("submit", R.EMPLOYEE, None, {"problem": "Ключ ищем."}, "solution"),
    ("submit", R.EMPLOYEE, None, {"problem": "Ключ ищем.", "solution": "Повесить щиток."}, "expected"),
    ("submit", R.EMPLOYEE, None, {"problem": "Ключ ищем.", "solution": "Повесить щиток."}, "co_authors"),
    ("paper", R.COORDINATOR, None, {"problem": "Ключ ищем.", "sent_on": "19.11.2026"}, "solution"),
    ("reject", R.UNIT_HEAD, S.UNDER_REVIEW, {}, "reason"),
    ("return", R.UNIT_HEAD, S.UNDER_REVIEW, {}, "reason"),
    ("accept", R.UNIT_HEAD, S.UNDER_REVIEW, {}, "reason"),
    ("answer", R.EMPLOYEE, S.RETURNED, {}, "reason"),
    ("appeal", R.EMPLOYEE, S.REJECTED, {}, "reason"),
    ("implement", R.COORDINATOR, S.IN_PROGRESS, {"implemented_on": "19.11.2026"}, "reason"),
    ("cancel", R.UNIT_HEAD, S.ACCEPTED, {}, "reason"),
    ("comment", R.UNIT_HEAD, S.UNDER_REVIEW, {}, "text"),
    ("escalate", R.EMPLOYEE, S.UNDER_REVIEW, {}, "reason"),
    ("effect", R.UNIT_HEAD, S.IMPLEMENTED, {"kind": "words"}, "text"),
    (
        "reward",
        R.UNIT_HEAD,
        S.VERIFIED,
        {"kind": "thanks", "act_number": "1", "act_on": "19.11.2026"},
        "note",
    ),
    ("replicate", R.UNIT_HEAD, S.IMPLEMENTED, {}, "adaptation"),
    ("templates", R.COORDINATOR, None, {"verb": "reject", "title": "Нет"}, "text"),
]


def test_a_long_text_is_told_and_comes_back(cast: Cast) -> None:
    for name, role, state, others, field in FIELDS:
        proposal = make_in(cast, state, at=AT - timedelta(days=2)) if state else None
        if proposal is None:
            address = reverse(f"proposals:{name}")
        elif name in ("comment", "escalate", "effect", "reward", "replicate"):
            address = reverse(f"proposals:{name}", args=[proposal.pk])
        else:
            address = reverse("proposals:act", args=[proposal.pk, name])
        events, was = ProposalEvent.objects.count(), Proposal.objects.count()
        answer = cast.client(role).post(address, {**others, field: LONG})
        page, place = html.unescape(answer.content.decode()), (name, field)
        assert answer.status_code in (409, 422), place
        assert LONG.strip() in page, f"what was typed is lost: {place}"
        assert any(words in page for words in ("сократите", "Сократите", "Разделите")), place
        assert all(value in page for value in others.values()), place
        assert (ProposalEvent.objects.count(), Proposal.objects.count()) == (events, was), place
    assert not Comment.objects.exists() and not Effect.objects.exists()


def test_on_the_pages_without_an_account_too(cast: Cast) -> None:
    for field in ("problem", "solution"):
        sent = {"problem": "Ключ ищем.", "solution": "Повесить щиток.", "person": "nobody", field: LONG}
        address = reverse("quick:send", args=[cast.school_unit.qr_token])
        page = html.unescape(Client().post(address, sent).content.decode())
        assert LONG.strip() in page and "сократите текст" in page and not Proposal.objects.exists()
        errors = Client().post(address, sent, headers={"accept": "application/json"}).json()["errors"]
        assert "сократите текст" in errors[field]
    proposal = make_in(cast, State.RETURNED, author=None)
    answer = Client().post(reverse("quick:receipt", args=[proposal.receipt]), {"act": "answer", "text": LONG})
    page = answer.content.decode()
    assert answer.status_code == 422 and LONG.strip() in page and "5000 знаков" in page


def test_no_browser_cuts_a_text_without_a_word(cast: Cast) -> None:
    proposal = make_in(cast, State.UNDER_REVIEW)
    addresses = [
        (Client(), reverse("quick:send", args=[cast.school_unit.qr_token])),
        (Client(), reverse("quick:receipt", args=[proposal.receipt])),
        (cast.client(Role.EMPLOYEE), reverse("proposals:submit")),
        (cast.client(Role.UNIT_HEAD), reverse("proposals:card", args=[proposal.pk])),
        (cast.client(Role.UNIT_HEAD), reverse("proposals:act", args=[proposal.pk, "reject"])),
    ]
    for client, address in addresses:
        page = client.get(address).content.decode()
        areas = [part.partition(">")[0] for part in page.split("<textarea")[1:]]
        assert areas and not any("maxlength" in area for area in areas), address
