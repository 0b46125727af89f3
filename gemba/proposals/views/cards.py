"""The page of a proposal, the acts on it, its photos."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.proposals import actions
from gemba.proposals.access import parties, sees_sums
from gemba.proposals.actions.results import STEPS, may_move
from gemba.proposals.forms.acts import ActForm
from gemba.proposals.models import Author, Photo, Proposal
from gemba.proposals.queries.cards import card_of, may_do
from gemba.proposals.queries.likeness import candidates
from gemba.proposals.queries.office import answer_templates
from gemba.proposals.rules.states import AWAITING_ANSWER, TABLE, Party, Verb
from gemba.proposals.rules.terms import is_overdue
from gemba.proposals.views.base import READ, actor_of, blame, colleagues, now, proposal_or_404
from gemba.ui.pages import document, go_to, page


@READ
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one proposal: state, the one next step, texts, photos, effect, discussion, history."""
    return show(request, proposal_or_404(request, pk))


def show(
    request: HttpRequest, proposal: Proposal, problems: list[Problem] | None = None, **more: Any
) -> HttpResponse:
    """Answer with the page of a proposal, perhaps with what stands in the way of an act."""
    actor = actor_of(request)
    found = card_of(actor=actor, proposal=proposal)
    is_office = any(
        row.verb is Verb.DUPLICATE for row in [*found.others, *([found.next_step] if found.next_step else [])]
    )
    context = {
        "card": found,
        "proposal": proposal,
        "is_overdue": is_overdue(term_on=proposal.term_on, today=actor.today),
        "candidates": candidates(proposal=proposal) if is_office else [],
        "sees_sums": sees_sums(actor, proposal),
        "is_author": actor.person_id is not None
        and actor.person_id in {row.person_id for row in found.authors},
        "may_replicate": found.is_whole and actor.may("proposals.replicate") and proposal.is_public,
        "may_add_photos": bool(
            parties(actor, proposal, [row.person_id for row in found.authors])
            & {Party.AUTHOR, Party.RESPONSIBLE, Party.REGISTRAR, Party.HEAD}
        ),
        "may_oversee": actor.may("proposals.oversee", proposal.organisation_id),
        "may_assign": actor.may("proposals.register", proposal.organisation_id)
        and proposal.state in AWAITING_ANSWER,
        "movable": {row.pk for row in found.replications if STEPS[row.state] and may_move(actor, row)},
        "waits_for_answer": proposal.state in AWAITING_ANSWER,
        "problems": problems or [],
        **more,
    }
    return page(request, "proposals/card.html", context, 409 if problems else 200)


