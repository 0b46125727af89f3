"""The `gemba` command: what an administrator does from a terminal.

A module adds its own words by a `cli.py` with `add_parser(subparsers) -> None`: `parser.set_defaults(run=function)`,
where `function(arguments) -> int | None` is the exit code. `django_required=False` says the command needs neither
settings nor database. Such a `cli.py` imports nothing heavy at its top: every start of `gemba` reads them all.
"""
