"""Data changes only in actions; nothing below the view asks the clock."""

import ast

import pytest

from tests.architecture.sources import Source, product

WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "save",
    "delete",
    "update",
}
# Names whose `.update()`, `.delete()` … is not about the database: dictionaries, sets, digests.
PLAIN = {"hashlib", "digest", "sum", "headers", "context", "session", "storage", "paper"}
WRITERS = {"actions", "demo", "cli", "migrations", "tests"}
# A file that writes and is no actions.py, with its reason.
MAY_WRITE = {
    "gemba/ui/drafts.py": "a draft is a value of the session",
}
MAY_ASK_THE_CLOCK = {"views", "cli", "middleware", "tests", "apps", "tasks", "jobs"}
CLOCKS = {
    ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("date", "today"),
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time"),
}  # fmt: skip
# A file below the view that asks, with its reason.
MAY_ASK = {
    "gemba/ui/engine.py": "the `today` of a template is the view's own moment",
    "gemba/ui/frame.py": "the frame belongs to the view",
    "gemba/ui/drafts.py": "a draft of the session ages",
    "gemba/ui/guards.py": "a guard is the first line of a view",
    "gemba/documents/s3.py": "a signed request to the storage says when it was signed",
    "gemba/organisation/sessions.py": "a session ends by the clock, before anybody is known",
    "gemba/organisation/requests.py": "the one clock of all views",
    "gemba/organisation/access.py": "the actor brings the day of the request down to everything else",
}


def _root(node: ast.expr) -> str:
    """Return the name a call hangs on: `Person` in `Person.objects.filter(…).update`."""
    while True:
        if isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return node.id if isinstance(node, ast.Name) else ""


def _is_query(node: ast.expr) -> bool:
    """Tell whether a call hangs on a manager or queryset."""
    return any(
        isinstance(part, ast.Attribute) and part.attr in {"objects", "_default_manager"}
        for part in ast.walk(node)
    )


def _writes(source: Source) -> list[str]:
    found = []
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, on = node.func.attr, node.func.value
        if name not in WRITES:
            continue
        if name in {"bulk_create", "bulk_update", "get_or_create", "update_or_create"} or _is_query(on):
            found.append(f"{source.name}:{node.lineno} .{name}()")
        elif name == "save" and _root(on) not in PLAIN and not node.args and _root(on) != "super":
            # `image.save(file)` writes a picture; a model is saved without positional arguments.
            found.append(f"{source.name}:{node.lineno} .save()")
    return found


@pytest.mark.parametrize("source", product(), ids=lambda source: source.name)
def test_only_actions_write(source: Source) -> None:
    # A queryset's or manager's own methods are called by actions and stand with the model.
    if source.module in WRITERS or source.part in WRITERS or source.name in MAY_WRITE:
        return
    assert _writes(source) == []


@pytest.mark.parametrize("source", product(), ids=lambda source: source.name)
def test_nothing_below_the_view_asks_the_clock(source: Source) -> None:
    if source.module in {"cli", "jobs", "demo"} or source.part in MAY_ASK_THE_CLOCK or source.name in MAY_ASK:
        return
    found = [
        f"{source.name}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (_root(node.func.value), node.func.attr) in CLOCKS
        # `localtime(moment)` asks no clock; `datetime.now(zone)` does.
        and not (node.args and node.func.attr in {"localtime", "localdate"})
    ]
    found += [
        f"{source.name}:{node.lineno} default={node.value.attr}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.keyword)
        and isinstance(node.value, ast.Attribute)
        and (_root(node.value.value), node.value.attr) in CLOCKS
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        source
        for source in product()
        if source.part in {"actions", "queries"} and source.module not in {"jobs", "search"}
    ],
    ids=lambda source: source.name,
)
def test_actions_and_queries_are_typed(source: Source) -> None:
    bare = [
        f"{source.name}:{node.lineno} {node.name}"
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns is None
    ]
    assert bare == []
