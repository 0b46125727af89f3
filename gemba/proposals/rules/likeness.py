"""How alike two proposals are: shared words in any form, the rarer the heavier. Pure.

A text becomes a set of keys: stems without the words that stand in every proposal, related words cut to one root,
household synonyms as one word. Two sets are compared by the weight of what they share: half by cosine (are the texts
alike as wholes), half by containment (does the longer one hold the shorter one, which is
unfinished while it is typed).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from gemba.kernel.words import bare, normalise

# Stems longer than this are cut: «распечатка», «распечатывать» and «распечатанный» meet in one key.
ROOT = 6
# From this likeness a proposal is shown as similar; the reviewer sees the share and decides.
THRESHOLD = 0.37
# A text of fewer words than this is too short to be «held» by another.
FEW = 6.2
# Candidates whose words occur in more proposals than this are not worth reading.
BUDGET = 2500
MOST_KEYS = 12
MOST_CANDIDATES = 400

# Words that stand in any proposal and say nothing about what it is about.
_EMPTY = """
а без более бы был была были было быть в вам вас весь во вот все всего всех всегда вы где да даже для до его ее если
есть еще же за здесь и из или им их к как какой каждый каждое когда кто ли либо между меня мне
много может можно мой мы на
над надо нам нас наш не него нее нет ни них но ну о об однако он она они оно от очень по под после
потом потому при про раз
с сам сами своей свой себе себя сейчас со так также такой там то тогда того тоже только том туда
тут ты у уже хотя чего
чем через что чтобы чтоб эта эти это этого этой этом этот я который которая которое которые которых день дня дней
предлагаю предложение предложить предлагается нужно необходимо следует требуется сделать сделан делать делаем сделаем
приходится постоянно часто иногда обычно теперь нужен нужна нужны хочется хочу просьба прошу пожалуйста стоит лучше
удобно неудобно удобнее проблема проблемы мешает работа работы работе работать работаем сотрудник
сотрудники сотрудников
сотрудникам время времени много мало минут минуты минуту час часа часов раза целый весь один одна
одно два две три пять
организовать использовать ввести создать внедрить улучшить улучшение ускорить тратим тратится тратить уходит теряем
нашем нашей нашу вместо поэтому около среди новый новая новые старый старая старые хороший большой большая маленький
"""
# One thing under several names.
_SAME = """
компьютер пк ноутбук
принтер мфу ксерокс копир сканер
телефон мобильный смартфон
журнал тетрадь книга реестр
табличка указатель вывеска наклейка бирка этикетка маркировка подписать
вахта проходная вахтер охрана
очередь очереди живая
шкаф стеллаж полка
электронный цифровой онлайн
кабинет помещение комната
лампа свет освещение светильник лампочка
ключ ключи ключница
посетитель гражданин заявитель житель клиент
дверь входной вход
чайник кулер
мусор отходы
уборщица уборка клининг мытье
автобус транспорт маршрут
лестница ступени ступенька
скользко скользит скользкий гололед гололедица лед наледь
пандус коляска колясочник
ребенок дети детский
родитель родители
бумага бумажный распечатка печать печатать распечатывать распечатать
документ документы справка справки
запись записаться записываться
заявка заявление обращение
совещание планерка оперативка
шаблон бланк образец форма
инструмент инвентарь
склад кладовая кладовка
доска стенд
замок замки
график расписание
чат мессенджер
память памятка инструкция
урна корзина контейнер
"""


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(normalise(_EMPTY).split())


@lru_cache(maxsize=1)
def _same() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _SAME.strip().splitlines():
        stems = [bare(stem) for stem in normalise(line).split()]
        for stem in stems:
            found.setdefault(stem, stems[0])
            found.setdefault(stem[:ROOT], stems[0])
    return found


def keys_of(text: str) -> list[str]:
    """Return the different keys of a text in the order of reading."""
    return keys_of_stems(normalise(text).split())


def keys_of_stems(stems: Iterable[str]) -> list[str]:
    """Return the different keys of stems."""
    empty, same = _empty(), _same()
    found: dict[str, None] = {}
    for stem in stems:
        if len(stem) < 3 or stem in empty or stem.isdigit():
            continue
        # «щиток» and «щитки» are one word.
        stem = bare(stem)
        cut = stem[:ROOT]
        found[(same.get(stem) or same.get(cut) or cut)[:ROOT]] = None
    return list(found)


def weights(keys: Iterable[str], counts: Mapping[str, int], total: int) -> dict[str, float]:
    """Weigh keys by rarity among `total` proposals; a key nobody has counted is rare."""
    whole = max(total, 50)
    return {key: max(0.15, log((whole + 1) / (counts.get(key, 1) + 0.5)) / log(whole + 1)) for key in keys}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Keys of a text, the square of each one's weight, and the squares together."""

    squares: Mapping[str, float]
    whole: float


def weighed(keys: Mapping[str, float]) -> Weighed:
    """Square the weights once, for a text that is compared with many."""
    squares = {key: weight * weight for key, weight in keys.items()}
    return Weighed(squares, sum(squares.values()))


def likeness(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Return how alike two weighed sets of keys are, from 0 to 1."""
    return compared(weighed(first), weighed(second))


def compared(first: Weighed, second: Weighed) -> float:
    """Return how alike two sets of keys are, from 0 to 1."""
    squares = first.squares
    common = squares.keys() & second.squares.keys()
    if not common:
        return 0.0
    shared = sum([squares[key] for key in common])
    one, two = first.whole, second.whole
    cosine = shared / sqrt(one * two)
    # A set of one or two words is held by too many others to be taken at its word. Words are counted as average ones of
    # the two, so that among many proposals about the same thing, where no word is rare, the same one is still found.
    average = (one + two) / (len(squares) + len(second.squares))
    contained = shared / max(min(one, two), FEW * average)
    return min(1.0, 0.5 * cosine + 0.5 * contained)


def to_ask(keys: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """Choose the keys to look for: the rarest, until together they bring too many proposals."""
    chosen: list[str] = []
    brought = 0
    for key in sorted(set(keys), key=lambda key: (counts.get(key, 0), key)):
        brought += counts.get(key, 0)
        if len(chosen) >= MOST_KEYS or (len(chosen) >= 2 and brought > BUDGET):
            break
        chosen.append(key)
    return chosen


def share(score: float) -> int:
    """Write a likeness in percent."""
    return round(score * 100)
