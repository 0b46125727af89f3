"""Acts on the plan itself: facts by hand, quotas and exemptions, links of executors, readings of rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Municipality, Organisation
from gemba.plan import metrics
from gemba.plan.models import Allowance, ExecutorLink, ManualFact, RowSetting
from gemba.regulations.pack.plan import ByDate, ByDayOfYear, PlanRow

MOST = Decimal(1_000_000)


def enter_fact(
    *,
    actor: Actor,
    municipality: Municipality,
    row: PlanRow,
    quarter: Quarter,
    organisation: Organisation | None,
    value: Decimal | None,
    on: date | None,
    evidence: str,
    link: str,
    at: datetime,
    version: int | None = None,
) -> ManualFact:
    """Enter the value of a row that nothing feeds, from 1 January to the end of the quarter.

    :raises Refusal: when the value or its evidence is missing, or somebody has entered another one meanwhile.
    """
    if organisation is None:
        require(actor, "plan.enter_whole")
    else:
        require(actor, "plan.enter", organisation.pk)
        require_own(actor, organisation)
    problems = _fact_problems(row, quarter, value, on, evidence, actor.today)
    if metrics.is_fed(row.indicator):
        problems.append(
            Problem(
                "Эту строку наполняют записи: внести число нельзя.",
                mend="Добавьте запись в журнал или проверьте их список.",
            )
        )  # fmt: skip
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        # The row of the municipality is locked, so that two first values do not cross.
        Municipality.objects.select_for_update().get(pk=municipality.pk)
        kept = ManualFact.objects.filter(
            municipality=municipality,
            organisation=organisation,
            row=row.code,
            indicator=row.indicator,
            year=quarter.year,
            quarter=quarter.number,
        ).first()
        was = _said(kept) if kept else {}
        if version is not None and (kept.version if kept else 0) != version:
            shown = was.get("fact_value") or was.get("fact_day")
            raise Refusal(
                Problem(
                    f"Пока вы заполняли форму, {kept.entered_by if kept else 'другой пользователь'} изменил значение:"
                    f" сейчас там {shown}.",
                    mend="Проверьте и сохраните ещё раз, если ваше значение верное.",
                )
            )
        kept = kept or ManualFact(
            municipality=municipality,
            organisation=organisation,
            row=row.code,
            indicator=row.indicator,
            year=quarter.year,
            quarter=quarter.number,
            version=0,
        )
        kept.value, kept.on = value, on
        kept.evidence, kept.link = evidence.strip(), link.strip()
        kept.entered_by, kept.entered_at = actor.name, at
        kept.version += 1
        kept.save()
        record(
            act="plan.enter_fact",
            actor=actor,
            subject=kept,
            title=f"Строка {row.number}, {quarter.label}: {organisation or 'весь округ'}",
            municipality_id=municipality.pk,
            at=at,
            before=was,
            after=_said(kept),
        )
    return kept


def _said(fact: ManualFact) -> dict[str, object]:
    return {
        "fact_value": format_number(fact.value) if fact.value is not None else None,
        "fact_day": format_date(fact.on) if fact.on else None,
        "fact_evidence": fact.evidence,
        "fact_link": fact.link,
    }


def _fact_problems(
    row: PlanRow, quarter: Quarter, value: Decimal | None, on: date | None, evidence: str, today: date
) -> list[Problem]:
    problems = []
    is_date = isinstance(row.targets.get(quarter.year), ByDate | ByDayOfYear)
    if is_date and on is None:
        problems.append(Problem("Не указана дата.", field="on", mend="Введите день, когда сделано."))
    if not is_date and value is None:
        problems.append(
            Problem("Не указано значение.", field="value", mend="Введите число; ноль — тоже значение.")
        )
    if value is not None and not 0 <= value <= MOST:
        problems.append(Problem("Значение не похоже на правду.", field="value", mend="Проверьте число."))
    if value is not None and (row.unit or "").startswith(("%", "процент")) and value > 100:
        problems.append(Problem("Доля больше 100 %.", field="value", mend="Проверьте число."))
    if on is not None and on > today:
        problems.append(
            Problem("Этот день ещё не наступил.", field="on", mend="Введите день, когда сделано.")
        )
    if quarter.first > today:
        problems.append(Problem(f"{quarter.label} ещё не начался.", mend="Выберите другой квартал."))
    if not evidence.strip():
        problems.append(
            Problem(
                "Нет подтверждения.",
                field="evidence",
                mend="Назовите документ: вид, дата, номер или где он лежит.",
            )
        )
    return problems


def allow(
    *,
    actor: Actor,
    organisation: Organisation,
    row: PlanRow,
    year: int,
    value: int | None,
    reason: str,
    at: datetime,
) -> Allowance:
    """Give a unit its quota, or exempt it from a row for a year.

    :raises Refusal: when the reason is missing.
    """
    require(actor, "plan.set_up")
    require_own(actor, organisation)
    if not reason.strip():
        raise Refusal(Problem("Не названа причина.", field="reason", mend="Напишите, почему цель другая."))
    with transaction.atomic():
        kept, _ = Allowance.objects.update_or_create(
            municipality_id=organisation.municipality_id,
            organisation=organisation,
            row=row.code,
            indicator=row.indicator,
            year=year,
            defaults={"value": value, "reason": reason.strip(), "given_by": actor.name, "given_at": at},
        )
        record(
            act="plan.allow",
            actor=actor,
            subject=kept,
            title=f"Строка {row.number}, {year} год: {organisation}",
            municipality_id=organisation.municipality_id,
            at=at,
            after={"row_quota": "освобождён" if value is None else value},
            reason=reason.strip(),
        )
    return kept


def withdraw_allowance(*, actor: Actor, allowance: Allowance, at: datetime) -> None:
    """Let the unit have the target of the plan again."""
    require(actor, "plan.set_up")
    require_own(actor, allowance)
    with transaction.atomic():
        record(
            act="plan.withdraw_allowance",
            actor=actor,
            subject=allowance,
            title=f"Строка {allowance.row}, {allowance.year} год: {allowance.organisation}",
            municipality_id=allowance.municipality_id,
            at=at,
            before={"row_quota": "освобождён" if allowance.value is None else allowance.value},
        )
        allowance.delete()


def link_executor(
    *,
    actor: Actor,
    municipality: Municipality,
    executor: str,
    organisation: Organisation,
    at: datetime,
) -> ExecutorLink:
    """Say which organisation of the register an executor of the act is."""
    require(actor, "plan.set_up")
    require_own(actor, organisation)
    with transaction.atomic():
        kept, _ = ExecutorLink.objects.update_or_create(
            municipality=municipality,
            executor=executor,
            defaults={"organisation": organisation, "linked_by": actor.name, "linked_at": at},
        )
        record(
            act="plan.link_executor",
            actor=actor,
            subject=kept,
            title=f"Исполнитель плана: {organisation}",
            municipality_id=municipality.pk,
            at=at,
            after={"row_executor": executor, "organisation": str(organisation)},
        )
    return kept


def read_row(
    *,
    actor: Actor,
    municipality: Municipality,
    row: PlanRow,
    counts: str,
    scope: str,
    reason: str,
    at: datetime,
) -> RowSetting:
    """Read a row otherwise than the file does: what it counts, and for whom the target is.

    :raises Refusal: when the reason is missing or the indicator unknown.
    """
    require(actor, "plan.set_up")
    problems = []
    if not reason.strip():
        problems.append(
            Problem("Не названа причина.", field="reason", mend="Напишите, кто и как решил так читать.")
        )
    if counts != row.indicator and metrics.find(counts) is None:
        problems.append(Problem("Такого показателя нет.", field="counts", mend="Выберите из списка."))
    if scope not in ("per_unit", "municipality", "both"):
        problems.append(Problem("Не выбрано, для кого цель.", field="scope", mend="Выберите из списка."))
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        kept = RowSetting.objects.filter(
            municipality=municipality, row=row.code, indicator=row.indicator
        ).first() or RowSetting(municipality=municipality, row=row.code, indicator=row.indicator, version=0)
        was = {"row_counts": kept.counts, "row_scope": kept.scope} if kept.pk else {}
        kept.counts, kept.scope, kept.reason = counts, scope, reason.strip()
        kept.set_by, kept.set_at = actor.name, at
        kept.version += 1
        kept.save()
        record(
            act="plan.read_row",
            actor=actor,
            subject=kept,
            title=f"Чтение строки {row.number}",
            municipality_id=municipality.pk,
            at=at,
            before=was,
            after={"row_counts": counts, "row_scope": scope},
            reason=reason.strip(),
        )
    return kept


def read_row_as_filed(*, actor: Actor, setting: RowSetting, at: datetime) -> None:
    """Read the row again as the file does."""
    require(actor, "plan.set_up")
    require_own(actor, setting)
    with transaction.atomic():
        record(
            act="plan.read_row_as_filed",
            actor=actor,
            subject=setting,
            title=f"Чтение строки {setting.row}: как в положении",
            municipality_id=setting.municipality_id,
            at=at,
            before={"row_counts": setting.counts, "row_scope": setting.scope},
        )
        setting.delete()
