"""Versions of an evidence: a newer file takes the place of an older one, and all of them can be seen."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.projects import access
from gemba.projects.actions import evidence
from gemba.projects.forms.acts import FileForm
from gemba.projects.gates import gate_of
from gemba.projects.models import Evidence, Project
from gemba.projects.views.base import READ, WORK, actor_of, ask, context_of, now, project_or_404
from gemba.ui.pages import page


@WORK
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, pk: int, evidence_id: int) -> HttpResponse:
    """Ask for a newer file of the same evidence."""
    actor, project = actor_of(request), project_or_404(request, pk)
    row = _row(project, evidence_id)
    if not access.parties(actor, project):
        raise PermissionDenied("Файлы прикладывают участники проекта.")
    sent = request.method == "POST"
    form = FileForm(
        request.POST if sent else None, request.FILES if sent else None, initial={"title": row.title}
    )
    return ask(
        request,
        project,
        form,
        title=f"Новая версия: {row.title}",
        done="Новая версия приложена, прежняя сохранена.",
        submit="Приложить",
        do=lambda d: evidence.attach(
            actor=actor,
            project_id=pk,
            code=row.code,
            title=d["title"],
            file=d["file"],
            at=now(),
            replaces_id=evidence_id,
        ),
    )


@READ
@require_GET
def versions(request: HttpRequest, pk: int, evidence_id: int) -> HttpResponse:
    """Show every version of an evidence, the newest first, with who attached it and when."""
    project = project_or_404(request, pk)
    row = _row(project, evidence_id, with_withdrawn=True)
    first = row.first_id or row.pk
    rows = list(project.evidence.filter(Q(pk=first) | Q(first_id=first)).order_by("-version"))
    context = {
        **context_of(request, project, "card"),
        "rows": rows,
        "current": next((one for one in rows if one.is_current), None),
        "gate": gate_of(row.code) if row.code else None,
        "title": row.title,
    }
    return page(request, "projects/versions.html", context)


def _row(project: Project, evidence_id: int, *, with_withdrawn: bool = False) -> Evidence:
    row = project.evidence.filter(pk=evidence_id).first()
    if row is None or (row.is_withdrawn and not with_withdrawn):
        raise Http404
    return row
