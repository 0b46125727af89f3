"""Acts on accounts: invitation, passwords, roles."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.crypto import get_random_string

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.organisation.access import Actor, require
from gemba.organisation.actions.base import locked, one_act, said
from gemba.organisation.models import Body, Municipality, Organisation, Person, RoleGrant, User
from gemba.organisation.roles import OF_BODY, OF_PROJECT, WITHOUT_ACCOUNT, Role
from gemba.organisation.rules import login_problems, span_problems, tidy

# Letters and digits that nobody confuses when copying from paper.
_EASY = "abcdefghkmnpqrstuvwxyz23456789"


def invite_user(
    *,
    actor: Actor,
    municipality: Municipality,
    login: str,
    person: Person | None,
    at: datetime,
    title: str = "",
) -> tuple[User, str]:
    """Make an account with a password for the first sign-in; return both, the password is shown only now.

    :raises Refusal: when the login is taken or the person has an account already.
    """
    require(actor, "organisation.edit_users")
    _require_municipality(actor, municipality.pk)
    with one_act():
        login = User.normalize_username(login)
        problems = login_problems(login)
        if User.objects.filter(login=login).exists():
            problems.append(
                Problem(f"Имя для входа «{login}» занято.", field="login", mend="Придумайте другое.")
            )
        if person is not None:
            if person.municipality_id != municipality.pk:
                problems.append(Problem("Человек из другого округа.", field="person"))
            if User.objects.filter(person=person).exists():
                problems.append(Problem(f"У сотрудника {person} уже есть учётная запись.", field="person"))
        if person is None and not tidy(title):
            problems.append(
                Problem("Не указано, чья это запись.", field="person", mend="Выберите сотрудника.")
            )
        refuse_on(problems)
        password = first_password()
        made = User(
            login=login, person=person, municipality=municipality, title=tidy(title), must_change_password=True,
            created_at=at,
        )  # fmt: skip
        made.set_password(password)
        made.save()
        record(
            act="organisation.invite_user", actor=actor, subject=made, title=made.name,
            municipality_id=municipality.pk, at=at, after={"login": login, "person": said(person)},
        )  # fmt: skip
    return made, password


def set_password(*, actor: Actor, user: User, at: datetime) -> str:
    """Give the account a new password for one sign-in and return it.

    :raises PermissionDenied: when the account belongs elsewhere.
    """
    require(actor, "organisation.edit_users")
    _require_municipality(actor, user.municipality_id)
    with one_act():
        row = locked(User.objects.all(), user.pk)
        password = first_password()
        row.set_password(password)
        row.must_change_password = True
        row.version += 1
        row.save()
        record(
            act="organisation.set_password", actor=actor, subject=row, title=row.name,
            municipality_id=row.municipality_id, at=at,
        )  # fmt: skip
    return password


def change_own_password(*, actor: Actor, user: User, old: str, new: str, again: str, at: datetime) -> User:
    """Change one's own password, knowing the old one.

    :raises Refusal: with every rule the new password breaks.
    :raises PermissionDenied: when it is somebody else's account.
    """
    if actor.user_id != user.pk:
        raise PermissionDenied("Пароль меняет сам владелец.")
    with one_act():
        row = locked(User.objects.all(), user.pk)
        problems: list[Problem] = []
        if not row.check_password(old):
            problems.append(Problem("Прежний пароль не подходит.", field="old", mend="Введите его ещё раз."))
        if new != again:
            problems.append(
                Problem("Пароли не совпадают.", field="again", mend="Введите новый пароль дважды одинаково.")
            )
        if new and new == old:
            problems.append(
                Problem("Новый пароль совпадает с прежним.", field="new", mend="Придумайте другой.")
            )
        problems += password_problems(new, row)
        refuse_on(problems)
        row.set_password(new)
        row.must_change_password = False
        row.password_changed_at = at
        row.version += 1
        row.save()
        record(
            act="organisation.change_own_password", actor=actor, subject=row, title=row.name,
            municipality_id=row.municipality_id, at=at,
        )  # fmt: skip
    return row


def suspend_user(*, actor: Actor, user: User, version: int, reason: str, at: datetime) -> User:
    """Close the account for signing in; its past stays.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: when it is one's own account.
    """
    if actor.user_id == user.pk:
        raise Refusal(
            Problem("Нельзя отключить собственную учётную запись.", mend="Попросите другого администратора.")
        )
    return _switch(actor, user, version, False, reason, at)


def restore_user(*, actor: Actor, user: User, version: int, reason: str, at: datetime) -> User:
    """Open the account again.

    :raises StaleRecord: when somebody changed it meanwhile.
    """
    return _switch(actor, user, version, True, reason, at)


def grant_role(
    *,
    actor: Actor,
    user: User,
    role: Role | str,
    at: datetime,
    starts_on: date,
    ends_on: date | None = None,
    organisation: Organisation | None = None,
    body: Body | None = None,
    project_number: int | None = None,
    ground: str = "",
) -> RoleGrant:
    """Grant a role within the municipality, an organisation, a body or a project, for its days.

    :raises Refusal: when the place does not fit the role, the days go backwards or the role is held already.
    """
    require(actor, "organisation.edit_users")
    _require_municipality(actor, user.municipality_id)
    with one_act():
        row = locked(User.objects.all(), user.pk)
        problems = span_problems(starts_on, ends_on)
        if role not in Role.values or role in WITHOUT_ACCOUNT or role == Role.REGION:
            problems.append(
                Problem("Такую роль назначить нельзя.", field="role", mend="Выберите роль из списка.")
            )
        if role in OF_BODY and body is None:
            problems.append(
                Problem(
                    "Эта роль действует в органе.", field="body", mend="Выберите рабочую группу или комиссию."
                )
            )
        if role in OF_PROJECT and project_number is None and organisation is None:
            problems.append(
                Problem(
                    "Эта роль действует в проекте.", field="project_number", mend="Укажите номер проекта."
                )
            )
        for place, field in ((organisation, "organisation"), (body, "body")):
            if place is not None and place.municipality_id != row.municipality_id:
                problems.append(Problem("Это запись другого округа.", field=field))
        same = RoleGrant.objects.between(starts_on, ends_on or date.max).filter(
            user=row, role=role, organisation=organisation, body=body, project_number=project_number
        )
        if not problems and same.exists():
            problems.append(Problem("Эта роль на эти дни уже назначена.", field="role"))
        refuse_on(problems)
        made = RoleGrant.objects.create(
            user=row, role=role, municipality_id=row.municipality_id, organisation=organisation, body=body,
            project_number=project_number, starts_on=starts_on, ends_on=ends_on, ground=tidy(ground)[:300],
            granted_at=at,
        )  # fmt: skip
        record(
            act="organisation.grant_role", actor=actor, subject=row, title=row.name, reason=made.ground,
            municipality_id=row.municipality_id, at=at, after=grant_snapshot(made),
        )  # fmt: skip
    return made


def revoke_role(*, actor: Actor, grant: RoleGrant, last_day: date, ground: str, at: datetime) -> RoleGrant:
    """End a granted role after the day; a role that has not begun ends on its first day.

    :raises Refusal: when it has ended already, or the last administrator would lose the role.
    """
    require(actor, "organisation.edit_users")
    _require_municipality(actor, grant.municipality_id)
    with one_act():
        row = locked(RoleGrant.objects.all(), grant.pk)
        if row.ends_on is not None and row.ends_on <= last_day:
            raise Refusal(Problem(f"Роль уже снята {format_date(row.ends_on)}.", field="last_day"))
        if row.role == Role.ADMIN:
            others = RoleGrant.objects.filter(
                role=Role.ADMIN,
                municipality=row.municipality,
                ends_on__isnull=True,
                user__is_active=True,
            )
            if not others.exclude(user_id=row.user_id).exists():
                raise Refusal(
                    Problem(
                        "Это последний администратор округа.",
                        mend="Сначала назначьте другого администратора.",
                    )
                )
        before = grant_snapshot(row)
        row.ends_on = max(last_day, row.starts_on or last_day)
        row.save()
        record(
            act="organisation.revoke_role", actor=actor, subject=row.user, title=row.user.name, reason=tidy(ground),
            municipality_id=row.municipality_id, at=at, before=before, after=grant_snapshot(row),
        )  # fmt: skip
    return row


def password_problems(password: str, user: User) -> list[Problem]:
    """Check a password against the rules of the installation."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Problem(message, field="new") for message in error.messages]
    return []


