"""Events of the programme besides proposals: training, closed projects, contests, reports. All invented."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gemba.demo.rules.invention import InventedOrganisation, InventedTown
from gemba.demo.rules.work import working

PROJECTS: dict[str, tuple[str, ...]] = {
    "Образование": (
        "Сокращение времени приёма документов в первый класс", "Оптимизация процесса организации питания",
        "Сокращение времени подготовки педагогического совета", "Оптимизация хранения методических материалов",
        "Сокращение времени утреннего приёма детей", "Оптимизация процесса замены уроков",
    ),
    "Культура": ("Сокращение времени записи читателя", "Оптимизация подготовки концертной программы",
                 "Сокращение времени поиска костюмов и реквизита"),
    "Социальная защита": ("Сокращение времени назначения меры поддержки", "Оптимизация маршрутов социальных работников",
                          "Сокращение времени выдачи средств реабилитации"),
    "Жилищно-коммунальное хозяйство": ("Сокращение времени устранения аварии", "Оптимизация склада материалов",
                                       "Сокращение времени обработки показаний приборов"),
    "": (
        "Сокращение времени согласования проекта постановления", "Оптимизация работы с обращениями граждан",
        "Сокращение времени подготовки закупки", "Оптимизация процесса приёма на работу",
        "Сокращение времени подготовки отчётности", "Оптимизация рабочих мест по системе 5С",
    ),
}  # fmt: skip
_COURSES = (
    "Основы бережливого управления, 16 часов",
    "Инструменты бережливого производства, 24 часа",
    "Картирование процессов, 16 часов",
)
_EVENTS = (
    "Круглый стол «Опыт бережливых школ»",
    "Семинар «Как описать проблему»",
    "Областная конференция по улучшениям",
)


@dataclass(frozen=True)
class InventedEvent:
    """An entry of the journal."""

    kind: str
    organisation: str
    day: date
    title: str
    document: str = ""
    people: tuple[str, ...] = ()
    count: int | None = None
    is_marked: bool = False
    partners: tuple[str, ...] = ()
    quarter: tuple[int, int] | None = None
    year: int | None = None
    # For a replication: place of the project in the list.
    of: int = -1
    ends_on: date | None = None


def invent_programme(
    town: InventedTown,
    *,
    seed: int | str,
    begins_on: date,
    today: date,
    years: tuple[int, ...],
    feeds: set[str],
    zeal_floor: float = 0.0,
) -> list[InventedEvent]:
    """Invent the events that feed the indicators of the plan; every unit in its own measure."""
    chance = random.Random(f"{seed}:{town.code}:programme")
    found: list[InventedEvent] = []
    for organisation in town.organisations:
        if organisation.joins_on is None or organisation.kind.kind == "organisation":
            continue
        zeal = zeal_floor + (1 - zeal_floor) * chance.random()
        for turn, year in enumerate(years):
            first = max(begins_on + timedelta(days=5), date(year, 1, 15))
            last = min(date(year, 12, 15), today - timedelta(days=1), organisation.ends_on or today)
            if (last - first).days > 30:
                found += _of_unit(chance, organisation, first, last, zeal, turn, feeds)
    found += _of_whole(chance, town, begins_on, today, years, feeds)
    found.sort(key=lambda event: (event.day, event.kind, event.organisation, event.title))
    return found + _replications(chance, found, today, feeds)


def _of_unit(
    chance: random.Random,
    organisation: InventedOrganisation,
    first: date,
    last: date,
    zeal: float,
    turn: int,
    feeds: set[str],
) -> list[InventedEvent]:
    found = []
    place = organisation.code

    def day() -> date:
        drawn = first + timedelta(days=chance.randint(0, (last - first).days))
        return (
            drawn - timedelta(days=max(0, drawn.weekday() - 4))
            if drawn.weekday() > 4 and drawn > first
            else drawn
        )

    people = [f"{person.family} {person.given} {person.patronymic}" for person in working(organisation)]
    keen = 0.6 * zeal + 0.4 * chance.random()
    if feeds & {"people_trained", "people_trained_factory"} and people:
        # Most reach the number asked, those who do not care train one or nobody.
        wanted = (2 + turn) if keen > 0.35 else (1 if keen > 0.18 else 0)
        taught = tuple(chance.sample(people, min(len(people), wanted)))
        if taught:
            number = chance.randint(100, 999)
            found.append(
                InventedEvent(
                    "training", place, day(), chance.choice(_COURSES), f"Удостоверение № {number}", taught
                )
            )
            if keen > 0.5 and "people_trained_factory" in feeds:
                found.append(
                    InventedEvent("factory", place, day(), "Фабрика офисных процессов", people=taught[:2])
                )
    if feeds & {"projects_closed", "projects_closed_quality"}:
        titles = PROJECTS.get(organisation.direction, PROJECTS[""])
        for _ in range((1 if turn == 0 else chance.choice((1, 2))) if keen > 0.3 else 0):
            found.append(
                InventedEvent("project", place, day(), chance.choice(titles), is_marked=chance.random() < 0.7)
            )
    if "culture_selfdiagnosis_done" in feeds and keen > 0.25:
        found.append(
            InventedEvent(
                "selfdiagnosis", place, day(), "Опрос сотрудников: выбраны три направления улучшений"
            )
        )
    if "satisfaction_measurements" in feeds and turn and keen > 0.45:
        found.append(
            InventedEvent(
                "survey",
                place,
                day(),
                "Опрос посетителей после улучшений",
                count=chance.randint(24, 140),
                is_marked=True,
            )
        )
    if "events_attended" in feeds and keen > 0.4:
        found.append(
            InventedEvent(
                "event",
                place,
                day(),
                chance.choice(_EVENTS),
                people=tuple(people[:1]),
                count=chance.randint(1, 4),
            )
        )
    if "popularisation_events" in feeds and keen > 0.55:
        found.append(InventedEvent("popularisation", place, day(), "Стенд «Было – стало» в холле"))
    if "project_proposals_submitted_on_time" in feeds and keen > 0.2:
        found.append(
            InventedEvent("project_proposals", place, day(), "Тема и сроки проекта на следующий год")
        )
    if "internal_trainers" in feeds and keen > 0.5 and people:
        since = day()
        found.append(
            InventedEvent(
                "trainer",
                place,
                since,
                "Обучение новых сотрудников, 4 часа в месяц",
                "Приказ № 31-о",
                tuple(people[1:2]),
            )
        )
    return found


def _of_whole(
    chance: random.Random,
    town: InventedTown,
    begins_on: date,
    today: date,
    years: tuple[int, ...],
    feeds: set[str],
) -> list[InventedEvent]:
    found = []
    economy = town.of("economy")[0].code
    for year in years:

        def add(kind: str, month: int, number: int, title: str, document: str = "", **more: object) -> None:
            on = date(year, month, number)  # noqa: B023
            if begins_on < on < today:
                found.append(InventedEvent(kind, economy, on, title, document, **more))  # type: ignore[arg-type]

        if "contests_held" in feeds:
            add(
                "contest",
                11,
                14,
                "Лучшая практика года",
                f"Протокол № 4 от 14.11.{year}",
                count=chance.randint(6, 19),
            )
        if "round_tables_held" in feeds:
            add("round_table", 4, 18, "Бережливые решения в школах и детских садах", count=24)
        if "consultations_given" in feeds:
            for month in (3, 6, 10):
                add("consultation", month, 20, "Описание процесса и сбор данных", count=chance.randint(2, 9))
        if "samples_confirmed" in feeds:
            add("sample", 10, 25, "Бережливый детский сад", f"Заключение № 7 от 25.10.{year}")
        if "project_plan_prepared_on" in feeds:
            add("project_plan", 12, 19, f"План проектов на {year + 1} год", "Проект от 19.12", year=year + 1)
        if "defence_plan_approved_on" in feeds:
            add(
                "defence_plan",
                2,
                24,
                f"План защиты проектов на {year} год",
                f"Протокол № 1 от 24.02.{year}",
                year=year,
            )
        if "analytical_reports" in feeds:
            for quarter in (1, 2, 3):
                month = quarter * 3 + 1
                number = f"Письмо № {120 + quarter} от 12.{month:02}.{year}"
                add(
                    "analytical",
                    month,
                    12,
                    "Аналитическая информация за квартал",
                    number,
                    quarter=(year, quarter),
                )
        if "significance_assessed_on_time" in feeds:
            add("significance", 11, 16, "Оценены проекты года")
    return found


def _replications(
    chance: random.Random, found: list[InventedEvent], today: date, feeds: set[str]
) -> list[InventedEvent]:
    if not feeds & {"replications_count", "replicated_projects_share"}:
        return []
    more = []
    for place, event in enumerate(found):
        on = event.day + timedelta(days=chance.randint(60, 150))
        if event.kind == "project" and chance.random() < 0.3 and on < today:
            more.append(
                InventedEvent(
                    "replication",
                    event.organisation,
                    on,
                    f"Внедрено в соседнем учреждении: {event.title}",
                    of=place,
                )
            )
    return more


def for_the_journal(events: list[InventedEvent]) -> list[InventedEvent]:
    """Leave out the closings that stand in the register of projects; those somebody repeated stay to be named."""
    named = {event.of for event in events if event.of >= 0}
    kept = [place for place, event in enumerate(events) if event.kind != "project" or place in named]
    places = {old: new for new, old in enumerate(kept)}
    return [replace(events[old], of=places.get(events[old].of, -1)) for old in kept]
