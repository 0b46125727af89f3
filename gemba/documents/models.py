"""What is kept: contents by their hash, attached files, templates, issued documents and their annulments."""

from django.db import models
from django.db.models import Q

from gemba.organisation.models import Municipality, Organisation
from gemba.search.fields import WordsField


class Blob(models.Model):
    """The content of a file, kept once in a municipality under its hash; a row is never changed."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    # A key of ui.uploads.MEDIA_TYPES, told by the content.
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200, unique=True)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "sha256"], name="blob_once")]

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(models.Model):
    """A file attached to an object of any module; a new file under the same title is its next version."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    title_key = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    # None when the file was removed long ago and its content erased: the act of removal stays.
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="attachments")
    attached_at = models.DateTimeField()
    attached_by = models.BigIntegerField(null=True)
    attached_by_name = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by_name = models.CharField(max_length=200, blank=True)
    removal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "title_key", "version"], name="attachment_version_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removal_reason="")
                | (Q(removed_at__isnull=False) & ~Q(removal_reason="")),
                name="attachment_removed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(blob__isnull=False) | Q(removed_at__isnull=False), name="attachment_has_content"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentTemplate(models.Model):
    """A municipality's own Word template of a kind: tried first, then in force, then kept as a former version."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind_code = models.CharField(max_length=60)
    # Given when the template is taken into force for the first time.
    version = models.PositiveIntegerField(null=True, blank=True)
    is_current = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="templates")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=200)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind_code", "version"], name="document_template_version_once"
            ),
            models.UniqueConstraint(
                fields=["municipality", "kind_code"],
                condition=Q(is_current=True),
                name="document_template_one_current",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(version__isnull=False), name="document_template_tried_first"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class NumberSeries(models.Model):
    """The last number given by itself to documents of a kind in a year."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    kind_code = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "kind_code", "year"], name="number_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind_code} {self.year}: {self.last}"


class IssuedDocument(models.Model):
    """A document as it was issued. The row and its files are never changed; the database holds to it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    kind_code = models.CharField(max_length=60)
    kind_title = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=400)
    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    dated_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField(null=True)
    issued_by_name = models.CharField(max_length=200)
    # None is the standard template of the product.
    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    words = WordsField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind_code", "year", "number_key"], name="issued_number_once"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="issued_has_number"),
        ]
        indexes = [
            models.Index(fields=["municipality", "dated_on", "id"], name="issued_list_idx"),
            models.Index(fields=["municipality", "kind_code", "dated_on", "id"], name="issued_kind_idx"),
            models.Index(fields=["subject_kind", "subject_id"], name="issued_subject_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_title} № {self.number}"


class Annulment(models.Model):
    """An issued document declared void, with the reason; the document itself stays as it was."""

    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="annulment")
    reason = models.CharField(max_length=500)
    annulled_at = models.DateTimeField()
    annulled_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="annulment_has_reason")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.reason}"


class Note(models.Model):
    """A служебная записка: what it says before it becomes a document."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    addressee_post = models.CharField(max_length=300)
    addressee_name = models.CharField(max_length=200)
    heading = models.CharField(max_length=300)
    body = models.TextField()
    signer_post = models.CharField(max_length=300)
    signer_name = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    written_by = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.heading
