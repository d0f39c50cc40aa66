"""What lists can be narrowed by."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import exceptions

from crm import identities, queries
from crm.listing import filters as listing
from crm.listing.filters import Given
from crm.models import Activity, Appointment, Case, Customer, FollowUp, Identity, Order, Payment
from tenants.actors import Actor
from tenants.models import Tenant

TEXT, DAY, DAYS = {"type": "string"}, {"type": "string", "format": "date"}, {"type": "integer", "minimum": 1}
IDENTIFIER = {"type": "string", "format": "uuid"}
TEXTS = {"type": "array", "items": TEXT, "maxItems": listing.MOST_VALUES}


class OfList(filters.Filter):
    """A filter of the list of customers: crm/listing/filters.py reads it."""

    def __init__(self, help_text: str, schema: dict[str, Any]) -> None:
        super().__init__(help_text=help_text)
        self.schema = schema

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return queryset


def of_list(given: QueryDict, by: Actor) -> list[Given]:
    """What an address says of the list's filters; what is empty is not said.

    Raises `BadFilter`, `PermissionDenied`.
    """
    said = {name: given.getlist(name) for name in given if listing.is_one(name)}
    found = listing.read({name: texts for name, texts in said.items() if any(texts)}, strictly=True)
    listing.check_allowed(found, by)
    return found


class CustomerFilter(filters.FilterSet):
    """Customers by address, change or words; and by all that the list is narrowed by."""

    label = OfList("Identifier of a label; several: any of them. `any`: with some, `none`: with none.", TEXTS)
    language = OfList("`es`, `en` or `pt-br`; `none`: not known.", TEXT)
    channel = OfList("By what he last wrote: `whatsapp`, `email`…; `none`: not known.", TEXT)
    contact_within = OfList("His last contact is at most so many days ago.", DAYS)
    no_contact_for = OfList("His last contact is more days ago.", DAYS)
    came_since = OfList("He came on this day or later, in the business's zone.", DAY)
    came_before = OfList("He came before this day, in the business's zone.", DAY)
    consent = OfList("Medium and purpose to which he agreed, such as `whatsapp.promotion`.", TEXT)
    case = OfList("`open`: with an open case, `none`: without one.", TEXT)
    company = OfList("A company's name, however it is capitalised.", TEXT)
    created_by = OfList("Identifier of the member who added him by hand.", IDENTIFIER)
    segment = OfList("Identifier of a segment: who is in it now. Needs `segments:read`.", IDENTIFIER)
    identity_kind = filters.ChoiceFilter(choices=Identity.Kind.choices, method="as_it_is")
    identity = filters.CharFilter(
        method="as_it_is", help_text="An address in any spelling, with `identity_kind`."
    )
    updated_since = filters.IsoDateTimeFilter(
        field_name="updated_at",
        lookup_expr="gte",
        help_text="Changed since then; the oldest change comes first.",
    )
    q = filters.CharFilter(
        method="by_words", help_text="Words of name, company or address: the 200 best matches."
    )

    class Meta:
        model = Customer
        fields: list[str] = []

    def as_it_is(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The pair is read together in `filter_queryset`."""
        return queryset

    def by_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=queries.search_ids(value, self.request.actor, queries.MOST_FOUND))

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = super().filter_queryset(queryset)
        kind, raw = self.form.cleaned_data["identity_kind"], self.form.cleaned_data["identity"]
        if bool(kind) != bool(raw):
            raise exceptions.ValidationError({"identity": [_("Give identity and identity_kind together.")]})
        if not kind:
            return queryset
        try:
            value = identities.canonical(kind, raw, Tenant.objects.get().country).value
        except identities.InvalidIdentity as refusal:
            raise exceptions.ValidationError({"identity": [str(refusal)]}) from None
        owners = Identity.objects.filter(kind__in=identities.alike(kind), value=value).values("customer_id")
        return queryset.filter(pk__in=owners)


class ThereFilter(filters.FilterSet):
    """What a shop's systems report, by customer and by its name there."""

    customer = filters.UUIDFilter(field_name="customer_id")
    source = filters.CharFilter()
    external_id = filters.CharFilter()


class OrderFilter(ThereFilter):
    """Orders by customer, status and where they come from."""

    status = filters.ChoiceFilter(choices=Order.Status.choices)
    number = filters.CharFilter()
    placed_since = filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")
    placed_before = filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="lt")

    class Meta:
        model = Order
        fields: list[str] = []


class AppointmentFilter(ThereFilter):
    """Appointments by customer, status and time."""

    status = filters.ChoiceFilter(choices=Appointment.Status.choices)
    starts_since = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = Appointment
        fields: list[str] = []


class PaymentFilter(ThereFilter):
    """Payments by customer, order, status, method and time."""

    order = filters.UUIDFilter(field_name="order_id")
    status = filters.ChoiceFilter(choices=Payment.Status.choices)
    method = filters.CharFilter(help_text="By what it was paid, as it was reported.")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    happened_since = filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="gte")
    happened_before = filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="lt")

    class Meta:
        model = Payment
        fields: list[str] = []


class ActivityFilter(ThereFilter):
    """Activities by customer, kind and time."""

    kind = filters.CharFilter()
    happened_since = filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="gte")
    happened_before = filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="lt")

    class Meta:
        model = Activity
        fields: list[str] = []


class CaseFilter(filters.FilterSet):
    """Cases by customer, kind and whether they are open."""

    customer = filters.UUIDFilter(field_name="customer_id")
    kind = filters.ChoiceFilter(choices=Case.Kind.choices)
    open = filters.BooleanFilter(field_name="resolved_at", lookup_expr="isnull")
    assignee = filters.UUIDFilter(field_name="assignee_id")

    class Meta:
        model = Case
        fields: list[str] = []


class FollowUpFilter(filters.FilterSet):
    """Follow-ups by customer, assignee, time and whether they are open."""

    customer = filters.UUIDFilter(field_name="customer_id")
    assignee = filters.UUIDFilter(field_name="assignee_id")
    open = filters.BooleanFilter(field_name="done_at", lookup_expr="isnull")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    class Meta:
        model = FollowUp
        fields: list[str] = []
