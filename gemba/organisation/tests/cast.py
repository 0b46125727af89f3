"""The fixed cast of the whole suite: two invented municipalities and one person for each role.

Заречный округ is where everything happens; Лесной округ is the stranger who must see nothing of it.
"""

from dataclasses import dataclass, field

from django.test import Client

from gemba.organisation.access import Actor, actor_of
from gemba.organisation.models import (
    Body,
    BodyKind,
    BodyMembership,
    Direction,
    HeadcountRecord,
    Municipality,
    Organisation,
    OrganisationKind,
    Person,
    Position,
    Region,
    Unit,
    User,
)
from gemba.organisation.roles import OF_BODY, WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.factories import (
    LONG_AGO,
    grant,
    make_body,
    make_membership,
    make_municipality,
    make_organisation,
    make_person,
    make_position,
    make_region,
    make_unit,
    make_user,
)

PEOPLE = {
    Role.EMPLOYEE: ("Тихонова Дарья Игоревна", "Учитель начальных классов"),
    Role.COORDINATOR: ("Берёзкин Павел Олегович", "Заместитель директора"),
    Role.UNIT_HEAD: ("Щукина Елена Викторовна", "Директор"),
    Role.LEADER: ("Лапин Артём Сергеевич", "Методист"),
    Role.TEAM: ("Ёлкина Ольга Павловна", "Секретарь учебной части"),
    Role.SPONSOR: ("Громов Виктор Андреевич", "Заместитель главы округа"),
    Role.CURATOR: ("Соколова Ирина Львовна", "Заместитель главы округа"),
    Role.MONITOR: ("Зимина Наталья Юрьевна", "Главный специалист управления экономики"),
    Role.CHAIR: ("Орлов Михаил Петрович", "Первый заместитель главы округа"),
    Role.DEPUTY: ("Калинин Роман Ильич", "Начальник управления экономики"),
    Role.SECRETARY: ("Мальцева Юлия Денисовна", "Консультант управления экономики"),
    Role.MEMBER: ("Дубов Степан Егорович", "Начальник управления образования"),
    Role.ASSESSOR: ("Рыбина Алла Марковна", "Эксперт"),
    Role.TRAINER: ("Чайкин Глеб Антонович", "Внутренний тренер"),
    Role.HEAD: ("Северов Николай Фёдорович", "Глава округа"),
    Role.PUBLISHER: ("Клюева Вера Матвеевна", "Специалист по связям с общественностью"),
    Role.ADMIN: ("Жуков Денис Романович", "Инженер"),
}
IN_SCHOOL = (Role.EMPLOYEE, Role.COORDINATOR, Role.UNIT_HEAD, Role.LEADER, Role.TEAM)
PROJECT_NUMBER = 1


@dataclass
class Cast:
    """The people and organisations a test may count on."""

    region: Region
    municipality: Municipality
    other_municipality: Municipality
    administration: Organisation
    economy: Organisation
    education: Organisation
    school: Organisation
    kindergarten: Organisation
    water_company: Organisation
    school_unit: Unit
    working_group: Body
    people: dict[Role, Person] = field(default_factory=dict)
    positions: dict[Role, Position] = field(default_factory=dict)
    memberships: dict[Role, BodyMembership] = field(default_factory=dict)
    users: dict[Role, User] = field(default_factory=dict)
    # Of Лесной округ: everything at once that a stranger could be.
    stranger: User = None  # type: ignore[assignment]
    other_school: Organisation = None  # type: ignore[assignment]
    other_person: Person = None  # type: ignore[assignment]

    def actor(self, role: Role) -> Actor:
        """Return the person of this role as an actor of today."""
        return actor_of(User.objects.with_owner().get(pk=self.users[role].pk))

    def client(self, role: Role) -> Client:
        """Return a browser in which the person of this role has signed in."""
        return signed_in(self.users[role])

    def stranger_client(self) -> Client:
        """Return a browser of the other municipality's all-powerful person."""
        return signed_in(self.stranger)


def signed_in(user: User) -> Client:
    """Return a browser in which this account has signed in."""
    client = Client()
    client.force_login(user, backend="gemba.organisation.authentication.LoginBackend")
    return client


