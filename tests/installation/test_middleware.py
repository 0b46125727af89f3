"""What every request passes on its way."""

from typing import Any

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import middleware


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ответ")


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("", True),
        ("10.0.0.7", False),
        ("::ffff:10.0.0.7", False),
        ("2a00::1", False),
        ("127.0.0.1.example", False),
    ],
)
def test_the_demo_answers_only_this_computer(
    settings: Any, rf: RequestFactory, address: str, is_here: bool
) -> None:
    settings.DEMO, settings.DEMO_BEYOND_LOOPBACK = True, False
    response = middleware.loopback_demo(answer)(rf.get("/", REMOTE_ADDR=address))
    assert (response.status_code == 200) is is_here
    settings.DEMO_BEYOND_LOOPBACK = True
    assert middleware.loopback_demo(answer)(rf.get("/", REMOTE_ADDR=address)).status_code == 200
    settings.DEMO = settings.DEMO_BEYOND_LOOPBACK = False
    assert middleware.loopback_demo(answer)(rf.get("/", REMOTE_ADDR=address)).status_code == 200


def test_the_address_comes_from_our_own_proxy(rf: RequestFactory) -> None:
    seen = []
    middle = middleware.forwarded(lambda request: seen.append(request.META["REMOTE_ADDR"]) or HttpResponse())
    middle(rf.get("/", HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.9", REMOTE_ADDR="127.0.0.1"))
    middle(rf.get("/", REMOTE_ADDR="127.0.0.1"))
    assert seen == ["10.0.0.9", "127.0.0.1"], (
        "what stands before the last comma may be invented by the client"
    )


def test_a_hundred_megabytes_are_refused_unread_in_russian(settings: Any, rf: RequestFactory) -> None:
    request = rf.post("/", CONTENT_LENGTH=str(100 * 1024 * 1024))
    response = middleware.upload_limit(answer)(request)
    assert response.status_code == 413
    assert "96 МБ" in response.content.decode()


def test_an_ordinary_upload_passes(rf: RequestFactory) -> None:
    assert middleware.upload_limit(answer)(rf.post("/", {"a": "b"})).status_code == 200
    assert middleware.upload_limit(answer)(rf.post("/", CONTENT_LENGTH="много")).status_code == 200


class Session(dict[str, Any]):
    """A session that knows whether it was written to."""

    modified = False

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self.modified = True


def test_a_session_at_work_is_prolonged_now_and_then(settings: Any, rf: RequestFactory) -> None:
    def ask(session: Session, minute: int) -> bool:
        session.modified = False
        request = rf.get("/")
        request.session = session
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
        with time_machine.travel(f"2026-11-21 10:{minute:02}:00+00:00", tick=False):
            middleware.sliding_session(answer)(request)
        return session.modified

    person = Session(_auth_user_id="1")
    assert [ask(person, minute) for minute in (0, 1, 9, 10, 11, 25)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]
    assert not ask(Session(), 0), "a stranger's session is nothing to keep"


def test_pages_forbid_what_they_do_not_use(rf: RequestFactory) -> None:
    assert "camera=()" in middleware.permissions_policy(answer)(rf.get("/"))["Permissions-Policy"]


def test_texts_are_compressed_and_files_pass_as_they_are(rf: RequestFactory) -> None:
    def give(kind: str) -> HttpResponse:
        body = "Положение о бережливом управлении. ".encode() * 200
        made = middleware.compressed(lambda request: HttpResponse(body, content_type=kind))
        return made(rf.get("/", HTTP_ACCEPT_ENCODING="br, gzip"))

    page = give("text/html; charset=utf-8")
    assert page["Content-Encoding"] == "gzip" and "Accept-Encoding" in page["Vary"]
    assert len(page.content) < 2000
    for kind in ("image/jpeg", "application/pdf", "application/zip"):
        assert "Content-Encoding" not in give(kind)
