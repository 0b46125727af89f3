"""Rows of the Gantt chart: stages and roadmap of a project, projects of a portfolio."""

from datetime import date
from typing import NamedTuple

from django.urls import reverse

from gemba.organisation.access import Actor
from gemba.projects.models import MeasureState, Project, Stage
from gemba.projects.queries.card import measures_of, stage_views
from gemba.projects.queries.register import Filters, found, light
from gemba.projects.queries.settings import calendar_of, rules_of
from gemba.projects.rules.gantt import MOST, Bar, mark_critical
from gemba.projects.rules.stages import colour_of
from gemba.projects.rules.states import Status


def bars_of(*, project: Project, actor: Actor, may_edit: bool) -> list[Bar]:
    """Return the stages, each waiting for the one before, and the lines of the roadmap under the introduction."""
    bars: list[Bar] = []
    for view in stage_views(project=project, today=actor.today):
        stage = view.stage
        start = stage.actual_start or stage.forecast_start or stage.plan_start
        end = stage.actual_end or stage.forecast_end or stage.plan_end
        if start and end and end < start:
            # A late beginning of a stage whose forecast nobody has renewed.
            end = start
        edit = (
            reverse("projects:forecast", args=[project.pk, stage.number])
            if may_edit and not stage.actual_end
            else ""
        )
        bars.append(
            Bar(
                f"s{stage.number}",
                str(stage),
                start,
                end,
                stage.baseline_start,
                stage.baseline_end,
                is_milestone=not stage.is_period,
                is_done=view.is_past,
                tone=view.colour.tone,
                word=view.colour.title,
                edit_url=edit,
                move_url=edit,
                has_begun=stage.actual_start is not None,
                is_group=True,
                after=(f"s{stage.number - 1}",) if stage.number > 1 else (),
            )
        )
        if stage.code == "implementation":
            bars += _lines(project, actor, may_edit)
    mark_critical([bar for bar in bars if bar.key.startswith("s")])
    mark_critical([bar for bar in bars if bar.key.startswith("m")])
    return bars


def _lines(project: Project, actor: Actor, may_edit: bool) -> list[Bar]:
    found_ = []
    for row in measures_of(project=project):
        if row.state == MeasureState.CANCELLED:
            continue
        done = row.state == MeasureState.DONE
        late = not done and bool(row.due_on and row.due_on < actor.today)
        url = reverse("projects:measure", args=[project.pk, row.pk]) if may_edit else ""
        move = reverse("projects:measure_move", args=[project.pk, row.pk]) if may_edit and not done else ""
        end = row.done_on if done and row.done_on else row.due_on
        start = row.starts_on or row.due_on
        if start and end and end < start:
            start = end
        found_.append(
            Bar(
                f"m{row.number}",
                f"№ {row.number} {row.title}",
                start,
                end,
                row.baseline_start or row.baseline_due,
                row.baseline_due,
                is_milestone=row.kind == "milestone",
                is_done=done,
                tone="good" if done else "bad" if late else "info",
                word="Просрочено" if late else row.get_state_display(),
                edit_url=url,
                move_url=move,
                after=tuple(f"m{one.number}" for one in row.follows.all()),
            )
        )
    return found_


class _Term(NamedTuple):
    """A stage without its model: five thousand of them stand behind the bars of a portfolio."""

    project_id: int
    number: int
    code: str
    plan_start: date | None
    plan_end: date | None
    baseline_start: date | None
    baseline_end: date | None
    forecast_start: date | None
    forecast_end: date | None
    actual_start: date | None
    actual_end: date | None


def bars_of_many(*, actor: Actor, filters: Filters) -> list[Bar]:
    """Return one row a project: from its opening to its closing by forecast, coloured by the current stage."""
    rows = found(actor=actor, filters=filters).exclude(status__in=[Status.DRAFT, Status.TERMINATED])
    projects = list(light(rows).order_by("-pk")[: MOST + 1])
    stages: dict[int, list[_Term]] = {}
    terms = Stage.objects.filter(project__in=[project.pk for project in projects])
    for term in terms.order_by("number").values_list(*_Term._fields):
        stages.setdefault(term[0], []).append(_Term._make(term))
    calendar = calendar_of(actor.municipality_id or 0)
    rules = rules_of(actor.municipality_id or 0)
    bars = []
    for project in projects:
        own = [stage for stage in stages.get(project.pk, []) if stage.code != "stability_monitoring"]
        if not own:
            continue
        starts = [
            day for stage in own if (day := stage.actual_start or stage.forecast_start or stage.plan_start)
        ]
        ends = [day for stage in own if (day := stage.actual_end or stage.forecast_end or stage.plan_end)]
        current = next((stage for stage in own if stage.number == project.stage), None)
        tone, word = project.place.tone, project.place.title
        if current is not None and project.status == Status.ACTIVE:
            colour = colour_of(
                plan_end=current.plan_end,
                forecast_end=current.forecast_end,
                actual_end=current.actual_end,
                today=actor.today,
                calendar=calendar,
                yellow_days=rules.yellow_days,
            )
            tone, word = colour.tone, f"{colour.title}, этап {project.stage}"
        bases = [stage.baseline_end for stage in own if stage.baseline_end]
        base_starts = [stage.baseline_start for stage in own if stage.baseline_start]
        bars.append(
            Bar(
                f"p{project.pk}",
                project.title,
                min(starts, default=None),
                max(ends, default=None),
                min(base_starts, default=None),
                max(bases, default=None),
                is_done=project.closed_on is not None,
                tone=tone,
                word=word,
                url=reverse("projects:gantt", args=[project.pk]),
            )
        )
    return bars
