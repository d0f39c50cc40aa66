"""What lists of conversations can be narrowed by."""

import django_filters as filters

from conversations.models import Conversation, Delivery, InboundEvent, Message


class ConversationFilter(filters.FilterSet):
    """Conversations by state and by whom they belong to."""

    status = filters.MultipleChoiceFilter(choices=Conversation.Status.choices)
    customer = filters.UUIDFilter(field_name="customer_id")
    channel = filters.UUIDFilter(field_name="channel_id")
    assignee = filters.UUIDFilter(field_name="assignee_id", help_text="A member's id.")
    team = filters.UUIDFilter(field_name="team_id")
    label = filters.UUIDFilter(field_name="label_links__label_id")
    unassigned = filters.BooleanFilter(field_name="assignee", lookup_expr="isnull")
    with_bot = filters.BooleanFilter(help_text="Whether the bot has the turn.")
    unanswered = filters.BooleanFilter(
        field_name="waiting_since", lookup_expr="isnull", exclude=True, help_text="The customer waits."
    )

    class Meta:
        model = Conversation
        fields: list[str] = []


class MessageFilter(filters.FilterSet):
    """Messages of a conversation by kind."""

    kind = filters.MultipleChoiceFilter(choices=Message.Kind.choices)

    class Meta:
        model = Message
        fields: list[str] = []


class InboundEventFilter(filters.FilterSet):
    """Raw events by what became of them."""

    outcome = filters.MultipleChoiceFilter(choices=InboundEvent.Outcome.choices)
    channel = filters.UUIDFilter(field_name="channel_id")

    class Meta:
        model = InboundEvent
        fields: list[str] = []


class DeliveryFilter(filters.FilterSet):
    """Deliveries by how they stand."""

    status = filters.MultipleChoiceFilter(choices=Delivery.Status.choices)

    class Meta:
        model = Delivery
        fields: list[str] = []
