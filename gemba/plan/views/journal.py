"""The journal of events: list, entry, writing, correcting, cancelling."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.audit.queries import history_of
from gemba.audit.words import act_title, changes
from gemba.kernel.periods import Quarter
from gemba.organisation.access import may, visible_organisations
from gemba.organisation.models import Organisation
from gemba.plan import actions
from gemba.plan.access import organisations_to_enter, visible_entries
from gemba.plan.actions import EntryFields
from gemba.plan.forms import EntryForm, ReasonForm
from gemba.plan.kinds import KINDS, Asks, Kind
from gemba.plan.metrics import is_taken_over
from gemba.plan.models import JournalEntry, JournalPart
from gemba.plan.queries.entries import entry_page, projects_to_replicate
from gemba.plan.views.base import ENTER, READ, actor_of, attempt, form_page, now, whole
from gemba.ui import exports
from gemba.ui.pages import go_to, page

YEARS_BACK = 5


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Журнал событий", reverse("plan:journal")), *more]


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def _kinds_for(request: HttpRequest) -> list[Kind]:
    whole_may = may(actor_of(request), "plan.enter_whole")
    return [
        kind
        for kind in KINDS.values()
        if (whole_may or not kind.only_monitor) and not is_taken_over(kind.feeds)
    ]


@READ
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """Show the journal, newest first."""
    actor = actor_of(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    organisation = whole(request, "organisation")
    found = visible_entries(actor)
    if kind:
        found = found.filter(kind=kind)
    if organisation:
        found = found.filter(organisation_id=organisation)
    cut = entry_page(found=found, after=whole(request, "after"))

    def address(**query: Any) -> str:
        return reverse("plan:journal", query={key: value for key, value in query.items() if value})

    return page(
        request,
        "plan/journal.html",
        {
            "rows": cut.rows,
            "titles": {one.code: one.title for one in KINDS.values()},
            "chips": [
                {"title": "Все", "url": address(organisation=organisation), "is_current": not kind},
                *(
                    {
                        "title": one.title,
                        "url": address(kind=one.code, organisation=organisation),
                        "is_current": kind == one.code,
                    }
                    for one in KINDS.values()
                ),
            ],
            "kind": kind,
            "kinds": _kinds_for(request),
            "next_url": address(kind=kind, organisation=organisation, after=cut.after),
            "export_url": reverse("plan:journal_export", query={"kind": kind} if kind else None),
            "may_write": may(actor, "plan.enter"),
        },
    )


_COLUMNS = [
    exports.Column("Дата", "date"),
    exports.Column("Вид"),
    exports.Column("Что", "long"),
    exports.Column("Организация", "long"),
    exports.Column("Кто", "long"),
    exports.Column("Сколько", "number"),
    exports.Column("Документ", "long"),
    exports.Column("Отменено"),
    exports.Column("Внёс"),
]


@READ
@require_GET
def journal_export(request: HttpRequest) -> HttpResponseBase:
    """Give the journal as a spreadsheet."""
    found = visible_entries(actor_of(request)).select_related("organisation").prefetch_related("parts")
    if request.GET.get("kind") in KINDS:
        found = found.filter(kind=request.GET["kind"])

    def lines() -> Any:
        for entry in found.order_by("-on", "-pk").iterator(chunk_size=1000):
            parts = list(entry.parts.all())
            yield [
                entry.on, KINDS[entry.kind].title, entry.title, entry.organisation.name,
                "; ".join(part.person_name for part in parts if part.person_name),
                sum(part.count for part in parts), entry.document,
                entry.cancelled_because if entry.is_cancelled else "", entry.entered_by,
            ]  # fmt: skip

    return exports.workbook(
        title="Журнал событий", columns=_COLUMNS, rows=lines(), file_name="Журнал событий"
    )


@READ
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry: who, when, by which document, what it feeds, its history."""
    actor = actor_of(request)
    shown = get_object_or_404(visible_entries(actor).select_related("organisation", "unit", "of"), pk=pk)
    kind = KINDS[shown.kind]
    parts = list(
        JournalPart.objects.filter(entry=shown).select_related("organisation", "person").order_by("person_name", "pk")
    )  # fmt: skip
    context = {
        "shown": shown,
        "kind": kind,
        "people": [part for part in parts if part.person_name],
        "count": next((part.count for part in parts if not part.person_name), None) if kind.count else None,
        "partners": [part.organisation for part in parts if part.organisation_id != shown.organisation_id],
        "replications": list(shown.replications.filter(is_cancelled=False).order_by("on")[:50]),
        "counted_in": Quarter.of(shown.counts_on).label,
        "history": [
            {
                "title": act_title(act.act),
                "at": act.at,
                "who": act.actor_name,
                "text": act.reason
                or "; ".join(f"{one.title}: {one.after}" for one in changes(act.before, act.after)),
            }
            for act in history_of(subject=shown)
        ],
        "may_change": may(actor, "plan.enter", shown.organisation_id) and not shown.is_cancelled,
    }
    return page(request, "plan/entry.html", context)


