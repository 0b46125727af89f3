"""An object storage that speaks S3 behind Django's STORAGES: Yandex, VK, Selectel, MinIO, Ceph; nothing to install.

    STORAGES["documents"] = {"BACKEND": "gemba.documents.s3.S3Storage", "OPTIONS": {
        "endpoint": "https://storage.example.ru", "bucket": "gemba", "region": "ru-central1",
        "key": "…", "secret": "…"}}

Contents are read and written whole (they are limited on upload), requests are signed with AWS Signature Version 4.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils import timezone
from django.utils.deconstruct import deconstructible
from lxml import etree  # type: ignore[import-untyped]

SECONDS = 30
ATTEMPTS = 3
_ALGORITHM = "AWS4-HMAC-SHA256"


class S3Error(OSError):
    """The object storage refused or did not answer."""


@deconstructible
class S3Storage(Storage):
    """Keeps each content as one object; names are the caller's, addresses are never given to a browser."""

    def __init__(
        self,
        *,
        endpoint: str,
        bucket: str,
        key: str,
        secret: str,
        region: str = "us-east-1",
        prefix: str = "",
    ) -> None:
        """Take the address and the keys.

        :raises ValueError: when the address is not one.
        """
        address = urlsplit(endpoint)
        if address.scheme not in ("http", "https") or not address.hostname or not bucket:
            raise ValueError("S3: назовите адрес хранилища (https://…) и корзину.")
        self.is_secure, self.host, self.port = address.scheme == "https", address.hostname, address.port
        self.base = address.path.rstrip("/")
        self.bucket, self.key, self.secret, self.region = bucket, key, secret, region
        self.prefix = prefix.strip("/")

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Keep the name: an object of a hash is the same content."""
        return name

    def exists(self, name: str) -> bool:
        """Tell whether there is such an object."""
        return self._head(name) is not None

    def size(self, name: str) -> int:
        """Return the size of an object.

        :raises FileNotFoundError: when there is none.
        """
        return int(self._known(name).get("content-length", "0"))

    def get_modified_time(self, name: str) -> datetime:
        """Return when an object was written.

        :raises FileNotFoundError: when there is none.
        """
        moment = parsedate_to_datetime(self._known(name)["last-modified"])
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def delete(self, name: str) -> None:
        """Delete an object; one that is not there is no trouble."""
        self._ask("DELETE", name, fine=(200, 204, 404))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and files directly in a folder."""
        folders: list[str] = []
        files: list[str] = []
        start = self._path(path).rstrip("/") + "/"
        token = ""
        while True:
            query = {"list-type": "2", "delimiter": "/", "prefix": start}
            if token:
                query["continuation-token"] = token
            _, _, body = self._ask("GET", None, query=query)
            root: Any = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
            for element in root.iter():
                name = etree.QName(element).localname if isinstance(element.tag, str) else ""
                if name == "CommonPrefixes":
                    folders.append(element[0].text[len(start) :].rstrip("/"))
                elif name == "Contents":
                    files += [
                        (one.text or "")[len(start) :]
                        for one in element
                        if etree.QName(one).localname == "Key"
                    ]
            token = next((one.text or "" for one in root.iter("{*}NextContinuationToken")), "")
            if not token:
                return folders, [file for file in files if file]

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("S3: objects are read only; write them whole with save().")
        status, _, body = self._ask("GET", name, fine=(200, 404))
        if status == 404:
            raise FileNotFoundError(name)
        return ContentFile(body, name=name)

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        body = content.read()
        self._ask("PUT", name, body=body.encode() if isinstance(body, str) else body)
        return name

    def _known(self, name: str) -> Mapping[str, str]:
        found = self._head(name)
        if found is None:
            raise FileNotFoundError(name)
        return found

    def _head(self, name: str) -> Mapping[str, str] | None:
        status, headers, _ = self._ask("HEAD", name, fine=(200, 404))
        return headers if status == 200 else None

    def _path(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def _ask(
        self,
        method: str,
        name: str | None,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        fine: tuple[int, ...] = (200,),
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send a signed request; every request here may be repeated, so a broken line is tried again."""
        path = f"{self.base}/{self.bucket}" + (f"/{self._path(name)}" if name is not None else "")
        trouble: object = ""
        for _ in range(ATTEMPTS):
            try:
                status, headers, answer = self._once(method, path, query or {}, body)
            except (TimeoutError, OSError, http.client.HTTPException) as problem:
                trouble = problem
                continue
            if status in fine:
                return status, headers, answer
            trouble = f"{status} {answer[:200].decode('utf-8', 'replace')}"
            if status < 500:
                break
        raise S3Error(f"{method} {path}: {trouble}")

    def _once(
        self, method: str, path: str, query: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        kind = http.client.HTTPSConnection if self.is_secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=SECONDS)
        host = f"{self.host}:{self.port}" if self.port else self.host
        headers = signed(
            method=method, host=host, path=path, query=query, body=body,
            key=self.key, secret=self.secret, region=self.region, at=timezone.now(),
        )  # fmt: skip
        try:
            address = quote(path, safe="/~") + (f"?{_query(query)}" if query else "")
            connection.request(method, address, body=body or None, headers=dict(headers))
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content
        finally:
            connection.close()


def signed(
    *,
    method: str,
    host: str,
    path: str,
    query: Mapping[str, str],
    body: bytes,
    key: str,
    secret: str,
    region: str,
    at: datetime,
    more: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """Return the headers of a request with its signature (AWS Signature Version 4)."""
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    day = moment[:8]
    content = hashlib.sha256(body).hexdigest()
    headers = {"host": host, "x-amz-content-sha256": content, "x-amz-date": moment}
    headers |= {name.lower(): value.strip() for name, value in (more or {}).items()}
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            method,
            quote(path, safe="/~"),
            _query(query),
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            names,
            content,
        ]
    )
    scope = f"{day}/{region}/s3/aws4_request"
    text = "\n".join([_ALGORITHM, moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    step = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        step = hmac.new(step, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(step, text.encode(), hashlib.sha256).hexdigest()
    return headers | {
        "authorization": f"{_ALGORITHM} Credential={key}/{scope},SignedHeaders={names},Signature={signature}"
    }


def _query(query: Mapping[str, str]) -> str:
    return "&".join(
        f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(query.items())
    )


__all__ = ["S3Error", "S3Storage", "signed"]
