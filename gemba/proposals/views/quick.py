"""Pages for people without an account: sending by a unit's QR code, following by the receipt, the stand's list.

They hold no session and no right of a signed-in person: who sends proves it with the code in the same form. That is
why they need no token against foreign forms, and a form kept on a phone for days can still be sent.
"""

import secrets
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import format_long_date
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, today_in
from gemba.organisation.models import Person, Unit
from gemba.proposals import actions
from gemba.proposals.actions.codes import submit_by_qr
from gemba.proposals.actions.office import escalate
from gemba.proposals.forms.fields import PhotosField
from gemba.proposals.models import Author, Proposal, ProposalEvent
from gemba.proposals.queries.likeness import similar as find_similar
from gemba.proposals.queries.rules import promise, rules_of
from gemba.proposals.queries.units import people_of_unit, unit_of_token
from gemba.proposals.rules.pace import Pace
from gemba.proposals.rules.states import AWAITING_ANSWER, State
from gemba.proposals.rules.texts import LONGEST, SAY_PROBLEM, SAY_SOLUTION
from gemba.proposals.views.base import blame, now
from gemba.ui.forms import TextField
from gemba.ui.guards import public
from gemba.ui.pages import page

ON_STAND = 40
SIMILAR = 3
# Who types stops a few times a minute; a whole school may stand behind one address.
PACE = Pace(most=60, seconds=60)


class QuickForm(forms.Form):
    """Three large fields, the name and the code."""

    problem = TextField(
        label="Что мешает?", rows=3, max_length=LONGEST, error_messages={"required": SAY_PROBLEM}
    )
    solution = TextField(
        label="Что предлагаю", rows=3, max_length=LONGEST, error_messages={"required": SAY_SOLUTION}
    )
    photo = PhotosField(label="Фото")
    sent_key = forms.CharField(required=False, max_length=40)
    person = forms.CharField(required=False, max_length=20)
    code = forms.CharField(required=False, max_length=12, label="Личный код")


@public("Подача предложения по QR-коду подразделения: вместо входа — имя и личный код")
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, token: str) -> HttpResponse:
    """Send a proposal from a phone; works without JavaScript, answers JSON to the script that keeps drafts."""
    unit = _unit(token)
    town = unit.organisation.municipality
    with timezone.override(town.zone):
        today = today_in(town)
        people = list(people_of_unit(unit=unit, day=today))
        is_posted = request.method == "POST"
        form = QuickForm(request.POST if is_posted else None, request.FILES if is_posted else None)
        if is_posted:
            made = _send(request, form, unit, {str(person.pk): person for person in people})
            if made is not None:
                return _sent(request, made)
            if _wants_json(request):
                return JsonResponse({"errors": _errors(form)}, status=422)
        context = {
            "form": form,
            "unit": unit,
            "town": town,
            "people": people,
            "allows_anonymous": rules_of(town.pk).allows_anonymous,
            "answer_by": promise(municipality_id=town.pk, today=today),
            "sent_key": form["sent_key"].value() or secrets.token_hex(16),
            "chosen": str(form["person"].value() or ""),
            "is_open": unit.is_on(today) and unit.organisation.is_on(today),
        }
        return page(request, "proposals/quick.html", context, 422 if form.errors else 200)


