"""The `gemba` command: what an administrator does from a terminal.

A module adds its own words by a `cli.py` with `add_parser(subparsers) -> None`: `parser.set_defaults(run=function)`,
where `function(arguments) -> int | None` is the exit code. `django_required=False` says the command needs neither
settings nor database; the module then stands in `PURE` of `gemba.cli.main` and imports nothing of Django at its top.
A new word is one line in `WORDS` there.
"""
