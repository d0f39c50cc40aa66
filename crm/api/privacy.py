"""Privacy: requests with their clock, notices, archives, erasures and how long things are kept."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm import queries
from crm.actions import privacy as acts
from crm.actions import privacy_archive, privacy_erasure, privacy_retention
from crm.models import Customer, CustomerArchive, Erasure, PrivacyNotice, PrivacyRequest, RetentionRule
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import Listing, Reading, TenantViewSet, UnknownReference, only
from tenants.models import Membership
from tenants.permissions import Permission

READ, WRITE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE
SCOPES = {"GET": READ, "POST": WRITE, "PUT": WRITE, "DELETE": WRITE}


class PrivacyRequestOut(Lean):
    """Somebody asks by a right the law gives him."""

    id = serializers.UUIDField()
    reference = serializers.CharField(help_text="How people name it in letters.")
    customer_id = serializers.UUIDField(allow_null=True)
    right = serializers.ChoiceField(choices=PrivacyRequest.Right.choices)
    name = serializers.CharField()
    contact = serializers.CharField()
    text = serializers.CharField()
    source = serializers.ChoiceField(choices=PrivacyRequest.Source.choices)  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=PrivacyRequest.State.choices)
    country = serializers.CharField(help_text="Whose law counts the days.")
    received_at = serializers.DateTimeField()
    answer_by = serializers.DateField(help_text="The last day the law gives to answer.")
    identity_checked_at = serializers.DateTimeField(allow_null=True)
    responsible_id = serializers.UUIDField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()
    ground = serializers.CharField(help_text="The legal reason of a refusal.")
    carry_out_by = serializers.DateField(allow_null=True)
    carried_out_at = serializers.DateTimeField(allow_null=True)


class PrivacyRequestIn(Body):
    """A request that came by another system."""

    right = serializers.ChoiceField(choices=PrivacyRequest.Right.choices)
    name = serializers.CharField(max_length=150)
    contact = serializers.CharField(max_length=255)
    text = serializers.CharField(max_length=acts.LONGEST_TEXT, required=False, allow_blank=True)
    customer_id = serializers.UUIDField(required=False, allow_null=True)
    responsible_id = serializers.UUIDField(required=False, allow_null=True)
    received_at = Moment(required=False)


class IdentityCheckIn(Body):
    """How it was seen that somebody is who he says."""

    note = serializers.CharField(max_length=500)
    customer_id = serializers.UUIDField(required=False, allow_null=True)


class PrivacyAnswerIn(Body):
    """What was answered."""

    answer = serializers.CharField(max_length=acts.LONGEST_ANSWER)


class PrivacyRefusalIn(Body):
    """Why it is refused, and what was written about it."""

    ground = serializers.ChoiceField(choices=PrivacyRequest.Ground.choices)
    answer = serializers.CharField(max_length=acts.LONGEST_ANSWER)


class PrivacyRequestFilter(filters.FilterSet):
    """Requests by customer, right, state and whether their clock runs."""

    customer = filters.UUIDFilter(field_name="customer_id")
    right = filters.ChoiceFilter(choices=PrivacyRequest.Right.choices)
    state = filters.ChoiceFilter(choices=PrivacyRequest.State.choices)
    open = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    answer_by = filters.DateFilter(lookup_expr="lte", help_text="To be answered until then.")

    class Meta:
        model = PrivacyRequest
        fields: list[str] = []


class Privacy(TenantViewSet):
    """What all of these need."""

    required_scopes = SCOPES

    def customer(self, customer_id: UUID | None, field: str = "customer_id") -> Customer | None:
        """A customer the caller may see. Raises `UnknownReference`."""
        if customer_id is None:
            return None
        found = queries.customers_visible_to(self.actor).filter(pk=customer_id).first()
        if found is None:
            raise UnknownReference(field)
        return found


class PrivacyRequestViewSet(Listing, Reading, Privacy):
    """What people ask by the rights the law gives them, the latest first."""

    serializer_class = PrivacyRequestOut
    filterset_class = PrivacyRequestFilter

    def get_queryset(self) -> QuerySet[PrivacyRequest]:
        return acts.requests_visible_to(self.actor)

    @extend_schema(request=PrivacyRequestIn, responses={201: PrivacyRequestOut})
    def create(self, request: Request) -> Response:
        """Write a request down; the clock runs from `received_at`, else from now."""
        body = self.body(PrivacyRequestIn)
        customer = self.customer(body.pop("customer_id", None))
        who = body.pop("responsible_id", None)
        [responsible] = only(Membership, [who], "responsible_id") if who else [None]
        made = acts.receive_request(
            **body,
            customer=customer,
            responsible=responsible,
            source=PrivacyRequest.Source.API,
            by=self.actor,
        )
        return self.answer(made, 201)

    @extend_schema(request=IdentityCheckIn, responses=PrivacyRequestOut)
    def identity(self, request: Request, pk: UUID) -> Response:
        """The person is who they say; `customer_id` is whose data it is about."""
        body = self.body(IdentityCheckIn)
        asked, customer = self.find(pk), self.customer(body.get("customer_id"))
        done = acts.confirm_identity(request=asked, note=body["note"], customer=customer, by=self.actor)
        return self.answer(done)

    @extend_schema(request=PrivacyAnswerIn, responses=PrivacyRequestOut)
    def answering(self, request: Request, pk: UUID) -> Response:
        """What was answered. 409 while nobody has checked who asks, and when it was answered before."""
        body = self.body(PrivacyAnswerIn)
        return self.answer(acts.answer_request(request=self.find(pk), **body, by=self.actor))

    @extend_schema(request=PrivacyRefusalIn, responses=PrivacyRequestOut)
    def refusal(self, request: Request, pk: UUID) -> Response:
        """Refuse, for a reason that the law knows."""
        body = self.body(PrivacyRefusalIn)
        return self.answer(acts.refuse_request(request=self.find(pk), **body, by=self.actor))

    @extend_schema(request=None, responses=PrivacyRequestOut)
    def carrying_out(self, request: Request, pk: UUID) -> Response:
        """What was granted is done."""
        return self.answer(acts.carry_out_request(request=self.find(pk), by=self.actor))


class PrivacyNoticeOut(Lean):
    """A published version of the privacy notice. It never changes."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    texts = serializers.DictField(child=serializers.CharField(), help_text="The words by language.")
    published_at = serializers.DateTimeField()


