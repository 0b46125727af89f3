"""Effects and introduction elsewhere."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, may, require
from gemba.organisation.models import Organisation, Person, Unit
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.proposals import access
from gemba.proposals.actions.base import author_ids, day_of, happened, locked, note_act
from gemba.proposals.actions.office import method_of
from gemba.proposals.actions.tell import ASSIGNMENT, tell, tell_authors
from gemba.proposals.models import Effect, EffectKind, Proposal, Replication, ReplicationState
from gemba.proposals.rules.effects import hours_a_year, worth
from gemba.proposals.rules.states import IMPLEMENTED, PUBLIC, Party, State

_LARGEST = Decimal(1_000_000_000)
# Who in the target moves an introduction from where to where (domain, 4.22).
STEPS: dict[str, tuple[str, ...]] = {
    ReplicationState.RECOMMENDED: (ReplicationState.AGREED, ReplicationState.DECLINED),
    ReplicationState.AGREED: (
        ReplicationState.IN_PROGRESS,
        ReplicationState.INTRODUCED,
        ReplicationState.DECLINED,
    ),
    ReplicationState.IN_PROGRESS: (ReplicationState.INTRODUCED, ReplicationState.DECLINED),
    ReplicationState.INTRODUCED: (ReplicationState.CONFIRMED, ReplicationState.IN_PROGRESS),
    ReplicationState.CONFIRMED: (),
    ReplicationState.DECLINED: (ReplicationState.RECOMMENDED,),
}


def add_effect(
    *,
    actor: Actor,
    proposal_id: int,
    at: datetime,
    kind: EffectKind,
    minutes: Decimal | None = None,
    times: Decimal | None = None,
    frequency: str = "",
    people: int | None = None,
    money: Decimal | None = None,
    text: str = "",
) -> Effect:
    """Write down an effect by the version of the method that holds now; later rates never change it.

    :raises PermissionDenied: when the actor is neither responsible, nor an author, nor keeps the organisation.
    :raises Refusal: when the proposal is not being introduced, or a part of the effect is missing.
    """
    with transaction.atomic():
        proposal = locked(actor=actor, proposal_id=proposal_id)
        found = access.parties(actor, proposal, author_ids(proposal))
        if not found & {Party.RESPONSIBLE, Party.AUTHOR, Party.REGISTRAR, Party.HEAD, Party.OVERSEER}:
            raise PermissionDenied("Эффект вносят автор, ответственный и координатор.")
        if proposal.state not in IMPLEMENTED | {State.IN_PROGRESS}:
            raise Refusal(
                Problem("Эффект считают, когда предложение внедряется.", mend="Сначала начните внедрение.")
            )
        if problems := _effect_problems(kind, minutes, times, frequency, people, money, text):
            raise Refusal(problems)
        method = method_of(municipality_id=proposal.municipality_id, at=at)
        hours, sum_ = Decimal(0), Decimal(0)
        if kind == EffectKind.TIME:
            assert minutes is not None and times is not None and people is not None
            hours = hours_a_year(
                minutes=minutes, times=times, frequency=frequency, people=people,
                work_days_a_year=method.work_days_a_year,
            )  # fmt: skip
            sum_ = worth(hours=hours, hour_rate=method.hour_rate)
        elif kind == EffectKind.MONEY:
            sum_ = money or Decimal(0)
        is_time = kind == EffectKind.TIME
        effect = Effect.objects.create(
            proposal=proposal, kind=kind, method=method, minutes=minutes if is_time else None,
            times=times if is_time else None, frequency=frequency if is_time else "",
            people=people if is_time else None,
            hours_a_year=hours, money_a_year=sum_, text=text.strip(), added_by=actor.name[:200],
            added_by_person_id=actor.person_id, added_at=at,
        )  # fmt: skip
        _sum_up(proposal)
        happened(
            proposal,
            actor=actor,
            verb="effect",
            title=f"Внесён эффект: {effect.get_kind_display().lower()}",
            at=at,
        )
        note_act(
            proposal,
            actor=actor,
            act="effect",
            at=at,
            after={"hours_a_year": hours, "money_a_year": sum_, "text": text},
        )
    return effect


def _effect_problems(
    kind: str,
    minutes: Decimal | None,
    times: Decimal | None,
    frequency: str,
    people: int | None,
    money: Decimal | None,
    text: str,
) -> list[Problem]:
    problems = []
    if kind == EffectKind.TIME:
        for value, field, name in (
            (minutes, "minutes", "сколько минут"), (times, "times", "сколько раз"),
            (people, "people", "сколько человек"),
        ):  # fmt: skip
            if not value or value < 0:
                problems.append(
                    Problem(f"Не указано, {name} экономится.", field=field, mend="Введите число больше нуля.")
                )
        if not frequency:
            problems.append(Problem("Не указано, как часто.", field="frequency", mend="Выберите из списка."))
        if minutes and times and people and minutes * times * people > 60 * 24 * 20_000:
            problems.append(
                Problem("Экономия больше суток на человека.", field="minutes", mend="Проверьте числа.")
            )
    elif kind == EffectKind.MONEY:
        if not money or money < 0:
            problems.append(Problem("Не указана сумма в год.", field="money", mend="Введите рубли за год."))
        elif money > _LARGEST:
            problems.append(
                Problem("Сумма не похожа на правду.", field="money", mend="Проверьте число нулей.")
            )
    elif not text.strip():
        problems.append(Problem("Не написано, что стало лучше.", field="text", mend="Напишите одной фразой."))
    return problems


def _sum_up(proposal: Proposal) -> None:
    sums = Effect.objects.filter(proposal=proposal).aggregate(
        hours=Sum("hours_a_year"), money=Sum("money_a_year")
    )
    proposal.hours_a_year = sums["hours"] or 0
    proposal.money_a_year = sums["money"] or 0
    proposal.save(update_fields=["hours_a_year", "money_a_year"])


def verify_effect(*, actor: Actor, proposal_id: int, effect_id: int, at: datetime) -> Effect:
    """Confirm that an effect is true; never by the one who entered it.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when there is no such effect, it is confirmed, or the actor entered it.
    """
    with transaction.atomic():
        proposal = locked(actor=actor, proposal_id=proposal_id)
        require(actor, "proposals.oversee", proposal.organisation_id)
        effect = Effect.objects.select_for_update().filter(proposal=proposal, pk=effect_id).first()
        if effect is None or effect.is_verified:
            raise Refusal(Problem("Этот эффект уже проверен или убран.", mend="Обновите страницу."))
        if actor.person_id is not None and effect.added_by_person_id == actor.person_id:
            raise Refusal(Problem("Вы сами внесли этот эффект.", mend="Проверяет другой человек."))
        effect.is_verified = True
        effect.verified_by = actor.name[:200]
        effect.verified_on = day_of(at, proposal.municipality)
        effect.save()
        happened(proposal, actor=actor, verb="effect_verify", title="Эффект проверен", at=at)
        note_act(
            proposal, actor=actor, act="effect_verify", at=at, after={"hours_a_year": effect.hours_a_year}
        )
    return effect


def replicate(
    *,
    actor: Actor,
    proposal_id: int,
    organisation: Organisation,
    at: datetime,
    unit: Unit | None = None,
    adaptation: str = "",
) -> Replication:
    """Suggest the same improvement to another place.

    :raises PermissionDenied: when the actor may not.
    :raises Refusal: when the place is the proposal's own, beyond the municipality, or has it already.
    """
    require(actor, "proposals.replicate")
    with transaction.atomic():
        proposal = locked(actor=actor, proposal_id=proposal_id)
        problems = []
        if proposal.state not in PUBLIC:
            problems.append(
                Problem("Предлагать другим можно принятое или внедрённое.", mend="Дождитесь решения.")
            )
        if organisation.municipality_id != proposal.municipality_id:
            problems.append(
                Problem("Это организация другого округа.", field="organisation", mend="Выберите из своего.")
            )
        if organisation.pk == proposal.organisation_id and (unit is None or unit.pk == proposal.unit_id):
            problems.append(
                Problem(
                    "Здесь предложение и подано.", field="organisation", mend="Выберите другую организацию."
                )
            )
        if unit is not None and unit.organisation_id != organisation.pk:
            problems.append(
                Problem("Подразделение другой организации.", field="unit", mend="Выберите её подразделение.")
            )
        if Replication.objects.filter(proposal=proposal, organisation=organisation, unit=unit).exists():
            problems.append(
                Problem("Сюда его уже предложили.", field="organisation", mend="Выберите другое место.")
            )
        if problems:
            raise Refusal(problems)
        try:
            with transaction.atomic():
                row = Replication.objects.create(
                    proposal=proposal, municipality_id=proposal.municipality_id, organisation=organisation, unit=unit,
                    adaptation=adaptation.strip(), suggested_on=day_of(at, proposal.municipality),
                    suggested_by=actor.name[:200], suggested_by_user_id=actor.user_id,
                )  # fmt: skip
        except IntegrityError as error:
            raise Refusal(Problem("Сюда его только что предложили.", mend="Обновите страницу.")) from error
        happened(proposal, actor=actor, verb="replicate", title=f"Предложено и для: {organisation}", at=at)
        note_act(proposal, actor=actor, act="replicate", at=at, after={"organisation": str(organisation)})
        heads = holders(
            municipality_id=proposal.municipality_id,
            role=Role.UNIT_HEAD,
            day=day_of(at, proposal.municipality),
            organisation_id=organisation.pk,
        )
        tell(title="Пригодится и вам", proposal=proposal, at=at, users=heads, kind="request", besides=actor)
    return row


def may_move(actor: Actor, row: Replication) -> bool:
    """Tell whether the actor moves this introduction on: the target's own people, or the monitor."""
    return may(actor, "proposals.replicate", row.organisation_id)


