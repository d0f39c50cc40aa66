"""Files of the business, under names nobody can guess."""

from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage


def keep(folder: str, owner: UUID, content: IO[bytes], ending: str = "") -> str:
    """Keep a file from its beginning; returns where it lies."""
    content.seek(0)
    wanted = f"{folder}/{owner.hex[-2:]}/{owner.hex}{ending}"
    name: Any = default_storage.save(default_storage.generate_filename(wanted), File(content))
    return str(name)


def drop(name: str | None) -> None:
    """Delete a file, if it is there."""
    if name:
        default_storage.delete(name)
