"""Fields that name people and organisations of the municipality, offered while typing."""

from gemba.organisation.forms.base import OrganisationField, PersonField
from gemba.ui.forms import TextField


class ColleagueField(PersonField):
    """A person by name or code."""

    search_name = "projects:people"


class PlaceField(OrganisationField):
    """An organisation by name or code."""

    search_name = "projects:places"


class ObjectField(TextField):
    """What a ground is linked to: words, or the name of a record of the product."""

    search_name = "projects:objects"
