"""Drawn pictures in place of photos: a shelf before it was put in order, and after."""

import io
import random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 720
_WALL, _WOOD, _EDGE, _LABEL = "#ded8cc", "#a9825a", "#7c5c3c", "#fbf7ee"
_COLOURS = ("#b5483a", "#3f6f9f", "#4f8a5b", "#c49a2f", "#7a5a8c", "#5b6770")
_SHELVES = (220, 440, 660)


def shelf(*, is_tidy: bool, seed: int) -> io.BytesIO:
    """Draw a shelf with boxes: thrown together, or sorted by colour with labels."""
    chance = random.Random(f"{seed}:shelf")
    sheet = Image.new("RGB", (WIDTH, HEIGHT), _WALL)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((40, 20, WIDTH - 40, HEIGHT - 10), fill="#efe6d8", outline=_EDGE, width=8)
    for turn, floor in enumerate(_SHELVES):
        pen.rectangle((40, floor, WIDTH - 40, floor + 22), fill=_WOOD, outline=_EDGE, width=3)
        if is_tidy:
            _row(pen, floor, _COLOURS[(seed + turn * 2) % len(_COLOURS)])
        else:
            _heap(sheet, floor, chance)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=88)
    out.seek(0)
    return out


def _row(pen: ImageDraw.ImageDraw, floor: int, colour: str) -> None:
    for left in range(80, WIDTH - 170, 132):
        pen.rectangle((left, floor - 128, left + 112, floor - 1), fill=colour, outline="#33302b", width=3)
        pen.rectangle((left + 22, floor - 92, left + 90, floor - 54), fill=_LABEL, outline="#33302b", width=2)
        for line in (floor - 82, floor - 68):
            pen.line((left + 32, line, left + 80, line), fill="#55504a", width=4)


def _heap(sheet: Image.Image, floor: int, chance: random.Random) -> None:
    left = 60
    while left < WIDTH - 190:
        width, height = chance.randint(60, 130), chance.randint(50, 120)
        box = Image.new("RGBA", (width, height), chance.choice(_COLOURS))
        ImageDraw.Draw(box).rectangle((0, 0, width - 1, height - 1), outline="#33302b", width=3)
        turned = box.rotate(chance.choice((0, -7, 9, 14, -18, 24)), expand=True)
        sheet.paste(turned, (left, floor - turned.height + 4), turned)
        if chance.random() < 0.35:
            paper = Image.new("RGBA", (84, 58), "#fdfdf8").rotate(chance.randint(-40, 40), expand=True)
            sheet.paste(paper, (left + 10, floor - turned.height - 26), paper)
        left += turned.width - chance.randint(4, 26)
