"""What stands around every page: higher modules provide the values, the base template shows them.

A value is asked for only when a template shows it, once a request; an HTMX answer of one block costs none of them.
Names the base templates know (all may be missing):

* `municipality`: `.name`, `.short`, `.coat_url`, `.accent` (one of `ACCENTS`)
* `menu`: sections with `.title` and `.items` (`.title`, `.icon`, `.url`, `.is_current`, `.count`)
* `account`: `.name`, `.note` (role or position), `.links` (`.title`, `.icon`, `.url`), `.sign_out_url`
* `notices`: `.count`, `.url`
* `act`: `.title`, `.icon`, `.url`: what can be done from every page; a narrow screen shows its first word
* `search_url`, `sign_in_url`, `help_url`: addresses
* `edition`: `.title`, `.url`: the regulation in force; `data_on`: the date of the data
* `calendar`: a `WorkCalendar`, for dates in words
* `glossary`: a function of a term giving `Definition | None`; `explain`: a function of a text giving it with its terms
  explained in place
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Provider = Callable[[HttpRequest], Any]

# Every accent is checked for contrast in both themes, so a municipality cannot choose an unreadable one.
ACCENTS = ("blue", "teal", "green", "plum", "crimson", "amber", "slate")

_providers: dict[str, Provider] = {}
current: ContextVar[HttpRequest | None] = ContextVar("gemba_ui_request", default=None)


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of the glossary as the tooltip shows it."""

    title: str
    text: str
    source: str = ""
    url: str = ""


def provide(name: str, function: Provider) -> None:
    """Put a value into the frame of every page.

    :raises ValueError: when another module already provides this name.
    """
    if _providers.get(name, function) is not function:
        raise ValueError(f"the frame already has {name!r}")
    _providers[name] = function


class Frame:
    """The values of one request, found when first asked for; a name nobody provides is None."""

    def __init__(self, request: HttpRequest | None) -> None:
        self._request = request
        self._found: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._found:
            provider, request = _providers.get(name), self._request
            self._found[name] = None if provider is None or request is None else provider(request)
        return self._found[name]


EMPTY = Frame(None)


def of(request: HttpRequest | None) -> Frame:
    """Give the frame of a request, the same one each time."""
    if request is None:
        return EMPTY
    frame = getattr(request, "_ui_frame", None)
    if frame is None:
        frame = Frame(request)
        request._ui_frame = frame  # type: ignore[attr-defined]
    return frame


def accent_of(municipality: Any) -> str:
    """Give the municipality's accent colour, or the first one when it has none that is known."""
    accent = getattr(municipality, "accent", "")
    return accent if accent in ACCENTS else ACCENTS[0]
