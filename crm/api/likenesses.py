"""Customers who may be one person, made one, and two again."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm import queries
from crm.actions import merging
from crm.models import Customer, CustomerMerge, Likeness
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, TenantViewSet, UnknownReference
from tenants.permissions import Permission

READ, WRITE = Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE


class ReasonOut(Lean):
    """What speaks for it."""

    why = serializers.CharField()
    value = serializers.CharField()


class LikenessOut(Lean):
    """Two customers who may be one person."""

    id = serializers.UUIDField()
    first_id = serializers.UUIDField()
    second_id = serializers.UUIDField()
    reasons = ReasonOut(many=True)
    state = serializers.ChoiceField(choices=Likeness.State.choices)
    created_at = serializers.DateTimeField()


class CustomerMergeOut(Lean):
    """Two customers made one."""

    id = serializers.UUIDField()
    source_id = serializers.UUIDField(help_text="Who gave everything he had.")
    target_id = serializers.UUIDField(help_text="Who stayed.")
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(source="made_by_label")
    undone_at = serializers.DateTimeField(allow_null=True)


class CustomerMergeIn(Body):
    """Who is the same person."""

    source_id = serializers.UUIDField()
    target_id = serializers.UUIDField(help_text="Who stays.")


class LikenessViewSet(Listing, TenantViewSet):
    """Customers who may be one person, the latest first."""

    serializer_class = LikenessOut
    required_scopes = {"GET": READ, "POST": WRITE, "DELETE": WRITE}

    def get_queryset(self) -> QuerySet[Likeness]:
        seen = queries.customers_visible_to(self.actor).values("pk")
        return Likeness.objects.filter(first__in=seen, second__in=seen)

    @extend_schema(request=None, responses={201: CustomerMergeOut})
    def same(self, request: Request, pk: UUID) -> Response:
        """Say that these are one person: who came first stays."""
        made = merging.say_same(pair=self.find(pk), by=self.actor)
        return self.answer(made, 201, CustomerMergeOut)

    @extend_schema(request=None, responses=LikenessOut)
    def different(self, request: Request, pk: UUID) -> Response:
        """Say that these are two people: nothing joins them by itself any more."""
        merging.say_different(pair=self.find(pk), by=self.actor)
        return self.answer(self.find(pk))

    @extend_schema(request=None, responses={204: None})
    def asking(self, request: Request, pk: UUID) -> Response:
        """Take back that these are two people."""
        merging.ask_again(pair=self.find(pk), by=self.actor)
        return Response(status=204)


class CustomerMergeViewSet(Listing, TenantViewSet):
    """Customers made one, the latest first. Each can be undone for 30 days."""

    serializer_class = CustomerMergeOut
    required_scopes = {"GET": READ, "POST": WRITE}

    def get_queryset(self) -> QuerySet[CustomerMerge]:
        seen = queries.customers_visible_to(self.actor).values("pk")
        return CustomerMerge.objects.filter(target__in=seen)

    @extend_schema(request=CustomerMergeIn, responses={201: CustomerMergeOut})
    def create(self, request: Request) -> Response:
        """Make one of two."""
        given = self.body(CustomerMergeIn)
        source, target = (self._customer(given, name) for name in ("source_id", "target_id"))
        return self.answer(merging.merge_customers(source=source, target=target, by=self.actor), 201)

    def _customer(self, given: dict[str, Any], name: str) -> Customer:
        found = queries.customers_visible_to(self.actor).filter(pk=given[name]).first()
        if found is None:
            raise UnknownReference(name)
        return found

    @extend_schema(request=None, responses=CustomerMergeOut)
    def undoing(self, request: Request, pk: UUID) -> Response:
        """Make two of them again; what came since by an address goes with it."""
        merging.undo_merge(made=self.find(pk), by=self.actor)
        return self.answer(self.find(pk))
