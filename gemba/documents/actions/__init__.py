"""What changes: documents are issued and annulled, templates replaced, files attached and removed."""

from gemba.documents.actions.files import attach, remove, tidy
from gemba.documents.actions.issuing import annul, issue
from gemba.documents.actions.notes import NoteText, change_note, write_note
from gemba.documents.actions.templates import (
    accept_template,
    replace_template,
    try_template,
    use_standard_template,
)

__all__ = [
    "NoteText",
    "accept_template",
    "annul",
    "attach",
    "change_note",
    "issue",
    "remove",
    "replace_template",
    "tidy",
    "try_template",
    "use_standard_template",
    "write_note",
]
