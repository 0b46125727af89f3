"""Sheets that invented projects attach as evidence: maps with steps, waits and marks, and plain pages."""

import json
from functools import lru_cache

import typst

from gemba.demo.rules.project_texts import ProjectIdea

_STEPS = (("Приём", "5–12", 1), ("Проверка", "10–25", 2), ("Оформление", "8–20", 3), ("Передача", "2–6", 0))
_WAITS = ("ожидание 10–40", "ожидание до 60", "ожидание 5–15")
_AFTER = (("Приём и проверка", "6–10", 1), ("Оформление", "6–9", 2), ("Передача", "1–2", 3))
_PAGE = """
#set page(width: 230mm, height: auto, margin: 8mm)
#set text(font: "Libertinus Serif", size: 11pt, lang: "ru")
#let data = json(bytes(sys.inputs.data))
#let mark(n) = box(circle(radius: 7pt, fill: rgb(data.colour), align(center + horizon, text(white, 9pt, str(n)))))
#let step(one) = rect(width: 40mm, height: 14mm, inset: 7pt, stroke: 1pt, align(center)[
  *#one.title* \\ #one.time мин #if one.mark > 0 { mark(one.mark) }
])
#align(center, stack(dir: ltr, spacing: 3mm, ..data.steps.map(one => (step(one), if one.wait != "" {
  align(horizon, stack(spacing: 4pt, text(8pt, one.wait), line(length: 14mm), text(8pt, "→")))
})).flatten().filter(one => one != none)))
#v(3mm)
#for one in data.notes [#mark(one.number) #h(2mm) #one.text \\ ]
"""


@lru_cache(maxsize=64)
def sheet(title: str) -> bytes:
    """Return a page that says what would stand there."""
    text = f'#set page("a5", flipped: true)\n= {title}\n\nПридуманный лист для показа: здесь был бы снимок или таблица.'
    made: bytes = typst.compile(text.encode())
    return made


@lru_cache(maxsize=128)
def process_map(idea: ProjectIdea, *, is_target: bool) -> bytes:
    """Return a drawn map: the present one with numbered problems, the wanted one with what takes them away."""
    steps = _AFTER if is_target else _STEPS
    waits = ("сразу",) * len(steps) if is_target else _WAITS
    data = {
        "colour": "#1f7a4d" if is_target else "#b3261e",
        "steps": [
            {"title": title, "time": time, "mark": mark, "wait": waits[turn] if turn + 1 < len(steps) else ""}
            for turn, (title, time, mark) in enumerate(steps)
        ],
        "notes": [
            {"number": number, "text": cure.measure if is_target else cure.problem}
            for number, cure in enumerate(idea.cures[:3], start=1)
        ],
    }
    made: bytes = typst.compile(_PAGE.encode(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    return made
