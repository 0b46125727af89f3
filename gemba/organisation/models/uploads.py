"""Files that wait between the check and the loading."""

from django.db import models

from gemba.organisation.models.register import Municipality


class ImportUpload(models.Model):
    """A file somebody uploaded and has not loaded yet; kept in the database, so any node can load it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="uploads")
    user_id = models.BigIntegerField()
    subject = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["municipality", "uploaded_at"], name="upload_idx")]

    def __str__(self) -> str:
        return self.file_name
