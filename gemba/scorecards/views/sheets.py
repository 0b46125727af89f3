"""Sheets: opened, filled with points seen at once, evidenced, agreed, compared, printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.regulations.queries import edition_on
from gemba.scorecards import actions, queries, subjects
from gemba.scorecards.entering import (
    clean,
    for_page,
    frozen,
    key_of,
    read,
    read_comments,
    read_context,
    scored,
    variables_of,
    views_of,
)
from gemba.scorecards.forms import NewForm, ProofForm, ReasonForm
from gemba.scorecards.models import Sheet, SheetProof
from gemba.scorecards.rules.states import State
from gemba.scorecards.views.base import (
    AGREE,
    ASSESS,
    READ,
    SETTLE,
    actor_of,
    blame,
    clause_link,
    now,
    number_in,
    sheet_or_404,
    town_of,
)
from gemba.ui.exports import Column, workbook
from gemba.ui.pages import document, go_to, page
from gemba.ui.uploads import MEDIA_TYPES, kind_of


@READ
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the sheets, the newest first."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    state = state if state in set(State) else ""
    words = clean(request.GET.get("q", ""))[:100]
    rows, has_more = queries.listed(actor=actor, state=state, words=words, after=number_in(request, "after"))
    here = reverse("scorecards:list")
    chips = [{"title": "Все", "url": here, "is_current": not state}]
    chips += [
        {"title": each.title, "url": f"{here}?state={each}", "is_current": state == each} for each in State
    ]
    kept = {name: value for name, value in (("state", state), ("q", words)) if value}
    _, procedures = queries.procedures_on(municipality_id=actor.municipality_id or 0, day=actor.today)
    context = {
        "rows": rows, "chips": chips, "words": words, "state": state,
        "next_url": f"{here}?{urlencode({**kept, 'after': str(rows[-1].pk)})}" if has_more else "",
        "may_assess": actor.may("scorecards.assess") and bool(procedures), "has_procedures": bool(procedures),
        "may_keep": actor.may("scorecards.keep_trained"),
    }  # fmt: skip
    return page(request, "scorecards/list.html", context)


@ASSESS
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a sheet: about an object (`?kind=project&id=5`) or about something named by hand."""
    actor, town = actor_of(request), town_of(request)
    edition, procedures = queries.procedures_on(municipality_id=town.pk, day=actor.today)
    kind = subjects.find(request.GET.get("kind", ""))
    object_id = number_in(request, "id")
    thing = kind.visible(actor).filter(pk=object_id).first() if kind and object_id else None
    if thing is not None and kind is not None:
        procedures = [each for each in procedures if each.conduct and each.conduct.subject == kind.code]
    if edition is None or not procedures:
        return page(request, "scorecards/absent.html", {"edition": edition})
    form = NewForm(
        request.POST or None, procedures=procedures, municipality_id=town.pk, by_hand=thing is None,
        initial={"procedure": procedures[0].code},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = next(each for each in procedures if each.code == data["procedure"])
        said = actions.NewSheet(
            procedure=data["procedure"], stage=data["stage"],
            kind=kind.code if thing is not None and kind else (chosen.conduct.subject if chosen.conduct else "other"),
            object_id=thing.pk if thing is not None else None, title=data.get("title", ""),
            organisation=thing.organisation if thing is not None else data["organisation"], leader=data.get("leader"),
        )  # fmt: skip
        try:
            made = actions.open_sheet(actor=actor, edition=edition, new=said, at=now())
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("scorecards:sheet", args=[made.pk]))
    context = {
        "form": form, "thing": thing, "edition": edition,
        "thing_url": kind.url(thing) if kind is not None and thing is not None else "",
        "training": queries.valid_training(person_id=actor.person_id, day=actor.today),
        "needs_training": any(each.conduct and each.conduct.trained_assessor for each in procedures),
    }  # fmt: skip
    return page(request, "scorecards/new.html", context, 422 if form.errors else 200)


@READ
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sheet: as a form while it is filled, as a frozen result afterwards."""
    found = sheet_or_404(request, pk)
    if request.method == "GET":
        return show(request, found)
    actor = actor_of(request)
    procedure = queries.procedure_of(found)
    answers = read(procedure, request.POST, request.POST.getlist)
    comments, context = read_comments(procedure, request.POST), read_context(procedure, request.POST)
    try:
        kept = actions.keep_answers(
            actor=actor, sheet_id=pk, version=number_in(request, "version", "POST"), answers=answers,
            comments=comments, context=context, at=now(),
        )  # fmt: skip
        verb, _, place = request.POST.get("next", "").partition(":")
        if verb == "submit":
            actions.submit(actor=actor, sheet_id=pk, version=kept.version, at=now())
            return go_to(request, reverse("scorecards:sheet", args=[pk]), "Лист отправлен.")
    except Refusal as refusal:
        found = sheet_or_404(request, pk)
        found.answers, found.comments, found.context = answers, comments, context
        return show(request, found, refusal.problems)
    if verb == "evidence":
        return go_to(
            request, f"{reverse('scorecards:prove', args=[pk])}?{urlencode({'criterion': place[:40]})}"
        )
    return go_to(request, reverse("scorecards:sheet", args=[pk]), "Лист сохранён.")


@READ
@require_POST
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with what the marks on the page give, without keeping them."""
    found = sheet_or_404(request, pk)
    procedure = queries.procedure_of(found)
    found.answers = read(procedure, request.POST, request.POST.getlist)
    found.context = read_context(procedure, request.POST)
    found.result = frozen(procedure, scored(procedure, found.answers, found.context, found.assessor_name))
    return show(request, found)


