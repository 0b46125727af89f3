"""A self-assessment of three thousand organisations: opened, filled, signed and checked by the acts of people, fixed.

    python tests/load/campaign.py [--participants 3000]

Writes docs/benchmarks-campaign.md. The database is SQLite in a temporary folder; the checklist is the shipped one.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parents[2]
DOCUMENT = BASE / "docs" / "benchmarks-campaign.md"
TODAY, AT = date(2026, 11, 20), datetime(2026, 11, 20, 3, tzinfo=UTC)
# What opening the campaign and fixing the rating may take, seconds.
SECONDS = 10
STEPS = ("заполнить лист", "подтвердить строку", "подписать", "проверить строки", "принять")


def main() -> int:
    """Measure and write; the exit code is 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(description="Измерить самооценку многих организаций.")
    parser.add_argument("--participants", type=int, default=3000)
    count = parser.parse_args().participants
    folder = tempfile.mkdtemp(prefix="gemba-campaign-")
    sys.path.insert(0, str(BASE))
    os.environ |= {"GEMBA_VAR": folder, "GEMBA_LOG_LEVEL": "ERROR"}
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    load = os.getloadavg()[0]
    try:
        found = measured(count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = document(found, count, load)
    print(text)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0 if found["open"] < SECONDS and found["fix"] < SECONDS else 1


def measured(count: int) -> dict[str, Any]:
    """Let everything happen; return seconds of the whole acts and milliseconds of those of one person."""
    import django

    django.setup()
    from django.core.management import call_command

    from gemba.scorecards.entering import chosen_with_points
    from gemba.self_assessment import actions
    from gemba.self_assessment.models import Participant, Standing
    from gemba.self_assessment.queries import procedure_of
    from gemba.self_assessment.tests.factories import answers_of, by, edition_of, opened

    call_command("migrate", verbosity=0)
    town = municipality(count)
    edition = edition_of(town)
    found: dict[str, Any] = {}
    campaign = timed(found, "open", lambda: opened(town, edition))
    procedure, actor = procedure_of(campaign), by(town, TODAY)
    spent: dict[str, list[float]] = {step: [] for step in STEPS}
    begun = time.perf_counter()

    def act(step: str, do: Callable[[], Any]) -> None:
        start = time.perf_counter()
        do()
        spent[step].append((time.perf_counter() - start) * 1000)

    for number, pk in enumerate(
        Participant.objects.filter(campaign=campaign).values_list("pk", flat=True).order_by("pk")
    ):
        answers = answers_of(c1=["1", "2", "3"][: number % 4], c5=["1"], c8=[str(number % 5)])
        one: dict[str, Any] = {"actor": actor, "participant_id": pk, "at": AT}
        pairs = list(chosen_with_points(procedure, answers))
        act(
            STEPS[0],
            lambda one=one, answers=answers: actions.keep_answers(
                **one, version=None, answers=answers, comments={}
            ),
        )
        for criterion, row in pairs:
            act(
                STEPS[1],
                lambda one=one, criterion=criterion, row=row: actions.add_proof(
                    **one, criterion=criterion, row=row, title="Приказ № 1", link="", file=None, file_kind=""
                ),
            )
        act(STEPS[2], lambda one=one: actions.sign(**one, version=None))
        verdicts = dict.fromkeys(pairs, ("confirmed", ""))
        act(
            STEPS[3],
            lambda one=one, verdicts=verdicts: actions.check_rows(**one, version=None, verdicts=verdicts),
        )
        act(STEPS[4], lambda one=one: actions.accept(**one, version=None))
    found["filled"] = time.perf_counter() - begun
    found["steps"] = {
        step: (statistics.median(all_), statistics.quantiles(all_, n=20)[-1], len(all_))
        for step, all_ in spent.items()
    }
    timed(found, "fix", lambda: actions.fix(actor=actor, campaign_id=campaign.pk, on=TODAY, at=AT))
    found["places"] = Standing.objects.filter(campaign=campaign, place__isnull=False).count()
    return found


def municipality(count: int) -> Any:
    """Make a municipality whose organisations take part."""
    from gemba.organisation.models import Municipality, Organisation, ParticipationPeriod, Region

    region = Region.objects.create(code="bench", name="Придуманный край")
    town = Municipality.objects.create(
        region=region, code="bench", name="Придуманный округ", time_zone="Asia/Novokuznetsk"
    )
    made = Organisation.objects.bulk_create(
        Organisation(
            municipality=town, kind="institution", code=f"m{n:05}", name=f"Учреждение {n}", name_key=f"учреждение {n:05}",
            short_name=f"Учреждение {n}", starts_on=date(2000, 1, 1),
        )
        for n in range(count)
    )  # fmt: skip
    ParticipationPeriod.objects.bulk_create(
        ParticipationPeriod(organisation=one, starts_on=date(2000, 1, 1)) for one in made
    )
    return town


def timed(found: dict[str, Any], name: str, do: Callable[[], Any]) -> Any:
    """Do it and keep how many seconds it took."""
    start = time.perf_counter()
    made = do()
    found[name] = time.perf_counter() - start
    return made


def document(found: dict[str, Any], count: int, load: float) -> str:
    """Write the page of figures."""

    def shown(value: float) -> str:
        return f"{value:.1f}".replace(".", ",")

    rows = "\n".join(
        f"| {step} | {shown(p50)} | {shown(p95)} | {times} |"
        for step, (p50, p95, times) in found["steps"].items()
    )
    return f"""# Самооценка {count} организаций

Измерено командой `python tests/load/campaign.py` {datetime.now(UTC):%d.%m.%Y}: SQLite, одно соединение, чек-лист из поставки.
Нагрузка компьютера перед измерением {shown(load)}.

| что | обещано | время, с |
|---|---:|---:|
| Открыть и пригласить всех | {SECONDS} | {shown(found["open"])} |
| Зафиксировать рейтинг, мест {found["places"]} | {SECONDS} | {shown(found["fix"])} |
| Заполнить, подтвердить, подписать и проверить все листы действиями людей, одно за другим | — | {shown(found["filled"])} |

| действие одного человека | p50, мс | p95, мс | раз |
|---|---:|---:|---:|
{rows}
"""


if __name__ == "__main__":
    sys.exit(main())
