"""Sheets of paper: the poster of a unit, an empty card, slips with codes, the card of a proposal, a certificate.

Whatever a person typed goes into the document as data, never as markup.
"""

import io
import json
from datetime import date
from typing import Any

import segno
import typst

from gemba.kernel.numbers import counted, format_date, format_long_date
from gemba.organisation.models import Municipality, Unit
from gemba.proposals.actions.codes import Issued
from gemba.proposals.models import Proposal, Reward, RewardKind

PDF = "application/pdf"
_HEAD = """
#let data = json(bytes(sys.inputs.data))
#set text(font: ("Golos Text", "Libertinus Serif"), lang: "ru", hyphenate: false)
#let blank(width) = box(width: width, stroke: (bottom: 0.7pt))[#h(1mm)]
#let line-field(label, height) = block(width: 100%, below: 10pt)[#text(weight: "bold")[#label]
  #v(-4pt)#box(width: 100%, height: height, stroke: 0.7pt + luma(90), radius: 3pt)]
"""


def _compile(body: str, data: dict[str, Any]) -> bytes:
    made = typst.compile((_HEAD + body).encode(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
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
#set page(paper: "a4", margin: (x: 18mm, y: 16mm))
#set align(center)
#text(13pt, fill: luma(60))[#data.town]
#v(2mm)
#text(40pt, weight: "bold")[Что мешает работать?]
#v(-4mm)
#text(22pt)[Предложите, как сделать лучше]
#v(3mm)
#image(bytes(data.qr), format: "svg", width: 108mm)
#text(15pt, weight: "bold")[#data.unit]
#v(-2mm)
#text(12pt, fill: luma(60))[#data.organisation]
#v(4mm)
#set align(left)
#set text(17pt)
#pad(x: 8mm)[
+ Наведите камеру телефона на квадрат.
+ Напишите, что мешает и что предлагаете. Хватит двух фраз.
+ Отправьте. Ответим за #data.days.
]
#v(1fr)
#set align(center)
#set text(11pt, fill: luma(60))
Нет телефона? Возьмите бумажную карточку у координатора. #linebreak()
#data.url
"""
    data = {
        "town": town.name, "unit": unit.name, "organisation": unit.organisation.name, "qr": qr(url), "url": url,
        "days": counted(answer_days, "рабочий день", "рабочих дня", "рабочих дней"),
    }  # fmt: skip
    return _compile(body, data)


def blank_card(*, unit: Unit | None, town: Municipality) -> bytes:
    """Make an empty card to fill by hand; the number is given when it is typed in."""
    body = """
#set page(paper: "a5", margin: 12mm)
#set text(11pt)
#grid(columns: (1fr, auto), align: (left, right),
  [#text(9pt, fill: luma(60))[#data.town] #linebreak() #text(15pt, weight: "bold")[Предложение по улучшению]],
  [№ #blank(32mm) #linebreak() #text(8pt, fill: luma(60))[номер пишет координатор]])
#v(2mm)
*Где:* #if data.unit != "" [#data.unit] else [#blank(90mm)]
#v(1mm)
#line-field("Что мешает?", 38mm)
#line-field("Что предлагаю", 44mm)
#line-field("Что улучшится (можно не заполнять)", 16mm)
#box(width: 4mm, height: 4mm, stroke: 0.7pt) Готов(а) внедрить сам(а) #h(6mm)
#box(width: 4mm, height: 4mm, stroke: 0.7pt) Можно называть меня среди лучших
#v(3mm)
#grid(columns: (auto, 1fr, auto, 34mm), column-gutter: 2mm, align: bottom,
  [Автор], blank(100%), [Дата], blank(100%))
#v(1fr)
#text(8pt, fill: luma(60))[Опустите в ящик или отдайте координатору. Без имени — тоже можно, если так принято в округе.]
"""
    return _compile(body, {"town": town.name, "unit": f"{unit.organisation}, {unit.name}" if unit else ""})


def code_slips(*, issued: list[Issued], town: Municipality, place: str) -> bytes:
    """Make slips with names and codes to cut and hand over; nobody can print these codes again."""
    body = """
#set page(paper: "a4", margin: 12mm)
#set text(11pt)
#grid(columns: (1fr, 1fr), ..data.slips.map(slip => box(
  width: 100%, inset: 4mm, stroke: (dash: "dashed", paint: luma(120)))[
  #text(8pt, fill: luma(60))[#data.town. #data.place] #linebreak()
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
  rect(width: 100%, height: 100%, stroke: 2pt + rgb("#1b55b8"), radius: 4mm)))
#set align(center)
#set text(16pt)
#text(14pt)[#data.town]
#v(16mm)
#text(44pt, weight: "bold", fill: rgb("#1b55b8"))[#data.kind]
#v(6mm)
#data.verb
#v(2mm)
#text(28pt, weight: "bold")[#data.name]
#v(1mm)
#text(14pt)[#data.place]
#v(6mm)
за предложение по улучшению № #data.number
#v(-2mm)
#text(18pt, style: "italic")[«#data.title»]
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
#text(10pt, fill: luma(60))[#data.town. Напечатано #data.today]
#v(3mm)
#text(18pt, weight: "bold")[Предложение по улучшению #data.number]
#v(1mm)
#table(columns: (48mm, 1fr), stroke: 0.5pt + luma(140), inset: 6pt,
  ..data.facts.map(pair => ([#pair.at(0)], [#pair.at(1)])).flatten())
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
