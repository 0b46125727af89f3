"""`gemba demo` and `gemba fill`: invented municipalities to look at and to measure."""

import argparse
import sys
import time
from typing import Any

SEED = 2026


def add_parser(words: Any) -> None:
    """Add the words."""
    demo = words.add_parser("demo", help="создать четыре муниципалитета с придуманными людьми и работой")
    demo.add_argument(
        "--seed", type=int, default=SEED, help=f"число, от которого зависит всё придуманное ({SEED})"
    )
    demo.add_argument(
        "--fresh",
        action="store_true",
        help="удалить прежнюю демонстрацию и создать заново; настоящие данные не тронет",
    )
    demo.set_defaults(run=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    """Make the demo, or say that it is there."""
    from django.conf import settings
    from django.utils import timezone

    from gemba.cli.running import unapplied
    from gemba.demo.actions.demo import make_demo
    from gemba.kernel.problems import Refusal

    if unapplied():
        sys.exit("База данных не готова. Выполните: gemba migrate")
    started = time.perf_counter()

    def progress(text: str) -> None:
        print(f"  {time.perf_counter() - started:5.1f} с  {text}", flush=True)

    try:
        made = make_demo(
            regulations=settings.REGULATIONS,
            seed=arguments.seed,
            today=timezone.localdate(),
            progress=progress,
        )
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if not made:
        print("Демонстрация уже есть, ничего не изменено. Заново: gemba demo --fresh")
        return 0
    print(f"Готово за {time.perf_counter() - started:.0f} с: {', '.join(made)}.")
    return 0
