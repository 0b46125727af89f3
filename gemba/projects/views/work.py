"""Plan of measures, weekly check, defences and remarks."""

from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.kernel.problems import Refusal
from gemba.organisation.models import Person
from gemba.projects import access
from gemba.projects.actions import moving
from gemba.projects.actions import work as acts
from gemba.projects.forms.acts import DefenceForm, MarkForm, MeasureForm, MoveForm, ReasonForm, WeekForm
from gemba.projects.models import Measure, Project, Remark
from gemba.projects.queries import parts
from gemba.projects.queries.card import followed_of, measure_numbers, measures_of
from gemba.projects.rules.stages import week_of
from gemba.projects.rules.states import LIVING, Party
from gemba.projects.views.base import (
    READ,
    WORK,
    actor_of,
    ask,
    blame,
    context_of,
    now,
    people_of,
    project_or_404,
)
from gemba.ui.forms import Difference
from gemba.ui.pages import go_to, page

WEEKS: Literal[12] = 12


def _working(request: HttpRequest, project: Project, *, also: frozenset[Party] = frozenset()) -> None:
    if not access.parties(actor_of(request), project) & (access.WORKERS | also):
        raise PermissionDenied("Это делают руководитель и команда проекта.")


@READ
@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the plan of measures with what is late first, and the weekly checks."""
    actor, project = actor_of(request), project_or_404(request, pk)
    rows = measures_of(project=project)
    weeks = parts.weeks(project_id=pk, most=WEEKS)
    context = context_of(request, project, "plan") | {
        "rows": rows,
        "followed": followed_of(project=project) if rows else {},
        "numbers": measure_numbers(rows, actor.today),
        "weeks": weeks,
        "is_week_due": not weeks or weeks[0].week_on < week_of(actor.today),
        "is_living": project.status in LIVING,
        "person_id": actor.person_id,
    }
    return page(request, "projects/plan.html", context)


@WORK
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, pk: int, measure_id: int | None = None) -> HttpResponse:
    """Add a line of the plan or change one."""
    actor, project = actor_of(request), project_or_404(request, pk)
    _working(request, project)
    row = project.measures.filter(pk=measure_id).first() if measure_id else None
    if measure_id and row is None:
        raise Http404
    sent = request.method == "POST"
    form = MeasureForm(
        request.POST if sent else None,
        people=people_of(request),
        initial=_initial(row) if row else {},
        version=row.version if row else None,
    )
    stale: list[Difference] = []
    if sent and form.is_valid():
        data = dict(form.cleaned_data)
        follows, version = data.pop("follows"), data.pop("version")
        try:
            saved = acts.save_measure(
                actor=actor,
                project_id=pk,
                at=now(),
                values=data,
                follows=follows,
                measure_id=measure_id,
                version=version,
            )
        except acts.StaleMeasure as problem:
            stale = form.differences(_initial(problem.measure))
            form.refresh(problem.measure.version)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("projects:plan", args=[pk]), f"Строка № {saved.number} сохранена.")
    context = context_of(request, project, "plan") | {
        "form": form,
        "row": row,
        "stale": stale,
        "title": f"Строка № {row.number}" if row else "Новая строка плана",
        "back_url": reverse("projects:plan", args=[pk]),
        "submit": "Сохранить",
        "kind": "primary",
    }
    return page(request, "projects/act.html", context, 409 if stale else 422 if form.errors else 200)


def _initial(row: Measure) -> dict[str, Any]:
    names = ("kind", "problem", "root_cause", "title", "starts_on", "due_on", "expected", "resources")
    return {
        **{name: getattr(row, name) for name in names},
        "responsible": row.responsible or "",
        "follows": ", ".join(str(one.number) for one in row.follows.order_by("number")),
    }


@WORK
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, measure_id: int) -> HttpResponse:
    """Ask when a line of the roadmap will be done; those that wait for it may move with it."""
    actor, project = actor_of(request), project_or_404(request, pk)
    _working(request, project)
    row = project.measures.filter(pk=measure_id).first()
    if row is None:
        raise Http404
    initial = {"start": row.starts_on or row.due_on, "end": row.due_on, "moves_following": True}
    form = MoveForm(
        request.POST if request.method == "POST" else None, initial=initial, seen=(row.starts_on, row.due_on)
    )
    return ask(
        request,
        project,
        form,
        title=f"Сроки: № {row.number} {row.title}",
        done="Сроки сохранены.",
        back="gantt",
        do=lambda d: moving.move_measure(
            actor=actor,
            measure_id=row.pk,
            start=d["start"],
            end=d["end"],
            moves_following=d["moves_following"],
            seen=d["seen"],
            at=now(),
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, pk: int, measure_id: int) -> HttpResponse:
    """Ask how far a measure has come."""
    actor, project = actor_of(request), project_or_404(request, pk)
    row = project.measures.filter(pk=measure_id).first()
    if row is None:
        raise Http404
    if row.responsible_id != actor.person_id or actor.person_id is None:
        _working(request, project)
    initial = {
        "state": "done" if row.state in ("planned", "doing") else row.state,
        "on": row.done_on or actor.today,
        "evidence": row.evidence,
        "was": row.was,
        "became": row.became,
        "reason": row.reason,
    }
    form = MarkForm(request.POST if request.method == "POST" else None, initial=initial)
    return ask(
        request,
        project,
        form,
        title=row.title,
        done="Отмечено.",
        submit="Отметить",
        back="plan",
        do=lambda d: acts.set_measure_state(
            actor=actor,
            measure_id=row.pk,
            state=d["state"],
            on=d["on"],
            evidence=d["evidence"],
            was=d["was"],
            became=d["became"],
            reason=d["reason"],
            at=now(),
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the weekly meeting saw."""
    actor, project = actor_of(request), project_or_404(request, pk)
    _working(request, project)
    form = WeekForm(request.POST if request.method == "POST" else None)
    return ask(
        request,
        project,
        form,
        title="Штаб проекта",
        done="Штаб записан.",
        back="plan",
        do=lambda d: acts.check_week(
            actor=actor, project_id=pk, at=now(), text=d["text"], obstacles=d["obstacles"]
        ),
    )


