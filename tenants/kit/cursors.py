"""Pages by keyset: constant time however far one reads, and nothing skipped or doubled by new rows."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from tenants.refusals import Refused


class BadCursor(Refused):
    """A cursor that we never gave."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("This cursor is not one of ours: begin again without it."), "cursor")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin ("" after the last)."""

    items: list[Any]
    next_cursor: str

    @property
    def has_more(self) -> bool:
        return bool(self.next_cursor)


def encode(values: Sequence[Any]) -> str:
    """A cursor out of the ordering values of the last row."""
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def decode(cursor: str, model: type[Model], ordering: Sequence[str]) -> list[Any]:
    """The values in a cursor, typed as the model's fields. Raises `BadCursor`."""
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        if not isinstance(texts, list) or not all(
            isinstance(text, str) and "\x00" not in text for text in texts
        ):
            raise BadCursor
        "".join(texts).encode()  # lone surrogates are nothing that we gave
        fields = [model._meta.get_field(name.lstrip("-")) for name in ordering]
        return [field.to_python(text) for field, text in zip(fields, texts, strict=True)]  # type: ignore[union-attr]
    except (ValueError, binascii.Error, ValidationError, OverflowError, RecursionError):
        raise BadCursor from None


def beyond(ordering: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes after a row in an ordering of one or two fields that all go the same way.

    The bare bound on the first field is what the index is entered by; the rest settles ties.
    """
    lookup = "lt" if ordering[0].startswith("-") else "gt"
    names = [name.lstrip("-") for name in ordering]
    if len(names) == 1:
        return Q((f"{names[0]}__{lookup}", values[0]))
    first, second = names
    return Q((f"{first}__{lookup}e", values[0])) & (
        Q((f"{first}__{lookup}", values[0])) | Q((f"{second}__{lookup}", values[1]))
    )


def until(ordering: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes up to a row, and the row itself, in an ordering as `beyond` takes it."""
    lookup = "gt" if ordering[0].startswith("-") else "lt"
    names = [name.lstrip("-") for name in ordering]
    if len(names) == 1:
        return Q((f"{names[0]}__{lookup}e", values[0]))
    first, second = names
    return Q((f"{first}__{lookup}e", values[0])) & (
        Q((f"{first}__{lookup}", values[0])) | Q((f"{second}__{lookup}e", values[1]))
    )


def page(queryset: QuerySet[Any], *, ordering: Sequence[str], limit: int, cursor: str = "") -> Page:
    """The next rows of a queryset: objects, or `.values()` with the ordering fields. Raises `BadCursor`."""
    if cursor:
        queryset = queryset.filter(beyond(ordering, decode(cursor, queryset.model, ordering)))
    rows = list(queryset.order_by(*ordering)[: limit + 1])
    return cut(rows, ordering=ordering, limit=limit)


def cut(rows: list[Any], *, ordering: Sequence[str], limit: int) -> Page:
    """A page out of rows of which one more than `limit` was asked for."""
    if len(rows) <= limit:
        return Page(rows, "")
    last = rows[limit - 1]
    names = [name.lstrip("-") for name in ordering]
    values = [last[name] if isinstance(last, dict) else getattr(last, name) for name in names]
    return Page(rows[:limit], encode(values))