class PrivacyNoticeViewSet(Listing, Reading, Privacy):
    """The published versions of the privacy notice, the latest first. They are written on the pages."""

    serializer_class = PrivacyNoticeOut

    def get_queryset(self) -> QuerySet[PrivacyNotice]:
        return PrivacyNotice.objects.exclude(published_at=None)


class CustomerArchiveOut(Lean):
    """Everything known of one customer in one file."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=CustomerArchive.State.choices)
    size = serializers.IntegerField(help_text="Bytes.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True, help_text="When the file is removed.")


class OfCustomerIn(Body):
    """Whose."""

    customer_id = serializers.UUIDField()


class CustomerArchiveViewSet(Listing, Reading, Privacy):
    """Archives of customers, the latest first. A worker makes them; the file is kept for seven days."""

    serializer_class = CustomerArchiveOut

    def get_queryset(self) -> QuerySet[CustomerArchive]:
        return CustomerArchive.objects.filter(customer__in=queries.customers_visible_to(self.actor))

    @extend_schema(request=OfCustomerIn, responses={201: CustomerArchiveOut})
    def create(self, request: Request) -> Response:
        """Have one made; while one is being made, that one is the answer."""
        customer = self.customer(self.body(OfCustomerIn)["customer_id"])
        assert customer is not None
        return self.answer(privacy_archive.request_archive(customer=customer, by=self.actor), 201)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def file(self, request: Request, pk: UUID) -> FileResponse:
        """The ZIP; 404 before it is ready and after its time."""
        found = self.find(pk)
        if not privacy_archive.is_downloadable(found):
            raise Http404
        return FileResponse(
            found.file.open("rb"),
            as_attachment=True,
            filename=privacy_archive.name_of(found),
            content_type="application/zip",
        )


class ErasureOut(Lean):
    """A customer to be forgotten, or who was."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField(allow_null=True)
    reason = serializers.ChoiceField(choices=Erasure.Reason.choices)
    state = serializers.ChoiceField(choices=Erasure.State.choices)
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="From when on it cannot be taken back.")
    done_at = serializers.DateTimeField(allow_null=True)
    removed = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many rows went, by table."
    )


class ErasureIn(Body):
    """Who is to be forgotten, and in how many days."""

    customer_id = serializers.UUIDField()
    reason = serializers.ChoiceField(
        choices=[Erasure.Reason.ASKED.value, Erasure.Reason.OTHER.value], required=False
    )
    days = serializers.IntegerField(min_value=0, max_value=privacy_erasure.LONGEST_GRACE, required=False)


class ErasureViewSet(Listing, Reading, Privacy):
    """Erasures, the latest first."""

    serializer_class = ErasureOut

    def get_queryset(self) -> QuerySet[Erasure]:
        return Erasure.objects.all()

    @extend_schema(request=ErasureIn, responses={201: ErasureOut})
    def create(self, request: Request) -> Response:
        """Plan it; for seven days, unless told otherwise, it can be taken back."""
        body = self.body(ErasureIn)
        customer = self.customer(body.pop("customer_id"))
        assert customer is not None
        return self.answer(privacy_erasure.plan_erasure(customer=customer, **body, by=self.actor), 201)

    @extend_schema(request=None, responses=ErasureOut)
    def cancellation(self, request: Request, pk: UUID) -> Response:
        """Take it back; 409 when it has begun."""
        return self.answer(privacy_erasure.cancel_erasure(erasure=self.find(pk), by=self.actor))


class RetentionRuleOut(Lean):
    """How long something is kept."""

    kind = serializers.ChoiceField(choices=RetentionRule.Kind.choices)
    is_on = serializers.BooleanField()
    days = serializers.IntegerField()
    run_at = serializers.DateTimeField(allow_null=True)
    removed = serializers.IntegerField()


class RetentionRuleIn(Body):
    """Whether it is on, and for how many days."""

    kind = serializers.ChoiceField(choices=RetentionRule.Kind.choices)
    is_on = serializers.BooleanField()
    days = serializers.IntegerField(
        min_value=privacy_retention.FEWEST_DAYS, max_value=privacy_retention.MOST_DAYS
    )


class RetentionRuleViewSet(Privacy):
    """How long things are kept: every rule there is, off until it is switched on."""

    serializer_class = RetentionRuleOut
    pagination_class = None

    def get_queryset(self) -> QuerySet[RetentionRule]:
        return RetentionRule.objects.all()

    @extend_schema(responses=RetentionRuleOut(many=True))
    def list(self, request: Request) -> Response:
        """All of them."""
        return Response(RetentionRuleOut(privacy_retention.rules(), many=True).data)

    @extend_schema(request=RetentionRuleIn, responses=RetentionRuleOut)
    def update(self, request: Request) -> Response:
        """Switch one on or off, or change its days."""
        body: dict[str, Any] = self.body(RetentionRuleIn)
        return self.answer(privacy_retention.set_rule(**body, by=self.actor))
