"""An organisation's sheet: filled, evidenced, signed; read afterwards with its result and what is missing."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.problems import Problem, Refusal
from gemba.scorecards.entering import for_page, read, read_comments, views_of
from gemba.scorecards.rules.gaps import gaps
from gemba.self_assessment import actions, queries
from gemba.self_assessment.forms import ProofForm, ScanForm
from gemba.self_assessment.models import Participant, ParticipantProof
from gemba.self_assessment.rules.states import State
from gemba.self_assessment.views.base import (
    FILL,
    READ,
    actor_of,
    blame,
    clause_link,
    now,
    number_in,
    participant_or_404,
)
from gemba.ui.pages import document, go_to, page
from gemba.ui.uploads import MEDIA_TYPES, kind_of


@READ
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the sheets of own organisations; the only one opens at once."""
    rows = queries.mine(actor=actor_of(request))
    if len(rows) == 1:
        return go_to(request, reverse("self_assessment:sheet", args=[rows[0].pk]))
    return page(request, "self_assessment/mine.html", {"rows": rows})


@READ
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sheet: as a form while it is filled, as a result afterwards."""
    found = participant_or_404(request, pk)
    if request.method == "GET":
        return show(request, found)
    procedure = queries.procedure_of(found.campaign)
    answers = read(procedure, request.POST, request.POST.getlist)
    comments = read_comments(procedure, request.POST)
    try:
        actions.keep_answers(
            actor=actor_of(request), participant_id=pk, version=number_in(request, "version", "POST"),
            answers=answers, comments=comments, at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        found.answers, found.comments = answers, comments
        return show(request, found, refusal.problems)
    verb, _, place = request.POST.get("next", "").partition(":")
    here = reverse("self_assessment:sheet", args=[pk])
    if verb == "evidence":
        query = urlencode({"criterion": place[:40]})
        return go_to(request, f"{reverse('self_assessment:prove', args=[pk])}?{query}")
    if verb in ("hand_over", "sign"):
        return _pass_on(request, participant_or_404(request, pk), verb)
    return go_to(request, here, "Лист сохранён.")


def _pass_on(request: HttpRequest, found: Participant, verb: str) -> HttpResponse:
    act = actions.sign if verb == "sign" else actions.hand_over
    try:
        act(actor=actor_of(request), participant_id=found.pk, version=found.version, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    done = "Лист подписан и отправлен на проверку." if verb == "sign" else "Лист передан на подпись."
    return go_to(request, reverse("self_assessment:sheet", args=[found.pk]), done)


def show(request: HttpRequest, found: Participant, problems: list[Problem] | None = None) -> HttpResponse:
    """Answer with the page of a sheet, perhaps with what stands in the way."""
    actor = actor_of(request)
    campaign = found.campaign
    procedure = queries.procedure_of(campaign)
    state = State(found.state)
    may_fill = actor.may("self_assessment.fill", found.organisation_id)
    shown = queries.shown_for(participant=found, today=actor.today) if not campaign.is_fixed else []
    records = reverse("plan:journal") if shown else ""
    editable = may_fill and state.may_be_edited and not campaign.is_fixed
    answers = queries.prefilled(found, shown) if editable and not problems else found.answers
    checks = queries.checks_of(found)
    context: dict[str, Any] = {
        "sheet": found,
        "campaign": campaign,
        "state": state,
        "procedure": procedure,
        "is_prefilled": editable and answers != found.answers,
        "editable": editable,
        "may_sign": actor.may("self_assessment.sign", found.organisation_id) and not campaign.is_fixed,
        "may_fill": may_fill and not campaign.is_fixed,
        "may_check": actor.may("self_assessment.check") and not campaign.is_fixed,
        "views": views_of(
            procedure, answers=answers, comments=found.comments, proofs=queries.proofs_of(found),
            hints=queries.hints_of(participant=found, shown=shown, url=records), context=found.context,
        ),
        "clause_url": clause_link(campaign.edition),
        "checks": checks,
        "problems": problems or [],
        "is_late": not state.is_handed_in and actor.today > campaign.send_by and not campaign.is_fixed,
    }  # fmt: skip
    if not state.may_be_edited and state is not State.SIGNING:
        counted = found.checked_answers if state is State.CHECKED else found.answers
        context |= {
            "own": for_page(found.result),
            "checked": for_page(found.checked_result),
            "gaps": gaps(procedure=procedure, answers=counted, context=found.context),
            "standing": getattr(found, "standing", None) if campaign.is_fixed else None,
        }
    return page(request, "self_assessment/sheet.html", context, 409 if problems else 200)


@FILL
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach evidence to a row of a criterion."""
    found = participant_or_404(request, pk)
    actor = actor_of(request)
    code = (request.POST.get("criterion") or request.GET.get("criterion") or "")[:40]
    procedure = queries.procedure_of(found.campaign)
    criterion = next((each for each in procedure.criteria if each.code == code), procedure.criteria[0])
    sent = request.method == "POST"
    form = ProofForm(
        request.POST if sent else None, request.FILES if sent else None, criterion=criterion,
        initial={"row": request.GET.get("row", "")[:40]},
    )  # fmt: skip
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.add_proof(
                actor=actor, participant_id=pk, criterion=code, row=form.cleaned_data["row"],
                title=form.cleaned_data["title"], link=form.cleaned_data["link"], file=file,
                file_kind=kind_of(file) if file else "", at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, _back_to(pk, code), "Подтверждение приложено.")
    kept = [proof for proof in queries.proofs_of(found) if proof.criterion == criterion.code]
    context = {"form": form, "sheet": found, "criterion": criterion, "proofs": kept,
               "clause_url": clause_link(found.campaign.edition)}  # fmt: skip
    return page(request, "self_assessment/prove.html", context, 422 if form.errors else 200)


