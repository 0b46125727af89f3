"""The economist's table: each row confirmed or refused, the sheet accepted or returned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gemba.kernel.problems import Problem, Refusal
from gemba.scorecards.entering import chosen_with_points, clean, for_page, views_of
from gemba.self_assessment import actions, queries
from gemba.self_assessment.forms import ReasonForm
from gemba.self_assessment.models import Participant, Verdict
from gemba.self_assessment.rules.states import State
from gemba.self_assessment.views.base import (
    CHECK,
    actor_of,
    blame,
    clause_link,
    now,
    number_in,
    participant_or_404,
)
from gemba.ui.pages import go_to, page


@CHECK
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a sheet row by row."""
    found = participant_or_404(request, pk)
    if request.method == "GET":
        return _show(request, found)
    actor, version = actor_of(request), number_in(request, "version", "POST")
    verdicts = _verdicts(request, found)
    try:
        kept = actions.check_rows(
            actor=actor, participant_id=pk, version=version, verdicts=verdicts, at=now()
        )
        if request.POST.get("next") == "accept":
            actions.accept(actor=actor, participant_id=pk, version=kept.version, at=now())
    except Refusal as refusal:
        return _show(request, participant_or_404(request, pk), refusal.problems, verdicts)
    if request.POST.get("next") == "return":
        return go_to(request, reverse("self_assessment:give_back", args=[pk]))
    if request.POST.get("next") == "accept":
        return go_to(request, reverse("self_assessment:sheet", args=[pk]), "Лист проверен.")
    return go_to(request, reverse("self_assessment:check", args=[pk]), "Проверка сохранена.")


def _verdicts(request: HttpRequest, found: Participant) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what was said of the rows that are claimed; a row without a choice is not touched."""
    verdicts = {}
    for criterion, row in chosen_with_points(queries.procedure_of(found.campaign), found.answers):
        verdict = request.POST.get(f"v-{criterion}-{row}", "")
        if verdict:
            comment = clean(request.POST.get(f"m-{criterion}-{row}", ""))
            verdicts[(criterion, row)] = (verdict[:10], comment)
    return verdicts


def _show(
    request: HttpRequest,
    found: Participant,
    problems: list[Problem] | None = None,
    typed: dict[tuple[str, str], tuple[str, str]] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    procedure = queries.procedure_of(found.campaign)
    shown = queries.shown_for(participant=found, today=actor.today)
    checks = queries.checks_of(found)
    said = {pair: (each.verdict, each.comment) for pair, each in checks.items()} | (typed or {})
    claimed = chosen_with_points(procedure, found.answers)
    context = {
        "sheet": found,
        "campaign": found.campaign,
        "views": views_of(
            procedure, answers=found.answers, comments=found.comments, proofs=queries.proofs_of(found),
            hints=queries.hints_of(participant=found, shown=shown, url=reverse("plan:journal")), context=found.context,
        ),
        "claimed": set(claimed),
        "said": said,
        "checks": checks,
        "done": sum(1 for pair in claimed if pair in checks and checks[pair].verdict != Verdict.AGAIN),
        "own": for_page(found.result),
        "clause_url": clause_link(found.campaign.edition),
        "problems": problems or [],
        "is_open": found.state == State.SENT and not found.campaign.is_fixed,
        "may_return": found.state in (State.SENT, State.CHECKED) and not found.campaign.is_fixed,
    }  # fmt: skip
    return page(request, "self_assessment/check.html", context, 409 if problems else 200)


@CHECK
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a sheet with a reason."""
    found = participant_or_404(request, pk)
    refused = [each for each in queries.checks_of(found).values() if each.verdict == Verdict.REFUSED]
    offered = "\n".join(f"Критерий {each.criterion}, строка {each.row}: {each.comment}" for each in refused)
    form = ReasonForm(request.POST or None, initial={"reason": offered})
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_back(
                actor=actor_of(request), participant_id=pk, version=number_in(request, "version", "POST"),
                reason=clean(form.cleaned_data["reason"]), at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(
                request, reverse("self_assessment:campaign", args=[found.campaign_id]), "Лист возвращён."
            )
    return page(
        request, "self_assessment/give_back.html", {"form": form, "sheet": found}, 422 if form.errors else 200
    )
