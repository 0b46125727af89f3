"""Sign-in, sign-out, password, one's own account."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gemba.kernel.numbers import counted
from gemba.kernel.problems import Refusal
from gemba.organisation import actions
from gemba.organisation.forms.signing import PasswordForm, SignInForm
from gemba.organisation.models import RoleGrant, User
from gemba.organisation.queries import positions_on
from gemba.organisation.requests import actor_of, blame, now
from gemba.organisation.roles import CARDS
from gemba.ui.guards import public, signed_in
from gemba.ui.pages import go_to, page

_BACKEND = "gemba.organisation.authentication.LoginBackend"


@public("Вход в систему")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let a person in by login and password and return to the page they came from."""
    if request.method == "GET":
        if actor_of(request).is_signed_in:
            return go_to(request, _safe_next(request, request.GET.get("next", "")))
        return _sign_in_page(request, SignInForm(initial={"next": request.GET.get("next", "")}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    credentials = {"username": User.normalize_username(form.cleaned_data["login"])}
    user = authenticate(request, **credentials, password=form.cleaned_data["password"])
    if user is None:
        # The last wrong attempt is answered by `locked_out`, which the middleware of axes calls after this page.
        left = settings.AXES_FAILURE_LIMIT - AxesProxyHandler.get_failures(request, credentials)
        hint = f" Осталось {counted(left, 'попытка', 'попытки', 'попыток')}." if left < 3 else ""
        form.add_error(None, f"Имя для входа или пароль не подходят.{hint} Проверьте раскладку и Caps Lock.")
        return _sign_in_page(request, form, status=422)
    login(request, user)
    return go_to(request, _safe_next(request, form.cleaned_data["next"]))


@public("Вход в демонстрации в одно касание; вне демонстрации страницы нет")
@require_POST
def demo_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in as an invented person of the demo.

    :raises Http404: when demo is off or the account is not of the demo.
    """
    if not settings.DEMO:
        raise Http404
    user = User.objects.with_owner().filter(pk=pk, is_active=True).exclude(demo_role_title="").first()
    if user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    return go_to(request, _safe_next(request, request.POST.get("next", "")))


@public("Выход из системы")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return go_to(request, reverse("organisation:sign_in"))


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; at the first sign-in this page comes before all others."""
    actor = actor_of(request)
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            user = User.objects.with_owner().get(pk=actor.user_id or 0)
            try:
                user = actions.change_own_password(actor=actor, user=user, at=now(), **form.cleaned_data)
            except Refusal as refusal:
                blame(form, refusal)
            else:
                update_session_auth_hash(request, user)
                return go_to(request, "/", "Пароль изменён.")
    context = {"form": form, "rules": _rules(), "is_forced": actor.must_change_password}
    return page(request, "organisation/password.html", context, status=status)


@signed_in
@require_http_methods(["GET"])
def account(request: HttpRequest) -> HttpResponse:
    """Show who one is here: positions, roles with their place and days, what each role may."""
    actor = actor_of(request)
    positions = positions_on(day=actor.today).filter(person_id=actor.person_id or 0)
    granted = (
        RoleGrant.objects.on(actor.today)
        .filter(user_id=actor.user_id or 0)
        .select_related("organisation", "body")
        .order_by("starts_on", "pk")
    )
    cards = [(role, CARDS[role]) for role in CARDS if role in actor.roles]
    return page(
        request, "organisation/account.html", {"positions": positions, "granted": granted, "cards": cards}
    )


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any) -> HttpResponse:
    """Answer a sign-in that is locked after failures: until when and what to do."""
    return page(request, "organisation/locked_out.html", {"wait": _wait(request, credentials)}, status=429)


def _wait(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Say in words how long the lock still lasts."""
    known = credentials or {"username": User.normalize_username(request.POST.get("login", ""))}
    last: datetime | None = None
    for attempts in AxesDatabaseHandler().get_user_attempts(request, known):
        for attempt in attempts:
            last = max(last, attempt.attempt_time) if last else attempt.attempt_time
    cooloff: timedelta = settings.AXES_COOLOFF_TIME
    left = (last + cooloff - timezone.now()) if last else cooloff
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return counted(minutes, "минуту", "минуты", "минут")


def _sign_in_page(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    towns: list[tuple[str, list[User]]] = []
    if settings.DEMO:
        demo = User.objects.with_owner().filter(is_active=True).exclude(demo_role_title="")
        people = sorted(
            demo, key=lambda user: (user.municipality is None, _town(user), user.demo_order, user.pk)
        )
        towns = [(town, list(users)) for town, users in groupby(people, key=_town)]
    next_url = form["next"].value() or ""
    return page(
        request, "organisation/sign_in.html", {"form": form, "towns": towns, "next": next_url}, status=status
    )


def _town(user: User) -> str:
    place = user.municipality or user.region
    return place.name if place else "Установка"


def _rules() -> list[str]:
    from gemba.organisation.actions.accounts import password_rules

    return password_rules()


def _safe_next(request: HttpRequest, url: str) -> str:
    """Return the address if it is ours, otherwise the home page."""
    is_safe = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_safe else "/"