def _send(request: HttpRequest, form: QuickForm, unit: Unit, people: dict[str, Person]) -> Proposal | None:
    if not form.is_valid():
        return None
    data = form.cleaned_data
    chosen = data["person"]
    try:
        if chosen and chosen != "nobody" and chosen not in people:
            raise Refusal(Problem("Выберите своё имя из списка.", field="person"))
        if not chosen:
            raise Refusal(Problem("Выберите своё имя или «без имени».", field="person"))
        return submit_by_qr(
            unit=unit, person=people.get(chosen), code=data["code"], problem=data["problem"],
            solution=data["solution"], photos=data["photo"], sent_key=data["sent_key"],
            address=request.META.get("REMOTE_ADDR", ""), at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        blame(form, refusal)
        return None


def _sent(request: HttpRequest, made: Proposal) -> HttpResponse:
    url = reverse("quick:receipt", args=[made.receipt])
    if _wants_json(request):
        return JsonResponse(
            {
                "number": made.number_text,
                "answer": f"Ответим до {format_long_date(made.answer_by)}",
                "url": url,
            }
        )
    return HttpResponse(status=303, headers={"Location": url})


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _errors(form: forms.Form) -> dict[str, str]:
    return {name: " ".join(str(error) for error in errors) for name, errors in form.errors.items()}


def _unit(token: str) -> Unit:
    unit = unit_of_token(token) if len(token) <= 24 else None
    if unit is None:
        raise Http404("QR-код не подходит: возможно, его заменили. Спросите у координатора новый.")
    return unit


@public("Похожие на то, что пишут на странице по QR-коду: заголовки и состояния из общего каталога")
@csrf_exempt
@never_cache
@require_POST
def similar(request: HttpRequest, token: str) -> HttpResponse:
    """Offer the script what the catalogue shows like the text; what is typed stays out of addresses."""
    unit = _unit(token)
    if not PACE.lets(request.META.get("REMOTE_ADDR", ""), now().timestamp()):
        return JsonResponse({"found": []}, status=429)
    town = unit.organisation.municipality_id
    text = request.POST.get("text", "")[:4000]
    found = find_similar(municipality_id=town, text=text, only_public=True, limit=SIMILAR)
    return JsonResponse({"found": [{"title": one.title, "state": one.state_title} for one in found]})


@public("Ход предложения по тайному адресу, который получил автор")
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show the author without an account what became of the proposal; let them answer, appeal, take it back."""
    proposal = (
        Proposal.objects.select_related("municipality", "organisation", "unit", "author")
        .filter(receipt=receipt)
        .exclude(state=State.DRAFT)
        .first()
    )
    if proposal is None:
        raise Http404("Такого предложения нет.")
    town = proposal.municipality
    error = ""
    with timezone.override(town.zone):
        if request.method == "POST":
            try:
                _author_acts(request, proposal)
            except Refusal as refusal:
                error = str(refusal)
            else:
                return HttpResponse(status=303, headers={"Location": request.path})
        asked = ProposalEvent.objects.filter(proposal=proposal, target=proposal.state).order_by("-pk").first()
        context = {
            "proposal": proposal,
            "town": town,
            "unit_url": reverse("quick:send", args=[proposal.unit.qr_token]) if proposal.unit else "",
            "said": asked.text if asked is not None else "",
            "waits": proposal.state in AWAITING_ANSWER,
            "can_escalate": proposal.state in AWAITING_ANSWER and not proposal.has_author_escalated,
            "error": error,
            "typed": request.POST.get("text", "") if error else "",
        }
        return page(request, "proposals/receipt.html", context, 422 if error else 200)


def _author_acts(request: HttpRequest, proposal: Proposal) -> None:
    actor = _author(request, proposal)
    text = TextField(required=False).clean(request.POST.get("text", ""))
    common: dict[str, Any] = {"actor": actor, "proposal_id": proposal.pk, "at": now()}
    act = request.POST.get("act", "")
    if act == "answer":
        actions.answer(**common, reason=text)
    elif act == "appeal":
        actions.appeal(**common, reason=text)
    elif act == "withdraw":
        actions.withdraw(**common)
    elif act == "escalate":
        escalate(**common, reason=text)
    else:
        raise Refusal(Problem("Такого действия нет.", mend="Обновите страницу."))


def _author(request: HttpRequest, proposal: Proposal) -> Actor:
    town = proposal.municipality
    person = proposal.author
    main = Author.objects.filter(proposal=proposal, is_main=True).first()
    is_named = person is not None and main is not None
    return Actor(
        person_id=person.pk if person else None, name=person.full_name if person else "Автор без имени",
        municipality_id=town.pk, today=today_in(town), ip=request.META.get("REMOTE_ADDR"), municipality=town,
        # Whoever holds the secret address of a proposal without a name is its author; only authors' acts stand above.
        is_system=not is_named,
    )  # fmt: skip


@public("Список на стенде: номера и состояния без текстов и имён")
@require_GET
def stand(request: HttpRequest, token: str) -> HttpResponse:
    """Show the numbers and states of the unit's proposals, to be read on a stand."""
    unit = _unit(token)
    rows = (
        Proposal.objects.filter(organisation_id=unit.organisation_id, number__isnull=False)
        .only("number", "number_year", "state", "submitted_on", "answer_by", "implemented_on")
        .order_by("-pk")[:ON_STAND]
    )
    context = {"unit": unit, "town": unit.organisation.municipality, "rows": rows, "waiting": AWAITING_ANSWER}
    return page(request, "proposals/stand.html", context)
