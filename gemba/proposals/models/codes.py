"""Short personal codes for people without an account, and the failures that limit guessing."""

from django.db import models

from gemba.organisation.models import Municipality, Person, Unit


class PersonCode(models.Model):
    """A code given out by the coordinator; only its digest is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="proposal_code")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=200)
    issued_on = models.DateField()
    expires_on = models.DateField()
    issued_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.person_id)


class CodeFailure(models.Model):
    """A wrong code: counted by unit and address, and by person, and cleared away after a day."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "address", "at"], name="proposal_failure_idx"),
            models.Index(fields=["person", "at"], name="proposal_failed_person_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%Y-%m-%d %H:%M}"
