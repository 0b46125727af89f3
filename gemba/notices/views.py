"""One's own notices and the wishes about letters."""

from datetime import datetime
from itertools import groupby
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gemba.kernel.numbers import counted
from gemba.kernel.problems import Refusal
from gemba.notices import actions, queries
from gemba.notices.access import visible_notices
from gemba.notices.forms import USUAL, HourForm, WishesForm
from gemba.notices.models import Notice
from gemba.organisation.access import can, may
from gemba.organisation.models import Person
from gemba.organisation.requests import actor_of
from gemba.ui import frame
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, is_htmx, notify, page

READ = guard(can("notices.read"), "Свои уведомления")
SET_HOUR = guard(can("notices.set_hour"), "Час утренней сводки округа")


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    # Longer than any number of the database: a damaged address, not a place in the list.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@READ
@require_http_methods(["GET"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices, the newest first."""
    return _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    only_unread = request.GET.get("what") == "unread"
    found = queries.notices_of(
        user_id=cast(int, actor.user_id),
        only_unread=only_unread,
        before=_number(request, "before"),
        after=_number(request, "after"),
    )
    days = groupby(found.notices, key=lambda notice: timezone.localdate(notice.created_at))
    what = "unread" if only_unread else ""
    return page(
        request,
        "notices/list.html",
        {
            "days": [(day, list(rows)) for day, rows in days],
            "found": found,
            "unread": frame.of(request).notices.count,
            "only_unread": only_unread,
            "what": what,
            # The day stands above; the line says only the hour.
            "clock": lambda moment: f"{timezone.localtime(moment):%H:%M}",
        },
    )


@READ
@require_http_methods(["GET"])
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and lead on to what it is about."""
    notice = _fetch(request, pk)
    # A browser that fetches pages ahead has shown nothing to the person yet.
    if "prefetch" not in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        actions.read(actor=actor_of(request), notice=notice, at=timezone.now())
    return go_to(request, notice.url or f"{reverse('notices:list')}#n{notice.pk}")


@READ
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and stay in the list."""
    actions.read(actor=actor_of(request), notice=_fetch(request, pk), at=timezone.now())
    return _list(request) if is_htmx(request) else go_to(request, _back(request))


@READ
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read; can be taken back."""
    # Whole seconds go through an address and come back the same.
    at = timezone.now().replace(microsecond=0)
    count = actions.read_all(actor=actor_of(request), at=at)
    if count:
        undo = reverse("notices:unread", args=[at.strftime("%Y%m%dT%H%M%S")])
        notify(request, f"Прочитано: {counted(count, 'уведомление', 'уведомления', 'уведомлений')}.", undo)
    return go_to(request, reverse("notices:list"))


@READ
@require_POST
def unread(request: HttpRequest, moment: str) -> HttpResponse:
    """Take back «прочитать все».

    :raises Http404: when the address names no moment.
    """
    try:
        at = datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S%z")
    except ValueError:
        raise Http404 from None
    actions.unread(actor=actor_of(request), read_at=at)
    return go_to(request, reverse("notices:list"))


@READ
@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Ask which letters the person wants."""
    actor = actor_of(request)
    usual = queries.digest_hour(municipality_id=actor.municipality_id)
    if request.method == "POST":
        form = WishesForm(request.POST, usual_hour=usual)
        if form.is_valid():
            try:
                actions.set_wishes(actor=actor, at=timezone.now(), **form.cleaned_data)
            except Refusal as refusal:
                for problem in refusal.problems:
                    form.add_error(problem.field or None, str(problem))
            else:
                return go_to(request, reverse("notices:wishes"), "Сохранено.")
        return _wishes_page(request, form, usual, 422)
    kept = queries.mailbox_of(user_id=cast(int, actor.user_id))
    form = WishesForm(
        usual_hour=usual,
        initial={
            "is_digest_on": kept.is_digest_on,
            "is_immediate_on": kept.is_immediate_on,
            "digest_hour": kept.digest_hour or USUAL,
        },
    )
    return _wishes_page(request, form, usual, 200)


def _wishes_page(request: HttpRequest, form: WishesForm, usual: int, status: int) -> HttpResponse:
    actor = actor_of(request)
    email = Person.objects.filter(pk=actor.person_id or 0).values_list("email", flat=True).first() or ""
    hour_form = HourForm(initial={"hour": str(usual)}) if may(actor, "notices.set_hour") else None
    return page(
        request, "notices/wishes.html", {"form": form, "email": email, "hour_form": hour_form}, status=status
    )


@SET_HOUR
@require_POST
def set_hour(request: HttpRequest) -> HttpResponse:
    """Set the hour of the municipality's digests."""
    actor = actor_of(request)
    form = HourForm(request.POST)
    if form.is_valid():
        actions.set_hour(actor=actor, hour=form.cleaned_data["hour"], at=timezone.now())
        return go_to(
            request,
            reverse("notices:wishes"),
            f"Сводки округа будут уходить в {form.cleaned_data['hour']}:00.",
        )
    return go_to(request, reverse("notices:wishes"), "Час не сохранён: выберите его из списка.")


def _fetch(request: HttpRequest, pk: int) -> Notice:
    return get_object_or_404(visible_notices(actor_of(request)), pk=pk)


def _back(request: HttpRequest) -> str:
    what = "?what=unread" if request.POST.get("what") == "unread" else ""
    return f"{reverse('notices:list')}{what}"
