"""The search over everything, whole and as suggestions while the person types."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from gemba.kernel.words import normalise
from gemba.organisation.access import Actor, can
from gemba.ui.guards import guard
from gemba.ui.pages import page
from gemba.workspace import search as doors

SEARCH = guard(can("workspace.search"), "Поиск по округу")
# Shown of each source among all; of one source alone.
FEW, MANY = 6, 60
# A longer question is a pasted page: its beginning says enough.
LONGEST = 200


@SEARCH
@require_http_methods(["GET"])
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found for the words, by source."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    code = request.GET.get("in", "")
    if code not in {source.code for source in doors.sources()}:
        code = ""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]
    is_asked = bool(normalise(words))
    groups = doors.found(actor, words, MANY if code else FEW, code) if is_asked else []
    return page(
        request,
        "workspace/search.html",
        {
            "q": words,
            "code": code,
            "groups": groups,
            "meant": doors.meant(actor, words, code) if is_asked and not groups else "",
            "is_asked": is_asked,
            "count": sum(len(group.hits) for group in groups),
            "has_more": any(group.is_more for group in groups),
            "sources": doors.sources(),
        },
    )
