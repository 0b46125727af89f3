"""Sending a proposal: one act for the signed-in, the paper card, the QR page and the spreadsheet of earlier years."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from gemba.kernel.problems import Problem, Refusal
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor, require
from gemba.organisation.models import Organisation, Person, Position, Unit
from gemba.proposals.actions.base import (
    day_of,
    enter_number,
    line_of,
    locked,
    move,
    note_act,
    save_besides_words,
    set_promise,
    set_term,
    settings_of,
    shift,
)
from gemba.proposals.actions.tell import tell_new
from gemba.proposals.models import Author, Photo, PhotoKind, Proposal, ProposalEvent, Source
from gemba.proposals.pictures import Picture, keep
from gemba.proposals.rules.likeness import keys_of
from gemba.proposals.rules.states import State, Verb
from gemba.proposals.rules.texts import text_problems, title_of
from gemba.statements import written

MOST_AUTHORS = 20
MOST_PHOTOS = 5
SAME_WORDS = timedelta(minutes=15)


@dataclass(frozen=True)
class NewProposal:
    """What is sent. Only the two texts and the place are obligatory."""

    organisation: Organisation
    problem: str
    solution: str
    unit: Unit | None = None
    author: Person | None = None
    co_authors: Sequence[Person] = ()
    category: str = ""
    expected: str = ""
    is_author_ready: bool = False
    needs_money: bool = False
    touches_others: bool = False
    photos: Sequence[Picture] = field(default_factory=tuple)


def submit(
    *,
    actor: Actor,
    new: NewProposal,
    at: datetime,
    source: Source = Source.STAFF,
    sent_key: str = "",
    sent_on: date | None = None,
    is_draft: bool = False,
) -> Proposal:
    """Send a proposal (or keep it as a draft); the same key sent again gives the proposal that is already there.

    :raises PermissionDenied: when the actor may not send for these people or this organisation.
    :raises Refusal: when the texts, the people or the place are wrong.
    """
    require(actor, "proposals.submit")
    _may_send_for(actor, new, source)
    if new.author is None and not actor.is_system and source is Source.STAFF:
        raise Refusal(Problem("У вашей учётной записи нет сотрудника.", mend="Обратитесь к администратору."))
    return create(
        actor=actor, new=new, at=at, source=source, sent_key=sent_key, sent_on=sent_on, is_draft=is_draft
    )


def create(
    *,
    actor: Actor,
    new: NewProposal,
    at: datetime,
    source: Source,
    sent_key: str = "",
    sent_on: date | None = None,
    is_draft: bool = False,
) -> Proposal:
    """Write a proposal after whoever calls has made sure of the right to; see `submit`."""
    if sent_key and (found := _with_key(sent_key=sent_key)):
        return _same(found[0], actor)
    if sent_key and (known := _sent_just_now(new, source, at, is_draft)):
        return _same(known, actor)
    municipality = new.organisation.municipality
    today = day_of(at, municipality)
    day = sent_on or today
    if problems := _problems(new, actor, day, today, source):
        raise Refusal(problems)
    try:
        with transaction.atomic():
            proposal = _write(actor, new, at, day, source, sent_key, is_draft)
            for picture in new.photos:
                attach(proposal, picture, kind=PhotoKind.PROBLEM, actor=actor, at=at)
            if is_draft:
                note_act(proposal, actor=actor, act="draft", at=at)
            else:
                _open(proposal, actor, at, day)
    except IntegrityError:
        # Sent twice at the same moment: the other one has written it.
        known = Proposal.objects.filter(sent_key=sent_key).first() if sent_key else None
        if known is None:
            raise
        return _same(known, actor)
    return proposal


def send_draft(*, actor: Actor, proposal_id: int, at: datetime) -> Proposal:
    """Send a kept draft.

    :raises PermissionDenied: when it is not the actor's.
    :raises Refusal: when it is sent already.
    """

    def prepare(proposal: Proposal, today: date) -> None:
        proposal.submitted_on = today
        set_promise(proposal, today)

    def finish(proposal: Proposal) -> None:
        if settings_of(proposal)[0].registers_at_once:
            _register(proposal, actor, at, day_of(at, proposal.municipality))
        tell_new(proposal, at=at)

    return move(actor=actor, proposal_id=proposal_id, verb=Verb.SUBMIT, at=at, prepare=prepare, finish=finish)


def edit_draft(*, actor: Actor, proposal_id: int, new: NewProposal, at: datetime) -> Proposal:
    """Write a draft anew.

    :raises PermissionDenied: when it is not the actor's.
    :raises Refusal: when it is no draft any more or the texts are wrong.
    """
    with transaction.atomic():
        proposal = locked(actor=actor, proposal_id=proposal_id)
        if proposal.submitted_by_id != actor.user_id and not actor.is_system:
            raise PermissionDenied("Черновик меняет тот, кто его пишет.")
        if proposal.state != State.DRAFT:
            raise Refusal(Problem("Предложение уже отправлено.", mend="Дополните его в обсуждении."))
        today = day_of(at, proposal.municipality)
        if problems := _problems(new, actor, today, today, Source.STAFF):
            raise Refusal(problems)
        before = {"problem": proposal.problem, "solution": proposal.solution}
        _fill(proposal, new)
        proposal.version += 1
        proposal.save()
        proposal.authors.all().delete()
        _credit(proposal, new)
        for picture in new.photos:
            attach(proposal, picture, kind=PhotoKind.PROBLEM, actor=actor, at=at)
        after = {"problem": proposal.problem, "solution": proposal.solution}
        note_act(proposal, actor=actor, act="edit_draft", at=at, before=before, after=after)
    return proposal


def attach(proposal: Proposal, picture: Picture, *, kind: PhotoKind, actor: Actor, at: datetime) -> Photo:
    """Keep a photo that has been encoded anew; the caller has opened the transaction."""
    file, preview = keep(picture, municipality_id=proposal.municipality_id)
    return Photo.objects.create(
        proposal=proposal, kind=kind, file=file, preview=preview, width=picture.width, height=picture.height,
        added_at=at, added_by=actor.name[:200],
    )  # fmt: skip


def _same(known: Proposal, actor: Actor) -> Proposal:
    if known.municipality_id != actor.municipality_id:
        raise Refusal(Problem("Эта форма уже отправлена.", mend="Откройте пустую форму."))
    return known


def _may_send_for(actor: Actor, new: NewProposal, source: Source) -> None:
    if new.organisation.municipality_id != actor.municipality_id:
        raise PermissionDenied("Это организация другого округа.")
    if source in (Source.PAPER, Source.IMPORT):
        require(actor, "proposals.register", new.organisation.pk)
    elif not actor.is_system and (new.author is None or new.author.pk != actor.person_id):
        raise PermissionDenied("От своего имени подают сами; за другого вводит карточку координатор.")


def _problems(new: NewProposal, actor: Actor, day: date, today: date, source: Source) -> list[Problem]:
    is_history = source is Source.IMPORT
    problems = text_problems(problem=new.problem, solution=new.solution, expected=new.expected)
    people = {person.pk: person for person in new.co_authors}
    if new.author is not None and new.author.pk in people:
        problems.append(
            Problem("Автор назван ещё и соавтором.", field="co_authors", mend="Уберите его из соавторов.")
        )
    if len(people) > MOST_AUTHORS:
        problems.append(
            Problem(f"Соавторов больше {MOST_AUTHORS}.", field="co_authors", mend="Назовите главных.")
        )
    everybody = [*people.values(), *([new.author] if new.author else [])]
    if any(person.municipality_id != new.organisation.municipality_id for person in everybody):
        problems.append(
            Problem("Автор из другого округа.", field="co_authors", mend="Выберите из своего округа.")
        )
    if new.unit is not None and new.unit.organisation_id != new.organisation.pk:
        problems.append(
            Problem(
                "Подразделение другой организации.",
                field="unit",
                mend="Выберите подразделение этой организации.",
            )
        )
    if not is_history and not new.organisation.is_on(day):
        problems.append(
            Problem("Организация уже закрыта.", field="organisation", mend="Выберите действующую.")
        )
    if len(new.photos) > MOST_PHOTOS:
        problems.append(
            Problem(f"Снимков больше {MOST_PHOTOS}.", field="photo", mend="Оставьте самые понятные.")
        )
    if day > today:
        problems.append(Problem("Дата подачи ещё не наступила.", field="sent_on", mend="Проверьте дату."))
    if new.author is None and new.co_authors:
        problems.append(
            Problem("У предложения без имени нет соавторов.", field="co_authors", mend="Назовите автора.")
        )
    return problems


def _sent_just_now(new: NewProposal, source: Source, at: datetime, is_draft: bool) -> Proposal | None:
    """Find the same words of the same author: the way back of a browser gives a new key to an old text."""
    if new.author is None or source is Source.PAPER:
        return None
    known = _with_words(
        author_id=new.author.pk, organisation_id=new.organisation.pk, source=source.value, since=at - SAME_WORDS,
        problem=new.problem.strip(), solution=new.solution.strip(), is_draft=is_draft,
    )  # fmt: skip
    return known[0] if known else None


@written
def _with_key(*, sent_key: str) -> "QuerySet[Proposal]":
    return Proposal.objects.filter(sent_key=sent_key)


@written
def _with_words(
    *,
    author_id: int,
    organisation_id: int,
    source: str,
    since: datetime,
    problem: str,
    solution: str,
    is_draft: bool,
) -> "QuerySet[Proposal]":
    known = Proposal.objects.filter(
        author_id=author_id, organisation_id=organisation_id, source=source, created_at__gte=since,
        problem=problem, solution=solution,
    )  # fmt: skip
    known = known.filter(state=State.DRAFT) if is_draft else known.exclude(state=State.DRAFT)
    return known.order_by("-pk")[:1]


def _write(
    actor: Actor, new: NewProposal, at: datetime, day: date, source: Source, sent_key: str, is_draft: bool
) -> Proposal:
    proposal = Proposal(
        municipality_id=new.organisation.municipality_id, state=State.DRAFT, source=source, created_at=at, moved_at=at,
        submitted_by_id=actor.user_id, is_anonymous=new.author is None, sent_key=sent_key or None,
        submitted_on=None if is_draft else day,
    )  # fmt: skip
    _fill(proposal, new)
    if not is_draft:
        proposal.stand(State.SUBMITTED)
        set_promise(proposal, day)
        if _is_registered_at_once(proposal):
            _stand_registered(proposal, day)
        else:
            set_term(proposal, day)
    proposal.save()
    _credit(proposal, new)
    return proposal


def _fill(proposal: Proposal, new: NewProposal) -> None:
    proposal.organisation = new.organisation
    proposal.unit = new.unit
    proposal.problem = new.problem.strip()
    proposal.solution = new.solution.strip()
    proposal.expected = new.expected.strip()
    proposal.title = title_of(proposal.solution)
    proposal.category = new.category
    proposal.is_author_ready = new.is_author_ready
    proposal.needs_money = new.needs_money
    proposal.touches_others = new.touches_others
    proposal.author = new.author
    proposal.likeness = " ".join(keys_of(f"{proposal.problem} {proposal.solution}"))
    proposal.words = normalise(f"{proposal.problem} {proposal.solution} {proposal.expected}")


def _credit(proposal: Proposal, new: NewProposal) -> None:
    people = [*([new.author] if new.author else []), *new.co_authors]
    places: dict[int, int] = {}
    if new.co_authors:
        held = Position.objects.on(day_of(proposal.created_at, proposal.municipality)).filter(
            person__in=new.co_authors
        )
        places = dict(held.order_by("pk").values_list("person_id", "organisation_id"))
    if new.author is not None:
        places[new.author.pk] = new.organisation.pk
    Author.objects.bulk_create(
        Author(
            proposal=proposal, person=person, is_main=person == new.author,
            organisation_id=places.get(person.pk, new.organisation.pk),
        )
        for person in people
    )  # fmt: skip


def _open(proposal: Proposal, actor: Actor, at: datetime, day: date) -> None:
    """Write the history of what has just been sent, and tell about it."""
    source = Source(proposal.source).label if proposal.source != Source.STAFF else ""
    lines = [
        line_of(
            proposal,
            actor=actor,
            verb=Verb.SUBMIT,
            title="Подано",
            at=at,
            target=State.SUBMITTED,
            text=source,
        )
    ]
    shift(proposal, "", proposal.state)
    if proposal.state == State.REGISTERED:
        lines.append(_registered_line(proposal, actor, at))
    ProposalEvent.objects.bulk_create(lines)
    note_act(proposal, actor=actor, act="submit", at=at, after={"state": State.SUBMITTED.title})
    tell_new(proposal, at=at)


def _is_registered_at_once(proposal: Proposal) -> bool:
    """Tell whether no registrar is needed: one types a paper card in, earlier years are registered by definition."""
    return settings_of(proposal)[0].registers_at_once or proposal.source in (Source.PAPER, Source.IMPORT)


def _stand_registered(proposal: Proposal, day: date) -> None:
    proposal.stand(State.REGISTERED)
    enter_number(proposal, day)
    set_term(proposal, day)
    if proposal.answer_by is not None:
        # Registered at once, so the whole promised time is the reader's.
        proposal.term_on = proposal.answer_by


def _register(proposal: Proposal, actor: Actor, at: datetime, day: date) -> None:
    """Register a draft that has just been sent."""
    _stand_registered(proposal, day)
    save_besides_words(proposal)
    shift(proposal, State.SUBMITTED, State.REGISTERED)
    _registered_line(proposal, actor, at).save()


def _registered_line(proposal: Proposal, actor: Actor, at: datetime) -> ProposalEvent:
    return line_of(
        proposal, actor=actor, verb=Verb.REGISTER, title="Зарегистрировано", at=at, source=State.SUBMITTED,
        target=State.REGISTERED, text=f"№ {proposal.number_text}",
    )  # fmt: skip
