"""Sheets of paper: the poster of a unit, an empty card, slips with codes, the card of a proposal, a certificate.

Whatever a person typed goes into the document as data, never as markup.
"""

import io
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from gemba.kernel.numbers import counted, format_date, format_long_date
from gemba.organisation.models import Municipality, Unit
from gemba.proposals.actions.codes import Issued
from gemba.proposals.models import Proposal, Reward, RewardKind

PDF = "application/pdf"
# The typeface of the pages, so that a sheet looks the same wherever it is printed.
FONTS = Path(__file__).with_name("fonts")
_HEAD = """
#let data = json(bytes(sys.inputs.data))
#set text(font: ("Golos Text", "Libertinus Serif"), lang: "ru", hyphenate: false)
#let accent = rgb("#1b55b8")
#let grey = luma(70)
#let blank(width) = box(width: width, stroke: (bottom: 0.7pt))[#h(1mm)]
#let line-field(label, height) = block(width: 100%, below: 9pt)[#text(weight: "bold")[#label]
  #v(-5pt)#box(width: 100%, height: height, stroke: 0.7pt + luma(90), radius: 3pt)]
#let tick(label) = box(baseline: 20%, width: 4mm, height: 4mm, stroke: 0.7pt) + h(1.5mm) + label
"""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _compile(body: str, data: dict[str, Any]) -> bytes:
    made = typst.compile(
        (_HEAD + body).encode(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=_fonts(),
    )
    assert isinstance(made, bytes)
    return made


def qr(text: str) -> str:
    """Draw a QR code as SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, scale=10, xmldecl=False)
    return out.getvalue().decode()


def poster(*, unit: Unit, town: Municipality, url: str, answer_days: int) -> bytes:
    """Make the poster of a unit: A4, a large QR code and three steps."""
    body = """
#set page(paper: "a4", margin: (x: 16mm, top: 14mm, bottom: 12mm))
#set par(leading: 0.5em)
#set align(center)
#text(13pt, fill: grey)[#data.town]
#v(5mm)
#text(43pt, weight: "bold")[Что мешает работать?]
#v(-4mm)
#text(21pt, fill: accent, weight: "bold")[Предложите, как сделать лучше]
#v(5mm)
#box(stroke: 2.5pt + accent, radius: 5mm, inset: 3mm)[#image(bytes(data.qr), format: "svg", width: 94mm)]
#v(2mm)
#text(17pt, weight: "bold")[#data.unit]
#v(-1mm)
#text(12pt, fill: grey)[#data.organisation]
#v(1fr)
#let step(number, words) = (
  box(width: 11mm, height: 11mm, radius: 50%, fill: accent)[#set align(center + horizon)
    #text(17pt, weight: "bold", fill: white)[#number]],
  text(17pt, words))
#pad(x: 6mm, grid(columns: (auto, 1fr), column-gutter: 5mm, row-gutter: 4mm, align: (center + horizon, left + horizon),
  ..step("1", [Наведите камеру телефона на квадрат]),
  ..step("2", [Напишите, что мешает и что предлагаете: хватит двух фраз]),
  ..step("3", [Отправьте. Ответим за #data.days])))
#v(1fr)
#line(length: 100%, stroke: 0.7pt + luma(150))
#v(1mm)
#text(12pt)[Нет телефона? Возьмите бумажную карточку у координатора.]
#v(-2mm)
#text(10pt, fill: grey)[Камера не читает квадрат? Наберите: #data.url]
"""
    data = {
        "town": town.name, "unit": unit.name, "organisation": str(unit.organisation), "qr": qr(url), "url": url,
        "days": counted(answer_days, "рабочий день", "рабочих дня", "рабочих дней"),
    }  # fmt: skip
    return _compile(body, data)


def blank_card(*, unit: Unit | None, town: Municipality, answer_days: int, allows_anonymous: bool) -> bytes:
    """Make an empty card to fill by hand; the number is given when it is typed in."""
    body = """
#set page(paper: "a5", margin: (x: 11mm, top: 10mm, bottom: 9mm))
#set text(11pt)
#grid(columns: (1fr, auto), align: (left, right),
  [#text(9pt, fill: grey)[#data.town] #v(-2mm) #text(16pt, weight: "bold")[Предложение по улучшению]],
  [№ #blank(32mm) #v(-2mm) #text(8pt, fill: grey)[номер пишет координатор]])
#v(1mm)
*Где:* #if data.unit != "" [#data.unit] else [#blank(90mm)]
#v(1mm)
#line-field("Что мешает?", 36mm)
#line-field("Что предлагаю", 42mm)
#line-field("Что улучшится (можно не заполнять)", 14mm)
#text(10pt)[#tick[Готов(а) внедрить сам(а)] #h(1fr) #tick[Можно называть меня среди лучших]]
#v(2.5mm)
#grid(columns: (auto, 1fr, auto, 30mm), column-gutter: 2mm, row-gutter: 5mm, align: bottom,
  [Автор], blank(100%), [Дата], blank(100%),
  [Соавторы], grid.cell(colspan: 3, blank(100%)))
#v(1fr)
#text(9pt, fill: grey)[Опустите в ящик или отдайте координатору. Ответим за #data.days.
  #if data.nameless [Можно без имени, но тогда ответ не придёт лично и поощрения не будет.]]
"""
    return _compile(
        body,
        {
            "town": town.name, "unit": f"{unit.organisation}, {unit.name}" if unit else "",
            "days": counted(answer_days, "рабочий день", "рабочих дня", "рабочих дней"), "nameless": allows_anonymous,
        },
    )  # fmt: skip


def code_slips(*, issued: list[Issued], town: Municipality, place: str) -> bytes:
    """Make slips with names and codes to cut and hand over; nobody can print these codes again."""
    body = """
#set page(paper: "a4", margin: 12mm)
#set text(11pt)
#grid(columns: (1fr, 1fr), ..data.slips.map(slip => box(
  width: 100%, inset: 4mm, stroke: (dash: "dashed", paint: luma(120)))[
  #text(8pt, fill: grey)[#data.town. #data.place] #linebreak()
  #text(weight: "bold")[#slip.name] #linebreak()
  Личный код: #text(20pt, weight: "bold", tracking: 2pt)[#slip.code] #linebreak()
  #text(8pt)[Действует до #slip.until. Никому не сообщайте: под этим кодом вы подаёте предложения.]
]))
"""
    slips = [
        {"name": one.person.full_name, "code": one.code, "until": format_date(one.expires_on)}
        for one in issued
    ]
    return _compile(body, {"town": town.short_name, "place": place, "slips": slips})


def certificate(*, reward: Reward, town: Municipality) -> bytes:
    """Make a certificate or a letter of thanks."""
    body = """
#set page(paper: "a4", margin: (x: 26mm, y: 30mm), background: pad(12mm,
  rect(width: 100%, height: 100%, stroke: 2pt + accent, radius: 4mm)))
