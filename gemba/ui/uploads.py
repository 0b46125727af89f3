"""Files that people attach: told by content, not by name; refused with words that say what to do."""

import io
import zipfile
from collections.abc import Collection, Sequence
from typing import IO, TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:  # the class takes a parameter only in the stubs
    Sent = UploadedFile[Any]
    Stream = IO[bytes] | Sent

MEGABYTE = 1024 * 1024
PICTURES = ("jpeg", "png", "webp", "gif")
DOCUMENTS = ("pdf", "docx", "xlsx", "pptx", "doc", "odt", "ods")
SHEETS = ("xlsx",)
# A photo of a phone has up to 50 million points; more is a bomb that unpacks into all the memory.
MAX_POINTS = 120_000_000
MAX_UNPACKED = 500 * MEGABYTE
MAX_ENTRIES = 10_000

TITLES = {
    "pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "webp": "WebP", "gif": "GIF", "docx": "Word (.docx)",
    "xlsx": "Excel (.xlsx)", "pptx": "PowerPoint (.pptx)", "doc": "старый Word или Excel (.doc, .xls)",
    "odt": "LibreOffice Writer (.odt)", "ods": "LibreOffice Calc (.ods)", "text": "текст (.txt, .csv, .yaml)",
    "zip": "архив ZIP",
}  # fmt: skip
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/octet-stream",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "text": "text/plain; charset=utf-8",
    "zip": "application/zip",
}
_MARKS = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
)
_OFFICE = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))


class SizeGuard(FileUploadHandler):
    """Cut off a file past the limit while it arrives, keeping the other fields of the form.

    Stands first in FILE_UPLOAD_HANDLERS: the rest of the file is read and thrown away, nothing reaches the disk, and
    the form's own check says how large it was.
    """

    limit = 0
    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        self.limit = settings.UPLOAD_FILE_BYTES
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a chunk on while the file is within the limit."""
        self.received += len(raw_data)
        return raw_data if self.received <= self.limit else None

    def file_complete(self, file_size: int) -> "Sent | None":
        """Give an empty file with the true size instead of the one that was cut off."""
        if self.received <= self.limit:
            return None
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, self.received)


class UploadField(forms.FileField):
    """A file field that checks size and content; `kinds` are keys of `TITLES`."""

    def __init__(
        self, *, kinds: Collection[str] = (*DOCUMENTS, *PICTURES), megabytes: int = 20, **kwargs: Any
    ) -> None:
        self.kinds = tuple(kinds)
        self.megabytes = megabytes
        kwargs.setdefault("help_text", f"Файл {_titles(self.kinds)}, не больше {megabytes} МБ.")
        kwargs["error_messages"] = {
            "required": "Выберите файл.",
            "empty": "Файл пустой. Откройте его, проверьте и выберите ещё раз.",
            "invalid": "Файл не дошёл. Выберите его ещё раз.",
        } | kwargs.get("error_messages", {})
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        """Check the file.

        :raises ValidationError: in Russian, when the file is too large or of another kind.
        """
        if isinstance(data, UploadedFile) and (data.size or 0) > self.megabytes * MEGABYTE:
            raise ValidationError(_too_big(data.size or 0, self.megabytes))
        file = super().to_python(data)
        if file is not None:
            check(data, kinds=self.kinds, megabytes=self.megabytes)
        return file


def check(file: "Sent", *, kinds: Collection[str], megabytes: int = 20) -> str:
    """Give the kind of the file, told by its content.

    :raises ValidationError: in Russian, when the file is too large, broken or of another kind.
    """
    if (file.size or 0) > megabytes * MEGABYTE:
        raise ValidationError(_too_big(file.size or 0, megabytes))
    kind = kind_of(file)
    if kind not in kinds:
        found = f"это {TITLES[kind]}" if kind else "содержимое файла не похоже ни на один из них"
        raise ValidationError(f"Сюда можно приложить: {_titles(kinds)}; {found}. Выберите другой файл.")
    if kind in PICTURES:
        _check_picture(file)
    return kind


def kind_of(stream: "Stream") -> str:
    """Tell the kind of a file by its content; empty when it is none of the known ones.

    :raises ValidationError: when an archive is broken or unpacks beyond measure.
    """
    stream.seek(0)
    start = stream.read(4096)
    stream.seek(0)
    for mark, kind in _MARKS:
        if start.startswith(mark):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_archive(stream)
    return "text" if start and _is_text(start) else ""


def _kind_of_archive(stream: "Stream") -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise ValidationError("Файл распаковывается в слишком большой объём. Выберите другой файл.")
            names = [entry.filename for entry in entries]
            if "mimetype" in names:
                declared = archive.read("mimetype")[:80].decode("ascii", "replace")
                return {"text": "odt", "spreadsheet": "ods"}.get(declared.rpartition(".")[2], "zip")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise ValidationError("Файл повреждён. Сохраните его заново и выберите ещё раз.") from None
    finally:
        stream.seek(0)
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return kind
    return "zip"


def _check_picture(stream: "Stream") -> None:
    stream.seek(0)
    try:
        with Image.open(stream) as picture:
            width, height = picture.size
            if width * height <= MAX_POINTS:
                picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValidationError(
            "Снимок повреждён. Откройте его, сохраните заново и выберите ещё раз."
        ) from None
    finally:
        stream.seek(0)
    if width * height > MAX_POINTS:
        raise ValidationError(f"Снимок слишком большой: {width} × {height} точек. Уменьшите его.")


def _is_text(start: bytes) -> bool:
    if b"\x00" in start:
        return False
    for coding in ("utf-8-sig", "cp1251"):
        try:
            # A letter of two bytes may be cut at the end of what was read.
            start[: len(start) - 3 if len(start) == 4096 else None].decode(coding)
        except UnicodeDecodeError:
            continue
        control = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in start)
        return control == 0
    return False


def _titles(kinds: Collection[str]) -> str:
    words: Sequence[str] = [TITLES[kind] for kind in kinds]
    return ", ".join(words[:-1]) + (" или " if len(words) > 1 else "") + words[-1] if words else ""


def _too_big(size: int, megabytes: int) -> str:
    shown = f"{size / MEGABYTE:.1f}".replace(".", ",")
    return f"Файл {shown} МБ, а принимается до {megabytes} МБ. Сожмите его или приложите частями."