@READ
@require_GET
def defences(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the defences with decisions and remarks."""
    project = project_or_404(request, pk)
    context = context_of(request, project, "defences")
    may_hold = context["may_edit"] or context["is_customer"] or Party.OVERSEER in context["parties"]
    context |= {
        "rows": list(project.defences.prefetch_related("remarks__responsible").order_by("-held_on", "-pk")),
        "corrective": list(
            project.remarks.filter(defence__isnull=True).select_related("responsible").order_by("-pk")
        ),
        "may_hold": may_hold and project.status in LIVING,
        "person_id": actor_of(request).person_id or 0,
    }
    return page(request, "projects/defences.html", context)


def _expected(project: Project) -> list[Person]:
    """Return who usually comes to a defence, each once."""
    team = [row.person for row in project.team.select_related("person").order_by("pk")]
    return list(dict.fromkeys(one for one in (project.customer, project.leader, *team) if one is not None))


@WORK
@require_http_methods(["GET", "POST"])
def defence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the decision of a defence and its remarks."""
    actor, project = actor_of(request), project_or_404(request, pk)
    _working(request, project, also=frozenset({Party.CUSTOMER, Party.OVERSEER}))
    customer = project.customer
    initial = {
        "held_on": actor.today,
        "kind": "customer_plan",
        "decided_by": str(customer) if customer else "",
        "attended": ", ".join(one.short_name for one in _expected(project)),
    }
    form = DefenceForm(
        request.POST if request.method == "POST" else None, people=people_of(request), initial=initial
    )
    return ask(
        request,
        project,
        form,
        title="Решение защиты",
        done="Решение внесено.",
        back="defences",
        do=lambda d: acts.hold_defence(
            actor=actor,
            project_id=pk,
            at=now(),
            kind=d["kind"],
            held_on=d["held_on"],
            decision=d["decision"],
            decided_by=d["decided_by"],
            text=d["text"],
            place=d["place"],
            attended=d["attended"],
            remarks=form.remarks(),
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def remark(request: HttpRequest, pk: int, remark_id: int) -> HttpResponse:
    """Ask what was done about a remark."""
    actor, project = actor_of(request), project_or_404(request, pk)
    row = Remark.objects.filter(project=project, pk=remark_id).first()
    if row is None:
        raise Http404
    if row.responsible_id != actor.person_id or actor.person_id is None:
        _working(request, project, also=frozenset({Party.OWNER}))
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Что сделано",
        name="answer",
        initial={"answer": row.answer},
    )
    return ask(
        request,
        project,
        form,
        title=row.text[:200],
        done="Ответ сохранён.",
        submit="Устранено",
        back="defences",
        do=lambda d: acts.answer_remark(actor=actor, remark_id=row.pk, at=now(), answer=d["answer"]),
    )
