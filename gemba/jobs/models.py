"""What is kept about workers and the turns of the schedule; the queue itself is kept by django-tasks-db."""

from django.db import models


class Worker(models.Model):
    """A worker process and the last sign of its life."""

    name = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=255)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host}:{self.process}"


class Turn(models.Model):
    """One turn of a scheduled job; being unique it is given once, however many workers ask."""

    name = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="jobs_turn_once")]
        indexes = [models.Index(fields=["due_at"], name="jobs_turn_due")]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"
