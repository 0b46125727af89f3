"""Let people of the demo issue official papers of their projects, so that the register of documents is not empty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from gemba.demo.actions.town import Made
from gemba.documents.actions import issue
from gemba.documents.kinds import kind_of
from gemba.kernel.problems import Refusal
from gemba.projects.models import Project
from gemba.projects.papers import CLOSING, PASSPORT, ROADMAP
from gemba.projects.rules.states import CLOSED, Status

# Each is drawn to pages, which takes a third of a second: a few are enough to show the register.
_ISSUED = ((PASSPORT, Status.ACTIVE, 2), (ROADMAP, Status.ACTIVE, 1), (CLOSING, CLOSED, 1))


def issue_papers(*, made: Made, progress: Callable[[str], None]) -> None:
    """Issue passports, a roadmap and an act of closing, each in the name of the project's leader."""
    count = 0
    for code, status, most in _ISSUED:
        states = [status] if isinstance(status, Status) else sorted(status)
        found = Project.objects.filter(
            municipality=made.municipality, status__in=states, opened_on__isnull=False, leader__isnull=False
        )
        for project in found.select_related("leader").order_by("-moved_at", "-pk")[:most]:
            assert project.opened_on is not None
            last = project.closed_on if code == CLOSING and project.closed_on else project.opened_on
            count += _issue(made, code, project, min(last + timedelta(days=1), made.today))
    if count:
        progress(f"документов {count}")


def _issue(made: Made, code: str, project: Project, day: date) -> bool:
    kind = kind_of(code)
    assert project.leader is not None
    actor = replace(made.actor(day), name=project.leader.full_name)
    try:
        issue(kind=kind, subject=project, actor=actor, on=day, at=made.at(day, 17))
    except Refusal:
        # The project still lacks what this paper says.
        return False
    return True
