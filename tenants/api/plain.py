"""Answers read as plain rows: no objects are made, and the SQL of the usual questions is written once.

class OrderViewSet(Plain, TenantViewSet):
    serializer_class = OrderOut              # fields are columns, or named in `related`
    related = {"labels": labels_of}          # what other tables hold, read for many rows at once

    @staticmethod
    def seen_by(actor):                      # in place of get_queryset()
        return orders_visible_to(actor)
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.actors import Actor
from tenants.api.pagination import limit_of, page_response
from tenants.api.serializers import getters_of
from tenants.db.prepared import prepared
from tenants.kit import cursors
from tenants.kit.cursors import Page

type Rows = list[dict[str, Any]]
Related = Callable[[list[UUID]], Mapping[UUID, Rows]]
PAGING = {"limit", "cursor", "fields"}
PLACES = ("first", "second")  # names of a cursor's values


class Plain:
    """GET of a list and of one, for shapes without methods."""

    related: ClassVar[dict[str, Related]] = {}

    @staticmethod
    def seen_by(actor: Actor) -> QuerySet[Any]:
        """The rows that an actor may see."""
        raise NotImplementedError

    def get_queryset(self: Any) -> QuerySet[Any]:
        return self.seen_by(self.actor)  # type: ignore[no-any-return]

    def list(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page, in the order of `ordering`."""
        if set(request.query_params) <= PAGING:
            page = self._page(limit_of(request), request.query_params.get("cursor", ""))
        else:
            page = self.page_of(self.filter_queryset(self.get_queryset()).values(*self._columns()))
        return page_response(self._shown(page.items), page)

    def page_of(self: Any, rows: QuerySet[Any]) -> Page:
        """A page of what the address narrows. Raises `Malformed`, `BadCursor`."""
        self.paginate_queryset(rows)
        return self.paginator.page  # type: ignore[no-any-return]

    def retrieve(self: Any, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        """One, by its id."""
        return self.show(pk)  # type: ignore[no-any-return]

    def show(self: Any, object_id: UUID, status: int = 200) -> Response:
        """The answer of one row. Raises `Http404`."""
        rows = _reader(self.__class__, self._columns(), self.get_ordering())(0, by=self.actor, pk=object_id)
        if not rows:
            raise Http404
        return Response(self._shown([row._asdict() for row in rows])[0], status=status)

    def _page(self: Any, limit: int, cursor: str) -> Page:
        """The rows of a list that nothing narrows. Raises `BadCursor`."""
        ordering = tuple(self.get_ordering())
        given = cursors.decode(cursor, self.get_queryset().model, ordering) if cursor else []
        read = _reader(self.__class__, self._columns(), ordering)
        rows = read(limit + 1, by=self.actor, **dict(zip(PLACES, given, strict=False)))
        return cursors.cut([row._asdict() for row in rows], ordering=ordering, limit=limit)

    def _columns(self: Any) -> tuple[str, ...]:
        """What to read of the table itself: what is shown, and what the order needs."""
        fields, shape = self.fields(), self.get_serializer_class()
        shown = [
            field.source or name
            for name, field in shape._declared_fields.items()
            if name not in self.related and (fields is None or name in fields)
        ]
        return tuple(dict.fromkeys([*shown, "id", *[name.lstrip("-") for name in self.get_ordering()]]))

    def _shown(self: Any, rows: Rows) -> Rows:
        fields, getters = self.fields(), getters_of(self.get_serializer_class())
        if fields is not None:
            getters = {name: get for name, get in getters.items() if name in fields}
        for name in self.related.keys() & getters.keys() if rows else ():
            found = self.related[name]([row["id"] for row in rows])
            for row in rows:
                row[name] = found.get(row["id"], ())
        return [{name: get(row) for name, get in getters.items()} for row in rows]


@cache
def _reader(view: type[Plain], columns: tuple[str, ...], ordering: Sequence[str]) -> Callable[..., list[Any]]:
    """What reads a view's rows: one by its `pk`, else the first so many, after a cursor's values if given."""

    @prepared(namedtuple("Row", columns))
    def read(limit: int, *, by: Actor, **given: Any) -> QuerySet[Any]:
        rows = view.seen_by(by)
        if "pk" in given:
            return rows.filter(pk=given["pk"])
        if given:
            rows = rows.filter(cursors.beyond(ordering, [given[name] for name in PLACES if name in given]))
        return rows.order_by(*ordering)[:limit]

    return read