def build_cast() -> Cast:
    """Make the cast in the database."""
    region = make_region("Речной край")
    zarechny = make_municipality("Заречный округ", region, code="zarechny", genitive="Заречного округа")
    lesnoy = make_municipality("Лесной округ", region, code="lesnoy", genitive="Лесного округа")
    education_direction = Direction.objects.create(
        municipality=zarechny, name="Образование", name_key="образование"
    )
    administration = make_organisation(
        zarechny,
        "Администрация Заречного округа",
        kind=OrganisationKind.OMSU,
        code="001",
        short_name="Администрация",
    )
    economy = make_organisation(
        zarechny,
        "Управление экономики",
        kind=OrganisationKind.STRUCTURAL_UNIT,
        code="002",
        parent=administration,
    )
    education = make_organisation(
        zarechny,
        "Управление образования",
        kind=OrganisationKind.OMSU,
        code="003",
        direction=education_direction,
    )
    school = make_organisation(
        zarechny,
        "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 1»",
        short_name="Школа № 1",
        code="004",
        parent=education,
        direction=education_direction,
    )
    kindergarten = make_organisation(
        zarechny, "Детский сад «Родничок»", code="005", parent=education, direction=education_direction
    )
    water = make_organisation(
        zarechny, "МУП «Водоканал»", kind=OrganisationKind.ORGANISATION, code="006", participates=False
    )
    for organisation, people in ((administration, 40), (school, 62), (kindergarten, 31)):
        HeadcountRecord.objects.create(organisation=organisation, counted_on=LONG_AGO, people=people)
    group = make_body(zarechny, "Рабочая группа по бережливому управлению", code="working_group")
    cast = Cast(
        region, zarechny, lesnoy, administration, economy, education, school, kindergarten, water,
        make_unit(school, "Начальная школа"), group,
    )  # fmt: skip
    for role in Role:
        if role in WITHOUT_ACCOUNT:
            continue
        cast.users[role] = _regional(region) if role is Role.REGION else _municipal(cast, role)
    _build_stranger(cast)
    return cast


def _regional(region: Region) -> User:
    user = make_user("region", region=region, title="Центр компетенций Речного края")
    grant(user, Role.REGION)
    return user


def _municipal(cast: Cast, role: Role) -> User:
    name, title = PEOPLE[role]
    person = make_person(cast.municipality, name, phone="+7 900 000-00-00")
    place = cast.school if role in IN_SCHOOL else cast.administration
    unit = cast.school_unit if role is Role.EMPLOYEE else None
    cast.people[role] = person
    cast.positions[role] = make_position(person, place, title, unit=unit, is_head=role is Role.UNIT_HEAD)
    user = make_user(role.value, person=person)
    if role in OF_BODY:
        cast.memberships[role] = make_membership(cast.working_group, role.value, person, seat=title)
    elif role in (Role.COORDINATOR, Role.UNIT_HEAD):
        grant(user, role, organisation=cast.school)
    elif role in (Role.LEADER, Role.TEAM, Role.SPONSOR):
        grant(user, role, project_number=PROJECT_NUMBER)
    elif role is not Role.EMPLOYEE:
        grant(user, role)
    return user


def _build_stranger(cast: Cast) -> None:
    lesnoy = cast.other_municipality
    cast.other_school = make_organisation(lesnoy, "Лесная школа", code="004")
    cast.other_person = make_person(lesnoy, "Чужова Римма Карловна")
    make_position(cast.other_person, cast.other_school, "Директор")
    body = make_body(lesnoy, "Комиссия Лесного округа", kind=BodyKind.COMMISSION, code="working_group")
    make_membership(body, "chair", cast.other_person)
    cast.stranger = make_user("stranger", person=cast.other_person)
    for role in (
        Role.MONITOR,
        Role.HEAD,
        Role.ADMIN,
        Role.UNIT_HEAD,
        Role.COORDINATOR,
        Role.CURATOR,
        Role.ASSESSOR,
    ):
        grant(cast.stranger, role)
