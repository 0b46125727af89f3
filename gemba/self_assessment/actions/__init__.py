"""What changes: campaigns open and are fixed, sheets are filled, signed and checked, coefficients are set."""

from gemba.self_assessment.actions.campaign import (
    NewCampaign,
    fix,
    move_campaign,
    open_campaign,
    publish,
)
from gemba.self_assessment.actions.checking import accept, check_rows, give_back
from gemba.self_assessment.actions.coefficient import Act, set_coefficient, set_proof_rule
from gemba.self_assessment.actions.reminding import remind, remind_late
from gemba.self_assessment.actions.sheets import (
    add_proof,
    drop_proof,
    hand_over,
    keep_answers,
    sign,
    take_back,
)

__all__ = [
    "Act",
    "NewCampaign",
    "accept",
    "add_proof",
    "check_rows",
    "drop_proof",
    "fix",
    "give_back",
    "hand_over",
    "keep_answers",
    "move_campaign",
    "open_campaign",
    "publish",
    "remind",
    "remind_late",
    "set_coefficient",
    "set_proof_rule",
    "sign",
    "take_back",
]