def _form(request: HttpRequest, kind: Kind, initial: dict[str, Any]) -> EntryForm:
    actor = actor_of(request)
    return EntryForm(
        request.POST or None,
        kind=kind,
        organisations=organisations_to_enter(actor),
        all_organisations=visible_organisations(actor),
        projects=projects_to_replicate(entries=visible_entries(actor))
        if kind.has(Asks.PROJECT)
        else JournalEntry.objects.none(),
        years=list(range(actor.today.year + 1, actor.today.year - YEARS_BACK, -1)),
        initial=initial,
    )


def _fields(kind: Kind, data: dict[str, Any]) -> EntryFields:
    return EntryFields(
        kind=kind.code, organisation=data["organisation"], on=data["on"], title=data["title"],
        ends_on=data.get("ends_on"), document=data["document"], link=data["link"], people=data.get("people", ()),
        count=data.get("count"), is_marked=data.get("is_marked", False), quarter=data.get("quarter"),
        year=data.get("year"), partners=data.get("partners", ()), of=data.get("of"),
    )  # fmt: skip


@ENTER
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, kind: str) -> HttpResponse:
    """Write an event into the journal."""
    chosen = _kind(kind)
    if chosen not in _kinds_for(request):
        raise Http404
    mine: list[Organisation] = list(organisations_to_enter(actor_of(request))[:2])
    form = _form(request, chosen, {"organisation": mine[0] if len(mine) == 1 else None})
    if request.method == "POST" and form.is_valid():
        fields = _fields(chosen, form.cleaned_data)
        done = attempt(form, lambda: actions.write_entry(actor=actor_of(request), fields=fields, at=now()))
        if done:
            return go_to(request, reverse("plan:entry", args=[done.pk]), "Записано.")
    return form_page(
        request, form, title=f"Записать: {chosen.title[0].lower()}{chosen.title[1:]}", submit="Записать",
        cancel_url=reverse("plan:journal"), crumbs=_crumbs(), note=chosen.hint, draft=f"journal-{kind}",
    )  # fmt: skip


@ENTER
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an entry."""
    actor = actor_of(request)
    shown = get_object_or_404(visible_entries(actor).select_related("organisation", "of"), pk=pk)
    if not may(actor, "plan.enter", shown.organisation_id) or shown.is_cancelled:
        raise Http404
    kind = KINDS[shown.kind]
    form = _form(request, kind, _initial(shown, kind))
    back = reverse("plan:entry", args=[pk])
    if request.method == "POST" and form.is_valid():
        fields = _fields(kind, form.cleaned_data)
        version = form.cleaned_data["version"] or 0
        done = attempt(
            form,
            lambda: actions.change_entry(actor=actor, entry=shown, fields=fields, version=version, at=now()),
        )
        if done:
            return go_to(request, back, "Исправлено.")
    return form_page(
        request, form, title=f"Исправить: {shown.title}", submit="Сохранить", cancel_url=back,
        crumbs=_crumbs((shown.title, back)), note=kind.hint,
    )  # fmt: skip


def _initial(shown: JournalEntry, kind: Kind) -> dict[str, Any]:
    parts = list(JournalPart.objects.filter(entry=shown).select_related("organisation").order_by("pk"))
    quarter = Quarter.of(shown.counts_on)
    return {
        "version": shown.version,
        "organisation": shown.organisation,
        "on": shown.on,
        "ends_on": shown.ends_on,
        "title": shown.title,
        "document": shown.document,
        "link": shown.link,
        "is_marked": shown.is_marked,
        "people": "\n".join(part.person_name for part in parts if part.person_name),
        "count": next((part.count for part in parts if not part.person_key), None) if kind.count else None,
        "partners": "\n".join(
            f"{part.organisation.code} — {part.organisation}"
            for part in parts
            if part.organisation_id != shown.organisation_id
        ),
        "quarter": quarter.key,
        "year": str(shown.counts_on.year) if shown.counts_on.year != shown.on.year else "",
        "of": str(shown.of_id or ""),
    }


@ENTER
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry out of all counts."""
    actor = actor_of(request)
    shown = get_object_or_404(visible_entries(actor).select_related("organisation"), pk=pk)
    if not may(actor, "plan.enter", shown.organisation_id):
        raise Http404
    form = ReasonForm(request.POST or None)
    back = reverse("plan:entry", args=[pk])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(form, lambda: actions.cancel_entry(actor=actor, entry=shown, reason=reason, at=now()))
        if done:
            return go_to(request, back, "Запись больше не считается.")
    return form_page(
        request, form, title=f"Отменить запись: {shown.title}", submit="Отменить запись", kind="danger",
        cancel_url=back, crumbs=_crumbs((shown.title, back)),
        note="Запись останется в журнале с причиной, но выйдет из показателей. Закрытые кварталы не изменятся.",
    )  # fmt: skip
