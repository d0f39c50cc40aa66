"""Customers who may be one person, made one, and two again."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm import likeness, queries
from crm.actions import duplicates, merging
from crm.duplicate_tasks import look_lately
from crm.models import Customer, CustomerMerge, Likeness
from crm.reasons import REASONS
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, TenantViewSet, UnknownReference
from tenants.kit.tasks import ring
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
    score = serializers.IntegerField(help_text="How sure it is, from 0 to 100.")
    is_certain = serializers.BooleanField(help_text="They share an address that was shown to be theirs.")
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
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ChoiceField(choices=["source", "target"]),
        required=False,
        help_text="Whose value stands where both have one: `name`, `company`, `language`, `timezone`,"
        " `attributes.<key>`, `preferences.<topic>`. Else what a person confirmed, then the newer.",
    )


class LikenessFilter(filters.FilterSet):
    """Suggestions by what was said of them, how sure they are and why."""

    state = filters.ChoiceFilter(choices=Likeness.State.choices)
    min_score = filters.NumberFilter(
        field_name="score", lookup_expr="gte", min_value=0, max_value=100, help_text="At least so sure."
    )
    reason = filters.ChoiceFilter(
        choices=[(why, why) for why in REASONS], method="by_reason", help_text="For which this speaks."
    )

    def by_reason(self, pairs: QuerySet[Likeness], name: str, value: str) -> QuerySet[Likeness]:
        """Those for which a reason speaks."""
        return likeness.with_reason(pairs, [value])


class LookingOut(Lean):
    """How far the comparing of everybody is."""

    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    looked = serializers.IntegerField(help_text="Customers compared so far.")
    total = serializers.IntegerField()
    found = serializers.IntegerField(help_text="Suggestions that are new.")


class MergedOut(Lean):
    """What one call merged."""

    batch_id = serializers.UUIDField(help_text="Each merge can be undone by itself.")
    merged = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Call again for these.")


class LikenessViewSet(Listing, TenantViewSet):
    """Customers who may be one person, the latest first."""

    serializer_class = LikenessOut
    required_scopes = {"GET": READ, "POST": WRITE, "DELETE": WRITE}
    filterset_class = LikenessFilter

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

    @extend_schema(responses=LookingOut)
    def looking(self, request: Request) -> Response:
        """How far the comparing of everybody is."""
        return self.answer(duplicates.scan(), 200, LookingOut)

    @extend_schema(request=None, responses={202: LookingOut})
    def looking_again(self, request: Request) -> Response:
        """Compare everybody once more; a worker does it."""
        started = duplicates.look_at_all(by=self.actor)
        ring(look_lately, self.actor.tenant_id)
        return self.answer(started, 202, LookingOut)

    @extend_schema(request=None, responses=MergedOut)
    def certain(self, request: Request) -> Response:
        """Merge some of those with a score of 98 or more that share an address shown to be theirs."""
        open_ones = likeness.open_pairs(queries.customers_visible_to(self.actor))
        made = merging.merge_certain(open_ones, by=self.actor)
        return self.answer({"batch_id": made.id, "merged": made.done, "left": made.left}, 200, MergedOut)


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
        fields = given.get("fields", {})
        made = merging.merge_chosen(source=source, target=target, fields=fields, by=self.actor)
        return self.answer(made, 201)

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
