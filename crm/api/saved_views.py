"""Saved views of the list of customers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm.actions import saved_views as acts
from crm.listing import columns, sorts
from crm.models import SavedView
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.permissions import Permission

READ, WRITE = Permission.CUSTOMERS_READ, Permission.LABELS_WRITE


class SavedViewOut(Lean):
    """A way to look at the customers that all members share."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Texts by the names that the list's address has.",
    )
    sort = serializers.ChoiceField(choices=[(name, name) for name in sorts.SORTS])
    columns = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SavedViewIn(Body):
    """A new view."""

    name = serializers.CharField(max_length=60)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=200), max_length=20),
        required=False,
        help_text='Such as {"label": ["<id>"], "no_contact_for": ["90"]}.',
    )
    sort = serializers.ChoiceField(choices=[(name, name) for name in sorts.SORTS], required=False)
    columns = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=columns.MOST,
        help_text="addresses, company, labels, contact, language, came, orders, fact.<key>; none: the usual.",
    )


class SavedViewChange(SavedViewIn):
    """What is to be otherwise."""

    name = serializers.CharField(max_length=60, required=False)


class SavedViewViewSet(Listing, Reading, TenantViewSet):
    """The views of the list of customers that all members share."""

    serializer_class = SavedViewOut
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    def get_queryset(self) -> QuerySet[SavedView]:
        found: QuerySet[SavedView] = SavedView.objects.usable_by(self.actor).named().order_by()
        return found

    @extend_schema(request=SavedViewIn, responses={201: SavedViewOut})
    def create(self, request: Request) -> Response:
        """A new one."""
        return self.answer(acts.save_view(by=self.actor, **self._said(SavedViewIn)), 201)

    @extend_schema(request=SavedViewChange, responses=SavedViewOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        return self.answer(acts.save_view(view=self.find(pk), by=self.actor, **self._said(SavedViewChange)))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove it."""
        acts.delete_view(view=self.find(pk), by=self.actor)
        return Response(status=204)

    def _said(self, shape: type[Body]) -> dict[str, Any]:
        said = self.body(shape)
        return {name: said[name] for name in ("name", "filters", "sort", "columns") if name in said}
