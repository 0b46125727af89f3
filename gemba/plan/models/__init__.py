"""What is kept: facts by hand, the journal of events, measures, reports of the quarter, readings of rows."""

from gemba.plan.models.facts import Allowance, ExecutorLink, ManualFact, RowSetting
from gemba.plan.models.journal import JournalEntry, JournalPart
from gemba.plan.models.measures import Measure, MeasureState
from gemba.plan.models.reports import (
    LockedRow,
    PeriodText,
    Report,
    ReportingPeriod,
    ReportNote,
    ReportRow,
    ReportState,
)

__all__ = [
    "Allowance",
    "ExecutorLink",
    "JournalEntry",
    "JournalPart",
    "LockedRow",
    "ManualFact",
    "Measure",
    "MeasureState",
    "PeriodText",
    "Report",
    "ReportNote",
    "ReportRow",
    "ReportState",
    "ReportingPeriod",
    "RowSetting",
]