def may_write(actor: Actor, found: Sheet) -> bool:
    """Tell whether the actor fills this sheet."""
    if found.is_committee:
        return actor.may("scorecards.settle")
    return actor.person_id is not None and found.assessor_id == actor.person_id


def show(request: HttpRequest, found: Sheet, problems: list[Problem] | None = None) -> HttpResponse:
    """Answer with the page of a sheet, perhaps with what stands in the way."""
    actor = actor_of(request)
    procedure = queries.procedure_of(found)
    editable = found.standing.may_be_edited and may_write(actor, found)
    result = found.result or frozen(
        procedure, scored(procedure, found.answers, found.context, found.assessor_name)
    )
    in_force = edition_on(municipality_id=found.municipality_id, day=actor.today)
    beside = queries.side_by_side(actor=actor, subject=found.subject, procedure=found.procedure)
    context = {
        "sheet": found, "procedure": procedure, "editable": editable, "result": for_page(result),
        "views": views_of(
            procedure, answers=found.answers, comments=found.comments, proofs=queries.proofs_of(found),
            hints=queries.hints_of(actor=actor, sheet=found), context=found.context,
        ),
        "variables": variables_of(procedure, found.context), "clause_url": clause_link(found.edition),
        "problems": problems or [], "beside": beside if len(beside) > 1 else [],
        "newer": in_force if in_force and in_force.pk != found.edition_id and editable else None,
        "may_agree": actor.may("scorecards.agree") and found.state == State.SUBMITTED
        and found.assessor_id != actor.person_id,
        "may_settle": actor.may("scorecards.settle") and not found.is_committee
        and found.state in (State.SUBMITTED, State.AGREED) and not any(each.is_committee for each in beside),
        "is_contradictory": _hint_of_status(found),
        "subject_url": queries.address_of(actor=actor, subject=found.subject),
        "is_prefilled": editable and found.version == 1 and bool(found.answers),
    }  # fmt: skip
    return page(request, "scorecards/sheet.html", context, 409 if problems else 200)


def _hint_of_status(found: Sheet) -> bool:
    """Tell whether the total leaves the status undefined though it is known."""
    return (
        bool(found.result)
        and found.total is not None
        and not found.outcome
        and bool(found.result.get("undefined"))
    )


@ASSESS
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach evidence to a row of a criterion."""
    found = sheet_or_404(request, pk)
    code = (request.POST.get("criterion") or request.GET.get("criterion") or "")[:40]
    procedure = queries.procedure_of(found)
    criterion = next((each for each in procedure.criteria if each.code == code), procedure.criteria[0])
    sent = request.method == "POST"
    form = ProofForm(request.POST if sent else None, request.FILES if sent else None, criterion=criterion)
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.add_proof(
                actor=actor_of(request), sheet_id=pk, criterion=code, row=form.cleaned_data["row"],
                title=form.cleaned_data["title"], link=form.cleaned_data["link"], file=file,
                file_kind=kind_of(file) if file else "", at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            blame(form, refusal)
        else:
            back = f"{reverse('scorecards:sheet', args=[pk])}#criterion-{key_of(code)}"
            return go_to(request, back, "Подтверждение приложено.")
    kept = [proof for proof in queries.proofs_of(found) if proof.criterion == criterion.code]
    context = {"form": form, "sheet": found, "criterion": criterion, "proofs": kept}
    return page(request, "scorecards/prove.html", context, 422 if form.errors else 200)


def _proof_or_404(found: Sheet, proof_id: int) -> SheetProof:
    proof = SheetProof.objects.filter(sheet=found, pk=proof_id).first()
    if proof is None:
        raise Http404
    return proof


@READ
@require_GET
def proof_file(request: HttpRequest, pk: int, proof_id: int) -> HttpResponse | FileResponse:
    """Give the file of an evidence that the actor sees."""
    proof = _proof_or_404(sheet_or_404(request, pk), proof_id)
    if not proof.file:
        raise Http404
    try:
        stream = proof.file.open("rb")
    except FileNotFoundError:
        raise Http404("Файл не найден на сервере: приложите его снова.") from None
    return document(
        stream, name=proof.file_name, media_type=MEDIA_TYPES.get(proof.file_kind, "application/octet-stream"),
        is_inline=proof.file_kind in ("pdf", "jpeg", "png"),
    )  # fmt: skip


@ASSESS
@require_POST
def drop_proof(request: HttpRequest, pk: int, proof_id: int) -> HttpResponse:
    """Take evidence away."""
    found = sheet_or_404(request, pk)
    proof = _proof_or_404(found, proof_id)
    try:
        actions.drop_proof(actor=actor_of(request), sheet_id=pk, proof_id=proof_id, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    query = urlencode({"criterion": proof.criterion})
    return go_to(request, f"{reverse('scorecards:prove', args=[pk])}?{query}", "Подтверждение убрано.")


@AGREE
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree a sheet."""
    found = sheet_or_404(request, pk)
    try:
        actions.agree(
            actor=actor_of(request), sheet_id=pk, version=number_in(request, "version", "POST"), at=now()
        )
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    return go_to(request, reverse("scorecards:sheet", args=[pk]), "Оценка согласована.")


