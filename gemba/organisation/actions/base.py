"""What every act of this module shares: its transaction, the row lock, the refusal of a stale form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from gemba.kernel.problems import Problem, Refusal

M = TypeVar("M", bound=models.Model)


class StaleRecord(Refusal):
    """Somebody changed the record while the person was filling the form; `current` is what stands there now."""

    def __init__(self, current: models.Model) -> None:
        self.current = current
        super().__init__(
            Problem(
                "Пока вы заполняли форму, эту запись изменил другой пользователь.",
                mend="Ниже обе версии: сверьте их и сохраните ещё раз. Введённое вами не потеряно.",
            )
        )


@contextmanager
def one_act() -> Iterator[None]:
    """Open the transaction of an act; what the database forbids becomes a refusal in words.

    :raises Refusal: when a constraint of the database stops the act.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        said = str(error).lower()
        if "unique" in said:
            text = "Такая запись уже есть: возможно, её только что добавил другой пользователь."
            raise Refusal(Problem(text, mend="Обновите страницу и проверьте.")) from error
        if "check" in said:
            raise Refusal(
                Problem("Данные противоречат друг другу.", mend="Проверьте даты и названия.")
            ) from error
        raise


def locked(found: models.QuerySet[M], pk: int, version: int | None = None) -> M:
    """Take the row for change; with a version, only the one the person has seen.

    :raises StaleRecord: when the version is not the one the person has seen.
    :raises Refusal: when the row is gone.
    """
    row = found.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refusal(Problem("Этой записи больше нет.", mend="Вернитесь к списку и обновите его."))
    if version is not None and getattr(row, "version") != version:  # noqa: B009
        raise StaleRecord(row)
    return row


def said(day: Any) -> Any:
    """Return the value as the record of acts keeps it: names for objects, the rest as it is."""
    return str(day) if isinstance(day, models.Model) else day
