"""What is kept: the register of organisations, people, bodies, accounts and roles."""

from gemba.organisation.models.accounts import RoleGrant, User
from gemba.organisation.models.bodies import ActingChair, Body, BodyKind, BodyMembership, BodyRole
from gemba.organisation.models.people import Person, Position
from gemba.organisation.models.register import (
    Direction,
    HeadcountRecord,
    Municipality,
    MunicipalitySettings,
    Organisation,
    OrganisationKind,
    ParticipationPeriod,
    Region,
    Unit,
)
from gemba.organisation.models.uploads import ImportUpload

__all__ = [
    "ActingChair",
    "Body",
    "BodyKind",
    "BodyMembership",
    "BodyRole",
    "Direction",
    "HeadcountRecord",
    "ImportUpload",
    "Municipality",
    "MunicipalitySettings",
    "Organisation",
    "OrganisationKind",
    "ParticipationPeriod",
    "Person",
    "Position",
    "Region",
    "RoleGrant",
    "Unit",
    "User",
]
