"""The feed of terms for a person's own calendar program, and the page that explains it."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_POST

from gemba.kernel.numbers import format_date
from gemba.notices import actions as notices
from gemba.notices.ics import Event, calendar_text
from gemba.notices.queries import feed_of, owner_of_feed
from gemba.organisation.access import Actor, actor_of, can, may
from gemba.organisation.models import Municipality
from gemba.regulations.queries import editions, work_calendar
from gemba.ui.guards import guard, public
from gemba.ui.pages import go_to, page
from gemba.workspace.terms import Term, notes_of, terms_between

CALENDAR = guard(can("workspace.calendar"), "Календарь сроков")
# How far back and ahead the feed reaches.
FEED_BACK, FEED_AHEAD = timedelta(days=180), timedelta(days=400)


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


@CALENDAR
@require_http_methods(["GET"])
def subscription(request: HttpRequest) -> HttpResponse:
    """Explain how to see the terms in one's own calendar program."""
    feed = feed_of(user_id=cast(int, _actor(request).user_id))
    url = request.build_absolute_uri(reverse("workspace:feed", args=[feed.token])) if feed else ""
    webcal = url.replace("https://", "webcal://").replace("http://", "webcal://")
    return page(request, "workspace/subscription.html", {"feed": feed, "feed_url": url, "webcal_url": webcal})


@CALENDAR
@require_POST
def renew_feed(request: HttpRequest) -> HttpResponse:
    """Make the secret address, or replace it."""
    notices.renew_feed(actor=_actor(request), at=timezone.now())
    return go_to(
        request, reverse("workspace:subscription"), "Адрес готов. Прежний, если он был, больше не работает."
    )


@CALENDAR
@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    """Close the secret address."""
    notices.revoke_feed(actor=_actor(request), at=timezone.now())
    return go_to(
        request,
        reverse("workspace:subscription"),
        "Адрес закрыт: программы по нему больше ничего не получат.",
    )


@public("Лента календаря: программа календаря приходит без сеанса, её пускает секретный адрес")
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the terms to the calendar program of the token's owner.

    :raises Http404: when no active account has this token, or its owner may no longer see the calendar.
    """
    owner = owner_of_feed(token=token)
    if owner is None or owner.municipality is None:
        raise Http404
    reader = actor_of(owner)
    if not may(reader, "workspace.calendar"):
        raise Http404
    notices.note_feed_read(feed=owner.calendar_feed, day=reader.today)
    text = feed_text(
        municipality=owner.municipality, today=reader.today, origin=request.build_absolute_uri("/")
    )
    body = text.encode()
    etag = quote_etag(sha256(body).hexdigest()[:32])
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        body, content_type="text/calendar; charset=utf-8"
    )
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Disposition"] = 'inline; filename="gemba.ics"'
    # The address is a key: it must not travel on in a Referer or into a search engine.
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def feed_text(*, municipality: Municipality, today: date, origin: str) -> str:
    """Write the terms of a municipality as a calendar."""
    known = list(editions(municipality_id=municipality.pk))
    stamps: dict[date, datetime] = {edition.effective_on: edition.loaded_at for edition in known}
    working = work_calendar(municipality_id=municipality.pk)
    found = terms_between(known=known, calendar=working, first=today - FEED_BACK, last=today + FEED_AHEAD)
    return calendar_text(
        name=f"Сроки: {municipality.short_name}",
        description=f"Сроки по положению о бережливом управлении. {municipality.name}.",
        time_zone=municipality.time_zone,
        events=[_event(term, municipality, stamps, origin.rstrip("/")) for term in found],
    )


def _event(term: Term, municipality: Municipality, stamps: dict[date, datetime], origin: str) -> Event:
    item = term.item
    stamped = max((day for day in stamps if day <= item.due_on), default=min(stamps))
    lines = [
        f"Как в акте: «{item.as_written}».",
        "; ".join(ref.title for ref in term.refs),
        f"Кому: {item.to}." if item.to else "",
        f"Дата по акту: {format_date(item.legal_on)}." if item.legal_on != item.due_on else "",
        *notes_of(term),
    ]
    path = f"{reverse('workspace:calendar')}?year={item.due_on.year}&month={item.due_on.month}#t-{term.code}"
    return Event(
        uid=f"{item.code}-{item.legal_on:%Y%m%d}-{municipality.code}@gemba",
        day=item.due_on,
        summary=f"{item.title} ({item.period_label})",
        stamped_at=stamps[stamped],
        description="\n".join(line for line in lines if line),
        url=f"{origin}{path}",
        category=term.what_title,
        # Nobody is reminded of a programme that is over.
        remind_on=() if item.is_after_programme else item.remind_on,
    )
