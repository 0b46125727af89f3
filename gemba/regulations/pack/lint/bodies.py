"""Findings about bodies: rules of meetings that the act does not set."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.schema import Pack


def check(pack: Pack) -> Iterator[Finding]:
    """Find what meetings need and the act does not say."""
    for number, body in enumerate(pack.bodies):
        meetings = body.meetings
        if not meetings:
            continue
        missing = [
            name
            for name, value in (
                ("кворум", meetings.quorum),
                ("большинство", meetings.majority),
                ("решающий голос", meetings.casting_vote),
                ("срок заочного голосования", meetings.absentee_term_days),
            )
            if value is None and (name != "срок заочного голосования" or "absentee" in meetings.forms)
        ]
        place = ("bodies", number, "meetings")
        if missing:
            yield Finding(
                "rule-not-set",
                tuple(meetings.clause),
                f"{body.name}: положением не определены {', '.join(missing)}.",
                "Утвердите регламент заседаний или оставьте настройку органа.",
                place,
                tuple(meetings.interpretations),
            )
        if meetings.minutes_signed_by == ["chair"]:
            yield Finding(
                "only-chair-signs",
                tuple(meetings.clause),
                f"{body.name}: протокол подписывает только председатель.",
                "Подпись секретаря в шаблоне протокола — по желанию.",
                place,
                tuple(meetings.interpretations),
            )
