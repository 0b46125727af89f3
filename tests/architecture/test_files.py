"""Files say what they are, stay short, and name no machine."""

import ast
import re

import pytest

from tests.architecture.sources import BASE, MODULES, Source, product, sources, tracked

# ARCHITECTURE.md says about 400; here the discussion ends.
LONGEST = 450
# A longer file, with the reason why it is one question all the same.
MAY_BE_LONG: dict[str, str] = {
    "gemba/regulations/reading.py": "one short function for each section of an act, in the order of the act",
}
NO_NAMES = {"utils", "helpers", "common", "services", "core", "managers", "misc"}
BINARY = {
    ".woff2", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".ico", ".xlsx", ".docx", ".pdf", ".gz", ".br", ".ttf",
    ".otf", ".mo", ".sqlite3", ".zip",
}  # fmt: skip
# Written in pieces, so that this file itself obeys.
MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w./-])/wor" + r"k/",
            r"(?<![\w.-])/ro" + r"ot/",
            r"(?<![\w./-])/ho" + r"me/",
            r"/opt/py" + r"pi",
            r"py" + r"pi\.org",
            r"pythonhosted" + r"\.org",
            r"registry" + r"\.npmjs",
        ]
    )
)


@pytest.mark.parametrize("source", product(), ids=lambda source: source.name)
def test_a_file_stays_readable(source: Source) -> None:
    lines = source.text.count("\n")
    if lines > LONGEST:
        assert source.name in MAY_BE_LONG, f"{lines} lines: divide it, or give the reason in MAY_BE_LONG"


def test_the_list_of_long_files_is_true() -> None:
    long = {source.name for source in sources() if source.text.count("\n") > LONGEST}
    assert set(MAY_BE_LONG) <= long


@pytest.mark.parametrize("source", product(), ids=lambda source: source.name)
def test_a_file_says_what_it_is(source: Source) -> None:
    if source.part == "apps" or not source.text.strip():
        return
    assert ast.get_docstring(source.tree), "a file begins with a docstring: what question does it answer?"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is(module: str) -> None:
    [init] = [source for source in sources() if source.name == f"gemba/{module}/__init__.py"]
    assert ast.get_docstring(init.tree)


def test_a_name_orders_something() -> None:
    found = [
        path.relative_to(BASE).as_posix()
        for path in tracked()
        if path.suffix == ".py" and {*path.relative_to(BASE).parts[:-1], path.stem} & NO_NAMES
    ]
    assert found == []


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for path in tracked():
        if path.suffix in BINARY or path.name.endswith((".min.js", ".min.css")) or "vendor" in path.parts:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(BASE)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if MACHINE.search(line)
        ]
    assert found == []


def test_the_lock_files_are_up_to_date() -> None:
    from tests.lock import problems

    assert problems() == []
