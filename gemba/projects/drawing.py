"""The Gantt chart as HTML: parts of a sheet's height, each with its axis, so that five hundred bars scroll and print.

Written here and not in a template: a sheet has hundreds of rows. Bars with an address can be moved
(`projects/gantt.js`); without the script their rows lead to the form.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from gemba.kernel.numbers import format_date
from gemba.projects.rules.gantt import ROW, Arrow, Bar, Chart, Placed, Tick
from gemba.ui.small import badge, cell

# So many rows fill a landscape A3 under the heading; on the screen the parts stand close together.
PART = 24
AXIS = 24
LONGEST = 44


def chart_of(chart: Chart, label: str, *, days_off: str = "", working_weekends: str = "") -> Markup:
    """Draw the whole chart; the days off are for those who may move a bar."""
    is_long = len(chart.rows) > PART
    written = [
        f'<div class="gantt-wrap{" gantt-long" if is_long else ""}" tabindex="0" role="region" '
        f'aria-label="{escape(label)}. Те же сроки в таблице ниже." data-gantt data-day="{chart.day_width}" '
        f'data-sheet="{chart.width}" data-off="{days_off}" data-extra="{working_weekends}">'
    ]
    axis = _axis(chart)
    for place in range(0, len(chart.rows), PART):
        rows = chart.rows[place : place + PART]
        written.append(axis if not place else "")
        whole = " gantt-whole" if len(rows) == PART else ""
        written.append(f'<div class="gantt-part{whole}">{axis if place else ""}')
        written += _part(chart, rows)
        written.append("</div>")
    written.append("</div>")
    return Markup("".join(written))


def _axis(chart: Chart) -> str:
    titles = "".join(_tick(tick) for tick in chart.ticks)
    today = ""
    if chart.today_x:
        # At the right edge the word would leave the sheet.
        side = ' text-anchor="end" x' if chart.today_x > chart.width - 60 else " x"
        x = chart.today_x + (-3 if "end" in side else 3)
        today = (
            f'<line class="gantt-today" x1="{chart.today_x}" x2="{chart.today_x}" y1="0" y2="{AXIS}"/>'
            f'<text class="gantt-today-label"{side}="{x:.1f}" y="9">сегодня</text>'
        )
    return (
        f'<svg class="gantt-axis" viewBox="0 0 {chart.width} {AXIS}" aria-hidden="true">{titles}{today}</svg>'
    )


def _tick(tick: Tick) -> str:
    return f'<text class="gantt-tick" x="{tick.x + 3:.1f}" y="20">{tick.title}</text>'


def _part(chart: Chart, rows: list[Placed]) -> Iterator[str]:
    top, bottom = rows[0].y, rows[-1].y + ROW
    yield f'<svg class="gantt" viewBox="0 {top} {chart.width} {bottom - top}">'
    for tick in chart.ticks:
        look = "gantt-grid gantt-year" if tick.is_year else "gantt-grid"
        yield f'<line class="{look}" x1="{tick.x}" x2="{tick.x}" y1="{top}" y2="{bottom}"/>'
    for row in rows:
        yield _row(row)
    if arrows := "".join(_arrow(one) for one in chart.arrows if one.top < bottom and one.bottom > top):
        yield f'<g class="gantt-arrows">{arrows}</g>'
    if chart.today_x:
        yield f'<line class="gantt-today" x1="{chart.today_x}" x2="{chart.today_x}" y1="{top}" y2="{bottom}"/>'
    yield "</svg>"


def _arrow(arrow: Arrow) -> str:
    look = "gantt-arrow gantt-arrow-critical" if arrow.is_critical else "gantt-arrow"
    return f'<path class="{look}" d="{arrow.path}"/>'


def _row(row: Placed) -> str:
    bar, y = row.bar, row.y
    look = f"gantt-row gantt-{bar.tone}"
    if bar.is_critical:
        look += " gantt-critical"
    if bar.is_done:
        look += " gantt-done"
    title = bar.title if len(bar.title) <= LONGEST else bar.title[: LONGEST - 1].rstrip() + "…"
    left = 4 if bar.is_group or bar.key[0] == "p" else 16
    strong = " gantt-strong" if bar.is_group else ""
    label = f'<text class="gantt-label{strong}" x="{left}" y="{y + 17}">{escape(title)}</text>'
    if place := bar.url or bar.edit_url:
        label = f'<a href="{place}">{label}</a>'
    drawn = ""
    if row.base_width:
        drawn = f'<rect class="gantt-base" x="{row.base_x}" y="{y + 19}" width="{row.base_width}" height="4" rx="2"/>'
    if row.width and bar.is_milestone:
        drawn += f'<polygon class="gantt-bar" points="{row.diamond}"/>'
    elif row.width:
        drawn += f'<rect class="gantt-bar" x="{row.x}" y="{y + 4}" width="{row.width}" height="13" rx="3"/>'
    return f'<g class="{look}"{_moving(row)}><title>{escape(row.words)}</title>{label}{drawn}</g>'


def _moving(row: Placed) -> str:
    """Write what the script needs to move the bar."""
    bar = row.bar
    if not bar.move_url or not row.width:
        return ""
    start, end = bar.start or bar.end, bar.end or bar.start
    return (
        f' data-key="{bar.key}" data-move="{bar.move_url}" data-title="{escape(bar.title)}" data-seen="{bar.seen}"'
        f' data-start="{start}" data-end="{end}" data-x="{row.x}" data-width="{row.width}"'
        + (" data-begun" if bar.has_begun else "")
        + (" data-milestone" if bar.is_milestone else "")
        + (f' data-after="{" ".join(bar.after)}"' if bar.after else "")
    )


def cells_of(bar: Bar) -> Markup:
    """Draw the cells of a project in the table that says the same as the chart."""
    name, word = cell(bar.title, href=bar.url, main=True), badge(bar.word, bar.tone)
    return Markup(f"{name}{_day(bar.start)}{_day(bar.end)}{_day(bar.base_end)}<td>{word}</td>")


def lines_of(bars: Iterable[Bar]) -> list[Markup]:
    """Draw the cells of the lines of a roadmap in the table that says the same."""
    return [Markup(_line(bar)) for bar in bars]


def _line(bar: Bar) -> str:
    first = f'<span class="cell-note">сначала {format_date(bar.base_end)}</span>'
    end = _day(bar.end)
    if bar.base_end and bar.base_end != bar.end:
        end = end.removesuffix("</td>") + first + "</td>"
    critical = '<span class="cell-note">на критическом пути</span>' if bar.is_critical else ""
    name = cell(bar.title, href=bar.edit_url, main=True)
    return f"{name}{_day(bar.start)}{end}<td>{badge(bar.word, bar.tone)}{critical}</td>"


@lru_cache(maxsize=4096)
def _day(day: date | None) -> str:
    return f'<td><time datetime="{day}">{format_date(day)}</time></td>' if day else "<td>—</td>"


def rows_of(bars: Iterable[Bar], *, back: str = "") -> list[Markup]:
    """Draw the cells of that table; with `back`, the address of the page, also what leads to the form of a move."""
    if not back:
        return [cells_of(bar) for bar in bars]
    query = f"?back={escape(quote(back))}"
    return [cells_of(bar) + _act(bar.move_url and bar.move_url + query) for bar in bars]


def _act(url: str) -> Markup:
    link = (
        f'<a class="button button-secondary button-small" href="{url}"><span>Сдвинуть</span></a>'
        if url
        else ""
    )
    return Markup(f"<td>{link}</td>")