def move_replication(
    *,
    actor: Actor,
    replication_id: int,
    state: ReplicationState,
    at: datetime,
    version: int,
    introduced_on: date | None = None,
    responsible: Person | None = None,
    reason: str = "",
) -> Replication:
    """Move an introduction on in its target.

    :raises PermissionDenied: when the target is not the actor's.
    :raises Refusal: when the step is not possible, the day is wrong, or a refusal gives no reason.
    """
    with transaction.atomic():
        row = (
            Replication.objects.select_for_update(of=("self",))
            .select_related("proposal__municipality", "organisation")
            .filter(pk=replication_id, municipality_id=actor.municipality_id or 0)
            .first()
        )
        if row is None:
            raise Refusal(Problem("Этой записи больше нет.", mend="Вернитесь к предложению."))
        if not may_move(actor, row):
            raise PermissionDenied("Внедрение у себя ведёт сама организация.")
        today = day_of(at, row.proposal.municipality)
        problems = []
        if row.version != version:
            problems.append(Problem("Запись изменил другой пользователь.", mend="Обновите страницу."))
        if state not in STEPS[row.state]:
            problems.append(
                Problem(
                    f"Из состояния «{row.get_state_display()}» так нельзя.",
                    field="state",
                    mend="Выберите другой шаг.",
                )
            )
        if state == ReplicationState.DECLINED and not reason.strip():
            problems.append(Problem("Не указана причина отказа.", field="reason", mend="Напишите её."))
        if state == ReplicationState.INTRODUCED:
            day = introduced_on or today
            if day > today or day < row.suggested_on:
                problems.append(
                    Problem(
                        f"День внедрения — от {format_date(row.suggested_on)} до сегодня.",
                        field="introduced_on",
                    )
                )
            row.introduced_on = day
        if problems:
            raise Refusal(problems)
        before = {"state": row.get_state_display()}
        row.state = state
        row.reason = reason.strip()
        row.responsible = responsible or row.responsible
        row.version += 1
        row.save()
        title = f"{row.organisation}: {row.get_state_display().lower()}"
        happened(row.proposal, actor=actor, verb="replication", title=title[:200], at=at, text=reason.strip())
        note_act(
            row.proposal,
            actor=actor,
            act="replication",
            at=at,
            before=before,
            after={"state": row.get_state_display()},
        )
        tell_authors(row.proposal, title=title, at=at, kind="news", besides=actor)
        if responsible is not None:
            tell(title="Вам поручено внедрить", proposal=row.proposal, at=at, people=[responsible.pk], kind=ASSIGNMENT,
                 besides=actor)  # fmt: skip
    return row
