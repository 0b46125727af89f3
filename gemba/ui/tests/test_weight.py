"""What a page weighs on its first visit, compressed as the server sends it, and on the following ones."""

import gzip
import re

from django.contrib.staticfiles import finders

from gemba.ui import views
from gemba.ui.tests.conftest import person

FIRST, BARE, NEXT = 200 * 1024, 60 * 1024, 40 * 1024


def weigh(body: bytes) -> tuple[int, int]:
    """Give the bytes of the page itself and of everything it asks for."""
    text = body.decode()
    asked = set(re.findall(r'(?:src|href)="/static/([^"#]+)', text))
    for path in [name for name in asked if name.endswith(".css")]:
        style = open_static(path).decode()
        asked |= {f"ui/vendor/{name}" for name in re.findall(r"\.\./vendor/([\w.-]+)", style)}
    assert any(name.endswith(".woff2") for name in asked)
    total = 0
    for name in asked:
        content = open_static(name)
        total += len(content) if name.endswith(".woff2") else len(gzip.compress(content, 6))
    return len(gzip.compress(body, 6)), total


def open_static(name: str) -> bytes:
    path = finders.find(name)
    assert path, f"no static file {name}"
    with open(path, "rb") as file:
        return file.read()


def test_the_first_page_and_the_following_ones(ask):
    page, rest = weigh(views.gallery(ask("/ui/gallery/", actor=person())).content)
    assert page + rest <= FIRST, (page, rest)
    assert page <= NEXT, page


def test_a_page_for_everybody_is_light(ask):
    page, rest = weigh(views.not_found(ask("/x/")).content)
    assert page + rest <= BARE, (page, rest)


def test_own_script_and_styles_stay_small():
    assert len(gzip.compress(open_static("ui/js/app.js"), 6)) <= 10 * 1024
    styles = ["base", "frame", "components", "forms", "tables", "charts", "print"]
    assert sum(len(gzip.compress(open_static(f"ui/css/{name}.css"), 6)) for name in styles) <= 25 * 1024
