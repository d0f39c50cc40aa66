"""The files that came or went with a customer; the apps above have them, so they register who finds them."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from crm.models import Customer
from tenants.actors import Actor
from tenants.kit.cursors import Page


class File(NamedTuple):
    """A file, at the address that its app names for it."""

    id: UUID
    name: str
    size: int
    content_type: str
    created_at: datetime
    url_name: str


Finder = Callable[..., Page]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Say who finds files: `finder(customer, actor, cursor=, limit=)` is a page of `File`, newest first.

    Called once from an app's `ready()`. Only one app has files so far, hence one cursor.
    """
    if finder not in _finders:
        _finders.append(finder)


def of_customer(customer: Customer, actor: Actor, *, cursor: str = "", limit: int = 30) -> Page:
    """The files that an actor may see. Raises `BadCursor`."""
    for finder in _finders:
        return finder(customer, actor, cursor=cursor, limit=limit)
    return Page([], "")
