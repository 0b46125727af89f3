"""Settings of a municipality, its stages and grounds by the regulation of a day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from gemba.kernel.calendar import WorkCalendar
from gemba.projects.models import ProjectSettings
from gemba.projects.rules.stages import DEFAULT_STAGES, ProjectRules, StageKind
from gemba.regulations.models import Edition
from gemba.regulations.pack import Pack
from gemba.regulations.queries import edition_on, pack_of, work_calendar
from gemba.statements import written

_DEFAULT = ProjectRules()


def rules_of(municipality_id: int) -> ProjectRules:
    """Return the settings in force; the defaults where nobody has changed them."""
    row = next(iter(_settings(municipality_id=municipality_id)), None)
    return row.rules if row else _DEFAULT


@written
def _settings(*, municipality_id: int) -> QuerySet[ProjectSettings]:
    return ProjectSettings.objects.filter(municipality_id=municipality_id)


def calendar_of(municipality_id: int) -> WorkCalendar:
    """Return the working days of the municipality."""
    return work_calendar(municipality_id=municipality_id)


@dataclass(frozen=True)
class GroundKind:
    """A ground that the regulation names."""

    code: str
    text: str
    links_to: str
    clause: str


@dataclass(frozen=True)
class Acts:
    """What the regulation of a day says about projects."""

    stages: tuple[StageKind, ...]
    # The act names no stages: the list of the usual passport form is taken, and the pages say so.
    has_own_stages: bool
    grounds: tuple[GroundKind, ...]
    aims: tuple[tuple[str, str], ...]
    scales: tuple[tuple[str, str], ...]
    objects: tuple[tuple[str, str], ...]
    passport_title: str
    passport_clause: str
    approved_by: str

    @property
    def ground_codes(self) -> list[str] | None:
        """Return the codes of grounds; None when the act names none."""
        return [ground.code for ground in self.grounds] or None


_AIMS = (("lean", "Бережливый проект"), ("client_centric", "Клиентоцентричный проект"))
_SCALES = (
    ("internal", "Внутренний"),
    ("interorganisation", "Межорганизационный"),
    ("interagency", "Межведомственный"),
    ("intersectoral", "Межотраслевой"),
)


def _first(clause: object) -> str:
    return str(clause[0]) if isinstance(clause, (list, tuple)) and clause else str(clause or "")


def _axis(pack: Pack, *axes: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind.code, kind.name) for kind in pack.projects.kinds if kind.axis in axes)


def _with(
    own: tuple[tuple[str, str], ...], usual: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    known = {code for code, _ in own}
    return own + tuple(pair for pair in usual if pair[0] not in known)


_SILENT = Acts(DEFAULT_STAGES, False, (), _AIMS, _SCALES, (), "Паспорт проекта", "", "")


def acts_on(*, municipality_id: int, day: date) -> Acts:
    """Return what the regulation in force says; where it is silent, what is usual."""
    edition = edition_on(municipality_id=municipality_id, day=day)
    return _acts(edition.pk, edition.fingerprint) if edition else _SILENT


@lru_cache(maxsize=128)
def _acts(edition_id: int, fingerprint: str) -> Acts:
    # An edition never changes, so the process keeps what it has read.
    pack = pack_of(Edition(pk=edition_id, fingerprint=fingerprint))
    own = tuple(
        StageKind(stage.number, stage.code, stage.title, stage.dates == "period", _first(stage.clause))
        for stage in sorted(pack.projects.stages, key=lambda stage: stage.number)
    )
    grounds = tuple(
        GroundKind(ground.code, ground.text, ground.links_to, _first(ground.clause))
        for ground in pack.projects.grounds
    )
    form = pack.projects.passport
    return Acts(
        stages=own or DEFAULT_STAGES,
        has_own_stages=bool(own),
        grounds=grounds,
        aims=_with(_axis(pack, "aim"), _AIMS),
        scales=_with(_axis(pack, "scale"), _SCALES),
        objects=_axis(pack, "object", "process", "subject"),
        passport_title=form.title if form else "Паспорт проекта",
        passport_clause=_first(form.clause) if form else "",
        approved_by=(form.approved_by or "") if form else "",
    )
