"""Which pages are measured. A module adds `tests/load/pages/<module>.py` that calls `register` for each of its pages."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# Promises of the product, in milliseconds: one connection, median.
LIST, ITEM, SEARCH, BOARD, DASHBOARD, CREATE = 9, 5, 6, 9, 20, 10
Address = Callable[["Scene"], str]


@dataclass(frozen=True)
class Page:
    """A page to measure: where it is for the scene, who opens it, how quick it must be."""

    module: str
    name: str
    target_ms: float
    address: Address
    role: str = "monitor"
    # What is sent; a page with data is posted.
    data: Callable[["Scene"], dict[str, str]] | None = None
    # Slow things (an export) are asked a few times only.
    most: int = 60
    # Statuses that mean the page did its work.
    status: tuple[int, ...] = (200,)
    # Asked as HTMX asks for a part of a page: the id of the part.
    htmx: str = ""
    # Compared with another module's promise when the number of rows is smaller than this.
    note: str = ""


@dataclass
class Scene:
    """The largest municipality of the filled region, with its people and things that addresses need."""

    municipality: Any
    cache: dict[str, Any] = field(default_factory=dict)

    def user(self, role: str) -> Any:
        """Return the account of a role."""
        from gemba.organisation.models import User

        return User.objects.with_owner().get(login=f"{self.municipality.code}.{role}")

    @cached_property
    def edition(self) -> Any:
        """Return the edition in force."""
        from gemba.regulations.models import Edition

        return Edition.objects.filter(municipality=self.municipality).latest("effective_on")

    @cached_property
    def organisation(self) -> Any:
        """Return the organisation with most proposals."""
        from django.db.models import Sum

        from gemba.organisation.models import Organisation
        from gemba.proposals.models import ProposalCounter

        rows = ProposalCounter.objects.filter(municipality=self.municipality).values("organisation")
        first = rows.annotate(total=Sum("count")).order_by("-total").first()
        return Organisation.objects.get(pk=first["organisation"])

    @cached_property
    def proposal(self) -> Any:
        """Return a proposal in the middle of all, implemented and confirmed."""
        from gemba.proposals.models import Proposal

        found = Proposal.objects.filter(municipality=self.municipality, state="closed").order_by("-pk")
        return found[found[:2000].count() // 2]

    @cached_property
    def person(self) -> Any:
        """Return a person of the municipality."""
        from gemba.organisation.models import Person

        return Person.objects.filter(municipality=self.municipality).order_by("pk")[10]


_pages: list[Page] = []


def register(page: Page) -> None:
    """Add a page to measure.

    :raises ValueError: when the module has a page of this name already.
    """
    if any((known.module, known.name) == (page.module, page.name) for known in _pages):
        raise ValueError(f"{page.module}: a page named «{page.name}» is measured already")
    _pages.append(page)


def collect() -> list[Page]:
    """Return the pages of every module in `tests/load/pages/`."""
    import tests.load.pages as folder

    for found in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"tests.load.pages.{found.name}")
    return list(_pages)
