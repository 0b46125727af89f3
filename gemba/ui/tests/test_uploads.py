"""Attached files: told by content, refused in Russian."""

import io
import zipfile

import openpyxl
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from PIL import Image

from gemba.ui import uploads


def picture(kind="PNG", size=(40, 30)):
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind)
    return stream.getvalue()


def book():
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def archive(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def sent(content, name="x"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture(), "png"),
        (picture("JPEG"), "jpeg"),
        (picture("WEBP"), "webp"),
        (b"%PDF-1.7 ...", "pdf"),
        (book(), "xlsx"),
        (archive(readme="x"), "zip"),
        ("имя;балл\n".encode("cp1251"), "text"),
        (("a" + "я" * 5000).encode(), "text"),
        (b"MZ\x90\x00\x03", ""),
        (b"", ""),
    ],
    # Without names the content itself would be the name of the test, and an archive holds the time it was made.
    ids=["png", "jpeg", "webp", "pdf", "xlsx", "zip", "cp1251", "long text", "program", "empty"],
)
def test_the_kind_is_told_by_content(content, kind):
    assert uploads.kind_of(io.BytesIO(content)) == kind


def test_a_program_named_as_a_picture_is_refused():
    with pytest.raises(ValidationError, match="JPEG"):
        uploads.check(sent(b"MZ\x90\x00\x03\x00", "photo.jpg"), kinds=uploads.PICTURES)


def test_a_picture_with_a_script_inside_is_no_picture():
    with pytest.raises(ValidationError):
        uploads.check(sent(b"<svg onload='alert(1)'/>", "coat.svg"), kinds=uploads.PICTURES)


def test_a_broken_picture_and_a_broken_archive_are_named():
    with pytest.raises(ValidationError, match="повреждён"):
        uploads.check(sent(picture()[:60]), kinds=uploads.PICTURES)
    with pytest.raises(ValidationError, match="повреждён"):
        uploads.check(sent(b"PK\x03\x04 broken"), kinds=uploads.SHEETS)


def test_bombs_are_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 1000)
    with pytest.raises(ValidationError, match="распаковывается"):
        uploads.check(sent(archive(big=b"0" * 5000)), kinds=("zip",))
    monkeypatch.setattr(uploads, "MAX_POINTS", 100)
    with pytest.raises(ValidationError, match="слишком большой"):
        uploads.check(sent(picture()), kinds=uploads.PICTURES)


def test_the_message_tells_both_sizes():
    with pytest.raises(ValidationError, match=r"1,5 МБ, а принимается до 1 МБ"):
        uploads.check(sent(b"%PDF-" + b"0" * (3 * uploads.MEGABYTE // 2)), kinds=("pdf",), megabytes=1)


class Form(forms.Form):
    text = forms.CharField()
    file = uploads.UploadField(kinds=("xlsx",), megabytes=1)


def test_a_field_accepts_the_right_file_rewound():
    form = Form({"text": "x"}, {"file": sent(book(), "список.xlsx")})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"].read(2) == b"PK"


def test_a_field_speaks_russian():
    assert Form({"text": "x"}).errors["file"] == ["Выберите файл."]
    assert "пустой" in str(Form({"text": "x"}, {"file": sent(b"")}).errors["file"])


def test_a_file_past_the_limit_is_cut_off_and_the_other_fields_arrive(settings, rf):
    settings.FILE_UPLOAD_HANDLERS = [
        "gemba.ui.uploads.SizeGuard",
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler",
    ]
    settings.UPLOAD_FILE_BYTES = 2 * uploads.MEGABYTE
    large = sent(b"PK" + b"0" * (5 * uploads.MEGABYTE), "большой.xlsx")
    request: HttpRequest = rf.post(
        "/x/", {"text": "набранное", "file": large, "second": sent(book(), "б.xlsx")}
    )
    assert request.POST["text"] == "набранное"
    assert request.FILES["file"].read() == b""
    assert request.FILES["second"].read(2) == b"PK"
    assert "5,0 МБ, а принимается до 1 МБ" in str(Form(request.POST, request.FILES).errors["file"])
