"""`make bench`: fill databases of 1×, 10× and 100× the data, measure the main pages, write docs/benchmarks.md.

    python tests/load/bench.py [--scales 1,10,100] [--databases sqlite,postgresql] [--proposals N] [--data FOLDER]

Everything it starts it ends by its number; everything it writes, but the document, is in a temporary folder unless
`--data` names one to keep (a filled database is used again).
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parents[2]
DOCUMENT = BASE / "docs" / "benchmarks.md"
# Slowing down by more than this from the smallest to the largest data is a page that slows down as data grow.
GROWTH = 1.6
TITLES = {"sqlite": "SQLite (встроенная база)", "postgresql": "PostgreSQL"}

sys.path.insert(0, str(BASE))
from tests.postgresql import Cluster, binaries  # noqa: E402


def main() -> int:
    """Measure and write; the exit code is 1 when a page misses its target on the largest data."""
    options = read_options()
    folder = Path(options.data) if options.data else Path(tempfile.mkdtemp(prefix="gemba-bench-"))
    load_before = os.getloadavg()[0]
    found: dict[str, dict[str, Any]] = {}
    try:
        for database in options.databases.split(","):
            if database == "postgresql" and not has_postgresql():
                print("PostgreSQL не найден: измеряем только встроенную базу.", file=sys.stderr)
                continue
            found[database] = {}
            for scale in options.scales.split(","):
                print(f"== {TITLES[database]}, {scale}×", file=sys.stderr, flush=True)
                found[database][scale] = measured(database, scale, folder, options.proposals)
                # After each step: an interrupted measurement leaves what it has found.
                DOCUMENT.write_text(document(found, load_before), encoding="utf-8")
    finally:
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)
    text = document(found, load_before)
    print(text)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 1 if any(late(found)) else 0


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Измерить главные страницы.")
    parser.add_argument("--scales", default="1,10,100")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument(
        "--proposals", type=int, default=0, help="сколько предложений в последнем, самом большом крае"
    )
    parser.add_argument("--data", default="", help="папка, в которой заполненные базы остаются")
    return parser.parse_args()


def has_postgresql() -> bool:
    """Tell whether a server can be started here."""
    try:
        binaries()
    except SystemExit:
        return False
    return True


def measured(database: str, scale: str, folder: Path, proposals: int) -> dict[str, Any]:
    """Fill one database and measure its pages."""
    var = folder / f"{database}-{scale}"
    var.mkdir(parents=True, exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "GEMBA_VAR": str(var), "GEMBA_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(BASE),
    }  # fmt: skip
    fill = ["fill", "--scale", scale] + (["--proposals", str(proposals)] if proposals else [])
    cluster = Cluster() if database == "postgresql" else None
    try:
        if cluster:
            cluster.start()
            environment["DATABASE_URL"] = cluster.url
        gemba(environment, "migrate")
        gemba(environment, *fill)
        if cluster:
            # The throw-away server does not tidy up by itself.
            subprocess.run(
                [str(cluster.bin / "psql"), cluster.url, "-qc", "VACUUM ANALYZE"], check=True, env=environment
            )
        done = subprocess.run(
            [sys.executable, str(BASE / "tests" / "load" / "measure.py")], cwd=BASE, env=environment,
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        result: dict[str, Any] = json.loads(done.stdout)
        return result
    finally:
        if cluster:
            cluster.stop()


def gemba(environment: dict[str, str], *words: str) -> None:
    """Run the command of the product."""
    subprocess.run(
        [sys.executable, "-m", "gemba.cli.main", *words],
        cwd=BASE,
        env=environment,
        stdout=sys.stderr,
        check=True,
    )


def late(found: dict[str, dict[str, Any]]) -> list[str]:
    """Name the pages whose median misses the target on the largest data."""
    names = []
    for database, scales in found.items():
        largest = list(scales)[-1]
        for page in scales[largest]["pages"]:
            if page["p50"] > page["target_ms"]:
                names.append(f"{TITLES[database]}, {largest}×: {page['name']}")
    return names


def document(found: dict[str, dict[str, Any]], load_before: float) -> str:
    """Write the table of everything."""
    lines = [
        "# Скорость страниц",
        "",
        "Измерено командой `make bench`. Край придуман командой `gemba fill`; измеряется самый большой муниципалитет края.",
        "Запросы идут по одному настоящему соединению к запущенному серверу (`gemba serve`, встроенные настройки). Время — от",
        "отправки запроса до последнего байта ответа; «процессор» — сколько работал процессор внутри одного запроса, соседи по",
        "компьютеру на это число почти не влияют; SQL — сколько вопросов к базе задаёт страница.",
        "",
        *machine(load_before),
        "",
    ]
    for database, scales in found.items():
        lines += table(database, scales)
    missed = late(found)
    lines += ["## Что не уложилось", ""]
    lines += [f"* {name}" for name in missed] if missed else ["Все страницы уложились в срок."]
    slower = growing(found)
    lines += ["", "## Что замедляется с ростом данных", ""]
    lines += (
        [f"* {name}" for name in slower] if slower else ["Ничего: время и число вопросов к базе не растут."]
    )
    return "\n".join(lines) + "\n"


def table(database: str, scales: dict[str, Any]) -> list[str]:
    """Write the pages of one kind of database, the scales side by side."""
    lines = [
        f"## {TITLES[database]}",
        "",
        "| край | " + " | ".join(next(iter(scales.values()))["rows"]) + " |",
    ]
    lines.append("|---|" + "---:|" * len(next(iter(scales.values()))["rows"]))
    for scale, result in scales.items():
        lines.append(
            f"| {scale}× | "
            + " | ".join(f"{count:,}".replace(",", " ") for count in result["rows"].values())
            + " |"
        )
    several = list(scales)
    lines += ["", "| страница | цель, мс | " + " | ".join(
        f"{scale}×: p50 | p95 | в секунду | процессор | SQL" for scale in several) + " | |"]  # fmt: skip
    lines.append("|---|---:|" + "---:|" * (5 * len(several)) + "---|")
    pages = {
        scale: {(page["module"], page["name"]): page for page in scales[scale]["pages"]} for scale in several
    }
    for key, last in pages[several[-1]].items():
        cells = []
        for scale in several:
            page = pages[scale].get(key)
            cells += (
                [
                    number(page["p50"]),
                    number(page["p95"]),
                    f"{page['per_second']:.0f}",
                    number(page["cpu"]),
                    str(page["sql"]),
                ]
                if page
                else ["—"] * 5
            )
        is_right = last["p50"] <= last["target_ms"]
        lines.append(
            f"| {key[1]} | {last['target_ms']:g} | "
            + " | ".join(cells)
            + f" | {'да' if is_right else '**нет**'} |"
        )
    return [*lines, ""]


def growing(found: dict[str, dict[str, Any]]) -> list[str]:
    """Name the pages that need more work or more statements on the largest data than on the smallest."""
    names = []
    for database, scales in found.items():
        if len(scales) < 2:
            continue
        first, last = list(scales)[0], list(scales)[-1]
        before = {(page["module"], page["name"]): page for page in scales[first]["pages"]}
        for page in scales[last]["pages"]:
            old = before.get((page["module"], page["name"]))
            if old is None or "Выгрузка" in page["name"]:
                continue
            if page["cpu"] > GROWTH * old["cpu"] + 2 or page["sql"] > old["sql"]:
                names.append(
                    f"{TITLES[database]}: {page['name']} — процессор {number(old['cpu'])} → {number(page['cpu'])} мс, "
                    f"SQL {old['sql']} → {page['sql']}"
                )
    return names


def number(value: float) -> str:
    """Write milliseconds."""
    return f"{value:.1f}".replace(".", ",") if value < 100 else f"{value:.0f}"


def machine(load_before: float) -> list[str]:
    """Say on what it was measured, without names and paths."""
    model = ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next(
            (
                line.partition(":")[2].strip()
                for line in info.read_text().splitlines()
                if "model name" in line
            ),
            "",
        )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    lines = [
        f"* {datetime.now(UTC):%d.%m.%Y}, ядер {cores}{f' ({model})' if model else ''}, памяти {memory:.0f} ГБ, "
        f"{platform.system()}, Python {platform.python_version()}",
    ]
    if load_before > 0.7 * (cores or 1):
        lines.append(
            f"* Компьютер был занят другой работой (нагрузка {load_before:.1f} на {cores} ядра): время завышено, смотрите на «процессор»."
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
