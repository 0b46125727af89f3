"""Scoring any procedure of a regulation pack: exact, explained, pure. See docs/rules/scoring.md."""

from gemba.scorecards.rules.engine import score, score_all
from gemba.scorecards.rules.ranking import rank
from gemba.scorecards.rules.reach import reachable_outcomes, reachable_totals
from gemba.scorecards.rules.results import (
    BlockResult,
    CriterionResult,
    Cut,
    Remark,
    Result,
    State,
    Subject,
)
from gemba.scorecards.rules.total_bounds import bounds

__all__ = [
    "BlockResult",
    "CriterionResult",
    "Cut",
    "Remark",
    "Result",
    "State",
    "Subject",
    "bounds",
    "rank",
    "reachable_outcomes",
    "reachable_totals",
    "score",
    "score_all",
]
