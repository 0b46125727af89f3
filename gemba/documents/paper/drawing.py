"""Pictures that a document carries: a chart of a series drawn in ink, a photograph made fit for a sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from gemba.documents.values import Picture
from gemba.kernel.numbers import format_number

FONTS = Path(__file__).parents[1] / "fonts"
# Dots to a millimetre of the finished picture, about 200 to an inch; drawn larger first, for smooth lines.
DOTS = 8
_FINER = 2
_INK, _QUIET, _GRID = (23, 37, 63), (98, 108, 125), (214, 219, 227)
_LINE, _TARGET, _BEFORE = (29, 78, 156), (24, 118, 66), (150, 92, 20)
# More values than this are a line without its dots.
MOST_LABELS = 12
# No side of a picture on paper needs more dots.
MOST_DOTS = 2200


@dataclass(frozen=True)
class Series:
    """What is drawn: values by day, where it began, where it must come."""

    values: Sequence[tuple[date, Decimal]]
    baseline: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""


def line_chart(series: Series, *, width_mm: float = 90, height_mm: float = 45) -> Picture:
    """Draw values by day with the lines «было» and «цель»; dates of several years stay in their order."""
    scale = DOTS * _FINER
    width, height = int(width_mm * scale), int(height_mm * scale)
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    small = _font(2.7 * scale)
    rows = sorted(series.values)
    levels = [value for _, value in rows]
    levels += [value for value in (series.baseline, series.target) if value is not None]
    ticks = _ticks(levels)
    low, high = ticks[0], ticks[-1]
    left = max(draw.textlength(_number(level), font=small) for level in ticks) + 3 * scale
    right, top, bottom = width - 17 * scale, 6 * scale, height - 7 * scale

    def y_of(value: Decimal) -> float:
        return float(bottom - (bottom - top) * float((value - low) / (high - low)))

    draw.text((left, 1 * scale), series.unit, font=small, fill=_QUIET)
    for level in ticks:
        y = y_of(level)
        draw.line((left, y, right, y), fill=_GRID, width=max(1, scale // 6))
        draw.text((left - 1.5 * scale, y), _number(level), font=small, fill=_QUIET, anchor="rm")
    for value, colour, word in ((series.baseline, _BEFORE, "было"), (series.target, _TARGET, "цель")):
        if value is not None:
            _dashes(draw, left, right, y_of(value), colour, scale)
            draw.text(
                (right + scale, y_of(value)), f"{word} {_number(value)}", font=small, fill=colour, anchor="lm"
            )
    points = list(
        zip(_places(rows, left + 4 * scale, right - 5 * scale), map(y_of, [v for _, v in rows]), strict=True)
    )
    if len(points) > 1:
        draw.line(points, fill=_LINE, width=int(0.6 * scale), joint="curve")
    taken = -1.0
    for (x, y), (day, value) in zip(points, rows, strict=True):
        radius = (0.9 if len(points) <= MOST_LABELS else 0.5) * scale
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_LINE)
        if x < taken:
            continue
        said = f"{day:%d.%m.%y}"
        half = draw.textlength(said, font=small) / 2
        draw.text((x, bottom + 1.5 * scale), said, font=small, fill=_QUIET, anchor="ma")
        if len(points) <= MOST_LABELS:
            above = y - 1.8 * scale
            draw.text(
                (x, above if above > top else y + 5 * scale),
                _number(value),
                font=small,
                fill=_INK,
                anchor="mb",
            )
        taken = x + 2 * half + scale
    draw.line((left, bottom, right, bottom), fill=_INK, width=max(1, scale // 5))
    small_sheet = sheet.resize((width // _FINER, height // _FINER), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small_sheet.quantize(64).save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), width_mm)


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart: how much of the whole is done, in percent; None when it cannot be said."""

    title: str
    share: Decimal | None
    word: str
    is_good: bool = True


