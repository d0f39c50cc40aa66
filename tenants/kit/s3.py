"""Uploads in an S3-compatible store, where PUENTE_STORAGE is s3: the same paths, the same walls.

Needs the packages of `puente[s3]`. Files are read in parts, so that no large one is held in memory.
"""

from io import BufferedReader, RawIOBase
from os import PathLike
from typing import Any

from botocore.exceptions import ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from tenants.kit.files import ForeignFile
from tenants.scoping import current_tenant_id

PART = 1_000_000  # bytes asked for at once
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class TenantS3Storage(S3Storage):
    """Objects under <business>/…, and only those of the open scope."""

    def generate_filename(self, filename: str | PathLike[str]) -> str:
        return str(super().generate_filename(f"{current_tenant_id()}/{filename}"))

    def _normalize_name(self, name: str) -> str:
        """The object's key; every operation asks here. Raises `ForeignFile`."""
        key = str(super()._normalize_name(name))
        home = str(super()._normalize_name(f"{current_tenant_id()}/x")).removesuffix("x")
        if not key.startswith(home):
            raise ForeignFile("this file belongs to another business")
        return key

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            return super()._open(name, mode)  # type: ignore[no-any-return]
        return File(BufferedReader(_Parts(self.bucket.Object(self._normalize_name(name))), PART), name)

    def url(self, name: str | None, *_args: Any, **_kwargs: Any) -> str:
        raise NotImplementedError("files are served by a view that checks who asks")


class _Parts(RawIOBase):
    """An object read by ranges. Raises `FileNotFoundError` for none."""

    def __init__(self, found: Any) -> None:
        self._object, self._at = found, 0
        try:
            self._size = int(found.content_length)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in MISSING:
                raise FileNotFoundError(found.key) from error
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = max({0: 0, 1: self._at, 2: self._size}[whence] + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        part = self._object.get(Range=f"bytes={self._at}-{self._at + wanted - 1}")["Body"].read()
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)
