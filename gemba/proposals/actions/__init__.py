"""What changes: each function is one act, one transaction, one entry in the record of acts."""

from gemba.proposals.actions.decide import (
    accept,
    answer,
    appeal,
    cancel,
    join_duplicate,
    postpone,
    register,
    reject,
    resume,
    return_for_answer,
    take,
    to_commission,
    to_project,
    withdraw,
)
from gemba.proposals.actions.implement import add_photos, close, implement, rework, start, verify
from gemba.proposals.actions.submit import NewProposal, send_draft, submit

__all__ = [
    "NewProposal",
    "accept",
    "add_photos",
    "answer",
    "appeal",
    "cancel",
    "close",
    "implement",
    "join_duplicate",
    "postpone",
    "register",
    "reject",
    "resume",
    "return_for_answer",
    "rework",
    "send_draft",
    "start",
    "submit",
    "take",
    "to_commission",
    "to_project",
    "verify",
    "withdraw",
]
