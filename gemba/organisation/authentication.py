"""Sign-in by login and password; the account arrives with its owner in one statement."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.http import HttpRequest

from gemba.organisation.models import User
from gemba.statements import written


class LoginBackend(BaseBackend):
    """Check login and password against our accounts."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the active account whose login and password these are."""
        if not username or password is None:
            return None
        try:
            user = User.objects.with_owner().get(login=User.normalize_username(username))
        except User.DoesNotExist:
            make_password(password)  # The answer takes as long as for an existing login.
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the active account of a session with its person, municipality and region."""
        return next(iter(_active(pk=int(user_id))), None)


@written
def _active(*, pk: int) -> "QuerySet[User]":
    return User.objects.with_owner().filter(pk=pk, is_active=True)
