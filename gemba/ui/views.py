"""Pages of the frame itself: errors, the kept draft, the gallery, health."""

import logging
import re
import secrets

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.ui import drafts, frame, owner
from gemba.ui.guards import public, signed_in
from gemba.ui.pages import find, go_to, is_htmx, page

log = logging.getLogger(__name__)


def _refuse(request: HttpRequest, status: int, title: str, text: str, **more: object) -> HttpResponse:
    # HTMX swaps no refusal into the page: app.js shows this one line as a toast, the page stays as it was.
    if is_htmx(request):
        return HttpResponse(f"{title} {text}", status=status, content_type="text/plain; charset=utf-8")
    return page(
        request, "ui/refusal.html", {"heading": title, "text": text, "status": status, **more}, status
    )


def _russian(exception: object) -> str:
    words = str(exception)
    return words if re.search("[А-Яа-яё]", words) else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    text = _russian(exception) or "Ничего не изменено. Вернитесь назад, обновите страницу и повторите."
    return _refuse(request, 400, "Сервер не понял запрос.", text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the page names what is needed."""
    text = _russian(exception) or "Этот раздел открыт не всем."
    mend = "Ничего не изменено. Право даёт администратор вашего муниципалитета: назовите ему это действие."
    return _refuse(request, 403, "У вас нет доступа.", text, mend=mend)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    text = _russian(exception) or "Адрес набран с ошибкой, запись удалена или открыта не вам."
    return _refuse(
        request, 404, "Такой страницы нет.", text, mend="Найдите её поиском или начните с главной."
    )


def too_large(request: HttpRequest, *, megabytes: int) -> HttpResponse:
    """Answer 413: the request was refused before it was read."""
    text = f"Файл больше {megabytes} МБ не принимается, поэтому ничего не сохранено."
    mend = "Вернитесь назад: набранное осталось в форме. Выберите файл меньше или уменьшите снимок."
    return _refuse(request, 413, "Файл слишком большой.", text, mend=mend)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without the database, the session or the frame; the number is in the log."""
    number = secrets.token_hex(3).upper()
    log.error("server error %s at %s", number, request.path)
    text = f"Мы записали её под номером {number}: назовите его администратору."
    if is_htmx(request):
        return HttpResponse(
            f"Ошибка на сервере. Ничего не изменено. {text}",
            status=500,
            content_type="text/plain; charset=utf-8",
        )
    body = find("ui/failure.html").render({"frame": frame.EMPTY, "actor": None, "text": text}, None)
    return HttpResponse(body, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is out of date: what was typed is shown and can be sent again."""
    whose = owner.read(request.POST.get(owner.FIELD, ""))
    if whose is not None and drafts.keep(request):
        return go_to(request, drafts.url())
    text = "Ничего не изменено. Обновите страницу и отправьте форму ещё раз; в браузере должны быть разрешены cookie."
    return _refuse(request, 403, "Страница устарела.", text)


@require_http_methods(["GET", "POST"])
@signed_in
def draft(request: HttpRequest) -> HttpResponse:
    """Give back what was typed when the session ended; a POST here throws it away."""
    if request.method == "POST":
        drafts.forget(request)
        return go_to(request, "/", "Черновик удалён.")
    kept = drafts.of(request)
    if kept is None:
        return go_to(request, "/")
    return page(request, "ui/draft.html", {"draft": kept, "sent_field": drafts.SENT})


@public("Проверка, что сервер отвечает: для наблюдения, без данных")
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Tell that the server answers and reaches its database."""
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@public("Образцы элементов интерфейса: для разработчиков и дизайнеров, без данных")
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    from gemba.ui import samples

    return page(request, "ui/gallery.html", samples.gallery())