def bar_chart(bars: Sequence[Bar], *, width_mm: float = 165) -> Picture:
    """Draw shares beside their names, each with its word: a print in black says the same."""
    scale = DOTS * _FINER
    row, top = 8 * scale, 5 * scale
    width, height = int(width_mm * scale), int(top + row * max(1, len(bars)) + 3 * scale)
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    font, small = _font(3.1 * scale), _font(2.7 * scale)
    left, right = int(width * 0.42), int(width * 0.76)
    draw.text((right, 0.5 * scale), "100 % цели", font=small, fill=_QUIET, anchor="ma")
    for turn, bar in enumerate(bars):
        middle = top + row * turn + row / 2
        draw.text(
            (0, middle), _cut(draw, bar.title, font, left - 2 * scale), font=font, fill=_INK, anchor="lm"
        )
        draw.rectangle((left, middle - 1.6 * scale, right, middle + 1.6 * scale), fill=_GRID)
        said = bar.word
        if bar.share is not None:
            full = max(Decimal(0), min(Decimal(100), bar.share)) / 100
            draw.rectangle(
                (left, middle - 1.6 * scale, left + int((right - left) * float(full)), middle + 1.6 * scale),
                fill=_TARGET if bar.is_good else _BEFORE,
            )
            much = "больше 100" if bar.share > 100 else format_number(round(bar.share, 0))
            said = f"{much} %, {bar.word.lower()}"
        draw.text((right + 2 * scale, middle), said, font=small, fill=_INK, anchor="lm")
    draw.line((right, top, right, height - 2 * scale), fill=_INK, width=max(1, scale // 5))
    small_sheet = sheet.resize((width // _FINER, height // _FINER), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small_sheet.quantize(64).save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), width_mm)


def _cut(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, most: float) -> str:
    """Shorten a text to a width, at a letter, with «…»."""
    if draw.textlength(text, font=font) <= most:
        return text
    while text and draw.textlength(f"{text}…", font=font) > most:
        text = text[:-1]
    return f"{text.rstrip()}…"


def fitted(content: bytes, *, width_mm: float, height_mm: float) -> Picture | None:
    """Make a photograph or a drawing fit into a place on a sheet; None when it is no picture that can be read."""
    try:
        with Image.open(io.BytesIO(content)) as found:
            turned = ImageOps.exif_transpose(found)
            flat = Image.new("RGB", turned.size, "white")
            shown = turned.convert("RGBA")
            flat.paste(shown, mask=shown.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    wide = min(width_mm, height_mm * flat.width / flat.height)
    flat.thumbnail((MOST_DOTS, MOST_DOTS))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85)
    return Picture(out.getvalue(), wide)


@lru_cache(maxsize=8)
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "Tinos-Regular.ttf"), round(size))


def _ticks(levels: Sequence[Decimal]) -> list[Decimal]:
    """Return the round levels of the scale; it begins at zero unless the values crowd far from it."""
    low, high = (min(levels), max(levels)) if levels else (Decimal(0), Decimal(1))
    if 0 <= low < high * Decimal("0.8") or low == high:
        low = min(low, Decimal(0))
    if low == high:
        high = low + 1
    rough = (high - low) / 4
    power = Decimal(10) ** rough.adjusted()
    step = next(one * power for one in (1, 2, Decimal("2.5"), 5, 10) if one * power >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    if high > last * step - step / 8 and high != 0:
        last += 1
    return [step * turn for turn in range(int(first), int(last) + 1)]


def _number(value: Decimal) -> str:
    said = format_number(round(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2))
    # The font of the sheet has no thin space.
    return said.replace("\u202f", "\u00a0")


def _places(rows: Sequence[tuple[date, Decimal]], left: float, right: float) -> list[float]:
    if len(rows) < 2:
        return [(left + right) / 2 for _ in rows]
    first, last = rows[0][0].toordinal(), rows[-1][0].toordinal()
    return [left + (right - left) * (day.toordinal() - first) / max(1, last - first) for day, _ in rows]


def _dashes(
    draw: ImageDraw.ImageDraw, left: float, right: float, y: float, colour: tuple[int, int, int], scale: int
) -> None:
    x = left
    while x < right:
        draw.line((x, y, min(x + 2 * scale, right), y), fill=colour, width=int(0.4 * scale))
        x += 3.2 * scale
