"""Fields that name people and organisations of the municipality, offered while typing."""

from gemba.organisation.forms.base import OrganisationField, PersonField


class ColleagueField(PersonField):
    """A person by name or code."""

    search_name = "projects:people"


class PlaceField(OrganisationField):
    """An organisation by name or code."""

    search_name = "projects:places"
