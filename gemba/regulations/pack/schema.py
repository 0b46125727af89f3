"""The whole pack: one file, one edition of a municipality's regulation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from gemba.regulations.pack.acts import Act, Document, EditionHeader, Interpretation, Municipality
from gemba.regulations.pack.base import Note, Strict
from gemba.regulations.pack.bodies import Body, Executor
from gemba.regulations.pack.plan import Conventions, Deadline, Plan, PlanRow, Trigger
from gemba.regulations.pack.procedures import Procedure
from gemba.regulations.pack.projects import Diagnostics, Projects, Provision, Term, Tool, Training


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class Pack(Strict):
    """Положение муниципалитета как данные: одна редакция."""

    schema_version: Annotated[Literal[1], BeforeValidator(_whole)] = 1
    """Версия этого порядка записи; сейчас 1."""
    municipality: Municipality
    edition: EditionHeader
    acts: list[Act]
    documents: list[Document]
    interpretations: list[Interpretation] = []
    conventions: Conventions = Conventions()
    bodies: list[Body] = []
    executors: list[Executor] = []
    plan: Plan | None = None
    deadlines: list[Deadline] = []
    triggers: list[Trigger] = []
    projects: Projects = Projects()
    procedures: list[Procedure] = []
    tools: list[Tool] = []
    training: Training = Training()
    diagnostics: Diagnostics = Diagnostics()
    provisions: list[Provision] = []
    glossary: list[Term] = []
    notes: list[Note] = []

    def plan_rows(self) -> list[PlanRow]:
        """Return the rows of the plan in the order they are printed."""
        return [row for section in self.plan.sections for row in section.rows] if self.plan else []
