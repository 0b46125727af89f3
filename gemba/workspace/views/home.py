"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gemba.organisation.requests import actor_of
from gemba.ui.guards import signed_in
from gemba.ui.pages import page
from gemba.workspace import home as home_page
from gemba.workspace import panels


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show what needs this person first."""
    actor = actor_of(request)
    tasks, failed = panels.waiting(request)
    return page(
        request,
        "workspace/home.html",
        {
            "greeting": home_page.greeting(request, timezone.localtime()),
            "next_term": home_page.countdown(request),
            "tasks": tasks[: panels.TASKS],
            "more": len(tasks) > panels.TASKS,
            "failed": failed,
            "is_ready": home_page.is_ready(request),
            "quick": panels.quick_acts(actor),
            "panels": panels.balanced(panels.shown(request, actor)),
        },
    )
