"""Read the command line and run what was asked."""

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any, NoReturn

# Word → the module that knows it. Only that module is read, so each word starts quickly and one broken module does not
# take the others with it; the help reads them all, in this order.
WORDS = {
    "serve": "gemba.cli.running",
    "worker": "gemba.cli.running",
    "migrate": "gemba.cli.running",
    "version": "gemba.cli.running",
    "backup": "gemba.cli.keeping",
    "restore": "gemba.cli.keeping",
    "check": "gemba.cli.checking",
    "found": "gemba.cli.founding",
    "regulation": "gemba.regulations.cli",
    "organisations": "gemba.organisation.cli",
    "people": "gemba.organisation.cli",
    "score": "gemba.scorecards.cli",
    "demo": "gemba.demo.cli",
    "fill": "gemba.demo.cli",
}
# These may be read, and some of their words run, without Django: beside a text editor, on a machine without data.
PURE = {
    "gemba.cli.running",
    "gemba.cli.keeping",
    "gemba.cli.checking",
    "gemba.cli.founding",
    "gemba.regulations.cli",
    "gemba.scorecards.cli",
}

# A word whose work a higher module joins: the linter of regulations is told of procedures by what computes them.
JOINED = {"regulation": "gemba.scorecards.findings"}

RUSSIAN = {
    "usage: ": "Как звать: ",
    "positional arguments": "что сделать",
    "options": "уточнения",
    "show this help message and exit": "показать эту справку",
    "the following arguments are required: %s": "не хватает: %s",
    "unrecognized arguments: %s": "лишнее: %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r — нет такого; есть: %(choices)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "expected one argument": "нужно значение",
    "invalid %(type)s value: %(value)r": "%(value)r не подходит: ожидается %(type)s",
}


class Parser(argparse.ArgumentParser):
    """A parser that speaks Russian."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help."""
        self.exit(2, f"{self.prog}: {message}\nСправка: {self.prog} --help\n")


def parser(word: str = "") -> argparse.ArgumentParser:
    """Build the command line of a word, or of all modules when the word is none of theirs."""
    # argparse has no other door for its own words.
    argparse._ = lambda text: RUSSIAN.get(text, text)  # type: ignore[attr-defined]
    root = Parser(prog="gemba", description="Гемба: бережливое управление в муниципалитете.")
    words = root.add_subparsers(metavar="команда", required=True, parser_class=Parser)
    for name in [WORDS[word]] if word in WORDS else dict.fromkeys(WORDS.values()):
        if importlib.util.find_spec(name):
            if name not in PURE:
                start_django()
            importlib.import_module(name).add_parser(words)
    if word in JOINED:
        importlib.import_module(JOINED[word]).install()
    return root


def main(line: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    line = sys.argv[1:] if line is None else line
    arguments = parser(line[0] if line else "").parse_args(line)
    run: Any = getattr(arguments, "run", None) or arguments.func
    if getattr(arguments, "django_required", True):
        start_django()
    try:
        return int(run(arguments) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `gemba … | head`: the reader has had enough. Nothing more may be written, not even at the end of Python.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


@cache
def start_django() -> None:
    """Load settings and modules; a wrong setting is one line, not a traceback.

    :raises SystemExit: when a setting is wrong.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.conf import settings

        from gemba.cli import restoring

        restoring.finish_interrupted(settings.VAR, settings.DATABASES["default"])
        django.setup()
    except ImproperlyConfigured as wrong:
        sys.exit(f"Настройка: {wrong}")


if __name__ == "__main__":
    sys.exit(main())
