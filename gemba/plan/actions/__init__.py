"""What changes: facts by hand, the journal, the readings of rows, measures, reports."""

from gemba.plan.actions.facts import (
    allow,
    enter_fact,
    link_executor,
    read_row,
    read_row_as_filed,
    withdraw_allowance,
)
from gemba.plan.actions.journal import EntryFields, StaleEntry, cancel_entry, change_entry, write_entry
from gemba.plan.actions.measures import (
    MeasureFields,
    close_measure,
    give_measure,
    move_measure,
    report_measure,
    return_measure,
)

__all__ = [
    "EntryFields",
    "MeasureFields",
    "StaleEntry",
    "allow",
    "cancel_entry",
    "change_entry",
    "close_measure",
    "enter_fact",
    "give_measure",
    "link_executor",
    "move_measure",
    "read_row",
    "read_row_as_filed",
    "report_measure",
    "return_measure",
    "withdraw_allowance",
    "write_entry",
]
