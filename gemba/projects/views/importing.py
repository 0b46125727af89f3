"""Import: choose a file, see what was understood and what not, load it, take it back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import counted
from gemba.kernel.problems import Refusal
from gemba.organisation.access import may
from gemba.organisation.models import Organisation
from gemba.projects import access
from gemba.projects.actions import importing as acts
from gemba.projects.forms.importing import ImportForm, PlaceForm, RoadmapForm
from gemba.projects.importing.passports import read_passport
from gemba.projects.importing.sheets import (
    MEASURE_REQUIRED,
    MEASURE_TITLES,
    PROJECT_REQUIRED,
    PROJECT_TITLES,
    read_projects,
    read_roadmap,
)
from gemba.projects.models import ImportFile, ImportKind, Measure, Project
from gemba.projects.queries.grounds import ground_views
from gemba.projects.queries.settings import acts_on
from gemba.projects.rules.passport import Passport
from gemba.projects.views.base import WORK, actor_of, blame, now, project_or_404, town_of
from gemba.ui import exports
from gemba.ui.pages import go_to, page
from gemba.ui.uploads import kind_of

SHOWN = 200
STATES = {
    "draft": ("черновик", "neutral"),
    "active": ("в работе", "info"),
    "closed": ("закрыт", "good"),
    "terminated": ("прекращён", "neutral"),
}


@WORK
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Ask for a passport in Word or a list in Excel; nothing is loaded yet."""
    actor, town = actor_of(request), town_of(request)
    may_list = may(actor, "projects.oversee")
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        is_list = kind_of(file) == "xlsx"
        if is_list and not may_list:
            raise PermissionDenied("Список проектов загружает координатор или экономист округа.")
        file.seek(0)
        content = file.read()
        found = acts_on(municipality_id=town.pk, day=actor.today)
        try:
            read = (
                read_projects(content, municipality=town, acts=found, today=actor.today)
                if is_list
                else read_passport(content, municipality=town, acts=found)
            )
        except Refusal as refusal:
            blame(form, refusal)
        else:
            kind = ImportKind.PROJECTS if is_list else ImportKind.PASSPORT
            kept = acts.keep(actor=actor, kind=kind, name=file.name or "", found=read, at=now())
            return go_to(request, reverse("projects:import_check", args=[kept.pk]))
    mine = ImportFile.objects.filter(
        municipality_id=town.pk, user_id=actor.user_id or 0, loaded_at__isnull=False
    )
    context = {
        "form": form,
        "may_list": may_list,
        "past": list(mine.defer("rows", "problems").order_by("-pk")[:10]),
        "titles": list(PROJECT_TITLES.values()),
    }
    return page(request, "projects/import.html", context, 422 if form.errors else 200)


