"""What the API shows of customers and takes about them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from crm.models import Case, FollowUp, Identity, Label, Order, TimelineEntry
from tenants.api.serializers import Body, Lean, Moment, plain_number

MOST_ITEMS = 500


class LabelOut(Lean):
    """A label."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    color = serializers.ChoiceField(choices=Label.Color.choices)


class LabelIn(Body):
    """A label as it should be."""

    name = serializers.CharField(max_length=40)
    color = serializers.ChoiceField(choices=Label.Color.choices, required=False)


class IdentityOut(Lean):
    """An address of a customer."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Identity.Kind.choices)
    value = serializers.CharField(help_text="The one canonical form: E.164, lower-case e-mail.")
    display = serializers.CharField(help_text="As a person writes it.")
    is_verified = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class IdentityIn(Body):
    """An address in any spelling."""

    kind = serializers.ChoiceField(choices=Identity.Kind.choices)
    value = serializers.CharField(max_length=255)


class CustomerOut(Lean):
    """A customer."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    company = serializers.CharField()
    language = serializers.CharField()
    timezone = serializers.CharField()
    attributes = serializers.DictField()
    identities = IdentityOut(many=True)
    labels = LabelOut(many=True)
    last_contact_at = serializers.DateTimeField()
    last_contact_channel = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CustomerChange(Body):
    """What to change; what is not given stays. In `attributes`, null removes one."""

    name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    company = serializers.CharField(max_length=150, required=False, allow_blank=True)
    language = serializers.CharField(max_length=10, required=False, allow_blank=True)
    timezone = serializers.CharField(max_length=64, required=False, allow_blank=True)
    attributes = serializers.DictField(required=False)


class CustomerIn(CustomerChange):
    """A new customer with his addresses and labels."""

    identities = IdentityIn(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    label_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=100)


class CustomerNoteOut(Lean):
    """What a colleague should know."""

    id = serializers.UUIDField()
    body = serializers.CharField()
    author = serializers.CharField(source="author_label")
    author_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()


class CustomerNoteIn(Body):
    """A note."""

    body = serializers.CharField(max_length=10_000)


class LabelsIn(Body):
    """Exactly these labels."""

    label_ids = serializers.ListField(child=serializers.UUIDField(), max_length=100)


class LabelPut(Body):
    """One label more."""

    label_id = serializers.UUIDField()


class TimelineEntryOut(Lean):
    """One line of a customer's history."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=TimelineEntry.Kind.choices)
    happened_at = serializers.DateTimeField()
    channel = serializers.CharField()
    actor = serializers.CharField(source="actor_label")
    object_id = serializers.UUIDField(allow_null=True)
    conversation_id = serializers.UUIDField(source="context_id", allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]


class OrderItem(Body):
    """One line of an order."""

    name = serializers.CharField(max_length=200)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, required=False, min_value=0)
    price = serializers.DecimalField(max_digits=14, decimal_places=2, required=False, help_text="Per unit.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        item = super().to_internal_value(data)
        kept = {"name": item["name"], "quantity": plain_number(item.get("quantity", Decimal(1)))}
        return {**kept, "price": str(item["price"])} if "price" in item else kept


class OrderOut(Lean):
    """An order."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    total = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.CharField()
    items = serializers.ListField(child=serializers.DictField())
    placed_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class NamedThere(Body):
    """What names a thing in the system it comes from, and whose it is."""

    source = serializers.RegexField(r"^[a-z0-9][a-z0-9_.-]*$", max_length=40, default="api")  # type: ignore[assignment]
    external_id = serializers.CharField(max_length=120)
    customer_id = serializers.UUIDField(required=False)
    identity = IdentityIn(required=False)
    customer_name = serializers.CharField(max_length=150, required=False, allow_blank=True)


class ReportIn(NamedThere):
    """A report about a thing: the first makes it, later ones change what they give."""

    changed_at = Moment(
        required=False, help_text="When it changed there: an older report never overrides a newer."
    )


class OrderIn(ReportIn):
    """A report about an order."""

    number = serializers.CharField(max_length=60, required=False)
    status = serializers.ChoiceField(choices=Order.Status.choices, required=False)
    total = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False, help_text="ISO 4217.")
    items = OrderItem(many=True, required=False, max_length=MOST_ITEMS)  # type: ignore[call-arg]
    placed_at = Moment(required=False)


class CaseOut(Lean):
    """Something a customer waits to see settled."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Case.Kind.choices)
    subject = serializers.CharField()
    conversation_id = serializers.UUIDField(source="context_id", allow_null=True)
    opened_by_id = serializers.UUIDField(allow_null=True)
    assignee_id = serializers.UUIDField(allow_null=True)
    opened_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolution = serializers.CharField()


class CaseIn(Body):
    """A new case."""

    customer_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Case.Kind.choices, default=Case.Kind.COMPLAINT)
    subject = serializers.CharField(max_length=200)
    assignee_id = serializers.UUIDField(required=False, allow_null=True)


class CaseChange(Body):
    """What to change; what is not given stays. An assignee of null is nobody in particular."""

    kind = serializers.ChoiceField(choices=Case.Kind.choices, required=False)
    subject = serializers.CharField(max_length=200, required=False)
    assignee_id = serializers.UUIDField(required=False, allow_null=True)


class ResolutionIn(Body):
    """How it was settled."""

    resolution = serializers.CharField(max_length=500, required=False, allow_blank=True)


class FollowUpOut(Lean):
    """Work for a person, with a clock."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=FollowUp.Reason.choices)
    title = serializers.CharField()
    conversation_id = serializers.UUIDField(source="context_id", allow_null=True)
    assignee_id = serializers.UUIDField(allow_null=True)
    due_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by_id = serializers.UUIDField(allow_null=True)


class FollowUpIn(Body):
    """A new follow-up."""

    customer_id = serializers.UUIDField()
    title = serializers.CharField(max_length=200)
    due_at = Moment()
    assignee_id = serializers.UUIDField(required=False, allow_null=True)


class FollowUpChange(Body):
    """Who is to do it; null is nobody in particular."""

    assignee_id = serializers.UUIDField(allow_null=True)
