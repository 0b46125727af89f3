"""Addresses: each module's own `urls.py` under its prefix."""

import importlib.util

from django.urls import URLPattern, URLResolver, include, path

# The order is the order of the search for an address; the home page stands first because it is asked most.
PREFIXES = {
    "workspace": "",
    "organisation": "",
    "regulations": "regulations/",
    "plan": "plan/",
    "projects": "projects/",
    "proposals": "proposals/",
    "scorecards": "scorecards/",
    "self_assessment": "self-assessment/",
    "documents": "documents/",
    "notices": "notices/",
    "audit": "acts/",
    "ui": "ui/",
    "demo": "demo/",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"gemba.{module}.urls"))
    for module, prefix in PREFIXES.items()
    if importlib.util.find_spec(f"gemba.{module}.urls")
]
# Printed on stands: short, and never changed.
urlpatterns.append(path("p/", include("gemba.proposals.public_urls")))

handler400 = "gemba.ui.views.bad_request"
handler403 = "gemba.ui.views.forbidden"
handler404 = "gemba.ui.views.not_found"
handler500 = "gemba.ui.views.server_error"
