"""What is kept: facts entered by hand, the journal of events, links of the plan to the register."""

from gemba.plan.models.facts import Allowance, ExecutorLink, ManualFact, RowSetting
from gemba.plan.models.journal import JournalEntry, JournalPart
from gemba.plan.models.measures import Measure, MeasureState

__all__ = [
    "Allowance",
    "ExecutorLink",
    "JournalEntry",
    "JournalPart",
    "ManualFact",
    "Measure",
    "MeasureState",
    "RowSetting",
]
