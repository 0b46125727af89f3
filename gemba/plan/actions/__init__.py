"""What changes: facts by hand, the journal, the readings of rows, measures, reports."""

from gemba.plan.actions.collecting import (
    Remark,
    accept_all,
    accept_report,
    lock_quarter,
    remind,
    return_report,
    write_text,
)
from gemba.plan.actions.facts import (
    allow,
    enter_fact,
    link_executor,
    read_row,
    read_row_as_filed,
    withdraw_allowance,
)
from gemba.plan.actions.importing import load_rows, unload_rows
from gemba.plan.actions.journal import EntryFields, StaleEntry, cancel_entry, change_entry, write_entry
from gemba.plan.actions.measures import (
    MeasureFields,
    close_measure,
    give_measure,
    move_measure,
    report_measure,
    return_measure,
)
from gemba.plan.actions.reports import (
    approve_report,
    ask_approval,
    begin_report,
    give_report_back,
    remove_row,
    write_row,
)

__all__ = [
    "EntryFields",
    "MeasureFields",
    "Remark",
    "StaleEntry",
    "accept_all",
    "accept_report",
    "allow",
    "approve_report",
    "ask_approval",
    "begin_report",
    "cancel_entry",
    "change_entry",
    "close_measure",
    "enter_fact",
    "give_measure",
    "give_report_back",
    "link_executor",
    "load_rows",
    "lock_quarter",
    "move_measure",
    "read_row",
    "read_row_as_filed",
    "remind",
    "remove_row",
    "report_measure",
    "return_measure",
    "return_report",
    "unload_rows",
    "withdraw_allowance",
    "write_entry",
    "write_row",
    "write_text",
]
