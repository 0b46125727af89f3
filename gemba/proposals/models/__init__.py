"""What is kept about improvement proposals."""

from gemba.proposals.models.codes import CodeFailure, PersonCode
from gemba.proposals.models.office import (
    AnswerTemplate,
    Comment,
    ImportFile,
    NameConsent,
    ProposalSettings,
    SavedFilter,
    StemCount,
)
from gemba.proposals.models.proposal import (
    Author,
    Category,
    NumberRange,
    Photo,
    PhotoKind,
    Proposal,
    ProposalCounter,
    ProposalEvent,
    Source,
)
from gemba.proposals.models.results import (
    Effect,
    EffectKind,
    EffectMethod,
    Frequency,
    Replication,
    ReplicationState,
    Reward,
    RewardKind,
)

__all__ = [
    "AnswerTemplate",
    "Author",
    "Category",
    "CodeFailure",
    "Comment",
    "Effect",
    "EffectKind",
    "EffectMethod",
    "Frequency",
    "ImportFile",
    "NameConsent",
    "NumberRange",
    "PersonCode",
    "Photo",
    "PhotoKind",
    "Proposal",
    "ProposalCounter",
    "ProposalEvent",
    "ProposalSettings",
    "Replication",
    "ReplicationState",
    "Reward",
    "RewardKind",
    "SavedFilter",
    "Source",
    "StemCount",
]
