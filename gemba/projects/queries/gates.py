"""What stands between a stage and the next one: each gate with its evidence."""

from dataclasses import dataclass, field
from datetime import date

from gemba.kernel.problems import Problem
from gemba.projects.gates import Gate, gates_of
from gemba.projects.models import Evidence, GateTick, MeasureState, Project, Stage
from gemba.projects.queries import parts
from gemba.projects.queries.card import GoalView, goal_views


@dataclass(frozen=True)
class GateView:
    """A gate of the current stage as it stands now."""

    gate: Gate
    is_met: bool
    text: str = ""
    url: str = ""
    tick: GateTick | None = None
    files: list[Evidence] = field(default_factory=list)


class Facts:
    """What the checks of this module look at: each part read once, and only when a check asks."""

    def __init__(
        self,
        project: Project,
        *,
        lines: list[parts.Line] | None = None,
        stages: list[Stage] | None = None,
        goals: list[GoalView] | None = None,
    ) -> None:
        self._project, self._lines, self._stages, self._goals = project, lines, stages, goals

    @property
    def lines(self) -> list[parts.Line]:
        """Return the lines of the plan that are not cancelled."""
        if self._lines is None:
            self._lines = parts.lines(project_id=self._project.pk)
        return [line for line in self._lines if line.state != MeasureState.CANCELLED]

    @property
    def goals(self) -> list[GoalView]:
        """Return the goals with their measurements, oldest first."""
        if self._goals is None:
            self._goals = goal_views(project=self._project)
        return self._goals

    def stage(self, code: str) -> Stage | None:
        """Return a stage by its code."""
        if self._stages is None:
            self._stages = parts.stages(project_id=self._project.pk)
        return next((stage for stage in self._stages if stage.code == code), None)


def facts_of(project: Project) -> Facts:
    """Return what is kept while the gates of the project are looked at, or what reads it anew."""
    kept: Facts | None = project.__dict__.get("_facts")
    return kept or Facts(project)


def gate_views(
    *,
    project: Project,
    stage_code: str,
    today: date,
    evidence: list[Evidence] | None = None,
    facts: Facts | None = None,
) -> list[GateView]:
    """Return the gates of a stage with what was found for each; what was read already may be given."""
    # Kept only while the checks run: after an act everything is read anew.
    project.__dict__["_facts"] = facts or Facts(project)
    try:
        return _views(project, gates_of(stage_code), today, evidence)
    finally:
        del project.__dict__["_facts"]


def _views(
    project: Project, gates: list[Gate], today: date, evidence: list[Evidence] | None
) -> list[GateView]:
    ticks = {tick.code: tick for tick in parts.ticks(project_id=project.pk)}
    files: dict[str, list[Evidence]] = {}
    for row in parts.evidence(project_id=project.pk) if evidence is None else evidence:
        files.setdefault(row.code, []).append(row)
    found = []
    for gate in gates:
        kept = files.get(gate.code, [])
        if gate.is_confirmed:
            tick = ticks.get(gate.code)
            found.append(
                GateView(
                    gate,
                    tick is not None,
                    "" if tick else "Отметьте и напишите, кем подтверждено.",
                    tick=tick,
                )
            )
        elif gate.check is None:
            found.append(GateView(gate, bool(kept), "" if kept else "Приложите файл.", files=kept))
        else:
            answer = gate.check(project, today)
            found.append(GateView(gate, answer.is_there, answer.text, answer.url, files=kept))
    return found


def gate_problems(*, project: Project, stage_code: str, today: date) -> list[Problem]:
    """Return what keeps the stage from ending."""
    return [
        Problem(f"{view.gate.title}.", mend=view.text, field=view.gate.code)
        for view in gate_views(project=project, stage_code=stage_code, today=today)
        if not view.is_met
    ]
