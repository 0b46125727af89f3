"""What every request passes on its way: limits of the installation, nothing of the product."""

import ipaddress
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.module_loading import import_string

Answer = Callable[[HttpRequest], HttpResponse]

PROLONGED = "_prolonged_at"


def forwarded(answer: Answer) -> Answer:
    """Take the client's address from the proxy in front (installed only with GEMBA_BEHIND_PROXY)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # The last address was written by our own proxy; those before it may be invented by the client.
        client = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if client:
            request.META["REMOTE_ADDR"] = client
        return answer(request)

    return middleware


def loopback_demo(answer: Answer) -> Answer:
    """Refuse strangers while demo is on: it signs in without a password."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            settings.DEMO
            and not settings.DEMO_BEYOND_LOOPBACK
            and not is_loopback(request.META.get("REMOTE_ADDR", ""))
        ):
            return HttpResponse(
                "Демонстрация открыта только на том компьютере, где запущена.",
                status=403,
                content_type="text/plain; charset=utf-8",
            )
        return answer(request)

    return middleware


def is_loopback(address: str) -> bool:
    """Tell whether the address is this very computer; a unix socket has no address and is local too."""
    if not address:
        return True
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


def permissions_policy(answer: Answer) -> Answer:
    """Tell the browser that pages ask for no camera, microphone or place."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        return response

    return middleware


TEXTS = ("text/", "application/json", "image/svg+xml")


def compressed(answer: Answer) -> Answer:
    """Compress texts on their way; files, which are compressed in themselves, pass as they are."""
    # Django's own part adds bytes at random, so that the length of a page tells nothing of its secrets.
    gzip = GZipMiddleware(lambda request: HttpResponse())

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.streaming or not response.get("Content-Type", "").startswith(TEXTS):
            return response
        gzip.process_response(request, response)
        return response

    return middleware


def upload_limit(answer: Answer) -> Answer:
    """Refuse a request that is much larger than any file may be before a byte of it is stored."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.UPLOAD_BYTES:
            view = import_string("gemba.ui.views.too_large")
            response: HttpResponse = view(request, megabytes=settings.UPLOAD_BYTES // 1024 // 1024)
            return response
        return answer(request)

    return middleware


def sliding_session(answer: Answer) -> Answer:
    """Prolong the session of a person at work, at most once in SESSION_PROLONG_SECONDS."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "_auth_user_id" in request.session:
            now = int(time.time())
            if now - request.session.get(PROLONGED, 0) >= settings.SESSION_PROLONG_SECONDS:
                request.session[PROLONGED] = now
        return response

    return middleware
