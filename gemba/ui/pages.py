"""Answering a request: whole page, one block for HTMX, redirect, file."""

import io
import re
from typing import IO, Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from gemba.ui.engine import PageTemplate, Templates


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Answer with a page, or with only the block that HTMX asks for.

    The block is the one named as the target element of the request (`-` in the id is `_` in the name). A boosted link
    and a page restored from history get the whole page.
    """
    found = find(template)
    block = _asked_block(request)
    if block and found.has_block(block):
        body = found.render_block(block, context, request) + _new_notices(request)
    else:
        body = found.render(context, request)
    response = HttpResponse(body, status=status)
    # One address has two answers: a cache and the browser's history must tell them apart.
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-cache, private"
    return response


def go_to(request: HttpRequest, url: str, notice: str = "") -> HttpResponse:
    """Send the browser to another page; HTMX would swap a plain redirect into the old form."""
    if notice:
        notify(request, notice)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def notify(request: HttpRequest, text: str, undo_url: str = "", level: int = messages.SUCCESS) -> None:
    """Tell the person in a toast what was done; `undo_url` is posted to by its «Отменить»."""
    messages.add_message(request, level, text, extra_tags=undo_url, fail_silently=True)


def document(
    content: bytes | IO[bytes], *, name: str, media_type: str, is_inline: bool = False
) -> FileResponse:
    """Answer with a file; the name may be Russian."""
    stream: IO[bytes] = io.BytesIO(content) if isinstance(content, bytes) else content
    response = FileResponse(stream, content_type=media_type)
    response["Content-Disposition"] = disposition(name, is_inline=is_inline)
    response["X-Content-Type-Options"] = "nosniff"
    if is_inline:
        # The preview stands in a frame of our own page, and nowhere else; a script inside a file never runs.
        response["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_replace = {"frame-ancestors": ["'self'"], "script-src": ["'none'"]}  # type: ignore[attr-defined]
    return response


def disposition(name: str, *, is_inline: bool = False) -> str:
    """Write Content-Disposition with a Russian file name (RFC 5987) and a plain one for old programs."""
    clean = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', " ", name).strip(". ") or "file"
    ending = clean.rpartition(".")[2] if "." in clean else ""
    plain = f"file.{ending}" if ending.isascii() and ending else "file"
    if clean.isascii():
        plain = clean
    return f"{'inline' if is_inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether HTMX sent this request."""
    return request.headers.get("HX-Request") == "true"


def address_of_page(request: HttpRequest) -> str:
    """Give the address the person looks at: this one, or the page from which HTMX asked."""
    if request.method in {"GET", "HEAD"} and not is_htmx(request):
        return request.get_full_path()
    seen = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if url_has_allowed_host_and_scheme(
        seen, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return re.sub(r"^https?://[^/]+", "", seen) or "/"
    return "/"


def find(template: str) -> PageTemplate:
    """Find a template of the product's own engine.

    :raises LookupError: when the settings do not name the engine.
    """
    for engine in engines.all():
        if isinstance(engine, Templates):
            return engine.get_template(template)
    raise LookupError("TEMPLATES names no gemba.ui.engine.Templates")


def _asked_block(request: HttpRequest) -> str:
    headers = request.headers
    if not is_htmx(request) or "HX-Boosted" in headers or "HX-History-Restore-Request" in headers:
        return ""
    return re.sub(r"\W", "_", headers.get("HX-Target", ""))


def _new_notices(request: HttpRequest) -> str:
    # Messages live in the session only when one was written: asking otherwise would touch the session for nothing.
    if not hasattr(request, "_messages") or not len(messages.get_messages(request)):
        return ""
    return find("ui/toasts.html").render({"is_swap": True}, request)
