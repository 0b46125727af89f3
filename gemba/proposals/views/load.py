"""Loading proposals of earlier years: choose a file, see what is wrong, load."""

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import counted
from gemba.kernel.problems import Refusal
from gemba.proposals import spreadsheet
from gemba.proposals.actions.load import keep_sheet, load_sheet
from gemba.proposals.forms.office import ImportForm
from gemba.proposals.models import Category, ImportFile
from gemba.proposals.rules.states import State
from gemba.proposals.views.base import IMPORT, actor_of, now, town_of
from gemba.ui import exports
from gemba.ui.pages import go_to, page


@IMPORT
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Check a spreadsheet; nothing is loaded yet."""
    actor = actor_of(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = spreadsheet.read(file, municipality=town_of(request), today=actor.today)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            kept = keep_sheet(actor=actor, sheet=sheet, name=file.name or "", at=now())
            return go_to(request, reverse("proposals:import_check", args=[kept.pk]))
    context = {"form": form, "titles": list(spreadsheet.TITLES.values()), "required": spreadsheet.REQUIRED}
    return page(request, "proposals/import.html", context, 422 if form.errors else 200)


@IMPORT
@require_GET
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was found in the file."""
    file = _file(request, pk)
    problems = [dict(zip(("row", "cell", "text", "mend"), problem, strict=True)) for problem in file.problems]
    context = {
        "file": file,
        "problems": problems[:300],
        "more": max(0, len(problems) - 300),
        "rows": len(file.rows),
    }
    return page(request, "proposals/import_check.html", context)


@IMPORT
@require_POST
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Load the checked rows."""
    file = _file(request, pk)
    try:
        done = load_sheet(
            actor=actor_of(request), file_id=file.pk, at=now(), only_good=request.POST.get("only_good") == "1"
        )
    except Refusal as refusal:
        context = {"problems": refusal.problems, "back": reverse("proposals:import")}
        return page(request, "proposals/problems.html", context, 409)
    words = counted(done.loaded, "предложение", "предложения", "предложений")
    return go_to(request, f"{reverse('proposals:list')}?view=all", f"Загружено: {words}.")


def _file(request: HttpRequest, pk: int) -> ImportFile:
    actor = actor_of(request)
    found = ImportFile.objects.filter(
        pk=pk, municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0
    ).first()
    if found is None:
        raise Http404
    return found


@IMPORT
@require_GET
def sample(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give the sample to fill."""
    kinds = {"submitted_on": "date", "decided_on": "date", "implemented_on": "date", "hours": "number",
             "money": "number",
             "problem": "long", "solution": "long"}  # fmt: skip
    columns = [exports.Column(title, kinds.get(name, "text")) for name, title in spreadsheet.TITLES.items()]
    states = ", ".join(sorted({State(state).title for state in spreadsheet.STATES.values()}))
    above = [
        f"Обязательны: {', '.join(spreadsheet.TITLES[name] for name in spreadsheet.REQUIRED)}",
        f"Состояние: {states}",
        f"О чём: {', '.join(title for _, title in Category.choices)}",
    ]
    return exports.workbook(
        title="Предложения", columns=columns, rows=[], file_name="Образец предложений", above=above
    )
