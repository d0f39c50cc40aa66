"""What the address of the list says, and addresses that say it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from crm.listing import filters, sorts
from crm.listing.filters import Given
from crm.listing.reading import Wanted
from crm.models import SavedView
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit.text import one_line

type Query = dict[str, list[str]]


class View(NamedTuple):
    """A saved view, as far as the list needs it. Without a name: how its owner left the list."""

    id: UUID
    name: str
    owner_id: UUID | None
    filters: Any
    sort: str
    columns: Any


class Place(NamedTuple):
    """What is asked of the list: whom, how, and by which saved view."""

    wanted: Wanted
    view: View | None
    is_changed: bool  # it no longer is what the view says
    columns: Sequence[Any]

    def query(self, *, without: str = "", **changes: str) -> str:
        """The address's query, with some filter left out or things said otherwise."""
        given: Query = {one.name: list(one.texts) for one in self.wanted.given if one.name != without}
        sort = changes.get("sort", self.wanted.sort.name)
        is_plain = not changes.get("sort") and sort == sorts.CONTACT.name and self.view is None
        parts: dict[str, Any] = {**given, **({} if is_plain else {"sort": sort})}
        q = changes.get("q", self.wanted.q)
        view = changes.get("view", str(self.view.id) if self.view else "")
        parts |= {name: text for name, text in (("q", q), ("view", view)) if text}
        return urlencode(parts, doseq=True)


def views_of(actor: Actor) -> list[View]:
    """The saved views that somebody can use, by name, and how he left the list."""
    if actor.membership is None:
        return []
    return _views(by=actor)


@prepared(View)
def _views(*, by: Actor) -> QuerySet[SavedView]:
    return SavedView.objects.usable_by(by)  # type: ignore[no-any-return]


def read(query: QueryDict, views: Sequence[View]) -> Place:
    """What an address asks for. What makes no sense in it is left out."""
    view = _chosen(query.get("view", ""), views)
    said: Query = {name: query.getlist(name) for name in query if filters.is_one(name)}
    given, sort = said, query.get("sort", "")
    is_changed = view is not None and bool(said or sort)
    if view is not None and not is_changed:
        given, sort = stored(view.filters), view.sort
    wanted = Wanted(one_line(query.get("q", ""), 100), tuple(filters.read(given)), sorts.read(sort))
    if view is not None and is_changed:
        is_changed = not _same(wanted, view)
    left = next((one for one in views if not one.name), None)
    own = (view.columns if view else None) or (left.columns if left else None) or []
    return Place(wanted, view, is_changed, own if isinstance(own, list) else [])


def _chosen(text: str, views: Sequence[View]) -> View | None:
    return next((one for one in views if one.name and str(one.id) == text), None)


def _same(wanted: Wanted, view: View) -> bool:
    saved = {one.name: set(one.texts) for one in filters.read(stored(view.filters))}
    return (
        saved == {one.name: set(one.texts) for one in wanted.given} and sorts.read(view.sort) == wanted.sort
    )


def stored(kept: Any) -> Query:
    """Filters as they are kept, whatever was kept."""
    if not isinstance(kept, Mapping):
        return {}
    return {
        str(name): [str(text) for text in texts] for name, texts in kept.items() if isinstance(texts, list)
    }


def kept(given: Sequence[Given]) -> Query:
    """Filters as they are kept."""
    return {one.name: list(one.texts) for one in given}
