"""What changes: sheets are opened, filled, agreed; the register of the trained is kept."""

from gemba.scorecards.actions.agreeing import agree, give_back, settle
from gemba.scorecards.actions.sheets import (
    NewSheet,
    add_proof,
    drop_proof,
    keep_answers,
    open_sheet,
    renew,
    submit,
)
from gemba.scorecards.actions.trained import Trained, add_trained, cancel_trained, load_trained

__all__ = [
    "NewSheet",
    "Trained",
    "add_proof",
    "add_trained",
    "agree",
    "cancel_trained",
    "drop_proof",
    "give_back",
    "keep_answers",
    "load_trained",
    "open_sheet",
    "renew",
    "settle",
    "submit",
]
