"""Rows of the Gantt chart: stages and roadmap of a project, projects of a portfolio."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from gemba.kernel.calendar import WorkCalendar
from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.models import MeasureState, Project, Stage
from gemba.projects.queries.card import StageView, followed_of, measures_of
from gemba.projects.queries.register import Filters, found
from gemba.projects.queries.settings import rules_of
from gemba.projects.rules.gantt import MOST, Bar, mark_critical
from gemba.projects.rules.stages import MONITORING, colour_of, seen_of
from gemba.projects.rules.states import OPEN, Status
from gemba.ui.small import addresses


def bars_of(
    *, project: Project, actor: Actor, may_edit: bool, stages: Sequence[StageView], calendar: WorkCalendar
) -> list[Bar]:
    """Return the stages, each waiting for the one before, and the lines of the roadmap under the introduction."""
    bars: list[Bar] = []
    for view in stages:
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
                seen=seen_of(*stage.expected),
                has_begun=stage.actual_start is not None,
                is_group=True,
                after=(f"s{stage.number - 1}",) if stage.number > 1 else (),
            )
        )
        if stage.code == "implementation":
            bars += _lines(project, actor, may_edit)
    mark_critical([bar for bar in bars if bar.key.startswith("s")], calendar)
    mark_critical([bar for bar in bars if bar.key.startswith("m")], calendar)
    return bars


def _lines(project: Project, actor: Actor, may_edit: bool) -> list[Bar]:
    found_: list[Bar] = []
    rows = measures_of(project=project)
    followed = followed_of(project=project) if rows else {}
    # Of hundreds of lines: the way to them is found once.
    before = reverse("projects:measure", args=[project.pk, 0]).removesuffix("0/")
    after = reverse("projects:measure_move", args=[project.pk, 0]).removeprefix(f"{before}0")
    for row in rows:
        if row.state == MeasureState.CANCELLED:
            continue
        done = row.state == MeasureState.DONE
        late = not done and bool(row.due_on and row.due_on < actor.today)
        url = f"{before}{row.pk}/" if may_edit else ""
        move = f"{before}{row.pk}{after}" if may_edit and not done else ""
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
                seen=seen_of(row.starts_on, row.due_on),
                after=tuple(f"m{number}" for number in followed.get(row.pk, ())),
            )
        )
    return found_


def bars_of_many(*, actor: Actor, filters: Filters, calendar: WorkCalendar) -> list[Bar]:
    """Return one row a project: from its opening to its closing by forecast, coloured by the current stage.

    Two statements: the projects, and their terms added up where they lie.
    """
    asked = found(actor=actor, filters=filters).exclude(status__in=[Status.DRAFT, Status.TERMINATED])
    projects = asked.order_by("-pk").values_list(
        "pk", "title", "status", "stage", "closed_on", "leader_id", "organisation_id"
    )[: MOST + 1]
    rows = list(projects)
    terms = {term[0]: term[1:] for term in _terms([row[0] for row in rows])}
    yellow_days = rules_of(actor.municipality_id or 0).yellow_days
    keeps, chart, shift = access.keeper(actor), addresses("projects:gantt"), addresses("projects:shift")
    bars = []
    for pk, title, status, number, closed_on, leader_id, organisation_id in rows:
        if pk not in terms:
            continue
        start, end, base_start, base_end, plan_end, forecast_end, actual_end = terms[pk]
        place = Status(status)
        tone, word = place.tone, place.title
        if place is Status.ACTIVE:
            colour = colour_of(
                plan_end=plan_end,
                forecast_end=forecast_end,
                actual_end=actual_end,
                today=actor.today,
                calendar=calendar,
                yellow_days=yellow_days,
            )
            tone, word = colour.tone, f"{colour.title}, этап {number}"
        may_move = place in OPEN and end is not None and keeps(leader_id, organisation_id)
        bars.append(
            Bar(
                f"p{pk}",
                title,
                start,
                end,
                base_start,
                base_end,
                is_done=closed_on is not None,
                tone=tone,
                word=word,
                url=chart(pk),
                move_url=shift(pk) if may_move else "",
                seen=seen_of(None, end) if may_move else "",
                has_begun=True,
            )
        )
    return bars


def _terms(keys: list[int]) -> QuerySet[Stage, tuple[Any, ...]]:
    """Build for each project: start, end, both by the baseline; of its current stage: plan, forecast, fact."""
    current = Q(number=F("project__stage"))
    rows = Stage.objects.filter(project__in=keys).exclude(code=MONITORING).order_by()
    return rows.values_list("project_id").annotate(
        starts=Min(Coalesce("actual_start", "forecast_start", "plan_start")),
        ends=Max(Coalesce("actual_end", "forecast_end", "plan_end")),
        base_starts=Min("baseline_start"),
        base_ends=Max("baseline_end"),
        planned=Max("plan_end", filter=current),
        forecast=Max("forecast_end", filter=current),
        ended=Max("actual_end", filter=current),
    )


def closing_of(stages: Iterable[Stage]) -> date | None:
    """Return the day when the last stage before the checks of stability ends by now."""
    return max((one.ends_on for one in stages if one.code != MONITORING and one.ends_on), default=None)
