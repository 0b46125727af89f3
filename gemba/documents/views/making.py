"""Making a document: choose what, write a note, look at the pages, issue."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gemba.documents import actions, queries
from gemba.documents.access import (
    may_issue,
    may_read_subject,
    municipality_of,
    rule_of,
    visible_notes,
)
from gemba.documents.forms import IssueForm, NoteForm
from gemba.documents.kinds import DocumentKind, kind_of
from gemba.documents.models import Note
from gemba.documents.own import NOTE, READINGS
from gemba.documents.paper import signed_name
from gemba.documents.printing import pdf_of, stacked
from gemba.documents.rendering import BadTemplate
from gemba.documents.views.register import READ, actor_of, sandboxed
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, can, may
from gemba.organisation.models import Position
from gemba.organisation.models.dated import holds_on
from gemba.regulations.queries import editions
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

WRITE = guard(can("documents.write_note"), "Служебные записки")


@READ
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Offer what may be made here; other documents are made on the pages of their objects."""
    actor = actor_of(request)
    may_write = may(actor, NOTE.act)
    return page(
        request,
        "documents/new.html",
        {
            "may_write": may_write,
            "notes": visible_notes(actor).order_by("-pk")[:10] if may_write else [],
            "editions": (
                editions(municipality_id=actor.municipality_id or 0)[:10] if may(actor, READINGS.act) else []
            ),
            "readings": READINGS.code,
        },
    )


@WRITE
@require_http_methods(["GET", "POST"])
def new_note(request: HttpRequest) -> HttpResponse:
    """Ask for a note."""
    actor = actor_of(request)
    if request.method == "POST":
        form = NoteForm({**request.POST.dict(), "version": "0"})
        if form.is_valid():
            place = _position(actor)
            note = actions.write_note(
                actor=actor,
                text=form.text(),
                at=timezone.now(),
                organisation_id=place.organisation_id if place else None,
            )
            return go_to(request, reverse("documents:make", args=[NOTE.code, note.pk]))
        return page(request, "documents/note.html", {"form": form}, status=422)
    place = _position(actor)
    form = NoteForm(
        version=0,
        initial={"signer_post": place.full_title if place else "", "signer_name": signed_name(actor.name)},
    )
    return page(request, "documents/note.html", {"form": form})


@WRITE
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a note that is not issued yet."""
    actor = actor_of(request)
    kept = get_object_or_404(visible_notes(actor), pk=pk)
    if request.method == "POST":
        form = NoteForm(request.POST)
        if form.is_valid():
            try:
                actions.change_note(
                    actor=actor,
                    note=kept,
                    text=form.text(),
                    version=form.cleaned_data["version"],
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return go_to(request, reverse("documents:make", args=[NOTE.code, kept.pk]), "Сохранено.")
        return page(request, "documents/note.html", {"form": form, "note": kept}, status=422)
    names = [name for name in NoteForm.base_fields if name != "version"]
    form = NoteForm(version=kept.version, initial={name: getattr(kept, name) for name in names})
    return page(request, "documents/note.html", {"form": form, "note": kept})


@READ
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, code: str, subject_id: int) -> HttpResponse:
    """Show the pages of a document to be, ask for number and date, issue it."""
    actor = actor_of(request)
    kind, subject = _fetch(actor, code, subject_id)
    hindrances = list(kind.hindrances(subject)) if kind.hindrances else []
    if request.method == "POST":
        if not may_issue(actor, kind, subject):
            raise PermissionDenied(f"Документ «{kind.title}» выдаёт тот, кому это поручено.")
        form = IssueForm(request.POST)
        if form.is_valid():
            try:
                made = actions.issue(
                    kind=kind,
                    subject=subject,
                    actor=actor,
                    number=form.cleaned_data["number"],
                    on=form.cleaned_data["on"],
                    at=timezone.now(),
                )
            except Refusal as refusal:
                for problem in refusal.problems:
                    form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            else:
                return go_to(
                    request, reverse("documents:document", args=[made.pk]), f"Выдан документ № {made.number}."
                )
        return _make_page(request, kind, subject, form, hindrances, 422)
    return _make_page(request, kind, subject, IssueForm(initial={"on": actor.today}), hindrances)


@READ
@require_GET
def preview(request: HttpRequest, code: str, subject_id: int, form: str) -> HttpResponseBase:
    """Give a preview: pages as a picture, PDF or Word; nothing is kept."""
    actor = actor_of(request)
    kind, subject = _fetch(actor, code, subject_id)
    if form not in ("png", "pdf", "docx"):
        raise Http404
    try:
        docx = queries.preview_docx(kind=kind, subject=subject, actor=actor, at=timezone.now())
    except BadTemplate as problem:
        raise Http404(f"Шаблон не заполняется: {problem}") from problem
    return shown(docx, form=form, name=f"{kind.title}, проект")


def shown(docx: bytes, *, form: str, name: str) -> HttpResponseBase:
    """Answer with a document as a picture of its first pages, as PDF or as Word."""
    if form == "png":
        return sandboxed(stacked(docx), name=f"{name}.png", kind="png", is_inline=True)
    content = pdf_of(docx).content if form == "pdf" else docx
    return sandboxed(content, name=f"{name}.{form}", kind=form)


def _make_page(
    request: HttpRequest,
    kind: DocumentKind,
    subject: Any,
    form: IssueForm,
    hindrances: list[Problem],
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    rule = rule_of(subject._meta.label_lower)
    municipality_id = actor.municipality_id or 0
    return page(
        request,
        "documents/make.html",
        {
            "kind": kind,
            "subject": subject,
            "title": kind.name_of(subject),
            "subject_url": rule.url(subject) if rule and rule.url else "",
            "note": subject if isinstance(subject, Note) else None,
            "form": form,
            "hindrances": hindrances,
            "may_issue": may_issue(actor, kind, subject),
            "template": queries.current_template(municipality_id=municipality_id, kind=kind),
            "next_number": queries.next_number(
                municipality_id=municipality_id, kind_code=kind.code, year=actor.today.year
            ),
            "issued": list(
                queries.issued_for(subject=subject).filter(kind_code=kind.code)[:20]
            ),
        },
        status=status,
    )  # fmt: skip


def _fetch(actor: Actor, code: str, subject_id: int) -> tuple[DocumentKind, Any]:
    """Find the kind and the object.

    :raises Http404: when one of them is absent or is nothing to the person.
    """
    try:
        kind = kind_of(code)
    except LookupError:
        raise Http404 from None
    subject = kind.model()._default_manager.filter(pk=subject_id).first()
    if subject is None or municipality_of(subject) != actor.municipality_id:
        raise Http404
    if not may_read_subject(actor, subject) and not may_issue(actor, kind, subject):
        raise Http404
    return kind, subject


def _position(actor: Actor) -> Position | None:
    return (
        Position.objects.filter(holds_on(actor.today), person_id=actor.person_id or 0)
        .order_by("-is_head", "pk")
        .first()
    )
