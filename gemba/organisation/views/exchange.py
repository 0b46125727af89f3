"""Exchange as XLSX: template, upload, check, loading, export."""

import io

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import counted, format_number
from gemba.kernel.problems import Refusal
from gemba.organisation import actions
from gemba.organisation.access import can
from gemba.organisation.exchange.doors import check_file, export_file, file_name, template_file
from gemba.organisation.exchange.layout import LAYOUTS, Layout
from gemba.organisation.exchange.plans import CHANGE, CREATE, SAME, ImportPlan
from gemba.organisation.models import ImportUpload
from gemba.organisation.requests import actor_of, blame, now, town_of
from gemba.organisation.views.base import fetch
from gemba.ui.exports import XLSX
from gemba.ui.guards import guard
from gemba.ui.pages import document, go_to, page
from gemba.ui.uploads import UploadField

EXCHANGE = guard(can("organisation.exchange"), "Загрузка и выгрузка реестра")
PROBLEMS_SHOWN = 200
ROWS_SHOWN = 100
_ACTS = {"organisations": actions.import_organisations, "people": actions.import_people}
_BACK = {"organisations": "organisation:organisations", "people": "organisation:people"}


class FileForm(forms.Form):
    """The filled sheet."""

    file = UploadField(label="Заполненный файл", kinds=("xlsx",), megabytes=25)


def _layout(subject: str) -> Layout:
    if subject not in LAYOUTS:
        raise Http404
    return LAYOUTS[subject]


def _upload(request: HttpRequest, pk: int) -> ImportUpload:
    actor = actor_of(request)
    return fetch(
        ImportUpload.objects.filter(municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0),
        pk,
    )


@EXCHANGE
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, subject: str) -> HttpResponse:
    """Offer the template and take the filled file; nothing is loaded before the check is seen."""
    layout, municipality = _layout(subject), town_of(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            check_file(subject=subject, stream=io.BytesIO(content), municipality=municipality)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            kept = actions.keep_upload(
                actor=actor_of(request), municipality=municipality, subject=subject,
                file_name=file.name, content=content, at=now(),
            )  # fmt: skip
            return go_to(request, reverse("organisation:exchange_checked", kwargs={"pk": kept.pk}))
    context = {"form": form, "layout": layout, "back": reverse(_BACK[subject])}
    return page(request, "organisation/exchange.html", context, status=422 if form.is_bound else 200)


@EXCHANGE
@require_GET
def template(request: HttpRequest, subject: str) -> FileResponse:
    """Give the empty sheet."""
    layout = _layout(subject)
    stream = template_file(subject=subject, municipality=town_of(request))
    return document(stream, name=f"Шаблон. {layout.title}.xlsx", media_type=XLSX)


@EXCHANGE
@require_GET
def everything(request: HttpRequest, subject: str) -> FileResponse:
    """Give everything the register holds, in the layout of the import."""
    _layout(subject)
    stream = export_file(subject=subject, municipality=town_of(request))
    return document(stream, name=file_name(subject, now()), media_type=XLSX)


@EXCHANGE
@require_GET
def checked(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the file would do and what is wrong with it."""
    upload = _upload(request, pk)
    return _outcome(request, upload, _check(upload))


@EXCHANGE
@require_POST
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Load the good rows the person has seen; when the register has changed since, show the check again."""
    upload, actor = _upload(request, pk), actor_of(request)
    plan = _check(upload)
    if request.POST.get("mark") != plan.mark:
        return _outcome(request, upload, plan, has_changed=True)
    try:
        _ACTS[upload.subject](
            actor=actor, municipality=upload.municipality, plan=plan, file_name=upload.file_name,
            accept_good="accept_good" in request.POST, at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _outcome(request, upload, plan, refusal=refusal)
    actions.drop_upload(actor=actor, upload=upload)
    said = f"Загружено: внесено {plan.count(CREATE)}, изменено {plan.count(CHANGE)}."
    return go_to(request, reverse(_BACK[upload.subject]), said)


@EXCHANGE
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the uploaded file."""
    upload = _upload(request, pk)
    subject = upload.subject
    actions.drop_upload(actor=actor_of(request), upload=upload)
    return go_to(
        request,
        reverse("organisation:exchange", kwargs={"subject": subject}),
        "Файл убран, ничего не загружено.",
    )


def _check(upload: ImportUpload) -> ImportPlan:
    content = io.BytesIO(bytes(upload.content))
    return check_file(subject=upload.subject, stream=content, municipality=upload.municipality)


def _outcome(
    request: HttpRequest,
    upload: ImportUpload,
    plan: ImportPlan,
    *,
    has_changed: bool = False,
    refusal: Refusal | None = None,
) -> HttpResponse:
    bad, work = len(plan.bad_rows), len(plan.work)
    submit = f"Загрузить {counted(work, 'строку', 'строки', 'строк')}"
    if bad:
        right = "верную строку" if work % 10 == 1 and work % 100 != 11 else "верных строк"
        submit = f"Загрузить {format_number(work)} {right}, {format_number(bad)} пропустить"
    context = {
        "upload": upload,
        "layout": LAYOUTS[upload.subject],
        "plan": plan,
        "counts": {verb: plan.count(verb) for verb in (CREATE, CHANGE, SAME)},
        "bad": bad,
        "problems": plan.problems[:PROBLEMS_SHOWN],
        "more_problems": max(0, len(plan.problems) - PROBLEMS_SHOWN),
        "created": [row for row in plan.rows if row.verb == CREATE][:ROWS_SHOWN],
        "changed": [row for row in plan.rows if row.verb == CHANGE][:ROWS_SHOWN],
        "submit": submit,
        "can_load": bool(work),
        "has_changed": has_changed,
        "refusal": refusal,
        "again_url": reverse("organisation:exchange", kwargs={"subject": upload.subject}),
    }
    return page(
        request, "organisation/exchange_checked.html", context, status=409 if has_changed or refusal else 200
    )
