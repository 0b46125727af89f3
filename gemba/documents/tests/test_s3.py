"""The S3 storage: the signature is the one in Amazon's own example; a small server answers the rest."""

import hashlib
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from django.core.files.base import ContentFile

from gemba.documents import queries
from gemba.documents.actions import tidy
from gemba.documents.s3 import S3Error, S3Storage, signed
from gemba.documents.tests.factories import make_issued
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # Amazon's published example


class Handler(BaseHTTPRequestHandler):
    """Keeps objects in memory and refuses what is not signed as it should be."""

    objects: dict[str, bytes] = {}
    fails = 0

    def log_message(self, *args: Any) -> None:
        """Stay silent."""

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Fri, 20 Nov 2026 05:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if Handler.fails:
            Handler.fails -= 1
            return self._answer(503)
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        moment = datetime.strptime(self.headers["x-amz-date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
        expected = signed(
            method=self.command, host=self.headers["host"], path=unquote(address.path), query=query, body=body,
            key=KEY, secret=SECRET, region="ru-central1", at=moment,
        )  # fmt: skip
        if self.headers["authorization"] != expected["authorization"]:
            return self._answer(403, b"SignatureDoesNotMatch")
        name = unquote(address.path).removeprefix("/gemba/")
        if self.command == "PUT":
            Handler.objects[name] = body
            return self._answer(200)
        if self.command == "DELETE":
            Handler.objects.pop(name, None)
            return self._answer(204)
        if "list-type" in query:
            return self._list(query)
        found = Handler.objects.get(name)
        return self._answer(404) if found is None else self._answer(200, found)

    def _list(self, query: dict[str, str]) -> None:
        start = query["prefix"]
        inside = sorted(name for name in Handler.objects if name.startswith(start))
        folders = sorted(
            {re.split("/", name[len(start) :])[0] for name in inside if "/" in name[len(start) :]}
        )
        files = [name for name in inside if "/" not in name[len(start) :]]
        place = int(query.get("continuation-token", "0"))
        shown, more = files[place : place + 2], len(files) > place + 2
        xml = "".join(f"<Contents><Key>{name}</Key><Size>1</Size></Contents>" for name in shown)
        if place == 0:
            xml += "".join(
                f"<CommonPrefixes><Prefix>{start}{name}/</Prefix></CommonPrefixes>" for name in folders
            )
        if more:
            xml += f"<NextContinuationToken>{place + 2}</NextContinuationToken>"
        body = f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{xml}</ListBucketResult>'
        self._answer(200, body.encode())

    do_GET = do_PUT = do_DELETE = do_HEAD = _any


@pytest.fixture
def place() -> Iterator[dict[str, Any]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Handler.objects, Handler.fails = {}, 0
    yield {
        "endpoint": f"http://127.0.0.1:{server.server_port}", "bucket": "gemba", "region": "ru-central1",
        "key": KEY, "secret": SECRET,
    }  # fmt: skip
    server.shutdown()
    server.server_close()


def test_the_signature_of_amazons_own_example() -> None:
    headers = signed(
        method="GET", host="examplebucket.s3.amazonaws.com", path="/test.txt", query={}, body=b"",
        key=KEY, secret=SECRET, region="us-east-1", at=datetime(2013, 5, 24, tzinfo=UTC),
        more={"Range": "bytes=0-9"},
    )  # fmt: skip
    assert headers["authorization"].endswith(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_objects_are_written_read_listed_and_deleted(place: dict[str, Any]) -> None:
    storage = S3Storage(**place, prefix="округ/файлы")
    for name in ("documents/1/ab/x1", "documents/1/ab/x2", "documents/1/ab/x3", "documents/2/y"):
        assert storage.save(name, ContentFile(name.encode())) == name
    assert storage.open("documents/2/y").read() == b"documents/2/y"
    assert storage.size("documents/2/y") == 13 and storage.exists("documents/2/y")
    assert storage.listdir("documents") == (["1", "2"], [])
    assert storage.listdir("documents/1/ab") == ([], ["x1", "x2", "x3"])
    assert storage.get_modified_time("documents/2/y") == datetime(2026, 11, 20, 5, tzinfo=UTC)
    storage.delete("documents/2/y")
    storage.delete("documents/2/y")
    assert not storage.exists("documents/2/y")
    with pytest.raises(FileNotFoundError):
        storage.open("documents/2/y")
    assert all(name.startswith("округ/файлы/") for name in Handler.objects)


def test_a_wrong_key_and_a_tired_server(place: dict[str, Any]) -> None:
    with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
        S3Storage(**{**place, "secret": "другой"}).save("x", ContentFile(b"x"))
    Handler.fails = 2
    S3Storage(**place).save("x", ContentFile(b"x"))
    assert Handler.objects == {"x": b"x"}
    Handler.fails = 9
    with pytest.raises(S3Error, match="503"):
        S3Storage(**place).exists("x")
    with pytest.raises(ValueError, match="адрес"):
        S3Storage(**{**place, "endpoint": "хранилище"})


def test_documents_lie_in_the_object_storage(cast: Cast, place: dict[str, Any], settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {"BACKEND": "gemba.documents.s3.S3Storage", "OPTIONS": place},
    }
    made = make_issued(cast.actor(Role.MONITOR))
    assert hashlib.sha256(Handler.objects[made.pdf.name]).hexdigest() == made.pdf.sha256
    assert queries.content_of(made.docx).startswith(b"PK")
    Handler.objects["documents/1/zz/orphan"] = b"x"
    assert tidy(at=datetime(2026, 11, 25, tzinfo=UTC))["orphans"] == 1
    assert "documents/1/zz/orphan" not in Handler.objects and made.pdf.name in Handler.objects
