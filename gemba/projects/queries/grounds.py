"""Grounds as pages show them: the clause in words with its address, and where the linked record opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gemba.projects.models import Ground
from gemba.projects.objects import url_of
from gemba.projects.rules.passport import GroundLine
from gemba.regulations.queries import addresses_of, clause_title, clause_url, edition_on


@dataclass(frozen=True)
class GroundView:
    """A ground: what the regulation says, where, and to what it is linked."""

    text: str
    object_title: str
    url: str
    clause: str
    clause_url: str


def ground_views(
    grounds: Sequence[GroundLine | Ground], *, municipality_id: int, day: date
) -> list[GroundView]:
    """Return the grounds as they are shown; a clause that the edition of the day has not is named without a link."""
    edition = (
        edition_on(municipality_id=municipality_id, day=day) if any(one.clause for one in grounds) else None
    )
    known = addresses_of(edition) if edition else {}
    return [
        GroundView(
            text=one.text,
            object_title=one.object_title,
            url=url_of(
                one.object_ref,
                proposal_id=one.proposal_id,
                project_id=one.earlier_id if isinstance(one, Ground) else one.project_id,
            ),
            clause=clause_title(edition, one.clause) if edition and one.clause else "",
            clause_url=clause_url(edition, one.clause) if edition and one.clause in known else "",
        )
        for one in grounds
    ]
