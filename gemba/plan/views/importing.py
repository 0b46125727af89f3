"""A report from a spreadsheet: chosen, checked row by row, loaded, taken back."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.problems import Refusal
from gemba.plan import actions
from gemba.plan.forms import ReportFileForm
from gemba.plan.importing import ReadFile, read_form
from gemba.plan.queries.checking import strangers
from gemba.plan.reporting import columns_of, shown
from gemba.plan.views.base import actor_of, at_quarter, now
from gemba.plan.views.reports import PREPARES, organisation_of, reporting_lens
from gemba.ui import exports
from gemba.ui.pages import go_to, notify, page

SALT = "plan.report-file"


@PREPARES
@require_http_methods(["GET", "POST"])
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a file of the form and load it."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    back = at_quarter("plan:report", lens.quarter, pk)
    columns = columns_of(lens.pack)
    form = ReportFileForm(None, None)
    found: ReadFile | None = None
    ready = ""
    if request.method == "POST" and request.POST.get("ready"):
        try:
            rows = signing.loads(request.POST["ready"], salt=f"{SALT}-{pk}-{lens.quarter.key}", max_age=3600)
            actions.load_rows(
                actor=actor_of(request), lens=lens, organisation=organisation, rows=rows, at=now()
            )
        except signing.BadSignature:
            form = ReportFileForm({}, None)
            form.add_error(None, "Проверка устарела. Выберите файл ещё раз.")
        except Refusal as refusal:
            form = ReportFileForm({}, None)
            for problem in refusal.problems[:30]:
                form.add_error(None, str(problem))
        else:
            notify(
                request, f"Загружено строк: {len(rows)}.",
                undo_url=reverse("plan:unload", args=[pk], query={"year": lens.year, "quarter": lens.quarter.number}),
            )  # fmt: skip
            return go_to(request, back)
    elif request.method == "POST":
        form = ReportFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                found = read_form(form.cleaned_data["file"], columns, lens.quarter)
                if found.rows and not found.wrong:
                    rows = [row.cells for row in found.rows]
                    ready = signing.dumps(rows, salt=f"{SALT}-{pk}-{lens.quarter.key}", compress=True)
            except Refusal as refusal:
                for problem in refusal.problems:
                    form.add_error(problem.field or None, f"{problem.text} {problem.mend}".strip())
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "ready": ready,
        "strangers": strangers(organisation, found) if found else [],
        "columns": columns,
        "shown": shown,
        "back": back,
        "template_url": at_quarter("plan:report_template", lens.quarter, pk),
        "organisation": organisation,
        "lens": lens,
        "crumbs": [(f"Отчёт за {lens.quarter.label}", back)],
    }
    is_wrong = bool(form.errors or (found is not None and not ready))
    return page(request, "plan/load.html", context, status=422 if is_wrong else 200)


@PREPARES
@require_POST
def unload(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the report back what it held before the file."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    back = at_quarter("plan:report", lens.quarter, pk)
    try:
        actions.unload_rows(actor=actor_of(request), lens=lens, organisation=organisation, at=now())
    except Refusal as refusal:
        return go_to(request, back, str(refusal))
    return go_to(request, back, "Загрузка отменена.")


@PREPARES
@require_GET
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an empty form with the organisation filled in."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    first = {
        "participant": organisation.name,
        "organisation": str(organisation),
        "direction": str(organisation.direction or ""),
    }
    columns = columns_of(lens.pack)
    return exports.workbook(  # type: ignore[return-value]
        title="Отчёт",
        columns=[exports.Column(one.title, "text", 20) for one in columns],
        rows=[[first.get(one.code, "") for one in columns]],
        file_name=f"Форма отчёта за {lens.quarter.label}",
    )
