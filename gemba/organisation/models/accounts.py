"""Accounts and the roles granted to them."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from gemba.organisation.models.bodies import Body
from gemba.organisation.models.dated import Dated, DatedQuerySet, dates_forward
from gemba.organisation.models.people import Person
from gemba.organisation.models.register import Municipality, Organisation, Region
from gemba.organisation.roles import WITHOUT_ACCOUNT, Role


class UserManager(BaseUserManager["User"]):
    """Accounts by login; letter case in a login means nothing."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this login.

        :raises User.DoesNotExist: when there is none.
        """
        return self.get(login=(username or "").strip().lower())

    def with_owner(self) -> "models.QuerySet[User]":
        """Fetch the person, municipality and region in the same statement."""
        return self.select_related("person", "municipality", "region")


class User(AbstractBaseUser):
    """An account: of a person of a municipality, of the regional office, or of an administrator."""

    login = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    # The name to show where the account has no person (regional office, administrator).
    title = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    # A card on the demo sign-in page; empty for a real account.
    demo_role_title = models.CharField(max_length=100, blank=True)
    demo_order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=True) | Q(region__isnull=True),
                name="user_of_municipality_or_region",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(municipality__isnull=False),
                name="user_of_person_has_municipality",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "login"], name="user_list_idx")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name people know this account by."""
        return self.person.full_name if self.person else self.title or self.login

    @classmethod
    def normalize_username(cls, username: Any) -> Any:
        """Return the form in which logins are kept: no spaces around, lower case."""
        return super().normalize_username(username).strip().lower()


class RoleGrantQuerySet(DatedQuerySet["RoleGrant"]):
    """Grants by day."""

    def of(self, user: User) -> Self:
        """Keep the grants of the account."""
        return self.filter(user=user)


class RoleGrant(Dated):
    """A role an account holds in a municipality, organisation, body or project, from one day to another."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    # Projects stand above this module, so only their number is known here.
    project_number = models.BigIntegerField(null=True, blank=True)
    ground = models.CharField(max_length=300, blank=True)
    granted_at = models.DateTimeField()

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            dates_forward("grant_dates_forward"),
            models.CheckConstraint(condition=Q(starts_on__isnull=False), name="grant_has_start"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role if role not in WITHOUT_ACCOUNT]),
                name="grant_role_is_known",
            ),
            # The regional office is the only one without a municipality.
            models.CheckConstraint(
                condition=Q(role="region", municipality__isnull=True)
                | (~Q(role="region") & Q(municipality__isnull=False)),
                name="grant_region_or_municipality",
            ),
        ]
        indexes = [models.Index(fields=["user", "ends_on"], name="grant_user_idx")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.get_role_display()}"
