"""The register of issued documents: list, card, download, annulment, check by fingerprint."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gemba.documents import actions, queries
from gemba.documents.access import may_keep_document, may_read_document, rule_of, subject_of
from gemba.documents.forms import ReasonForm, RegisterForm, VerifyForm
from gemba.documents.kinds import all_kinds
from gemba.documents.models import Annulment, Blob, IssuedDocument
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Refusal
from gemba.organisation.access import can, may
from gemba.organisation.requests import actor_of as actor_of
from gemba.ui import exports
from gemba.ui.guards import guard
from gemba.ui.pages import document as answer_file
from gemba.ui.pages import go_to, page
from gemba.ui.uploads import MEDIA_TYPES

READ = guard(can("documents.read"), "Реестр документов")
VERIFY = guard(can("documents.verify"), "Сверка документов")
ANNUL = guard(can("documents.annul"), "Аннулирование документов")
SCAN = "Скан подписанного экземпляра"
EXPORTED = 20_000
_COLUMNS = [
    exports.Column("Дата", "date"),
    exports.Column("Номер"),
    exports.Column("Вид"),
    exports.Column("Документ", "long"),
    exports.Column("Организация", "long"),
    exports.Column("Кто выдал"),
    exports.Column("Когда выдан", "datetime"),
    exports.Column("Отпечаток PDF", "long"),
    exports.Column("Скан"),
    exports.Column("Аннулирован", "long"),
]


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """Return what a form was sent; an empty sending is a sending too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def fetch(request: HttpRequest, pk: int) -> IssuedDocument:
    """Return a document the person may read.

    :raises Http404: for one of another municipality or of another's object.
    """
    found = (
        IssuedDocument.objects.select_related("docx", "pdf", "template", "organisation", "annulment")
        .filter(pk=pk)
        .first()
    )
    if found is None or not may_read_document(actor_of(request), found):
        raise Http404
    return found


def blob_answer(blob: Blob, *, name: str, is_inline: bool = False) -> HttpResponseBase:
    """Answer with a content that never runs in the page: attachment, no guessing of its type, a sandbox.

    :raises Http404: when the content is lost or changed.
    """
    try:
        content = queries.content_of(blob)
    except queries.ContentLost as problem:
        raise Http404("Файл не найден в хранилище. Сообщите администратору.") from problem
    return sandboxed(content, name=name, kind=blob.kind, is_inline=is_inline)


def sandboxed(content: bytes, *, name: str, kind: str, is_inline: bool = False) -> HttpResponseBase:
    """Answer with a file under the strictest policy a browser knows."""
    media_type = MEDIA_TYPES.get(kind, "application/octet-stream")
    # A text may be a page in disguise: it goes out as plain bytes to be kept, not shown.
    answer = answer_file(
        content, name=name, media_type="application/octet-stream" if kind == "text" else media_type, is_inline=is_inline
    )  # fmt: skip
    frame = "'self'" if is_inline else "'none'"
    answer["Content-Security-Policy"] = f"default-src 'none'; sandbox; frame-ancestors {frame}"
    return answer


@READ
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the register, the newest first."""
    actor = actor_of(request)
    form, asked = _asked(request)
    found = queries.register(
        actor=actor, **asked, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    return page(
        request,
        "documents/list.html",
        {
            "form": form,
            "rows": found.rows,
            "scans": queries.with_scans(found.rows),
            "older_url": _address(request, before=found.older_than) if found.older_than else "",
            "newer_url": _address(request, after=found.newer_than) if found.newer_than else "",
            "query": request.GET.urlencode(),
            "may_issue": any(may(actor, kind.act) for kind in all_kinds()),
            "may_replace": may(actor, "documents.replace_template"),
        },
    )


@READ
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Give what is shown as a spreadsheet."""
    actor = actor_of(request)
    _, asked = _asked(request)
    rows = queries.found_documents(actor=actor, **asked).select_related("pdf").order_by("-dated_on", "-pk")

    def lines() -> Any:
        found = list(rows[:EXPORTED])
        scans = queries.with_scans(found)
        for row in found:
            void = getattr(row, "annulment", None)
            yield [row.dated_on, row.number, row.kind_title, row.title, str(row.organisation or ""),
                   row.issued_by_name, row.issued_at, row.pdf.sha256, "приложен" if row.pk in scans else "",
                   void.reason if void else ""]  # fmt: skip

    return exports.workbook(title="Документы", columns=_COLUMNS, rows=lines(), file_name="Реестр документов")


@READ
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one document."""
    return _card(request, fetch(request, pk))


def _card(
    request: HttpRequest, found: IssuedDocument, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    subject = subject_of(found.subject_kind, found.subject_id)
    rule = rule_of(found.subject_kind)
    url = rule.url(subject) if rule is not None and rule.url is not None and subject is not None else ""
    void = Annulment.objects.filter(document=found).first()
    return page(
        request,
        "documents/document.html",
        {
            "document": found,
            "void": void,
            "subject_url": url,
            "files": queries.files_of(subject=found),
            "may_attach": may_keep_document(actor, found),
            "may_annul": may(actor, "documents.annul") and void is None,
            "form": form or ReasonForm(),
            "scan": SCAN,
            "dated": format_date(found.dated_on),
        },
        status=status,
    )


@READ
@require_GET
def download(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Give the file as it was issued."""
    found = fetch(request, pk)
    if form not in ("docx", "pdf"):
        raise Http404
    name = f"{found.kind_title} № {found.number} от {format_date(found.dated_on)}.{form}"
    return blob_answer(found.pdf if form == "pdf" else found.docx, name=name)


@ANNUL
@require_http_methods(["GET", "POST"])
def annul(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a document void."""
    found = fetch(request, pk)
    if request.method != "POST":
        return go_to(request, reverse("documents:document", args=[found.pk]))
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.annul(
                actor=actor_of(request),
                document=found,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            return go_to(request, reverse("documents:document", args=[found.pk]), "Документ аннулирован.")
    return _card(request, found, form, 422)


@VERIFY
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Tell whether a file is one that was issued, and unchanged."""
    form = VerifyForm(*sent(request))
    asked, found = "", []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.get("file")
        asked = queries.fingerprint_of(file.read()) if file else form.cleaned_data["fingerprint"]
        found = queries.verified(actor=actor_of(request), fingerprint=asked)
    actor = actor_of(request)
    rows = [(document, kind, may_read_document(actor, document)) for document, kind in found]
    return page(
        request,
        "documents/verify.html",
        {"form": form, "asked": asked, "rows": rows},
        status=422 if form.errors else 200,
    )


def _asked(request: HttpRequest) -> tuple[RegisterForm, dict[str, Any]]:
    actor = actor_of(request)
    form = RegisterForm(
        request.GET or None,
        kinds=[(kind.code, kind.title) for kind in all_kinds()],
        people=queries.issuers(actor=actor),
    )
    form.is_valid()
    data = form.cleaned_data if form.is_bound else {}
    who = data.get("who") or ""
    return form, {
        "kind_code": data.get("kind") or "",
        "first": data.get("first"),
        "last": data.get("last"),
        "issued_by": int(who) if who else None,
        "words": data.get("q") or "",
        "has_scan": {"yes": True, "no": False}.get(data.get("scan") or ""),
    }


def _address(request: HttpRequest, **edge: str) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in edge.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"


__all__ = ["annul", "card", "download", "export", "index", "verify"]
