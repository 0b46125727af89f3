"""Finds every address of the product by itself and asks it as anybody.

An address with an object in it needs a sample: the module gives one in `gemba/<module>/tests/factories.py`:

    def url_samples(cast) -> dict[str, dict]:
        return {"proposals:card": {"pk": …}}

The object belongs to Заречный округ, so that the stranger from Лесной must not get at it. `"is_object": False` beside
the values says that they are a word of the address, not somebody's object.
"""

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gemba.organisation.tests.cast import Cast


@dataclass(frozen=True)
class Address:
    """One address pattern of the product."""

    name: str
    route: str
    parameters: frozenset[str]
    guard: Any = None

    @property
    def is_public(self) -> bool:
        """Tell whether the page is open to everybody."""
        return self.guard is not None and self.guard.kind == "public"


@dataclass
class Sample:
    """The values to open an address with."""

    values: dict[str, Any] = field(default_factory=dict)
    is_object: bool = False


def addresses() -> list[Address]:
    """Return every address of the product, in the order of the search."""
    return list(_inside(get_resolver().url_patterns, "", "", frozenset()))


def _inside(patterns: Any, space: str, route: str, parameters: frozenset[str]) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        names = parameters | frozenset(pattern.pattern.converters or pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _inside(pattern.url_patterns, inner, here, names)
        elif isinstance(pattern, URLPattern):
            guard = getattr(pattern.callback, "guard", None)
            yield Address(f"{space}{pattern.name or ''}", here, names, guard)


def samples(cast: Cast) -> dict[str, Sample]:
    """Gather the samples of all modules."""
    found: dict[str, Sample] = {}
    for app in apps.get_app_configs():
        name = f"{app.name}.tests.factories"
        if not app.name.startswith("gemba.") or not _exists(name):
            continue
        given = getattr(importlib.import_module(name), "url_samples", None)
        for address, values in dict(given(cast) if given else {}).items():
            bare = {key: value for key, value in values.items() if key != "is_object"}
            found[address] = Sample(bare, is_object=values.get("is_object", True))
    return found


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def url_of(address: Address, known: dict[str, Sample]) -> str | None:
    """Build the address; None when it needs a sample that nobody has given."""
    if not address.parameters:
        return reverse(address.name)
    sample = known.get(address.name)
    return reverse(address.name, kwargs=sample.values) if sample else None


def ask(
    client: Client, method: str, url: str, data: dict[str, str] | None = None
) -> HttpResponse | Exception:
    """Ask and take everything back: the database, the cookies; an exception is an answer too."""
    cookies = SimpleCookie({key: morsel.value for key, morsel in client.cookies.items()})
    try:
        with transaction.atomic():
            try:
                response: HttpResponse = getattr(client, method)(url, data or {})
                # A streamed answer fails only when it is read.
                if response.streaming:
                    b"".join(response.streaming_content)  # type: ignore[attr-defined]
                return response
            except Exception as error:
                return error
            finally:
                transaction.set_rollback(True)
    finally:
        client.cookies = cookies