@WORK
@require_http_methods(["GET", "POST"])
def roadmap(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the roadmap of a project in Excel."""
    actor, project = actor_of(request), project_or_404(request, pk)
    if not access.parties(actor, project) & access.WORKERS:
        raise PermissionDenied("План мероприятий ведут руководитель и команда проекта.")
    form = RoadmapForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        file.seek(0)
        try:
            read = read_roadmap(file.read(), project=project)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            kept = acts.keep(
                actor=actor,
                kind=ImportKind.ROADMAP,
                name=file.name or "",
                found=read,
                at=now(),
                project=project,
            )
            return go_to(request, reverse("projects:import_check", args=[kept.pk]))
    context = {"form": form, "project": project, "titles": list(MEASURE_TITLES.values())}
    return page(request, "projects/import.html", context, 422 if form.errors else 200)


@WORK
@require_GET
def check(request: HttpRequest, file_id: int) -> HttpResponse:
    """Show what was understood, and every problem with its place."""
    return _shown(request, _file(request, file_id))


def _shown(
    request: HttpRequest,
    file: ImportFile,
    *,
    form: PlaceForm | None = None,
    problems: Any = (),
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    listed = [dict(zip(("place", "text", "mend", "is_grave"), row, strict=True)) for row in file.problems]
    context: dict[str, Any] = {
        "file": file,
        "problems": listed[:SHOWN],
        "more": max(0, len(listed) - SHOWN),
        "grave": sum(one["is_grave"] for one in listed),
        "refused": problems,
        "rows": file.rows[:SHOWN],
        "count": len(file.rows),
        "states": STATES,
    }
    if file.kind == ImportKind.PASSPORT:
        passport = Passport.of(file.rows[0]["passport"])
        found = acts_on(municipality_id=file.municipality_id, day=actor.today)
        place = Organisation.objects.filter(pk=passport.organisation_id or 0).first()
        context |= {
            "passport": passport,
            "found": found,
            "days": passport.days(),
            "grounds": ground_views(
                passport.grounds, municipality_id=file.municipality_id, day=actor_of(request).today
            ),
            "form": form
            or PlaceForm(
                municipality_id=file.municipality_id,
                today=actor.today,
                initial={"title": passport.title, "organisation": place.code if place else ""},
            ),
        }
    if file.loaded_at:
        keys = [pk for pk, _ in file.made][:SHOWN]
        model = Measure if file.kind == ImportKind.ROADMAP else Project
        context["made"] = list(model._default_manager.filter(pk__in=keys).order_by("pk"))
    return page(request, "projects/import_check.html", context, status)


@WORK
@require_POST
def load(request: HttpRequest, file_id: int) -> HttpResponse:
    """Load what was read."""
    actor, file = actor_of(request), _file(request, file_id)
    form = None
    organisation, title = None, ""
    if file.kind == ImportKind.PASSPORT and file.loaded_at is None:
        form = PlaceForm(request.POST, municipality_id=file.municipality_id, today=actor.today)
        if not form.is_valid():
            return _shown(request, file, form=form, status=422)
        organisation, title = form.cleaned_data["organisation"], form.cleaned_data["title"]
    try:
        done = acts.load(
            actor=actor,
            file_id=file.pk,
            at=now(),
            organisation=organisation,
            title=title,
            only_good=request.POST.get("only_good") == "1",
        )
    except Refusal as refusal:
        return _shown(request, file, form=form, problems=refusal.problems, status=409)
    words = acts.LINES if file.kind == ImportKind.ROADMAP else acts.PROJECTS
    return go_to(
        request,
        reverse("projects:import_check", args=[file.pk]),
        f"Загружено: {counted(len(done.made), *words)}.",
    )


@WORK
@require_POST
def undo(request: HttpRequest, file_id: int) -> HttpResponse:
    """Take back what a file made."""
    file = _file(request, file_id)
    try:
        acts.unload(actor=actor_of(request), file_id=file.pk, at=now())
    except Refusal as refusal:
        return _shown(request, file, problems=refusal.problems, status=409)
    return go_to(request, reverse("projects:import_check", args=[file.pk]), "Загрузка отменена.")


def _file(request: HttpRequest, file_id: int) -> ImportFile:
    actor = actor_of(request)
    found = (
        ImportFile.objects.select_related("project")
        .filter(pk=file_id, municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0)
        .first()
    )
    if found is None:
        raise Http404
    return found


@WORK
@require_GET
def sample(request: HttpRequest, kind: str) -> HttpResponse | FileResponse:
    """Give the sample of a spreadsheet to fill."""
    if kind not in ("projects", "roadmap"):
        raise Http404
    titles, required = (
        (PROJECT_TITLES, PROJECT_REQUIRED) if kind == "projects" else (MEASURE_TITLES, MEASURE_REQUIRED)
    )
    kinds = {name: "date" for name in titles if name.endswith("_on")}
    kinds |= dict.fromkeys(("baseline", "target", "final"), "number")
    kinds |= dict.fromkeys(("title", "problem", "root_cause", "expected", "why", "effects"), "long")
    above = [f"Обязательны: {', '.join(titles[name] for name in required)}"]
    if kind == "projects":
        above.append(
            "Чтобы проект встал на свой этап, нужны заказчик, руководитель и дата открытия; иначе он станет черновиком"
        )
    return exports.workbook(
        title="Проекты" if kind == "projects" else "Дорожная карта",
        columns=[exports.Column(title, kinds.get(name, "text")) for name, title in titles.items()],
        rows=[],
        file_name="Образец проектов" if kind == "projects" else "Образец дорожной карты",
        above=above,
    )
