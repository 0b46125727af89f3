"""What every paper of a project says: the project, its people, their names as they stand under a document."""

from __future__ import annotations

from typing import Any

from gemba.documents.kinds import Field
from gemba.documents.paper import signed_name
from gemba.projects.models import Project
from gemba.projects.queries.card import approved_of, pending_of
from gemba.projects.rules.passport import Passport

SMALL = 10.0
# «Паспорт … проекта»: how the aim of a project is called in the forms of the acts.
KIND_OF_AIM = {"lean": "бережливого", "client_centric": "клиентоцентричного"}

COMMON = [
    Field("проект", "Название проекта", "Быстрая выдача справок"),
    Field("вид_проекта", "Вид проекта в родительном падеже", "бережливого"),
    Field("организация", "Полное название организации", "Средняя школа № 1"),
    Field("заказчик", "Заказчик", "Громов Виктор Андреевич"),
    Field("заказчик_должность", "Должность заказчика", "Заместитель главы округа"),
    Field("руководитель", "Руководитель проекта", "Лапин Артём Сергеевич"),
    Field("подпись_заказчика", "Имя заказчика под документом", "В.А. Громов"),
    Field("подпись_руководителя", "Имя руководителя проекта под документом", "А.С. Лапин"),
]


def people(project: Project, passport: Passport) -> dict[str, Any]:
    """Return the values of `COMMON`."""
    return {
        "проект": passport.title or project.title,
        "вид_проекта": KIND_OF_AIM.get(passport.aim, "бережливого"),
        "организация": project.organisation.name,
        "заказчик": passport.customer_name,
        "заказчик_должность": passport.customer_position or "заказчик проекта",
        "руководитель": passport.leader_name,
        "подпись_заказчика": signed_name(passport.customer_name) if passport.customer_name else "",
        "подпись_руководителя": signed_name(passport.leader_name) if passport.leader_name else "",
    }


def in_force(project: Project) -> Passport:
    """Return the passport a paper speaks by: approved, or before the first approval what is being written."""
    edition = approved_of(project) or pending_of(project)
    return edition.passport if edition else project.passport
