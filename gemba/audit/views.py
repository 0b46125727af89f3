"""The record of acts for the administrator: who, when, what, before and after."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from gemba.audit.models import ActRecord
from gemba.audit.queries import ActFilters, act_page, actors
from gemba.audit.queries import acts as found_acts
from gemba.audit.words import act_title, changes, known_acts
from gemba.ui import exports
from gemba.ui.forms import ChoiceField, DateField
from gemba.ui.guards import guard
from gemba.ui.pages import page

READ = guard(lambda actor: actor.may("audit.read"), "Чтение журнала действий")

_COLUMNS = [
    exports.Column("Когда", "datetime"),
    exports.Column("Кто"),
    exports.Column("Действие"),
    exports.Column("С чем", "long"),
    exports.Column("Что изменилось", "long"),
    exports.Column("Основание", "long"),
    exports.Column("Адрес"),
]


class FilterForm(forms.Form):
    """What to show."""

    act = ChoiceField(label="Действие", required=False)
    actor = ChoiceField(label="Кто", required=False)
    first = DateField(label="С", required=False)
    last = DateField(label="По", required=False)

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", "любое"), *known_acts().items()]  # type: ignore[attr-defined]
        people = [(str(pk), name) for pk, name in actors(municipality_id=municipality_id)]
        self.fields["actor"].choices = [("", "кто угодно"), *people]  # type: ignore[attr-defined]


@READ
@require_GET
def acts(request: HttpRequest) -> HttpResponse:
    """Show the record, newest first."""
    form, found = _asked(request)
    cut = act_page(found=found, after=_number(request, "after"), before=_number(request, "before"))
    rows = [
        {"record": row, "title": act_title(row.act), "changes": changes(row.before, row.after)}
        for row in cut.rows
    ]
    context = {
        "form": form,
        "rows": rows,
        "next_url": _address(request, after=cut.after) if cut.after else "",
        "previous_url": _address(request, before=cut.before) if cut.before else "",
        "query": request.GET.urlencode(),
    }
    return page(request, "audit/acts.html", context)


@READ
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Give what is shown as a spreadsheet."""
    _, found = _asked(request)
    return exports.workbook(
        title="Журнал действий", columns=_COLUMNS, rows=_lines(found[:50_000]), file_name="Журнал действий"
    )


def _asked(request: HttpRequest) -> tuple[FilterForm, QuerySet[ActRecord]]:
    actor: Any = request.actor  # type: ignore[attr-defined]
    if actor.municipality_id is None:
        raise Http404
    form = FilterForm(request.GET or None, municipality_id=actor.municipality_id)
    data = form.cleaned_data if form.is_valid() else {}
    filters = ActFilters(
        act=data.get("act") or "",
        actor_user_id=int(data["actor"]) if data.get("actor") else None,
        first=data.get("first"),
        last=data.get("last"),
    )
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return form, found_acts(municipality_id=actor.municipality_id, filters=filters, zone=zone)


def _lines(found: QuerySet[ActRecord]) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=1000):
        said = "; ".join(
            f"{change.title}: {change.before} → {change.after}" for change in changes(row.before, row.after)
        )
        yield [row.at, row.actor_name, act_title(row.act), row.title, said, row.reason, row.ip or ""]


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _address(request: HttpRequest, **edge: int) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in edge.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"
