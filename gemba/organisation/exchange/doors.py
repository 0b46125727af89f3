"""Exchange by subject: which layout, which check, which act."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from gemba.organisation.exchange import organisations, people
from gemba.organisation.exchange.layout import LAYOUTS, as_file
from gemba.organisation.exchange.organisation_rows import references_of
from gemba.organisation.exchange.organisation_rows import rows_of as organisation_rows
from gemba.organisation.exchange.people import rows_of as people_rows
from gemba.organisation.exchange.plans import ImportPlan
from gemba.organisation.exchange.reading import read
from gemba.organisation.models import Municipality

__all__ = ["check_file", "export_file", "template_file"]


def check_file(*, subject: str, stream: IO[bytes], municipality: Municipality) -> ImportPlan:
    """Read and check an uploaded file; nothing is written.

    :raises Refusal: when it cannot be read as a sheet of this subject.
    """
    sheet = read(stream=stream, layout=LAYOUTS[subject])
    if subject == "people":
        return people.check(sheet=sheet, municipality=municipality)
    return organisations.check(sheet=sheet, municipality=municipality)


def template_file(*, subject: str, municipality: Municipality) -> IO[bytes]:
    """Write the empty sheet with drop-downs and instructions."""
    return as_file(layout=LAYOUTS[subject], rows=(), references=_references(subject, municipality))


def export_file(*, subject: str, municipality: Municipality) -> IO[bytes]:
    """Write everything the register holds of the subject in the layout of the import."""
    rows: Iterator[Sequence[Any]] = (
        people_rows(municipality=municipality)
        if subject == "people"
        else organisation_rows(municipality=municipality)
    )
    return as_file(layout=LAYOUTS[subject], rows=rows, references=_references(subject, municipality))


def file_name(subject: str, at: datetime) -> str:
    """Name an exported file by what is in it and the day."""
    return f"{LAYOUTS[subject].title} {at:%Y-%m-%d}.xlsx"


def _references(subject: str, municipality: Municipality) -> dict[str, Sequence[str]]:
    return references_of(municipality=municipality) if subject == "organisations" else {}
