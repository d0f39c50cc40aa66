"""Savepoints travel with the statement that follows them.

A test runs inside a transaction, so that each scope and each action is a savepoint in it: one message in
four would say nothing else. PostgreSQL does the same whether statements come in one message or in several.
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.pq import TransactionStatus

ALONE = re.compile(r'(?:RELEASE )?SAVEPOINT "\w+"')


django: Any = base


class Cursor(django.Cursor):  # type: ignore[misc]
    """Django's cursor, which keeps back what opens and closes savepoints."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        is_open = self.connection.info.transaction_status == TransactionStatus.INTRANS
        if is_open and params is None and isinstance(query, str) and ALONE.fullmatch(query):
            self.connection.__dict__.setdefault("kept_back", []).append(query.encode())
            self._query = SimpleNamespace(query=query.encode())  # what Django's log of queries reads
            return self
        return super().execute(query, params, **options)

    def _execute_send(self, query: Any, **options: Any) -> None:
        before = self.connection.__dict__.pop("kept_back", [])
        self.ahead = len(before)
        alone = query.query
        query.query = b";".join([*before, alone])
        super()._execute_send(query, **options)
        query.query = alone

    def _set_results(self, results: list[Any]) -> None:
        super()._set_results(results[self.ahead :])


def ride_along() -> None:
    """Let them, on every connection that Django opens from now on; the end of a transaction ends them all."""
    django.Cursor = Cursor
    for name in ("_commit_gen", "_rollback_gen"):
        setattr(Connection, name, _forgetting(getattr(Connection, name)))


def _forgetting(end: Any) -> Any:
    def ending(self: Connection[Any]) -> Iterator[Any]:
        self.__dict__.pop("kept_back", None)
        return (yield from end(self))

    return ending
