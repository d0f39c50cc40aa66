"""Uploads that are too large: refused by what they declare, stopped where they grow beyond it."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

LARGEST = 100 * 1024 * 1024  # bytes of one file, whatever it is for
FIELDS = 1024 * 1024  # bytes that the other fields of a form may take


class UploadLimit(FileUploadHandler):
    """Stands before the handler that keeps the file: nothing beyond the limit reaches the disk.

    The rest is read and dropped, so that the sender hears why; `is_too_large(request)` tells the view.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.is_declared_too_large = content_length > LARGEST + FIELDS

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0
        if self.is_declared_too_large:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > LARGEST:
            self._stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The file itself is the next handler's."""

    def _stop(self) -> None:
        self.request.upload_is_too_large = True  # type: ignore[union-attr]
        raise StopUpload(connection_reset=False)


def is_too_large(request: HttpRequest) -> bool:
    """Whether a file of the request was dropped for its size."""
    return bool(getattr(request, "upload_is_too_large", False))
