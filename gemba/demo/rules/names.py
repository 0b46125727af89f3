"""Invented people: no family name here belongs to anybody whom the shipped acts name (a test holds it)."""

import random
from dataclasses import dataclass

# Male forms; the female ones follow by rule.
FAMILY_NAMES = """
Авдеев Агафонов Аксёнов Анохин Балашов Барсуков Беляков Бобров Богданов Бородин Буланов Варламов Вершинин Ветров
Вешняков Виноградов Воронцов Гаврилов Галкин Глебов Горшков Грачёв Гришин Гуляев Давыдов Демидов Дорофеев Дроздов
Дубровин Евсеев Елисеев Ермолин Ершов Жилин Журавлёв Завьялов Зверев Зотов Зуев Игнатов Ильин Исаев Казаков
Калашников Карпов Кедров Климов Князев Кольцов Комаров Копылов Королёв Костров Кошелев Краснов Кудрявцев Куприн
Лаврентьев Лагутин Ларин Лебедев Левашов Лисицын Лобанов Логинов Лосев Лукин Майоров Макаров Маслов Матвеев Медведев
Мельников Миронов Мишин Молчанов Морозов Муравьёв Назаров Нефёдов Нечаев Носов Одинцов Озеров Осипов Павлов Панин
Пахомов Петухов Платонов Поляков Пономарёв Потапов Прохоров Пчелин Рогов Рожков Румянцев Рябинин Рябов Савельев
Сазонов Самойлов Сафонов Седов Селезнёв Синицын Скворцов Снегирёв Соболев Сорокин Стрельцов Субботин Суханов Тарасов
Терентьев Тимофеев Токарев Трофимов Уваров Устинов Фадеев Федосеев Фомин Харитонов Хомутов Царёв Чернов Чистяков
Шапошников Шестаков Шилов Шубин Щеглов Юдин Яковлев Ясенев
""".split()
WOMEN = """
Алевтина Алина Алла Анастасия Анна Антонина Валентина Валерия Вера Вероника Виктория Галина Дарья Евгения Екатерина
Елена Жанна Зинаида Злата Инна Ирина Кира Клавдия Кристина Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария
Надежда Наталья Нина Оксана Олеся Ольга Полина Раиса Римма Светлана София Таисия Тамара Татьяна Ульяна Юлия Яна
""".split()
MEN = """
Александр Алексей Анатолий Андрей Антон Аркадий Артём Борис Вадим Валерий Василий Виктор Виталий Владимир Вячеслав
Геннадий Георгий Глеб Григорий Даниил Денис Дмитрий Евгений Егор Иван Игорь Илья Кирилл Константин Леонид Максим
Матвей Михаил Никита Николай Олег Павел Пётр Роман Руслан Семён Сергей Станислав Степан Тимур Фёдор Юрий Ярослав
""".split()
# Father's name: the male patronymic and the female one.
PATRONYMICS = [
    tuple(pair.split("/"))
    for pair in """
Александрович/Александровна Алексеевич/Алексеевна Анатольевич/Анатольевна Андреевич/Андреевна Антонович/Антоновна
Аркадьевич/Аркадьевна Борисович/Борисовна Вадимович/Вадимовна Валентинович/Валентиновна Валерьевич/Валерьевна
Васильевич/Васильевна Викторович/Викторовна Витальевич/Витальевна Владимирович/Владимировна
Вячеславович/Вячеславовна Геннадьевич/Геннадьевна Георгиевич/Георгиевна Григорьевич/Григорьевна
Дмитриевич/Дмитриевна Евгеньевич/Евгеньевна Егорович/Егоровна Иванович/Ивановна Игоревич/Игоревна Ильич/Ильинична
Кириллович/Кирилловна Константинович/Константиновна Леонидович/Леонидовна Львович/Львовна Максимович/Максимовна
Михайлович/Михайловна Николаевич/Николаевна Олегович/Олеговна Павлович/Павловна Петрович/Петровна
Романович/Романовна Семёнович/Семёновна Сергеевич/Сергеевна Степанович/Степановна Тимофеевич/Тимофеевна
Фёдорович/Фёдоровна Юрьевич/Юрьевна Яковлевич/Яковлевна
""".split()
]

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch - y - e yu ya".split(),
        strict=True,
    )
)


@dataclass(frozen=True)
class Name:
    """Family name, given name, patronymic."""

    family: str
    given: str
    patronymic: str
    is_woman: bool

    def __str__(self) -> str:
        return f"{self.family} {self.given} {self.patronymic}"


def woman_form(family: str) -> str:
    """Return the family name as a woman bears it."""
    return family + "а"


def invent_name(chance: random.Random, *, women: float = 0.5, taken: set[str] | None = None) -> Name:
    """Invent a name; of those already taken in the municipality none is given twice."""
    while True:
        is_woman = chance.random() < women
        family, pair = chance.choice(FAMILY_NAMES), chance.choice(PATRONYMICS)
        name = Name(
            woman_form(family) if is_woman else family,
            chance.choice(WOMEN if is_woman else MEN),
            pair[1] if is_woman else pair[0],
            is_woman,
        )
        if taken is None:
            return name
        if str(name) not in taken:
            taken.add(str(name))
            return name


def latin(word: str) -> str:
    """Write a Russian word in Latin letters, for addresses of mail."""
    written = (_LATIN.get(char, char) for char in word.lower())
    return "".join(part for part in written if part.isascii() and part.isalnum())


def invent_mail(name: Name, number: int) -> str:
    """Return an address that leads nowhere: the zone `example` belongs to nobody."""
    return f"{latin(name.family)}.{latin(name.given)[:1]}{number}@gemba.example"


def invent_phone(number: int) -> str:
    """Return a telephone of no city and no operator."""
    return f"+7 000 {number // 10_000 % 1000:03}-{number // 100 % 100:02}-{number % 100:02}"


def invent_inn(number: int) -> str:
    """Return an ИНН with a right check digit that nobody can have: no tax office has the code 0000."""
    body = f"0000{number % 100_000:05}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 11 % 10
    return f"{body}{check}"
