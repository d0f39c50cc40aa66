"""Segments over the API: the same rules, members and reasons as on the pages."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm import queries
from crm.actions import segments as acts
from crm.models import Segment, SegmentChange
from crm.segments import asking, rules
from crm.segments import compile as compiling
from crm.segments.params import Names
from tenants.api.pagination import limit_of, page_response
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.kit import cursors
from tenants.permissions import Permission

READ, WRITE = Permission.SEGMENTS_READ, Permission.SEGMENTS_WRITE


class SegmentRule(serializers.Serializer[Any]):
    """A rule as JSON; `crm.segments.rules` checks it."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class SegmentRuleSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """The rule's JSON Schema, once in OpenAPI's components."""

    target_class = "crm.api.segments.SegmentRule"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return rules.json_schema()


class SegmentOut(Lean):
    """A segment. `problems` says why it matches nobody although it should: something it names was deleted."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    is_list = serializers.BooleanField(help_text="Put together by hand: it has members, no rule.")
    rule = SegmentRule(allow_null=True)
    version = serializers.IntegerField(help_text="Of the rule.")
    sentence = serializers.SerializerMethodField(help_text="The rule, read aloud.")
    problems = serializers.SerializerMethodField()
    count = serializers.SerializerMethodField(
        help_text="When it was last gone through; null before, and for members who do not see everybody."
    )
    counted_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @staticmethod
    def get_sentence(_self: Any, segment: Segment) -> str:
        return "" if segment.is_list else rules.sentence(segment.rule, Names())

    @staticmethod
    def get_problems(_self: Any, segment: Segment) -> list[str]:
        return compiling.problems(segment, Names())

    @staticmethod
    def get_count(_self: Any, segment: Segment) -> int | None:
        return segment.count


class SegmentChangeIn(Body):
    """What to change; another rule is a new version."""

    name = serializers.CharField(max_length=80, required=False)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    rule = SegmentRule(required=False)


class SegmentIn(SegmentChangeIn):
    """A new segment: with a rule, or a list to be filled by hand."""

    name = serializers.CharField(max_length=80)
    is_list = serializers.BooleanField(default=False)


class PreviewIn(Body):
    """A rule to be tried."""

    rule = SegmentRule()


class SegmentCustomer(Lean):
    """A customer of a sample."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    company = serializers.CharField()


class PreviewOut(serializers.Serializer[Any]):
    """Whom a rule means now."""

    sentence = serializers.CharField()
    count = serializers.IntegerField(allow_null=True, help_text="null when it could not be told in time.")
    is_exact = serializers.BooleanField(help_text="False: about so many, told by a share of all customers.")
    sample = SegmentCustomer(many=True, allow_null=True)


class MetConditionOut(serializers.Serializer[Any]):
    """A condition, whether the customer meets it, and what it was that counted."""

    condition = serializers.CharField()
    is_met = serializers.BooleanField()
    evidence = serializers.CharField()


class WhyOut(serializers.Serializer[Any]):
    """Whether a customer is in a segment, and why."""

    is_in = serializers.BooleanField()
    reasons = MetConditionOut(many=True)


class ChangeOut(Lean):
    """That somebody entered a segment, or left it."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    entered = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=SegmentChange.Reason.choices)
    happened_at = serializers.DateTimeField()


class MembersIn(Body):
    """Customers to put on a list, or to take off it."""

    customer_ids = serializers.ListField(child=serializers.UUIDField(), max_length=acts.MOST_AT_ONCE)


class MembersOut(serializers.Serializer[Any]):
    """Those of whom it was not so before."""

    customer_ids = serializers.ListField(child=serializers.UUIDField())


class SegmentViewSet(Listing, Reading, TenantViewSet):
    """Segments: customers whom a rule describes, or whom somebody put on a list."""

    serializer_class = SegmentOut
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    def get_queryset(self) -> QuerySet[Segment]:
        return Segment.objects.standing()

    @extend_schema(request=SegmentIn, responses={201: SegmentOut})
    def create(self, request: Request) -> Response:
        """A new segment. Its members are written down in the background at once, then each night."""
        return self.answer(acts.create_segment(**self.body(SegmentIn), by=self.actor), 201)

    @extend_schema(request=SegmentChangeIn, responses=SegmentOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        return self.answer(
            acts.update_segment(segment=self.find(pk), **self.body(SegmentChangeIn), by=self.actor)
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Put it away. What builds on it then says so and matches nobody."""
        acts.archive_segment(segment=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(responses={200: SegmentCustomer(many=True)})
    def customers(self, request: Request, pk: UUID) -> Response:
        """Who is in it now, the last added first; pages by cursor."""
        segment = self.find(pk)
        with compiling.roomy():
            page = cursors.page(
                asking.customers_of(segment, self.actor),
                ordering=("-id",),
                limit=limit_of(request),
                cursor=request.query_params.get("cursor", ""),
            )
        return page_response(SegmentCustomer(page.items, many=True).data, page)

    @extend_schema(responses=WhyOut)
    def why(self, request: Request, pk: UUID, customer_id: UUID) -> Response:
        """Why a customer is in it, or what he lacks."""
        segment = self.find(pk)
        customer = queries.customer_or_404(customer_id, self.actor)
        is_in, reasons = asking.why(segment, customer)
        shown = [
            {"condition": one.sentence, "is_met": one.is_met, "evidence": one.evidence} for one in reasons
        ]
        return Response({"is_in": is_in, "reasons": shown})

    @extend_schema(responses={200: ChangeOut(many=True)})
    def changes(self, request: Request, pk: UUID) -> Response:
        """Who entered and who left, the latest first."""
        page = cursors.page(
            asking.changes_of(self.find(pk), self.actor),
            ordering=("-happened_at", "-id"),
            limit=limit_of(request),
            cursor=request.query_params.get("cursor", ""),
        )
        return page_response(ChangeOut(page.items, many=True).data, page)

    @extend_schema(request=MembersIn, responses=MembersOut)
    def members(self, request: Request, pk: UUID) -> Response:
        """Put customers on a list; the answer names who was not on it."""
        ids = self.body(MembersIn)["customer_ids"]
        return Response({"customer_ids": acts.add_members(segment=self.find(pk), ids=ids, by=self.actor)})

    @extend_schema(request=MembersIn, responses=MembersOut)
    def removal(self, request: Request, pk: UUID) -> Response:
        """Take customers off a list; the answer names who was on it."""
        ids = self.body(MembersIn)["customer_ids"]
        return Response({"customer_ids": acts.remove_members(segment=self.find(pk), ids=ids, by=self.actor)})


class PreviewViewSet(TenantViewSet):
    """A rule tried without being kept."""

    serializer_class = PreviewOut
    required_scopes = {"POST": READ}

    @extend_schema(request=PreviewIn, responses=PreviewOut)
    def create(self, request: Request) -> Response:
        """How many customers a rule means now, and a few of them."""
        names = Names()
        rule = rules.checked(self.body(PreviewIn)["rule"], names, self.actor)
        counted = compiling.count(rule, self.actor, names)
        sample = compiling.sample(rule, self.actor, names)
        return Response(
            {
                "sentence": rules.sentence(rule, names),
                "count": counted.count,
                "is_exact": counted.is_exact,
                "sample": None if sample is None else SegmentCustomer(sample, many=True).data,
            }
        )
