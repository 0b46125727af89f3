"""Sign-in by login and password; the account arrives with its owner in one statement."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from gemba.organisation.models import User


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
        return User.objects.with_owner().filter(pk=user_id, is_active=True).first()
