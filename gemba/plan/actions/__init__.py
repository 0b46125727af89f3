"""What changes: facts by hand, the journal, the readings of rows."""

from gemba.plan.actions.facts import (
    allow,
    enter_fact,
    link_executor,
    read_row,
    read_row_as_filed,
    withdraw_allowance,
)
from gemba.plan.actions.journal import EntryFields, StaleEntry, cancel_entry, change_entry, write_entry

__all__ = [
    "EntryFields",
    "StaleEntry",
    "allow",
    "cancel_entry",
    "change_entry",
    "enter_fact",
    "link_executor",
    "read_row",
    "read_row_as_filed",
    "withdraw_allowance",
    "write_entry",
]
