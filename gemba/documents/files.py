"""Files of objects of any module: the door `attach`, `files_of`, `remove`, `register_subject`.

    files.register_subject(Project, may_read=sees_project, may_attach=works_in_project, url=…)   # in apps.ready()
    files.attach(actor=…, subject=project, file=request.FILES["file"], title="Карта", at=now)
    files.files_of(subject=project)            # the newest version of each title

A template shows them by `{% from "documents/files.html" import files_panel %}`; the pages behind it are of this module.
"""

from gemba.documents.access import may_attach_to, may_read_subject, register_subject
from gemba.documents.actions.files import attach, remove
from gemba.documents.limits import limits
from gemba.documents.queries import content_of, files_of, versions_of
from gemba.documents.safety import problems_of_size
from gemba.documents.storage import storage

__all__ = [
    "attach",
    "content_of",
    "files_of",
    "limits",
    "may_attach_to",
    "may_read_subject",
    "problems_of_size",
    "register_subject",
    "remove",
    "storage",
    "versions_of",
]
