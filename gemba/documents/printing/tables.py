"""Read a table of Word: widths, merged cells, edges, heading rows that stand on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gemba.documents.printing.styles import W, is_on, points, val

if TYPE_CHECKING:
    from gemba.documents.printing.reading import _Reader

SIDES = ("top", "right", "bottom", "left")
_OTHER = {"left": "start", "right": "end"}
# Word's usual room between text and edge of a cell.
PAD = {"top": 0.0, "right": 5.4, "bottom": 0.0, "left": 5.4}


def table_tree(table: Any, reader: _Reader) -> dict[str, Any]:
    """Return the table as `layout.typ` draws it."""
    properties = table.find(f"{W}tblPr")
    style = val(None if properties is None else properties.find(f"{W}tblStyle"))
    layers = [properties, *(one.find(f"{W}tblPr") for one in reader.styles.chain(style))]
    layers = [layer for layer in layers if layer is not None]
    rows = [row for row in table.iter(f"{W}tr") if _owner(row) is table]
    widths = [points(val(column, "w"), 60) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
    columns = max((sum(_span(cell) for cell in _cells(row)) + _skipped(row) for row in rows), default=0)
    widths = (widths + [60.0] * columns)[: max(columns, 1)]
    room = reader.width
    if sum(widths) > room + 12:
        widths = [round(width * room / sum(widths), 2) for width in widths]
    edges = _edges(_nearest(layers, "tblBorders"))
    inner = {name: _edge(_nearest(layers, "tblBorders"), name) for name in ("insideH", "insideV")}
    pad = _padding(_nearest(layers, "tblCellMar"), PAD)
    head: list[dict[str, Any]] = []
    body: list[dict[str, Any]] = []
    open_above: dict[int, dict[str, Any]] = {}
    is_head = True
    for y, row in enumerate(rows):
        row_properties = row.find(f"{W}trPr")
        is_head = is_head and row_properties is not None and is_on(row_properties.find(f"{W}tblHeader"))
        height = points(val(None if row_properties is None else row_properties.find(f"{W}trHeight")))
        x = _skipped(row)
        for cell in _cells(row):
            own = cell.find(f"{W}tcPr")
            span = min(_span(cell), columns - x)
            merge = None if own is None else own.find(f"{W}vMerge")
            if merge is not None and (val(merge) or "continue") == "continue" and x in open_above:
                open_above[x]["rows"] += 1
                open_above[x]["edges"][2] = _own_edge(own, "bottom", y == len(rows) - 1, edges, inner)
                x += span
                continue
            made: dict[str, Any] = {
                "x": x,
                "y": y,
                "span": max(span, 1),
                "rows": 1,
                "blocks": reader.blocks(cell, style),
                "valign": {"center": "center", "bottom": "bottom"}.get(
                    val(None if own is None else own.find(f"{W}vAlign")) or "", "top"
                ),
                "pad": [
                    _padding(None if own is None else own.find(f"{W}tcMar"), pad)[side] for side in SIDES
                ],
                "edges": [
                    _own_edge(own, "top", y == 0, edges, inner),
                    _own_edge(own, "right", x + span == columns, edges, inner),
                    _own_edge(own, "bottom", y == len(rows) - 1, edges, inner),
                    _own_edge(own, "left", x == 0, edges, inner),
                ],
                "min": height,
            }
            fill = val(None if own is None else own.find(f"{W}shd"), "fill") or ""
            if len(fill) == 6 and fill != "FFFFFF" and all(c in "0123456789abcdefABCDEF" for c in fill):
                made["fill"] = f"#{fill}"
            if row_properties is not None and is_on(row_properties.find(f"{W}cantSplit")):
                made["breakable"] = False
            if merge is not None:
                open_above[x] = made
            else:
                open_above.pop(x, None)
            (head if is_head else body).append(made)
            x += span
    if not body:
        head, body = [], head
    return {
        "k": "t", "widths": widths, "head": head, "body": body,
        "align": {"center": "center", "right": "right", "end": "right"}.get(val(_nearest(layers, "jc")) or "", "left"),
        "left": max(points(val(_nearest(layers, "tblInd"), "w")), 0),
    }  # fmt: skip


def _owner(row: Any) -> Any:
    place = row.getparent()
    while place is not None and place.tag != f"{W}tbl":
        place = place.getparent()
    return place


def _cells(row: Any) -> list[Any]:
    found = []
    for cell in row.iter(f"{W}tc"):
        place = cell.getparent()
        while place is not row and place.tag != f"{W}tc":
            place = place.getparent()
        if place is row:
            found.append(cell)
    return found


def _span(cell: Any) -> int:
    text = val(cell.find(f"{W}tcPr/{W}gridSpan")) or "1"
    return max(int(text), 1) if text.isdigit() else 1


def _skipped(row: Any) -> int:
    text = val(row.find(f"{W}trPr/{W}gridBefore")) or "0"
    return int(text) if text.isdigit() else 0


def _nearest(layers: list[Any], name: str) -> Any:
    return next((found for layer in layers if (found := layer.find(f"{W}{name}")) is not None), None)


def _edge(borders: Any, side: str) -> float | None:
    if borders is None:
        return None
    found = borders.find(f"{W}{side}")
    if found is None and side in _OTHER:
        found = borders.find(f"{W}{_OTHER[side]}")
    if found is None or (val(found) or "nil") in ("nil", "none"):
        return None
    size = val(found, "sz") or "4"
    return int(size) / 8 if size.isdigit() else 0.5


def _edges(borders: Any) -> dict[str, float | None]:
    return {side: _edge(borders, side) for side in SIDES}


def _own_edge(
    own: Any, side: str, is_outer: bool, edges: dict[str, float | None], inner: dict[str, float | None]
) -> float | None:
    borders = None if own is None else own.find(f"{W}tcBorders")
    if borders is not None and (
        borders.find(f"{W}{side}") is not None or borders.find(f"{W}{_OTHER.get(side, side)}") is not None
    ):
        return _edge(borders, side)
    if is_outer:
        return edges[side]
    return inner["insideH" if side in ("top", "bottom") else "insideV"]


def _padding(margins: Any, usual: dict[str, float]) -> dict[str, float]:
    made = dict(usual)
    if margins is not None:
        for side in SIDES:
            found = margins.find(f"{W}{side}")
            if found is None and side in _OTHER:
                found = margins.find(f"{W}{_OTHER[side]}")
            if found is not None:
                made[side] = points(val(found, "w"), usual[side])
    return made
