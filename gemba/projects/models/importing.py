"""What an import has read and waits with, and what it has written, so that it can be taken back."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from gemba.organisation.models import Municipality, User
from gemba.projects.models.project import Project


class ImportKind(models.TextChoices):
    """What is loaded."""

    PASSPORT = "passport", "Паспорт из Word"
    PROJECTS = "projects", "Список проектов из Excel"
    ROADMAP = "roadmap", "Дорожная карта из Excel"


class ImportFile(models.Model):
    """A file that was checked: the rows to load, the problems, and after loading what was made of it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=ImportKind.choices)
    # The project a roadmap is for.
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    problems = models.JSONField(default=list)
    made_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    # Keys of projects or lines with the version each had after loading.
    made = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["municipality", "user", "-id"], name="project_import_idx")]

    def __str__(self) -> str:
        return self.name
