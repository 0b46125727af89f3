"""What the coordinator works with: settings, discussion, templates of answers, saved filters, imports."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from gemba.organisation.models import Municipality, Person, User
from gemba.proposals.models.proposal import Proposal
from gemba.proposals.rules.terms import ProposalRules


class ProposalSettings(models.Model):
    """The settings of a municipality; a municipality without a row goes by the defaults."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.CASCADE, related_name="proposal_settings"
    )
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.municipality_id)

    @property
    def rules(self) -> ProposalRules:
        """Return the settings as a checked value."""
        data: dict[str, Any] = self.data
        return ProposalRules.of(data)


class Comment(models.Model):
    """A remark in the discussion of a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    text = models.TextField()
    mentioned = models.ManyToManyField(Person, related_name="+", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["proposal", "id"], name="proposal_comment_idx")]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:40]}"


class AnswerTemplate(models.Model):
    """A text that is often answered."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    title = models.CharField(max_length=100)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "verb", "title"], name="proposal_template_once"),
        ]

    def __str__(self) -> str:
        return self.title


class SavedFilter(models.Model):
    """A set of filters that a person keeps under a name."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=100)
    query = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "title"], name="proposal_filter_once")]

    def __str__(self) -> str:
        return self.title


class NameConsent(models.Model):
    """A person's consent to be named among the best; without it a table shows no name (152-ФЗ)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)


class ImportFile(models.Model):
    """Rows of a spreadsheet that were checked and wait for the word to load them."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    problems = models.JSONField(default=list)
    made_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True, blank=True)
    loaded = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class StemCount(models.Model):
    """In how many proposals a stem occurs: the rarer a shared word, the more it says. Counted anew every night."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    stem = models.CharField(max_length=60)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "stem"], name="proposal_stem_once")]

    def __str__(self) -> str:
        return f"{self.stem}: {self.count}"
