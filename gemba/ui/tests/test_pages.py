"""Whole pages, single blocks, redirects, files, error pages."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template import engines

from gemba.ui import frame, pages, views
from gemba.ui.engine import PageTemplate
from gemba.ui.tests.conftest import person

PAGE = """
{% extends "ui/base.html" %}
{% from "ui/components.html" import badge %}
{% set word = "сверху" %}
{% block title %}Страница{% endblock %}
{% block content %}<div id="list-of-rows">{% block list_of_rows %}{{ badge(word, "good") }} {{ text }}{% endblock %}</div>{% endblock %}
"""


@pytest.fixture
def template(monkeypatch) -> PageTemplate:
    made = engines.all()[0].from_string(PAGE)
    real = pages.find
    monkeypatch.setattr(pages, "find", lambda name: made if name == "test.html" else real(name))
    return made


def answer(ask, **how):
    return pages.page(ask(actor=person(), **how), "test.html", {"text": "<b>текст</b>"})


def test_the_whole_page_has_the_frame_and_escapes(ask, template):
    body = answer(ask).content.decode()
    assert body.lstrip().startswith("<!doctype html>")
    assert "&lt;b&gt;текст&lt;/b&gt;" in body
    assert "<h1>Страница</h1>" in body


def test_htmx_gets_only_its_block_with_imports_and_variables_of_the_page(ask, template):
    body = answer(ask, htmx="list-of-rows").content.decode()
    assert "<!doctype" not in body
    assert "сверху" in body
    assert "badge-good" in body


def test_the_frame_is_not_asked_for_a_block(ask, template, monkeypatch):
    asked = []
    monkeypatch.setitem(frame._providers, "menu", lambda request: asked.append(1) or [])
    answer(ask, htmx="list-of-rows")
    assert asked == []
    answer(ask)
    assert asked == [1]


@pytest.mark.parametrize(
    "headers",
    [{"HX_Boosted": "true"}, {"HX_History_Restore_Request": "true"}],
)
def test_boosted_links_and_history_get_the_whole_page(ask, template, headers):
    assert answer(ask, htmx="list-of-rows", **headers).content.lstrip().startswith(b"<!doctype html>")


def test_an_unknown_target_gets_the_whole_page(ask, template):
    assert answer(ask, htmx="elsewhere").content.lstrip().startswith(b"<!doctype html>")


def test_caches_tell_the_two_answers_apart(ask, template):
    assert "HX-Request" in answer(ask)["Vary"]


def test_a_notice_joins_the_answer_of_a_block(ask, template):
    request = ask(actor=person(), htmx="list-of-rows")
    pages.notify(request, "Предложение <принято>", undo_url="/undo/")
    body = pages.page(request, "test.html", {"text": ""}).content.decode()
    assert 'hx-swap-oob="beforeend:#toasts"' in body
    assert "Предложение &lt;принято&gt;" in body
    assert 'action="/undo/"' in body


def test_going_elsewhere(ask):
    assert pages.go_to(ask(), "/p/1/")["Location"] == "/p/1/"
    swapped = pages.go_to(ask(htmx="list"), "/p/1/")
    assert (swapped.status_code, swapped["HX-Redirect"]) == (204, "/p/1/")


def test_a_file_keeps_its_russian_name_and_no_path():
    header = pages.disposition('Отчёт «III»/../"к".xlsx')
    assert "filename*=UTF-8''%D0%9E" in header
    assert "/" not in header.replace("UTF-8''", "")
    assert 'filename="file.xlsx"' in header


def test_a_preview_may_stand_only_in_our_own_frame():
    inline = pages.document(b"%PDF-1.7", name="Протокол.pdf", media_type="application/pdf", is_inline=True)
    assert inline["X-Frame-Options"] == "SAMEORIGIN"
    assert inline["Content-Disposition"].startswith("inline;")
    attached = pages.document(b"%PDF-1.7", name="Протокол.pdf", media_type="application/pdf")
    assert not attached.has_header("X-Frame-Options")
    assert b"".join(attached.streaming_content) == b"%PDF-1.7"


def test_error_pages_say_what_to_do(ask):
    for view, problem, status, words in [
        (views.bad_request, None, 400, "Ничего не изменено"),
        (views.forbidden, PermissionDenied(), 403, "Право даёт администратор"),
        (views.not_found, Http404("No Proposal matches the given query."), 404, "поиском"),
    ]:
        response = view(ask("/x/"), problem)
        assert response.status_code == status
        assert words in response.content.decode()
        assert "matches the given" not in response.content.decode()
    large = views.too_large(ask("/x/"), megabytes=25)
    assert large.status_code == 413
    assert "25 МБ" in large.content.decode()


def test_htmx_gets_a_refusal_as_one_line(ask):
    response = views.not_found(ask("/x/", htmx="list"), Http404())
    assert response["Content-Type"].startswith("text/plain")
    assert "<" not in response.content.decode()


def test_a_server_error_needs_neither_database_nor_session(rf, caplog):
    # No `db` fixture: any query here is an error, and the bare request has no session and no actor.
    response = views.server_error(rf.get("/x/"))
    assert response.status_code == 500
    number = response.content.decode().split("под номером ")[1][:6]
    assert number in caplog.text


@pytest.mark.django_db
def test_health(client):
    assert client.get("/ui/health/").json() == {"status": "ok"}


def test_two_modules_cannot_provide_one_name():
    frame.provide("menu", list)
    with pytest.raises(ValueError, match="menu"):
        frame.provide("menu", dict)
