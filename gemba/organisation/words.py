"""The words by which organisations and people are found, and the keys by which they are sorted and compared."""

from gemba.kernel.words import normalise
from gemba.organisation.models import Organisation, Person
from gemba.organisation.rules import name_key


def organisation_words(organisation: Organisation) -> str:
    """Return the stems of names, code and ИНН."""
    return normalise(f"{organisation.name} {organisation.short_name} {organisation.code} {organisation.inn}")


def person_words(person: Person) -> str:
    """Return the stems of the name and the code."""
    return normalise(f"{person.full_name} {person.code}")


def person_key(person: Person) -> str:
    """Return the name in the form by which people are sorted and namesakes found."""
    return name_key(person.full_name)
