"""What stands between a stage and the next one: each gate with its evidence."""

from dataclasses import dataclass, field
from datetime import date

from gemba.kernel.problems import Problem
from gemba.projects.gates import Gate, gates_of
from gemba.projects.models import Evidence, GateTick, Project
from gemba.projects.queries import parts


@dataclass(frozen=True)
class GateView:
    """A gate of the current stage as it stands now."""

    gate: Gate
    is_met: bool
    text: str = ""
    url: str = ""
    tick: GateTick | None = None
    files: list[Evidence] = field(default_factory=list)


def gate_views(
    *, project: Project, stage_code: str, today: date, evidence: list[Evidence] | None = None
) -> list[GateView]:
    """Return the gates of a stage with what was found for each; files that were read already may be given."""
    gates = gates_of(stage_code)
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
