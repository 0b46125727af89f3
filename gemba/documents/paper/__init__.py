"""Builders of Word templates in the official look of ГОСТ Р 7.0.97-2016: margins, letterhead, «УТВЕРЖДАЮ», signatures.

    paper = Paper()                                   # A4, margins 30/15/20/20 mm, Times New Roman 14
    paper.letterhead("{{ округ }}")
    paper.heading("Служебная записка")
    paper.text("{{ текст }}")
    paper.table([Column("№", 10), Column("Что", 80)], each="строка in строки",
                row=["{{ строка.номер }}", "{{ строка.что }}"])
    paper.signature("{{ должность }}", "{{ подпись }}")
    template = paper.save()

`**…**` is bold and `__…__` underlined. Texts here are of the template, never of people: those come as fields.
"""

from gemba.documents.paper.building import Column, Paper, Writer, on_fields
from gemba.documents.paper.drawing import Bar, Series, bar_chart, fitted, line_chart
from gemba.documents.paper.first_page import first_page_of
from gemba.documents.values import Picture

__all__ = [
    "Bar",
    "Column",
    "Paper",
    "Picture",
    "Series",
    "Writer",
    "bar_chart",
    "first_page_of",
    "fitted",
    "line_chart",
    "on_fields",
    "signed_name",
]


def signed_name(full_name: str) -> str:
    """Write a full name as it stands under a document: «Зимина Наталья Юрьевна» is «Н.Ю. Зимина»."""
    family, *given = full_name.split()
    initials = "".join(f"{part[0]}." for part in given)
    return f"{initials}\u00a0{family}" if initials else family
