"""The acts and fields of this module in the words of the record of acts."""

from gemba.audit import words
from gemba.organisation.acts import UnknownAct, act_of

ACTS = {
    "organisation.create": "Внесена организация",
    "organisation.change": "Изменена организация",
    "organisation.close": "Закрыта организация",
    "organisation.merge": "Присоединены организации",
    "organisation.start_participation": "Начато участие в программе",
    "organisation.end_participation": "Закончено участие в программе",
    "organisation.record_headcount": "Записана численность",
    "organisation.add_unit": "Добавлено подразделение",
    "organisation.change_unit": "Изменено подразделение",
    "organisation.close_unit": "Закрыто подразделение",
    "organisation.create_person": "Внесён сотрудник",
    "organisation.change_person": "Изменены сведения о сотруднике",
    "organisation.appoint": "Назначение на должность",
    "organisation.change_position": "Исправлена должность",
    "organisation.dismiss": "Работа закончена",
    "organisation.create_body": "Внесён орган",
    "organisation.change_body": "Изменены сведения об органе",
    "organisation.set_composition": "Утверждён состав",
    "organisation.fill_seat": "Занято место в составе",
    "organisation.act_as_chair": "Замещение председателя",
    "organisation.close_body": "Упразднён орган",
    "organisation.invite_user": "Создана учётная запись",
    "organisation.set_password": "Выдан новый пароль",
    "organisation.change_own_password": "Пароль сменён владельцем",
    "organisation.suspend_user": "Учётная запись отключена",
    "organisation.restore_user": "Учётная запись включена",
    "organisation.grant_role": "Назначена роль",
    "organisation.revoke_role": "Снята роль",
    "organisation.create_municipality": "Открыт округ",
    "organisation.change_municipality": "Изменены сведения об округе",
    "organisation.set_coat_of_arms": "Заменён герб",
    "organisation.add_direction": "Добавлено направление",
    "organisation.change_direction": "Изменено направление",
    "organisation.import_organisations": "Загружены организации",
    "organisation.import_people": "Загружены сотрудники",
}
FIELDS = {
    "kind": "вид",
    "name": "название",
    "short_name": "короткое название",
    "inn": "ИНН",
    "code": "код",
    "parent": "кому подчинено",
    "direction": "направление",
    "starts_on": "первый день",
    "ends_on": "последний день",
    "successor": "правопреемник",
    "joined": "присоединены",
    "participates_from": "участвует с",
    "participates_to": "участвует по",
    "people": "численность",
    "counted_on": "на дату",
    "organisation": "организация",
    "unit": "подразделение",
    "family_name": "фамилия",
    "given_name": "имя",
    "patronymic": "отчество",
    "phone": "телефон",
    "email": "почта",
    "title": "должность",
    "is_head": "руководитель",
    "purpose": "для чего",
    "act": "акт",
    "composition": "состав",
    "role": "роль",
    "seat": "место в составе",
    "person": "человек",
    "login": "имя для входа",
    "is_active": "действует",
    "body": "орган",
    "project_number": "проект №",
    "genitive": "родительный падеж",
    "time_zone": "часовой пояс",
    "accent": "цвет",
    "new_organisations_join": "новые организации в расчёте",
    "coat_of_arms": "герб",
    "file": "файл",
    "created": "внесено",
    "changed": "изменено",
    "skipped": "пропущено строк",
    "told": "изменения",
}


def register() -> None:
    """Give the record of acts the words of this module, and the titles of declared acts as a last resort."""
    words.name_acts(ACTS)
    words.name_fields(FIELDS)
    words.fall_back_to(_declared)


def _declared(code: str) -> str:
    try:
        return act_of(code).title
    except UnknownAct:
        return ""
