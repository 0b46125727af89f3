"""The register of the trained: list, new record, spreadsheet, cancellation."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import counted
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.rules import name_key
from gemba.scorecards import access, actions, spreadsheet
from gemba.scorecards.entering import clean
from gemba.scorecards.forms import TrainedFileForm, TrainedForm
from gemba.scorecards.views.base import KEEP, actor_of, blame, now, number_in, town_of
from gemba.ui.exports import Column, workbook
from gemba.ui.pages import go_to, page

PAGE = 50


@KEEP
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show who is trained, the latest records first."""
    return show(request)


def show(request: HttpRequest, problems: list[Problem] | None = None) -> HttpResponse:
    """Answer with the register."""
    actor = actor_of(request)
    words = clean(request.GET.get("q", ""))[:100]
    found = access.visible_trained(actor)
    if words:
        found = found.filter(person__name_key__contains=name_key(words))
    after = number_in(request, "after")
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    here = reverse("scorecards:trained")
    context = {
        "rows": [(row, row.holds_on(actor.today)) for row in rows[:PAGE]], "words": words, "problems": problems or [],
        "next_url": f"{here}?after={rows[PAGE - 1].pk}" if len(rows) > PAGE else "", "upload": TrainedFileForm(),
    }  # fmt: skip
    return page(request, "scorecards/trained.html", context, 409 if problems else 200)


@KEEP
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter one record."""
    form = TrainedForm(request.POST or None, municipality_id=town_of(request).pk)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_trained(actor=actor_of(request), new=actions.Trained(**form.cleaned_data), at=now())
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("scorecards:trained"), "Запись внесена.")
    return page(request, "scorecards/trained_new.html", {"form": form}, 422 if form.errors else 200)


@KEEP
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Load a spreadsheet: all records or none."""
    form = TrainedFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, [Problem(str(text)) for texts in form.errors.values() for text in texts])
    rows, problems = spreadsheet.read(form.cleaned_data["file"], municipality_id=town_of(request).pk)
    if problems:
        return show(request, problems[:100])
    try:
        entered, known = actions.load_trained(actor=actor_of(request), rows=rows, at=now())
    except Refusal as refusal:
        return show(request, refusal.problems[:100])
    done = f"Внесено: {counted(entered, 'запись', 'записи', 'записей')}."
    if known:
        done += f" Уже были: {known}."
    return go_to(request, reverse("scorecards:trained"), done)


@KEEP
@require_GET
def sample(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give the spreadsheet to fill."""
    kinds = {"Дата выдачи": "date", "Действует до": "date"}
    columns = [Column(title, kinds.get(title, "text")) for title in spreadsheet.TITLES]
    above = ["Обязательны: ФИО, Документ, Дата выдачи. Код нужен, если есть полные тёзки."]
    return workbook(title="Обученные", columns=columns, rows=[], file_name="Образец обученные", above=above)


@KEEP
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a record with a reason."""
    if not access.visible_trained(actor_of(request)).filter(pk=pk).exists():
        raise Http404
    try:
        actions.cancel_trained(
            actor=actor_of(request), record_id=pk, reason=clean(request.POST.get("reason", "")), at=now()
        )
    except Refusal as refusal:
        return show(request, refusal.problems)
    return go_to(request, reverse("scorecards:trained"), "Запись отменена.")
