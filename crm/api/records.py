"""Appointments, payments, activities and relations of customers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm import queries, relations
from crm.actions import activities as activity_actions
from crm.actions import relations as relation_actions
from crm.actions.appointments import record_appointment
from crm.actions.payments import record_payment
from crm.api import filters
from crm.api import serializers as shapes
from crm.api.reports import ReportViewSet
from crm.models import Activity, Appointment, Order, Payment, Relation
from tenants.actors import Actor
from tenants.api.errors import flat
from tenants.api.plain import Plain
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import TenantViewSet, UnknownReference
from tenants.decorators import get_or_404
from tenants.permissions import Permission

LONGEST_DATA = 50  # names in an activity's details
LONGEST_TEXT = 2_000  # characters of each, as JSON


class AppointmentOut(Lean):
    """An appointment."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    service = serializers.CharField()
    place = serializers.CharField()
    staff = serializers.CharField()
    status = serializers.ChoiceField(choices=Appointment.Status.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    changed_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class AppointmentIn(shapes.ReportIn):
    """A report about an appointment; the first one says what for and when."""

    service = serializers.CharField(max_length=150, required=False)
    place = serializers.CharField(max_length=150, required=False, allow_blank=True)
    staff = serializers.CharField(max_length=150, required=False, allow_blank=True)
    status = serializers.ChoiceField(choices=Appointment.Status.choices, required=False)
    starts_at = Moment(required=False)
    ends_at = Moment(required=False, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AppointmentViewSet(ReportViewSet):
    """Times set aside for customers, as a booking system tells them."""

    serializer_class = AppointmentOut
    filterset_class = filters.AppointmentFilter
    ordering = ("-starts_at", "-id")

    @staticmethod
    def seen_by(actor: Actor) -> QuerySet[Appointment]:
        return queries.of_visible_customers(Appointment.objects.all(), actor)

    @extend_schema(request=AppointmentIn, responses={201: AppointmentOut, 200: AppointmentOut})
    def create(self, request: Request) -> Response:
        """Report an appointment: 201 when it is new, 200 when it was known.

        One per `source` and `external_id`; say whose it is by `customer_id` or `identity`. Each new
        status and each other time is a line of the customer's timeline; the same again changes nothing.
        """
        return self.take(AppointmentIn, record_appointment)


class PaymentOut(Lean):
    """A payment."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    order_id = serializers.UUIDField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    status = serializers.ChoiceField(choices=Payment.Status.choices)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.CharField()
    method = serializers.CharField()
    note = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    happened_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PaymentIn(shapes.ReportIn):
    """A report about a payment; the first one says how much."""

    order_id = serializers.UUIDField(required=False, allow_null=True)
    status = serializers.ChoiceField(choices=Payment.Status.choices, required=False)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, required=False, min_value=0)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False, help_text="ISO 4217.")
    method = serializers.CharField(max_length=60, required=False, allow_blank=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    due_at = Moment(required=False, allow_null=True)
    happened_at = Moment(required=False)


class PaymentViewSet(ReportViewSet):
    """Money that customers owe or gave."""

    serializer_class = PaymentOut
    filterset_class = filters.PaymentFilter
    ordering = ("-happened_at", "-id")

    @staticmethod
    def seen_by(actor: Actor) -> QuerySet[Payment]:
        return queries.of_visible_customers(Payment.objects.all(), actor)

    @extend_schema(request=PaymentIn, responses={201: PaymentOut, 200: PaymentOut})
    def create(self, request: Request) -> Response:
        """Report a payment: 201 when it is new, 200 when it was known.

        One per `source` and `external_id`; say whose it is by `customer_id`, `identity` or `order_id`.
        Each new status is a line of the customer's timeline; the same report again changes nothing.
        """

        def record(*, order_id: UUID | None = None, **report: Any) -> Any:
            return record_payment(**report, order=self._order(order_id) if order_id else None)

        return self.take(PaymentIn, record)

    def _order(self, order_id: UUID) -> Order:
        orders = queries.of_visible_customers(Order.objects.select_related("customer"), self.actor)
        order = orders.filter(pk=order_id).first()
        if order is None:
            raise UnknownReference("order_id")
        return order


class ActivityOut(Lean):
    """Anything else a shop recorded about a customer."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    kind = serializers.CharField()
    happened_at = serializers.DateTimeField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()


class ActivityIn(shapes.NamedThere):
    """An activity. What is known already by its name there stays as it is."""

    kind = serializers.CharField(max_length=60, help_text="In the shop's own words: viewed product.")
    happened_at = Moment()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, required=False, allow_null=True)
    data = serializers.DictField(required=False)  # type: ignore[assignment]

    def validate_data(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) > LONGEST_DATA or any(len(str(value)) > LONGEST_TEXT for value in given.values()):
            raise serializers.ValidationError(
                _("At most %(names)s names, each with at most %(length)s characters.")
                % {"names": LONGEST_DATA, "length": LONGEST_TEXT}
            )
        return given


class FieldWrong(serializers.Serializer[Any]):
    """A field that is wrong."""

    pointer = serializers.CharField()
    detail = serializers.CharField()


class ActivityResult(serializers.Serializer[Any]):
    """What became of one of many."""

    outcome = serializers.ChoiceField(choices=["created", "unchanged", "refused"])
    id = serializers.UUIDField(allow_null=True)
    errors = FieldWrong(many=True)  # type: ignore[assignment]


class ActivityResults(Body):
    """What became of each, in the order they were sent."""

    created = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = ActivityResult(many=True)


ONE_OR_MANY = PolymorphicProxySerializer(
    component_name="ActivityOneOrMany",
    serializers=[ActivityIn, ActivityIn(many=True)],
    resource_type_field_name=None,
    many=False,
)


class ActivityViewSet(Plain, TenantViewSet):
    """Anything a shop wants to record about its customers."""

    serializer_class = ActivityOut
    filterset_class = filters.ActivityFilter
    required_scopes = {"GET": Permission.ORDERS_READ, "POST": Permission.ORDERS_WRITE}

    @staticmethod
    def seen_by(actor: Actor) -> QuerySet[Activity]:
        return queries.of_visible_customers(Activity.objects.all(), actor)

    @extend_schema(
        request=ONE_OR_MANY,
        responses={
            201: ActivityOut,
            200: OpenApiResponse(ActivityResults, "Of a list; of one that was known, the activity."),
        },
    )
    def create(self, request: Request) -> Response:
        """Record one activity, or a list of up to 1,000.

        One per `source` and `external_id`: what is known stays as it is, so a call may be repeated. One
        answers 201 when it is new and 200 when it was known. A list answers 200 with what became of
        each, in order; what is wrong with one does not hold up the others.
        """
        if isinstance(request.data, list):
            return self._many(request.data)
        [taken] = activity_actions.record_activities(reports=[_report(self.body(ActivityIn))], by=self.actor)
        if taken.refusal:
            raise taken.refusal
        return self.answer(taken.activity, 201 if taken.is_new else 200)

    def _many(self, given: list[Any]) -> Response:
        if not 1 <= len(given) <= activity_actions.MOST:
            raise serializers.ValidationError(
                [_("Send between 1 and %(most)s activities.") % {"most": activity_actions.MOST}]
            )
        results: list[dict[str, Any]] = []
        reports: list[tuple[int, activity_actions.Report]] = []
        for place, one in enumerate(given):
            shape = ActivityIn(data=one)
            if shape.is_valid():
                reports.append((place, _report(shape.validated_data)))
            errors = [{"pointer": pointer, "detail": detail} for pointer, detail in flat(shape.errors)]
            results.append({"outcome": "refused", "id": None, "errors": errors})
        taken = activity_actions.record_activities(reports=[one for _place, one in reports], by=self.actor)
        for (place, _one), what in zip(reports, taken, strict=True):
            results[place] = _result(what)
        counted = dict.fromkeys(("created", "unchanged", "refused"), 0)
        for result in results:
            counted[result["outcome"]] += 1
        return Response({**counted, "results": results})


def _report(body: dict[str, Any]) -> activity_actions.Report:
    identity = body.pop("identity", None)
    return activity_actions.Report(
        **body, identity=(identity["kind"], identity["value"]) if identity else None
    )


def _result(taken: activity_actions.Taken) -> dict[str, Any]:
    if taken.activity is None:
        errors = (
            [{"pointer": f"/{taken.refusal.field}", "detail": str(taken.refusal)}] if taken.refusal else []
        )
        return {"outcome": "refused", "id": None, "errors": errors}
    return {"outcome": "created" if taken.is_new else "unchanged", "id": taken.activity.pk, "errors": []}


class RelationOut(Lean):
    """Somebody a customer has to do with."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField(help_text="The other one.")
    name = serializers.CharField()
    word = serializers.CharField(help_text="What the other is to this customer.")
    back = serializers.CharField(help_text="What this customer is to the other.")


class RelationIn(Body):
    """A new relation."""

    customer_id = serializers.UUIDField(help_text="The other one.")
    word = serializers.CharField(max_length=60)
    back = serializers.CharField(max_length=60, required=False, allow_blank=True)


class RelationViewSet(TenantViewSet):
    """Whom a customer has to do with, at customers/{customer_id}/relations/."""

    serializer_class = RelationOut
    pagination_class = None
    required_scopes = {
        "GET": Permission.CUSTOMERS_READ,
        "POST": Permission.CUSTOMERS_WRITE,
        "DELETE": Permission.CUSTOMERS_WRITE,
    }

    @extend_schema(responses=RelationOut(many=True))
    def list(self, request: Request, customer_id: UUID) -> Response:
        """All of them."""
        customer = queries.customer_or_404(customer_id, self.actor)
        found = relations.related_to(customer, self.actor)
        return Response(RelationOut(found, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=RelationIn, responses={201: RelationOut(many=True)})
    def create(self, request: Request, customer_id: UUID) -> Response:
        """One more; the answer is all of them."""
        customer, body = queries.customer_or_404(customer_id, self.actor), self.body(RelationIn)
        other = queries.customers_visible_to(self.actor).filter(pk=body["customer_id"]).first()
        if other is None:
            raise UnknownReference("customer_id")
        relation_actions.relate(
            customer=customer, other=other, word=body["word"], back=body.get("back", ""), by=self.actor
        )
        response = self.list(request, customer_id)
        response.status_code = 201
        return response

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, customer_id: UUID, pk: UUID) -> Response:
        """One less."""
        customer = queries.customer_or_404(customer_id, self.actor)
        shown = {one.id for one in relations.related_to(customer, self.actor)}
        relation = get_or_404(Relation.objects.filter(pk__in=shown), pk)
        relation_actions.unrelate(relation=relation, by=self.actor)
        return Response(status=204)
