"""Templates compile, load nothing from outside and obey the Content-Security-Policy."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.architecture.sources import BASE, GEMBA

TEMPLATES = sorted(
    path
    for path in GEMBA.glob("*/templates/**/*")
    if path.suffix in {".html", ".svg", ".txt", ".ics", ".xml"}
)
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc\s*=)(?![^>]*type=[\"']application/json[\"'])[^>]*>", re.IGNORECASE
)
HANDLER = re.compile(r"<[a-z][^<>]*?\son[a-z]+\s*=", re.IGNORECASE)
JAVASCRIPT_LINK = re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE)
# What a browser fetches by itself; a link that a person follows is another thing.
OUTSIDE = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object|image|use)\b[^>]*?(?:src|href|data|srcset)\s*=\s*[\"']?\s*(?:https?:)?//"
    r"|<link\b[^>]*?href\s*=\s*[\"']?\s*(?:https?:)?//|url\(\s*[\"']?(?:https?:)?//|@import\s+[\"'](?:https?:)?//",
    re.IGNORECASE,
)
INLINE_STYLE = re.compile(r"<style\b|<[a-z][^<>]*?\sstyle\s*=", re.IGNORECASE)
RAW_SAFE = re.compile(r"\|\s*safe\b")


def _name(path: Path) -> str:
    return path.relative_to(BASE).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_compiles(path: Path) -> None:
    folder = path
    while folder.name != "templates":
        folder = folder.parent
    engines.all()[0].get_template(path.relative_to(folder).as_posix())


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_template_obeys_the_policy(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    for law, pattern in {
        "no inline script": INLINE_SCRIPT,
        "no on…= attribute": HANDLER,
        "no javascript: address": JAVASCRIPT_LINK,
        "nothing from outside": OUTSIDE,
        "no inline style": INLINE_STYLE,
        "no |safe: text is escaped, markup is made by macros": RAW_SAFE,
    }.items():
        match = pattern.search(text)
        assert match is None, f"{law}: {match.group(0)[:80]}"


@pytest.mark.parametrize(
    "path",
    sorted(path for path in GEMBA.glob("*/static/**/*") if path.suffix in {".css", ".js", ".svg"}),
    ids=_name,
)
def test_a_static_file_fetches_nothing_from_outside(path: Path) -> None:
    match = re.search(
        r"(?:url\(|@import|fetch\(|importScripts\()\s*[\"']?(?:https?:)?//[^\s\"')]+", path.read_text("utf-8")
    )
    assert match is None, match.group(0)[:100]
