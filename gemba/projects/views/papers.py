"""The papers of one project: what can be printed or issued now, what hinders, what was issued."""

from functools import reduce
from operator import or_
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from gemba.documents.access import may_issue
from gemba.documents.kinds import kind_of
from gemba.documents.models import IssuedDocument
from gemba.documents.queries import issued_for, with_scans
from gemba.kernel.problems import Problem
from gemba.organisation.access import may
from gemba.projects.papers import DEFENCE, HINTS
from gemba.projects.views.base import READ, actor_of, context_of, project_or_404
from gemba.ui.pages import page


@READ
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every paper the project can give, with those already issued."""
    actor, project = actor_of(request), project_or_404(request, pk)
    issued: dict[str, list[IssuedDocument]] = {}
    defences = list(project.defences.order_by("-held_on", "-pk"))
    # One statement: what was issued about the project and about its defences.
    rows = list(reduce(or_, [issued_for(subject=one) for one in (project, *defences)])[:200])
    for row in rows:
        issued.setdefault(row.kind_code, []).append(row)
    papers: list[dict[str, Any]] = []
    for code, hint in HINTS.items():
        kind = kind_of(code)
        subject = next(iter(defences), None) if code == DEFENCE else project
        hindrances = list(kind.hindrances(subject)) if kind.hindrances and subject else []
        if subject is None:
            hindrances = [Problem("Защиты ещё не было.", mend="Внесите решение защиты.")]
        papers.append(
            {
                "kind": kind,
                "hint": hint,
                "subject": subject,
                "hindrances": hindrances,
                "may_issue": subject is not None and may_issue(actor, kind, subject),
                "issued": issued.get(code, []),
            }
        )
    context = {
        **context_of(request, project, "papers"),
        "papers": papers,
        "scans": with_scans(rows),
        "more": len(rows) == 200,
        "may_replace": may(actor, "documents.replace_template"),
    }
    return page(request, "projects/papers.html", context)
