"""Files of objects: list with versions, attach, download, remove with a reason."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gemba.documents import actions, queries
from gemba.documents.access import may_attach_to, may_read_subject, rule_of, subject_of
from gemba.documents.forms import AttachForm, ReasonForm
from gemba.documents.models import Attachment
from gemba.documents.views.register import actor_of, blob_answer, sent
from gemba.kernel.problems import Refusal
from gemba.ui.guards import signed_in
from gemba.ui.pages import go_to, page


@signed_in
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, kind: str, subject_id: int) -> HttpResponse:
    """Show the files of an object with all their versions; attach one."""
    actor = actor_of(request)
    subject = _subject(request, kind, subject_id)
    may_attach = may_attach_to(actor, subject)
    form = AttachForm(initial={"title": request.GET.get("title", "")[:200]})
    if request.method == "POST":
        if not may_attach:
            raise PermissionDenied("Прикладывать файлы к этой записи может тот, кто её ведёт.")
        form = AttachForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = actions.attach(
                    actor=actor,
                    subject=subject,
                    file=form.cleaned_data["file"],
                    title=form.cleaned_data["title"],
                    at=timezone.now(),
                )
            except Refusal as refusal:
                for problem in refusal.problems:
                    form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            else:
                notice = f"Приложен файл «{made.title}», версия {made.version}."
                return go_to(request, _home(subject) or request.path, notice)
    return page(
        request,
        "documents/attach.html",
        {
            "subject": subject,
            "subject_url": _home(subject),
            "form": form,
            "may_attach": may_attach,
            "versions": list(queries.versions_of(subject=subject)[:200]),
        },
        status=422 if form.errors else 200,
    )


@signed_in
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a file; it is never shown in the page."""
    found, _ = _fetch(request, pk)
    assert found.blob is not None
    return blob_answer(found.blob, name=found.file_name)


@signed_in
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a version of a file, with a reason."""
    actor = actor_of(request)
    found, subject = _fetch(request, pk)
    if not may_attach_to(actor, subject):
        raise PermissionDenied("Убирать файлы этой записи может тот, кто её ведёт.")
    address = _home(subject) or reverse("documents:files", args=[found.subject_kind, found.subject_id])
    form = ReasonForm(sent(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove(
                actor=actor, attachment=found, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, address, "Файл убран.")
    return page(
        request,
        "documents/remove.html",
        {"file": found, "form": form, "back_url": address},
        status=422 if form.errors else 200,
    )


def _subject(request: HttpRequest, kind: str, subject_id: int) -> Any:
    subject = subject_of(kind, subject_id)
    if subject is None or not may_read_subject(actor_of(request), subject):
        raise Http404
    return subject


def _fetch(request: HttpRequest, pk: int) -> tuple[Attachment, Any]:
    found = Attachment.objects.select_related("blob").filter(pk=pk, removed_at__isnull=True).first()
    if found is None or found.municipality_id != actor_of(request).municipality_id:
        raise Http404
    return found, _subject(request, found.subject_kind, found.subject_id)


def _home(subject: Model) -> str:
    rule = rule_of(subject._meta.label_lower)
    return rule.url(subject) if rule and rule.url else ""
