"""Every address is guarded, and views do not read what belongs to `ui`."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.sources import Source, product

# Views of other people's packages, with the reason why they need no guard.
UNGUARDED: dict[str, str] = {}


def addresses(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every address of the product and its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def test_every_address_has_a_guard() -> None:
    unguarded = [
        address for address, view in addresses() if not hasattr(view, "guard") and address not in UNGUARDED
    ]
    assert unguarded == []


def test_there_are_addresses() -> None:
    assert len(list(addresses())) > 10


def test_an_address_has_one_view() -> None:
    seen = [address for address, _ in addresses()]
    assert sorted({address for address in seen if seen.count(address) > 1}) == []


@pytest.mark.parametrize(
    "source",
    [source for source in product() if source.part == "views" and source.module != "ui"],
    ids=lambda s: s.name,
)
def test_a_view_leaves_the_headers_of_htmx_to_ui(source: Source) -> None:
    found = [
        f"{source.name}:{node.lineno}"
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "htmx")
        or (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.upper().startswith("HX-")
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    "source", [source for source in product() if source.part in {"views", "forms"}], ids=lambda s: s.name
)
def test_views_and_forms_leave_transactions_to_actions(source: Source) -> None:
    found = [f"{source.name}:{line}" for line, name in source.imports() if name == "django.db.transaction"]
    assert found == []
