"""Lists by cursor: `limit`, `cursor`; answers `data`, `next_cursor`, `has_more`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.errors import Malformed
from tenants.kit import cursors

if TYPE_CHECKING:
    from rest_framework.views import APIView  # REST framework's settings load this module first

DEFAULT = 25
MOST = 100


def limit_of(request: Request) -> int:
    """`limit` from the address: 1 to 100, 25 when not given. Raises `Malformed`."""
    given = request.query_params.get("limit")
    if given is None:
        return DEFAULT
    if not (given.isascii() and given.isdigit() and len(given) < 10 and 1 <= int(given) <= MOST):
        raise Malformed(_("limit must be a whole number from 1 to %(most)s.") % {"most": MOST}, "limit")
    return int(given)


class CursorPagination(BasePagination):
    """Keyset pages in the order the view names (`ordering`, one or two fields, newest first by default)."""

    page: cursors.Page

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """The rows of the page. Raises `Malformed`, `BadCursor`."""
        self.page = cursors.page(
            queryset,
            ordering=view.get_ordering(),  # type: ignore[union-attr]
            limit=limit_of(request),
            cursor=request.query_params.get("cursor", ""),
        )
        return self.page.items

    def get_paginated_response(self, data: Any) -> Response:
        """The one shape of every list."""
        return page_response(data, self.page)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same for OpenAPI."""
        return {
            "type": "object",
            "required": ["data", "next_cursor", "has_more"],
            "properties": {
                "data": schema,
                "next_cursor": {"type": ["string", "null"], "description": "Give it back as `cursor`."},
                "has_more": {"type": "boolean"},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The two parameters of every list."""
        return [
            {
                "name": "limit",
                "in": "query",
                "description": "How many at once.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "`next_cursor` of the page before.",
                "schema": {"type": "string"},
            },
        ]


def page_response(data: Any, page: cursors.Page) -> Response:
    """A page as every list answers it."""
    return Response({"data": data, "next_cursor": page.next_cursor or None, "has_more": page.has_more})
