"""Templates of documents: what fields there are, the municipality's own Word file on trial and in force."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gemba.documents import actions, queries
from gemba.documents.access import visible_templates
from gemba.documents.forms import TemplateForm
from gemba.documents.kinds import COMMON, DocumentKind, all_kinds, kind_of
from gemba.documents.models import DocumentTemplate
from gemba.documents.printing import pdf_of
from gemba.documents.rendering import FILTERS
from gemba.documents.views.making import shown
from gemba.documents.views.register import actor_of, sandboxed, sent
from gemba.kernel.problems import Refusal
from gemba.organisation.access import can
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

REPLACE = guard(can("documents.replace_template"), "Шаблоны документов")


@REPLACE
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the kinds of documents and which template is in force."""
    own = {row.kind_code: row for row in visible_templates(actor_of(request)).filter(is_current=True)}
    rows = [(kind, own.get(kind.code)) for kind in all_kinds()]
    return page(request, "documents/templates.html", {"rows": rows})


@REPLACE
@require_http_methods(["GET", "POST"])
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """Show the fields and versions of a template; take a Word file on trial."""
    found = _kind(code)
    form = TemplateForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.try_template(
                actor=actor_of(request), kind=found, file=form.cleaned_data["file"], at=timezone.now()
            )
        except Refusal as refusal:
            for problem in refusal.problems:
                form.add_error("file", str(problem))
        else:
            return go_to(request, reverse("documents:trial", args=[made.pk]))
    versions = list(visible_templates(actor_of(request)).filter(kind_code=code).order_by("-pk")[:50])
    return page(
        request,
        "documents/template.html",
        {
            "kind": found,
            "form": form,
            "fields": [
                _described(field.name, field.title, field.sample) for field in (*found.fields, *COMMON)
            ],
            "filters": [name for name in FILTERS if not name.isascii()],
            "versions": [row for row in versions if row.version],
            "trials": [row for row in versions if not row.version],
            "current": next((row for row in versions if row.is_current), None),
        },
        status=422 if form.errors else 200,
    )


@REPLACE
@require_GET
def standard_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give the standard template, to begin one's own from."""
    found = _kind(code)
    return sandboxed(found.template(), name=f"Шаблон. {found.title}.docx", kind="docx")


@REPLACE
@require_http_methods(["GET", "POST"])
def use_standard(request: HttpRequest, code: str) -> HttpResponse:
    """Go back to the standard template."""
    found = _kind(code)
    address = reverse("documents:template", args=[code])
    if request.method != "POST":
        return go_to(request, address)
    try:
        actions.use_standard_template(actor=actor_of(request), kind=found, at=timezone.now())
    except Refusal as refusal:
        return go_to(request, address, str(refusal))
    return go_to(request, address, "Действует стандартный шаблон.")


@REPLACE
@require_GET
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sample of the municipality's own template before it takes effect."""
    template, found = _fetch(request, pk)
    docx = _sample(request, template, found)
    return page(
        request,
        "documents/trial.html",
        {"template": template, "kind": found, "remarks": pdf_of(docx).remarks},
    )


@REPLACE
@require_GET
def sample(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Give the sample as a picture, PDF or Word."""
    template, found = _fetch(request, pk)
    if form not in ("png", "pdf", "docx"):
        raise Http404
    return shown(_sample(request, template, found), form=form, name=f"{found.title}, образец")


@REPLACE
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a template back as it was uploaded."""
    template, _ = _fetch(request, pk)
    return sandboxed(_content(template), name=template.file_name, kind="docx")


@REPLACE
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a template into force."""
    template, found = _fetch(request, pk)
    if request.method == "POST":
        actions.accept_template(actor=actor_of(request), template=template, at=timezone.now())
    return go_to(request, reverse("documents:template", args=[found.code]), "Шаблон действует.")


def _described(name: str, title: str, sample: object) -> dict[str, object]:
    """Describe a field, and what stands inside a row of a list."""
    inner = sample[0] if isinstance(sample, list) and sample else sample
    return {
        "name": name,
        "title": title,
        "is_list": isinstance(sample, list),
        "parts": list(inner) if isinstance(inner, dict) else [],
    }


def _kind(code: str) -> DocumentKind:
    try:
        return kind_of(code)
    except LookupError:
        raise Http404 from None


def _fetch(request: HttpRequest, pk: int) -> tuple[DocumentTemplate, DocumentKind]:
    template = get_object_or_404(visible_templates(actor_of(request)).select_related("blob"), pk=pk)
    return template, _kind(template.kind_code)


def _content(template: DocumentTemplate) -> bytes:
    try:
        return queries.content_of(template.blob)
    except queries.ContentLost as problem:
        raise Http404("Файл шаблона не найден в хранилище.") from problem


def _sample(request: HttpRequest, template: DocumentTemplate, found: DocumentKind) -> bytes:
    actor = actor_of(request)
    assert actor.municipality is not None
    return queries.sample_docx(kind=found, template=_content(template), municipality=actor.municipality)