@AGREE
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a sheet with a reason."""
    found = sheet_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_back(
                actor=actor_of(request), sheet_id=pk, version=number_in(request, "version", "POST"),
                reason=clean(form.cleaned_data["reason"]), at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("scorecards:sheet", args=[pk]), "Лист возвращён.")
    return page(
        request, "scorecards/give_back.html", {"form": form, "sheet": found}, 422 if form.errors else 200
    )


@SETTLE
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the committee's own sheet."""
    found = sheet_or_404(request, pk)
    try:
        made = actions.settle(actor=actor_of(request), sheet_id=pk, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    return go_to(request, reverse("scorecards:sheet", args=[made.pk]), "Общий лист открыт.")


@ASSESS
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a draft to the edition in force."""
    found = sheet_or_404(request, pk)
    actor = actor_of(request)
    edition = edition_on(municipality_id=found.municipality_id, day=actor.today)
    try:
        if edition is None:
            raise Refusal("Действующей редакции нет.")
        actions.renew(actor=actor, sheet_id=pk, edition=edition, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    return go_to(request, reverse("scorecards:sheet", args=[pk]), f"Лист ведётся по редакции {edition.code}.")


@READ
@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheets of several assessors side by side."""
    found = sheet_or_404(request, pk)
    actor = actor_of(request)
    procedure = queries.procedure_of(found)
    beside = [
        each
        for each in queries.side_by_side(actor=actor, subject=found.subject, procedure=found.procedure)
        if each.edition_id == found.edition_id and each.stage == found.stage
    ]
    people = [
        each for each in beside if not each.is_committee and each.state in (State.SUBMITTED, State.AGREED)
    ]
    mean = queries.combined(procedure, people)
    context = {
        "sheet": found, "beside": beside, "rows": queries.compared(procedure, beside),
        "combined": for_page(frozen(procedure, mean)) if mean else {}, "averages": procedure.experts is not None,
    }  # fmt: skip
    return page(request, "scorecards/compare.html", context)


@READ
@require_GET
def printed(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Show the sheet as a paper, or give it as a spreadsheet."""
    found = sheet_or_404(request, pk)
    procedure = queries.procedure_of(found)
    views = views_of(
        procedure, answers=found.answers, comments=found.comments, proofs=queries.proofs_of(found),
        context=found.context,
    )  # fmt: skip
    result = found.result or frozen(
        procedure, scored(procedure, found.answers, found.context, found.assessor_name)
    )
    if request.GET.get("as") == "xlsx":
        return _spreadsheet(found, procedure.title, views, result)
    context = {"sheet": found, "procedure": procedure, "views": views, "result": for_page(result)}
    return page(request, "scorecards/printed.html", context)


def _spreadsheet(
    found: Sheet, title: str, views: list[Any], result: dict[str, Any]
) -> HttpResponse | FileResponse:
    columns = [
        Column("№"), Column("Критерий, показатель", "long"), Column("Вес", "number"), Column("Отмечено"),
        Column("Балл", "number"), Column("Подтверждение", "long"), Column("Пояснение", "long"),
    ]  # fmt: skip
    lines: list[list[Any]] = []
    for view in views:
        given = (result.get("criteria") or {}).get(view.code) or {}
        value = given.get("weighted") if given.get("weighted") is not None else given.get("points")
        lines.append(
            [
                view.code, view.title, None, view.value or None, None if value is None else Decimal(value),
                "; ".join(proof.title for proof in view.proofs), view.comment,
            ]
        )  # fmt: skip
        for row in view.rows:
            mark = row.times or ("да" if row.is_chosen else "")
            lines.append(
                [row.code, row.text, row.points, mark, None, "; ".join(p.title for p in row.proofs), ""]
            )
    total = result.get("total") or result.get("known_total")
    lines.append(
        ["", "Итог", None, result.get("status_title", ""), None if total is None else Decimal(total), "", ""]
    )
    above = [
        title, f"{found.subject}, {found.subject.organisation}", f"Оценил: {found.assessor_name}",
        f"{found.get_stage_display()} оценка, {found.get_state_display().lower()}; редакция {found.edition.code}",
    ]  # fmt: skip
    return workbook(
        title="Лист оценки",
        columns=columns,
        rows=lines,
        file_name=f"Оценка {found.subject}"[:100],
        above=above,
    )