def password_rules() -> list[str]:
    """Return the rules of a password in words."""
    return [str(text) for text in password_validators_help_texts()]


def first_password() -> str:
    """Make a password that is easy to copy from paper: three groups of four."""
    return "-".join(get_random_string(4, _EASY) for _ in range(3))


def _switch(actor: Actor, user: User, version: int, is_active: bool, reason: str, at: datetime) -> User:
    require(actor, "organisation.edit_users")
    _require_municipality(actor, user.municipality_id)
    with one_act():
        row = locked(User.objects.all(), user.pk, version)
        was = row.is_active
        row.is_active = is_active
        row.version += 1
        row.save()
        record(
            act="organisation.restore_user" if is_active else "organisation.suspend_user", actor=actor, subject=row,
            title=row.name, reason=tidy(reason), municipality_id=row.municipality_id, at=at,
            before={"is_active": was}, after={"is_active": is_active},
        )  # fmt: skip
    return row


def _require_municipality(actor: Actor, municipality_id: int | None) -> None:
    if municipality_id is None or actor.municipality_id != municipality_id:
        raise PermissionDenied("Это учётная запись другого округа.")


def grant_snapshot(row: RoleGrant) -> dict[str, Any]:
    """Return what the record of acts keeps of a granted role."""
    return {
        "role": row.get_role_display(),
        "organisation": said(row.organisation),
        "body": said(row.body),
        "project_number": row.project_number,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }
