"""The record of acts: one immutable row for each act, written inside the transaction of the act."""

from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class RecordIsImmutable(TypeError):
    """Somebody tried to change or delete what has been recorded."""


class ActRecordQuerySet(models.QuerySet["ActRecord"]):
    """Rows that can be added and read, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse.

        :raises RecordIsImmutable: always.
        """
        raise RecordIsImmutable("The record of acts is append-only.")

    def delete(self) -> NoReturn:
        """Refuse.

        :raises RecordIsImmutable: always.
        """
        raise RecordIsImmutable("The record of acts is append-only.")


class ActRecord(models.Model):
    """Who did what to what and when, with the changed fields before and after.

    There is no foreign key on purpose: the record outlives its subjects and stands below every other module.
    A trigger in the database refuses UPDATE (see the migration).
    """

    municipality_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=80)
    actor_user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=500)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    objects = ActRecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["municipality_id", "-id"], name="act_municipality_idx"),
            models.Index(fields=["municipality_id", "act", "-id"], name="act_code_idx"),
            models.Index(fields=["municipality_id", "actor_user_id", "-id"], name="act_actor_idx"),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="act_subject_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.act} {self.title}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        :raises RecordIsImmutable: always.
        """
        raise RecordIsImmutable("The record of acts is append-only.")