def _back_to(pk: int, criterion: str) -> str:
    key = "".join(char if char.isalnum() else "-" for char in criterion)
    return f"{reverse('self_assessment:sheet', args=[pk])}#criterion-{key}"


@FILL
@require_POST
def drop_proof(request: HttpRequest, pk: int, proof_id: int) -> HttpResponse:
    """Take evidence away."""
    found = participant_or_404(request, pk)
    proof = _proof_or_404(found, proof_id)
    try:
        actions.drop_proof(actor=actor_of(request), participant_id=pk, proof_id=proof_id, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    query = urlencode({"criterion": proof.criterion})
    return go_to(request, f"{reverse('self_assessment:prove', args=[pk])}?{query}", "Подтверждение убрано.")


@READ
@require_GET
def proof_file(request: HttpRequest, pk: int, proof_id: int) -> HttpResponse | FileResponse:
    """Give the file of an evidence that the actor sees."""
    proof = _proof_or_404(participant_or_404(request, pk), proof_id)
    return _file(proof.file, proof.file_name, proof.file_kind)


@READ
@require_GET
def scan(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Give the scan of the signed paper."""
    found = participant_or_404(request, pk)
    return _file(found.scan, found.scan_name, found.scan_kind)


def _file(stored: Any, name: str, kind: str) -> HttpResponse | FileResponse:
    if not stored:
        raise Http404
    try:
        stream = stored.open("rb")
    except FileNotFoundError:
        raise Http404("Файл не найден на сервере: приложите его снова.") from None
    return document(
        stream, name=name, media_type=MEDIA_TYPES.get(kind, "application/octet-stream"),
        is_inline=kind in ("pdf", "jpeg", "png"),
    )  # fmt: skip


def _proof_or_404(found: Participant, proof_id: int) -> ParticipantProof:
    proof = ParticipantProof.objects.filter(participant=found, pk=proof_id).first()
    if proof is None:
        raise Http404
    return proof


@FILL
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a saved sheet to the head."""
    return _pass_on(request, participant_or_404(request, pk), "hand_over")


@READ
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign as the head."""
    return _pass_on(request, participant_or_404(request, pk), "sign")


@FILL
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a sheet back from the head's desk."""
    found = participant_or_404(request, pk)
    try:
        actions.take_back(actor=actor_of(request), participant_id=pk, version=found.version, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    return go_to(request, reverse("self_assessment:sheet", args=[pk]), "Лист можно править.")


@FILL
@require_http_methods(["GET", "POST"])
def sign_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a sheet that the head has signed on paper."""
    found = participant_or_404(request, pk)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["scan"]
        try:
            actions.sign(
                actor=actor_of(request), participant_id=pk, version=found.version, at=now(), scan=file,
                scan_kind=kind_of(file),
            )  # fmt: skip
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("self_assessment:sheet", args=[pk]), "Лист отправлен на проверку.")
    context = {
        "form": form,
        "sheet": found,
        "signer": queries.signer(organisation_id=found.organisation_id, day=actor_of(request).today),
    }
    return page(request, "self_assessment/sign_paper.html", context, 422 if form.errors else 200)


@READ
@require_GET
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet as a paper to print and sign; values are not on it while it is filled."""
    found = participant_or_404(request, pk)
    procedure = queries.procedure_of(found.campaign)
    state = State(found.state)
    context = {
        "sheet": found,
        "campaign": found.campaign,
        "views": views_of(
            procedure, answers=found.answers, comments=found.comments, proofs=queries.proofs_of(found),
            context=found.context,
        ),
        "clause_url": clause_link(found.campaign.edition),
        "signer": found.signed_by or queries.signer(organisation_id=found.organisation_id, day=actor_of(request).today),
        "result": for_page(found.checked_result or found.result) if state.is_handed_in else {},
    }  # fmt: skip
    return page(request, "self_assessment/printed.html", context)
