"""Units: posters with QR codes, empty cards, personal codes."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import require
from gemba.organisation.models import Organisation, Person, Position, Unit
from gemba.proposals import papers
from gemba.proposals.access import has_whole_view
from gemba.proposals.actions.codes import issue_codes
from gemba.proposals.models import Author, Reward
from gemba.proposals.queries.cards import card_of
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.queries.units import people_of_organisation
from gemba.proposals.views.base import (
    CODES,
    READ,
    actor_of,
    kept_organisations,
    now,
    number_in,
    proposal_or_404,
    town_of,
)
from gemba.ui.pages import document, page

SHOWN = 60


@CODES
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the units of the chosen organisation with their sheets, and its people with their codes."""
    actor = actor_of(request)
    organisations = kept_organisations(actor)
    asked = number_in(request, "organisation")
    chosen = organisations.filter(pk=asked).first() if asked else organisations.first()
    units = Unit.objects.on(actor.today).filter(organisation=chosen).order_by("name_key") if chosen else []
    people = people_of_organisation(organisation_id=chosen.pk, day=actor.today)[:500] if chosen else []
    context = {
        "organisations": organisations.only("pk", "name", "short_name")[:500],
        "chosen": chosen,
        "units": units,
        "people": [
            {"pk": person.pk, "person": person, "code": getattr(person, "proposal_code", None)}
            for person in people
        ],
        "today": actor.today,
        "rules": rules_of(town_of(request).pk),
    }
    return page(request, "proposals/units.html", context)


@CODES
@never_cache
@require_http_methods(["POST"])
def codes(request: HttpRequest, organisation_id: int) -> HttpResponse | FileResponse:
    """Give out codes and answer with the slips: the only time they can be read."""
    actor = actor_of(request)
    organisation = _organisation(request, organisation_id)
    chosen = [
        int(pk) for pk in request.POST.getlist("chosen") if pk.isascii() and pk.isdigit() and len(pk) < 19
    ]
    working = Position.objects.on(actor.today).filter(organisation=organisation).values("person_id")
    people = list(Person.objects.filter(pk__in=chosen).filter(pk__in=working).order_by("name_key"))
    try:
        if len(people) != len(set(chosen)):
            raise Refusal(
                Problem("Среди отмеченных есть те, кто здесь не работает.", mend="Обновите страницу.")
            )
        issued = issue_codes(actor=actor, organisation=organisation, people=people, at=now())
    except Refusal as refusal:
        context = {"problems": refusal.problems, "back": reverse("proposals:units")}
        return page(request, "proposals/problems.html", context, 422)
    slips = papers.code_slips(issued=issued, town=town_of(request), place=str(organisation))
    return document(slips, name=f"Личные коды {organisation}.pdf", media_type=papers.PDF)


@CODES
@require_GET
def poster(request: HttpRequest, unit_id: int) -> FileResponse:
    """Give the poster of a unit."""
    unit = _unit(request, unit_id)
    url = request.build_absolute_uri(reverse("quick:send", args=[unit.qr_token]))
    rules = rules_of(town_of(request).pk)
    days = rules.registration_days + rules.decision_days
    sheet = papers.poster(unit=unit, town=town_of(request), url=url, answer_days=days)
    return document(sheet, name=f"Плакат {unit.name}.pdf", media_type=papers.PDF, is_inline=True)


@CODES
@require_GET
def blank(request: HttpRequest, unit_id: int) -> FileResponse:
    """Give an empty card of a unit to print."""
    unit = _unit(request, unit_id)
    town = town_of(request)
    rules = rules_of(town.pk)
    card = papers.blank_card(
        unit=unit, town=town, answer_days=rules.registration_days + rules.decision_days,
        allows_anonymous=rules.allows_anonymous,
    )  # fmt: skip
    return document(card, name=f"Карточка {unit.name}.pdf", media_type=papers.PDF, is_inline=True)


@READ
@require_GET
def sheet(request: HttpRequest, pk: int) -> FileResponse:
    """Give the card of a proposal; names only to those who see them."""
    proposal = proposal_or_404(request, pk)
    card = card_of(actor=actor_of(request), proposal=proposal)
    names = [row.person.full_name for row in card.authors]
    if card.is_whole and proposal.is_anonymous:
        names = ["без имени"]
    made = papers.sheet(
        proposal=proposal, authors=names, town=town_of(request), today=actor_of(request).today
    )
    return document(
        made, name=f"Предложение {proposal.number_text}.pdf", media_type=papers.PDF, is_inline=True
    )


@READ
@require_GET
def certificate(request: HttpRequest, reward_id: int) -> FileResponse:
    """Give a certificate to the one who got it and to those who see the proposal whole."""
    actor = actor_of(request)
    row = Reward.objects.select_related("proposal__organisation", "person").filter(
        pk=reward_id, proposal__municipality_id=actor.municipality_id or 0, kind__in=("thanks", "certificate")
    ).first()  # fmt: skip
    if row is None:
        raise Http404
    proposal = proposal_or_404(request, row.proposal_id)
    ids = list(Author.objects.filter(proposal=proposal).values_list("person_id", flat=True))
    if not has_whole_view(actor, proposal, ids):
        raise Http404
    made = papers.certificate(reward=row, town=town_of(request))
    return document(made, name=f"{row.get_kind_display()} {row.person.short_name}.pdf", media_type=papers.PDF)


def _organisation(request: HttpRequest, pk: int) -> Organisation:
    actor = actor_of(request)
    found = Organisation.objects.filter(pk=pk, municipality_id=actor.municipality_id or 0).first()
    if found is None:
        raise Http404
    require(actor, "proposals.issue_codes", found.pk)
    return found


def _unit(request: HttpRequest, pk: int) -> Unit:
    actor = actor_of(request)
    found = (
        Unit.objects.select_related("organisation__municipality")
        .filter(pk=pk, organisation__municipality_id=actor.municipality_id or 0)
        .first()
    )
    if found is None:
        raise Http404
    require(actor, "proposals.issue_codes", found.organisation_id)
    return found
