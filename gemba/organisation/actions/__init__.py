"""What changes: each function is one act, one transaction and one entry in the record of acts."""

from gemba.organisation.actions.accounts import (
    change_own_password,
    grant_role,
    invite_user,
    restore_user,
    revoke_role,
    set_password,
    suspend_user,
)
from gemba.organisation.actions.base import StaleRecord
from gemba.organisation.actions.bodies import (
    BodyFields,
    Seat,
    act_as_chair,
    change_body,
    close_body,
    create_body,
    fill_seat,
    set_composition,
)
from gemba.organisation.actions.exchange import drop_upload, import_organisations, import_people, keep_upload
from gemba.organisation.actions.municipalities import (
    MunicipalityFields,
    add_direction,
    change_direction,
    change_municipality,
    create_municipality,
    set_coat_of_arms,
)
from gemba.organisation.actions.organisations import (
    OrganisationFields,
    change_organisation,
    close_organisation,
    create_organisation,
    merge_organisations,
)
from gemba.organisation.actions.participation import end_participation, record_headcount, start_participation
from gemba.organisation.actions.people import (
    PersonFields,
    PositionFields,
    appoint,
    change_person,
    change_position,
    create_person,
    dismiss,
)
from gemba.organisation.actions.units import add_unit, change_unit, close_unit

__all__ = [
    "BodyFields",
    "MunicipalityFields",
    "OrganisationFields",
    "PersonFields",
    "PositionFields",
    "Seat",
    "StaleRecord",
    "act_as_chair",
    "add_direction",
    "add_unit",
    "appoint",
    "change_body",
    "change_direction",
    "change_municipality",
    "change_organisation",
    "change_own_password",
    "change_person",
    "change_position",
    "change_unit",
    "close_body",
    "close_organisation",
    "close_unit",
    "create_body",
    "create_municipality",
    "create_organisation",
    "create_person",
    "dismiss",
    "drop_upload",
    "end_participation",
    "fill_seat",
    "grant_role",
    "import_organisations",
    "import_people",
    "invite_user",
    "keep_upload",
    "merge_organisations",
    "record_headcount",
    "restore_user",
    "revoke_role",
    "set_coat_of_arms",
    "set_composition",
    "set_password",
    "start_participation",
    "suspend_user",
]
