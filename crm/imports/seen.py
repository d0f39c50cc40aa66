"""What rows of a file were already about, on disk: memory does not grow with the file."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterable
from types import TracebackType


def number_of(name: str) -> bytes:
    """Eight bytes that stand for a name."""
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()


class Seen:
    """A set of names on disk, gone when closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="puente-import-")
        self._base = sqlite3.connect(f"{self._folder.name}/seen")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("CREATE TABLE seen (number BLOB PRIMARY KEY) WITHOUT ROWID")

    def __enter__(self) -> "Seen":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        self._folder.cleanup()

    def among(self, names: Iterable[str]) -> set[str]:
        """Those that were seen before."""
        by_number = {number_of(name): name for name in names if name}
        found: set[str] = set()
        numbers = list(by_number)
        for start in range(0, len(numbers), 500):
            part = numbers[start : start + 500]
            marks = ",".join("?" * len(part))
            query = " ".join(["SELECT number FROM seen WHERE number IN", f"({marks})"])
            found |= {by_number[row[0]] for row in self._base.execute(query, part)}
        return found

    def add(self, numbers: bytes) -> None:
        """Remember names by their numbers, eight bytes each."""
        parts = [(numbers[at : at + 8],) for at in range(0, len(numbers), 8)]
        self._base.executemany("INSERT OR IGNORE INTO seen VALUES (?)", parts)
