"""One list page with filters and paging in a real browser: only the list changes, the address and focus stay right."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from gemba.ui import pages
from gemba.ui.tests import people
from gemba.ui.tests.test_browser import browser, open_page, violations

__all__ = ["browser", "open_page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = """{% extends "ui/base.html" %}
{% from "ui/components.html" import chips %}
{% from "ui/tables.html" import table, cell, paging, filters %}
{% block title %}Список{% endblock %}
{% block content %}
{% call filters(target="rows") %}<select name="kind" aria-label="Вид"><option value="">Все</option><option value="a">А</option></select>{% endcall %}
<div id="rows">{% block rows %}
{{ chips([{"title": "Все", "url": "?", "is_current": not late}, {"title": "Просрочены", "url": "?late=1", "is_current": late}], target="rows") }}
{% call(row) table("Список", [{"title": "Имя"}], rows) %}{{ cell(row, href="#", main=true) }}{% endcall %}
{{ paging("", "?after=2", target="rows") }}
{% endblock %}</div>{% endblock %}"""


def listing(request: HttpRequest) -> HttpResponse:
    late, after, kind = (request.GET.get(name, "") for name in ("late", "after", "kind"))
    if late == "error":
        return HttpResponse("Список не открылся.", status=500, content_type="text/plain; charset=utf-8")
    found = pages.find

    def mine(name: str) -> object:
        return engines.all()[0].from_string(LIST) if name == "list.html" else found(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "find", mine)
        rows = [f"строка {late}{after}{kind} {number}" for number in range(3)]
        return pages.page(request, "list.html", {"rows": rows, "late": bool(late)})


urlpatterns = [*people.urlpatterns, path("list/", people.signed_in(listing))]


@pytest.fixture
def page(open_page, settings):
    settings.ROOT_URLCONF = "gemba.ui.tests.people"
    visited = open_page("/ui/health/")
    settings.ROOT_URLCONF = "gemba.ui.tests.test_htmx"
    visited.goto(visited.url.replace("/ui/health/", "/list/"))
    return visited


def test_a_chip_changes_only_the_list_and_back_returns(page):
    page.evaluate("document.querySelector('h1').dataset.same = 'yes'")
    page.get_by_role("link", name="Просрочены").click()
    page.get_by_role("link", name="строка 1 0").wait_for()
    assert page.url.endswith("/list/?late=1")
    assert page.evaluate("document.querySelector('h1').dataset.same") == "yes"
    assert page.locator(".chip[aria-current]").inner_text() == "Просрочены"
    assert page.evaluate("document.activeElement.textContent.trim()") == "Просрочены"
    page.go_back()
    page.get_by_role("link", name="строка 0", exact=True).wait_for()
    assert page.locator("header.top").count() == 1


def test_a_choice_filters_at_once_and_the_next_page_opens(page):
    page.get_by_label("Вид").select_option("a")
    page.get_by_role("link", name="строка a 0").wait_for()
    assert page.url.endswith("?kind=a")
    page.get_by_role("link", name="Дальше").click()
    page.get_by_role("link", name="строка 2 0").wait_for()
    assert violations(page) == []


def test_a_refusal_is_said_in_a_toast_and_the_page_stays(page):
    page.evaluate("document.querySelector('.chip').setAttribute('hx-get', '?late=error')")
    page.evaluate("htmx.process(document.body)")
    page.get_by_role("link", name="Все").click()
    page.locator("#toasts .toast-error", has_text="Список не открылся").wait_for()
    assert page.get_by_role("link", name="строка 0", exact=True).is_visible()


def test_without_script_the_same_list_works(open_page, settings, live_server):
    settings.ROOT_URLCONF = "gemba.ui.tests.people"
    page = open_page("/ui/health/", java_script_enabled=False)
    settings.ROOT_URLCONF = "gemba.ui.tests.test_htmx"
    page.goto(f"{live_server.url}/list/")
    page.get_by_label("Вид").select_option("a")
    page.get_by_role("button", name="Показать").click()
    assert page.url.endswith("/list/?kind=a")
    page.get_by_role("link", name="Дальше").click()
    assert page.get_by_role("link", name="строка 2 0").is_visible()