#set align(center)
#set text(16pt)
#text(14pt)[#data.town]
#v(16mm)
#text(44pt, weight: "bold", fill: accent)[#data.kind]
#v(6mm)
#data.verb
#v(2mm)
#text(28pt, weight: "bold")[#data.name]
#v(1mm)
#text(14pt)[#data.place]
#v(6mm)
за предложение по улучшению № #data.number
#v(-2mm)
#text(18pt)[«#data.title»]
#v(1fr)
#set text(12pt)
#set align(left)
#data.act
#v(12mm)
#grid(columns: (1fr, 50mm), align: (left, right), [Руководитель], blank(100%))
"""
    proposal = reward.proposal
    act = " ".join(
        part
        for part in (reward.act_kind, f"от {format_long_date(reward.act_on)}", f"№ {reward.act_number}")
        if part
    )
    return _compile(
        body,
        {
            "town": town.name, "kind": reward.get_kind_display(),
            "verb": "награждается" if reward.kind == RewardKind.CERTIFICATE else "", "name": reward.person.full_name,
            "place": str(proposal.organisation), "number": proposal.number_text, "title": proposal.title, "act": act,
        },
    )  # fmt: skip


def sheet(*, proposal: Proposal, authors: list[str], town: Municipality, today: date) -> bytes:
    """Make the card of a proposal as a head would sign it; without authors for the catalogue."""
    body = """
#set page(paper: "a4", margin: (left: 30mm, right: 15mm, y: 20mm))
#set text(12pt)
#set par(justify: true)
#text(10pt, fill: grey)[#data.town. Напечатано #data.today]
#v(3mm)
#text(18pt, weight: "bold")[Предложение по улучшению #data.number]
#v(1mm)
#table(columns: (48mm, 1fr), stroke: 0.5pt + luma(140), inset: 6pt,
  ..data.facts.map(pair => ([#pair.at(0)], [#set par(justify: false)
    #pair.at(1)])).flatten())
#v(2mm)
*Что мешает.* #data.problem

*Что предлагается.* #data.solution
#if data.decision != "" [

*Решение.* #data.decision]
#v(14mm)
#grid(columns: (1fr, 60mm), row-gutter: 12mm, [Решение принял], blank(100%), [Внедрение подтвердил], blank(100%))
"""
    facts = [
        ("Состояние", proposal.stage.title),
        ("Организация", str(proposal.organisation)),
        ("Подразделение", proposal.unit.name if proposal.unit else ""),
        ("Авторы", ", ".join(authors)),
        ("Подано", format_date(proposal.submitted_on)),
        ("Решение", format_date(proposal.decided_on)),
        ("Внедрить до", format_date(proposal.planned_on)),
        ("Внедрено", format_date(proposal.implemented_on)),
    ]
    return _compile(
        body,
        {
            "town": town.name, "today": format_date(today),
            "number": f"№ {proposal.number_text}" if proposal.number else "",
            "facts": [pair for pair in facts if pair[1] and pair[1] != "—"], "problem": proposal.problem,
            "solution": proposal.solution, "decision": proposal.decision if authors else "",
        },
    )  # fmt: skip
