"""What a Word file may not carry: bombs, macros, links outside, embedded programs, monstrous pictures."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from PIL import Image

from gemba.kernel.problems import Problem

MEGABYTE = 1024 * 1024
MAX_ENTRIES = 2000
MAX_UNPACKED = 60 * MEGABYTE
# The text of a template is read by patterns, whose time grows with it.
MAX_TEXT = 6 * MEGABYTE
MAX_PICTURE = 8 * MEGABYTE
MAX_POINTS = 40_000_000
# Text packs ten times, a bomb a thousand times.
MAX_RATIO = 200
_MACROS = re.compile(r"vba|macroEnabled|activeX", re.IGNORECASE)
_EMBEDDED = re.compile(
    r"^word/(?:embeddings|activeX)/|afchunk|\.(?:bin|exe|dll|js|vbs|html?|mht|svg)$", re.IGNORECASE
)
# Commands of Word that fetch or start something when the file is opened.
_COMMANDS = re.compile(
    r"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON|LINK|AUTOTEXT|DATABASE)\b", re.IGNORECASE
)
_WEB = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def problems_of_archive(content: bytes) -> list[Problem]:
    """Return why the file may not be a template; nothing when it may."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if found := _bomb(archive):
                return [found]
            return list(dict.fromkeys(_carried(archive)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return [_said("Файл повреждён.", "Сохраните его заново и загрузите ещё раз.")]


def problems_of_size(content: bytes) -> list[Problem]:
    """Return why a Word file that is only read may not be opened: broken, or unpacking beyond measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _bomb(archive)
            if found is None and "word/document.xml" not in archive.namelist():
                found = _said("Это не документ Word.", "Сохраните файл как «Документ Word (.docx)».")
            return [found] if found else []
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return [_said("Файл повреждён.", "Сохраните его заново и загрузите ещё раз.")]


def _bomb(archive: zipfile.ZipFile) -> Problem | None:
    entries = archive.infolist()
    whole = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > MEGABYTE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    texts = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    if len(entries) > MAX_ENTRIES or whole > MAX_UNPACKED or swollen or texts > MAX_TEXT:
        return _said(
            "Файл распаковывается в слишком большой объём.",
            "Оставьте в файле только текст, таблицы и небольшие рисунки.",
        )
    return None


def _carried(archive: zipfile.ZipFile) -> list[Problem]:
    found = []
    names = archive.namelist()
    if len(set(names)) != len(names) or "word/document.xml" not in names:
        return [_said("Это не документ Word.", "Сохраните шаблон как «Документ Word (.docx)».")]
    for name in names:
        if _MACROS.search(name):
            found.append(
                _said("В файле есть макросы.", "Сохраните его как «Документ Word (.docx)» без макросов.")
            )
        elif _EMBEDDED.search(name):
            found.append(
                _said("В файл вложен другой файл или объект.", "Удалите вложенное и сохраните заново.")
            )
        elif name.startswith("word/media/"):
            found += _picture(archive, name)
        elif name.endswith((".xml", ".rels")):
            found += _text(archive, name)
    return found


def _text(archive: zipfile.ZipFile, name: str) -> list[Problem]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: Any = etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError:
        return [_said("Файл повреждён внутри.", "Откройте его в Word, сохраните заново и загрузите ещё раз.")]
    if root.getroottree().docinfo.internalDTD is not None:
        return [
            _said(
                "В файле есть объявления, которых в документах Word не бывает.",
                "Сохраните его заново в Word.",
            )
        ]
    if name == "[Content_Types].xml" and _MACROS.search(etree.tostring(root, encoding="unicode")):
        return [_said("В файле есть макросы.", "Сохраните его как «Документ Word (.docx)» без макросов.")]
    found = []
    if name.endswith(".rels"):
        for relation in root:
            if relation.get("TargetMode") == "External" and not (
                str(relation.get("Type", "")).endswith("/hyperlink")
                and _WEB.match(relation.get("Target", ""))
            ):
                found.append(
                    _said(
                        "Файл ссылается на другой файл или адрес вне себя.",
                        "Вставьте рисунки и шаблоны в сам документ.",
                    )
                )
    codes = [element.text or "" for element in root.iter(f"{_W}instrText")]
    codes += [element.get(f"{_W}instr", "") for element in root.iter(f"{_W}fldSimple")]
    if _COMMANDS.search("".join(codes)):
        found.append(
            _said("В файле есть поле Word, которое тянет данные извне.", "Удалите поле и напишите текст.")
        )
    return found


def _picture(archive: zipfile.ZipFile, name: str) -> list[Problem]:
    short = name.rpartition("/")[2]
    if archive.getinfo(name).file_size > MAX_PICTURE:
        return [_said(f"Рисунок {short} больше {MAX_PICTURE // MEGABYTE} МБ.", "Уменьшите его.")]
    if name.lower().endswith((".emf", ".wmf")):
        return []
    try:
        with Image.open(io.BytesIO(archive.read(name))) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        width, height = MAX_POINTS, MAX_POINTS
    except (OSError, ValueError, SyntaxError):
        return [_said(f"Рисунок {short} не читается.", "Вставьте его заново как PNG или JPEG.")]
    if width * height > MAX_POINTS:
        return [_said(f"Рисунок {short} слишком большой: {width} × {height} точек.", "Уменьшите его.")]
    return []


def _said(text: str, mend: str) -> Problem:
    return Problem(text, field="file", mend=mend)
