"""Values put into the text of a pack without touching anything else of it: comments and order stay."""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml

Place = tuple[str | int, ...]


def with_values(source: str, values: Mapping[Place, str]) -> str:
    """Return the text with these values at these places; a missing key of a mapping is written as its first line.

    :raises KeyError: when a place is not in the text.
    """
    root = yaml.compose(source, Loader=yaml.SafeLoader)
    changes: list[tuple[int, int, str]] = []
    for place, value in values.items():
        assert root is not None
        parent: yaml.Node = root
        for step in place[:-1]:
            parent = _inside(parent, step)
        try:
            node = _inside(parent, place[-1])
        except KeyError:
            start = parent.start_mark
            text = f"{place[-1]}: {_written(value)}\n{' ' * start.column}"
            changes.append((start.index, start.index, text))
            continue
        end = node.end_mark.index
        old = source[node.start_mark.index : end]
        # A folded text ends where the next key begins: its line end belongs to it.
        tail = "\n" + " " * _next_column(node, parent) if old.endswith(("\n", " ")) and "\n" in old else ""
        changes.append((node.start_mark.index, end, _written(value) + tail))
    for first, last, text in sorted(changes, reverse=True):
        source = source[:first] + text + source[last:]
    return source


def _next_column(node: yaml.Node, parent: yaml.Node) -> int:
    """Return the column of what follows the node: the next key of its mapping, or the start of a line."""
    following = [key for key, _ in parent.value if key.start_mark.index >= node.end_mark.index]
    return (
        following[0].start_mark.column
        if following and following[0].start_mark.index == node.end_mark.index
        else 0
    )


def _inside(node: yaml.Node | None, step: str | int) -> yaml.Node:
    if isinstance(step, int) and isinstance(node, yaml.SequenceNode):
        return node.value[step]  # type: ignore[no-any-return]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value  # type: ignore[no-any-return]
    raise KeyError(step)


def _written(value: str) -> str:
    """Write a value as YAML: numbers and dates as they are, other text in quotes."""
    plain = value.replace(".", "", 1)
    is_date = len(value) == 10 and value[4] == value[7] == "-"
    return value if plain.isdigit() or is_date else json.dumps(value, ensure_ascii=False)