@READ
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Ask what an act needs and carry it out."""
    actor = actor_of(request)
    proposal = proposal_or_404(request, pk)
    if verb not in ACTS:
        raise Http404
    chosen = Verb(verb)
    row = TABLE[chosen]
    initial = {
        "implemented_on": actor.today,
        "responsible": proposal.responsible or "",
        "reviewer": proposal.reviewer or "",
    }
    if chosen is Verb.DUPLICATE:
        initial["original"] = request.GET.get("original", "")[:20]
    sent = request.method == "POST"
    form = ActForm(
        request.POST if sent else None, request.FILES if sent else None, initial=initial, verb=chosen,
        people=colleagues(actor),
    )  # fmt: skip
    if sent and form.is_valid():
        try:
            ACTS[chosen](actor, proposal.pk, form.cleaned_data)
        except Refusal as refusal:
            if not form.fields or not any(problem.field in form.fields for problem in refusal.problems):
                return show(request, proposal_or_404(request, pk), refusal.problems)
            blame(form, refusal)
        else:
            return go_to(request, reverse("proposals:card", args=[pk]), f"{row.done}.")
    if not sent:
        _refuse_stranger(actor, proposal, chosen)
    context = {
        "form": form,
        "proposal": proposal,
        "row": row,
        "templates": _templates(proposal, chosen) if "reason" in form.fields else [],
        "candidates": candidates(proposal=proposal) if chosen is Verb.DUPLICATE else [],
    }
    return page(request, "proposals/act.html", context, 422 if form.errors else 200)


def _refuse_stranger(actor: Actor, proposal: Proposal, verb: Verb) -> None:
    ids = list(Author.objects.filter(proposal=proposal).values_list("person_id", flat=True))
    if not any(row.verb is verb for row in may_do(actor, proposal, ids)):
        # The action says exactly why; a page of a form that cannot be sent would only mislead.
        raise PermissionDenied(f"«{TABLE[verb].title}» сейчас не ваше действие или уже сделано.")


def _templates(proposal: Proposal, verb: Verb) -> list[Any]:
    return answer_templates(municipality_id=proposal.municipality_id, verb=verb)


def _original(actor: Actor, text: str) -> int:
    year, _, number = text.strip().lstrip("№").strip().partition("-")
    row = None
    if year.isdigit() and number.isdigit() and len(number) < 9:
        row = Proposal.objects.filter(
            municipality_id=actor.municipality_id or 0, number_year=int(year), number=int(number)
        ).first()
    if row is None:
        raise Refusal(
            Problem(f"Предложения с номером «{text[:20]}» нет.", field="original", mend="Проверьте номер.")
        )
    return row.pk


Act = Callable[[Actor, int, dict[str, Any]], Proposal]
ACTS: dict[Verb, Act] = {
    Verb.SUBMIT: lambda a, pk, d: actions.send_draft(actor=a, proposal_id=pk, at=now()),
    Verb.REGISTER: lambda a, pk, d: actions.register(actor=a, proposal_id=pk, at=now()),
    Verb.TAKE: lambda a, pk, d: actions.take(actor=a, proposal_id=pk, at=now(), reviewer=d.get("reviewer")),
    Verb.COMMISSION: lambda a, pk, d: actions.to_commission(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.ACCEPT: lambda a, pk, d: actions.accept(
        actor=a, proposal_id=pk, at=now(), reason=d["reason"], responsible=d["responsible"], planned_on=d["planned_on"]
    ),
    Verb.RETURN: lambda a, pk, d: actions.return_for_answer(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.ANSWER: lambda a, pk, d: actions.answer(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.REJECT: lambda a, pk, d: actions.reject(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.PROJECT: lambda a, pk, d: actions.to_project(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.DUPLICATE: lambda a, pk, d: actions.join_duplicate(
        actor=a, proposal_id=pk, original_id=_original(a, d["original"]), at=now(), reason=d["reason"]
    ),
    Verb.APPEAL: lambda a, pk, d: actions.appeal(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.START: lambda a, pk, d: actions.start(actor=a, proposal_id=pk, at=now(), responsible=d["responsible"]),
    Verb.IMPLEMENT: lambda a, pk, d: actions.implement(
        actor=a, proposal_id=pk, at=now(), implemented_on=d["implemented_on"], reason=d["reason"], before=d["before"],
        after=d["after"],
    ),
    Verb.VERIFY: lambda a, pk, d: actions.verify(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.REWORK: lambda a, pk, d: actions.rework(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.CLOSE: lambda a, pk, d: actions.close(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.POSTPONE: lambda a, pk, d: actions.postpone(
        actor=a, proposal_id=pk, at=now(), reason=d["reason"], until=d["until"]
    ),
    Verb.RESUME: lambda a, pk, d: actions.resume(actor=a, proposal_id=pk, at=now(), planned_on=d["planned_on"]),
    Verb.CANCEL: lambda a, pk, d: actions.cancel(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
    Verb.WITHDRAW: lambda a, pk, d: actions.withdraw(actor=a, proposal_id=pk, at=now(), reason=d["reason"]),
}  # fmt: skip


@READ
@require_GET
def photo(request: HttpRequest, pk: int, photo_id: int) -> HttpResponse | FileResponse:
    """Give a photo of a proposal that the actor sees; `?size=s` gives its preview."""
    proposal = proposal_or_404(request, pk)
    found = Photo.objects.filter(proposal=proposal, pk=photo_id).first()
    if found is None:
        raise Http404
    name = found.preview.name if request.GET.get("size") == "s" else found.file.name
    try:
        stream = default_storage.open(name or "")
    except FileNotFoundError:
        raise Http404("Файл снимка не найден на сервере.") from None
    answer = document(
        stream,
        name=f"Снимок {proposal.number_text or proposal.pk}.jpg",
        media_type="image/jpeg",
        is_inline=True,
    )
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer
