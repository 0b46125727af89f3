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

    fill = words.add_parser("fill", help="создать придуманный край любого размера, чтобы измерять скорость")
    fill.add_argument("--municipalities", type=positive, default=34, help="сколько муниципалитетов (34)")
    fill.add_argument(
        "--scale", type=positive, default=1, help="во сколько раз больше обычного: 1, 10, 100 (1)"
    )
    fill.add_argument(
        "--proposals", type=positive, default=0, help="сколько предложений всего (1000 × scale)"
    )
    fill.add_argument("--projects", type=positive, default=0, help="сколько проектов всего (100 × scale)")
    fill.add_argument(
        "--seed", type=int, default=SEED, help=f"число, от которого зависит всё придуманное ({SEED})"
    )
    fill.set_defaults(run=run_fill)


def positive(text: str) -> int:
    """Read a number above zero.

    :raises ArgumentTypeError: when it is not one.
    """
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"«{text}» не подходит: введите целое число больше нуля")
    return int(text)


def run_demo(arguments: argparse.Namespace) -> int:
    """Make the demo, or say that it is there."""
    from django.conf import settings
    from django.utils import timezone

    from gemba.cli.running import unapplied
    from gemba.demo.actions.demo import clear_demo, make_demo
    from gemba.kernel.problems import Refusal

    if unapplied():
        sys.exit("База данных не готова. Выполните: gemba migrate")
    started = time.perf_counter()

    def progress(text: str) -> None:
        print(f"  {time.perf_counter() - started:5.1f} с  {text}", flush=True)

    try:
        if arguments.fresh:
            clear_demo()
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


def run_fill(arguments: argparse.Namespace) -> int:
    """Fill the database with an invented region; what is there already stays."""
    from django.utils import timezone

    from gemba.cli.running import unapplied
    from gemba.demo.actions.region import fill_region
    from gemba.kernel.problems import Refusal

    if unapplied():
        sys.exit("База данных не готова. Выполните: gemba migrate")
    started = time.perf_counter()

    def progress(text: str) -> None:
        print(f"  {time.perf_counter() - started:6.1f} с  {text}", flush=True)

    try:
        written = fill_region(
            municipalities=arguments.municipalities, scale=arguments.scale, seed=arguments.seed,
            proposals=arguments.proposals or 1000 * arguments.scale, projects=arguments.projects or 100 * arguments.scale, today=timezone.localdate(), progress=progress,
        )  # fmt: skip
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nПрервано. Записанные муниципалитеты целы, недописанный не остался.\n"
            "Продолжить: та же команда. Начать заново: gemba demo --fresh или другая папка GEMBA_VAR.",
            file=sys.stderr,
        )
        return 130
    if not written:
        print("Такой край уже записан, ничего не изменено.")
        return 0
    print(f"Готово за {time.perf_counter() - started:.0f} с: записано муниципалитетов {written}.")
    return 0
