"""What the API shows of conversations and takes about them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from conversations.api.files import MOST_FILES, SentFileIn
from conversations.models import Attachment, Conversation, Delivery, InboundEvent, Message
from crm.api.serializers import LabelOut
from tenants.api.serializers import Body, Lean, Moment

SHOWN_DATA = (
    "kind", "location", "contacts", "choice", "form", "order", "reply_to", "forwarded", "referral",
    "reactions", "edited", "removed", "call", "buttons", "list", "template", "reaction", "answers",
    "mentions", "comment", "shared", "story",
)  # fmt: skip


class ConversationOut(Lean):
    """An exchange with one customer on one channel."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    channel_id = serializers.UUIDField()
    subject = serializers.CharField()
    status = serializers.ChoiceField(choices=Conversation.Status.choices)
    priority = serializers.ChoiceField(choices=Conversation.Priority.choices)
    assignee_id = serializers.UUIDField(allow_null=True)
    team_id = serializers.UUIDField(allow_null=True)
    labels = LabelOut(many=True)
    preview = serializers.CharField(help_text="The beginning of the last message.")
    last_message_at = serializers.DateTimeField()
    waiting_since = serializers.DateTimeField(allow_null=True, help_text="First message still unanswered.")
    window_ends_at = serializers.DateTimeField(
        allow_null=True, help_text="Until when free text goes out; null where the channel has no such end."
    )
    snoozed_until = serializers.DateTimeField(allow_null=True)
    wakes_on_reply = serializers.BooleanField(help_text="Whether an answer ends the snooze.")
    with_bot = serializers.BooleanField(help_text="The bot has the turn: nobody is waited for.")
    due_at = serializers.DateTimeField(allow_null=True, help_text="When the nearest promise is due.")
    due_target = serializers.CharField(help_text="Which promise that is: first, next or resolution.")
    closed_at = serializers.DateTimeField(allow_null=True)
    episode_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class ChosenTemplateIn(Body):
    """A template of the channel, filled in; see /templates/ for its places."""

    id = serializers.UUIDField()
    values = serializers.DictField(
        child=serializers.CharField(max_length=1_000), required=False, default=dict
    )


class ConversationIn(Body):
    """The first word to a customer."""

    channel_id = serializers.UUIDField()
    identity_id = serializers.UUIDField(help_text="The customer's address; the channel must reach it.")
    subject = serializers.CharField(
        max_length=200, required=False, default="", help_text="For channels that have one, such as e-mail."
    )
    text = serializers.CharField(max_length=100_000, required=False, default="", allow_blank=True)
    template = ChosenTemplateIn(required=False, help_text="Where the channel takes no free text first.")
    client_id = serializers.UUIDField(required=False, help_text="The same id again is the same conversation.")


class ConversationChange(Body):
    """What to change; what is not given stays. null takes an assignee or team away."""

    assignee_id = serializers.UUIDField(required=False, allow_null=True)
    team_id = serializers.UUIDField(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Conversation.Priority.choices, required=False)
    label_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=100)


class SnoozeIn(Body):
    """What brings it back: a moment, an answer of the customer, or whichever comes first."""

    until = Moment(required=False, allow_null=True, default=None)
    until_reply = serializers.BooleanField(
        required=False,
        help_text="Whether an answer of the customer brings it back, too: so it is, unless this is false.",
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """A moment, or the word that an answer is awaited."""
        if given["until"] is None and "until_reply" not in given:
            raise serializers.ValidationError({"until": _("Say until when.")})
        return given


class AttachmentOut(Lean):
    """A file of a message."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    state = serializers.ChoiceField(
        choices=Attachment.State.choices, help_text="Whether the file is here or still at the vendor."
    )
    reason = serializers.CharField(source="why", help_text="Why it could not be fetched.")
    width = serializers.IntegerField(help_text="Pixels of a picture, once its thumbnail is made.")
    height = serializers.IntegerField()


class MessageOut(Lean):
    """A message, a note or an event of a conversation."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    episode_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    author_kind = serializers.ChoiceField(choices=Message.Author.choices)
    author_id = serializers.UUIDField(allow_null=True, help_text="A member's id.")
    author = serializers.CharField(source="author_label")
    text = serializers.CharField()
    quoted = serializers.CharField(help_text="What a mail quotes, and its signature.")
    subject = serializers.CharField()
    event = serializers.SerializerMethodField(help_text="What happened, for events.")
    content = serializers.SerializerMethodField(
        help_text="What is more than text: kind, location, contacts, choice, form, order, reply_to,"
        " forwarded, referral, reactions, edited, removed, buttons, list, template, reaction, answers,"
        " mentions, comment, shared, story."
    )
    client_id = serializers.UUIDField(allow_null=True)
    attachments = AttachmentOut(many=True)
    delivery = serializers.SerializerMethodField(help_text="How it went out, for messages to the customer.")
    created_at = serializers.DateTimeField()

    def get_event(self, message: Message) -> str:
        return message.data.get("event", "")

    def get_content(self, message: Message) -> dict[str, Any]:
        return {key: message.data[key] for key in SHOWN_DATA if key in message.data}

    def get_delivery(self, message: Message) -> dict[str, str] | None:
        delivery = message.delivery
        return (
            {"id": str(delivery.pk), "status": delivery.status, "reason": delivery.why} if delivery else None
        )


class ButtonIn(Body):
    """A quick answer the customer can press."""

    title = serializers.CharField(max_length=100)
    id = serializers.CharField(max_length=200, required=False)


class RowIn(Body):
    """An entry of a list to choose from."""

    title = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=200, required=False)
    id = serializers.CharField(max_length=200, required=False)


class ChoicesIn(Body):
    """A list to choose from, opened by a button."""

    button = serializers.CharField(max_length=100, required=False)
    rows = RowIn(many=True)


class LocationIn(Body):
    """A place on the map."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    name = serializers.CharField(max_length=500, required=False)
    address = serializers.CharField(max_length=500, required=False)


class ReactionIn(Body):
    """An emoji of ours; an empty one takes it back."""

    emoji = serializers.CharField(max_length=32, allow_blank=True)


MORE = ("buttons", "list", "location", "template", "reply_to")  # what is more than text


class MessageIn(Body):
    """An answer to the customer. What the channel cannot do is refused with a sentence."""

    text = serializers.CharField(max_length=100_000, required=False, default="", allow_blank=True)
    buttons = ButtonIn(many=True, required=False)
    list = ChoicesIn(required=False)
    location = LocationIn(required=False)
    template = ChosenTemplateIn(required=False, help_text="Its text goes in place of `text`.")
    files = SentFileIn(many=True, required=False, max_length=MOST_FILES)  # type: ignore[call-arg]
    reply_to = serializers.UUIDField(required=False, help_text="The id of the message it answers.")
    client_id = serializers.UUIDField(required=False, help_text="The same id again is the same message.")
    seen = serializers.UUIDField(
        required=False, help_text="The newest message you know: 409 when a colleague answered since."
    )


class NoteIn(Body):
    """A note among colleagues; the customer never sees it. Names after an at sign are mentions, too."""

    text = serializers.CharField(max_length=100_000)
    client_id = serializers.UUIDField(required=False)
    member_ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=30, help_text="Members to mention."
    )
    team_ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=30, help_text="Teams to mention."
    )


class InboundEventOut(Lean):
    """What a channel brought, and what became of it."""

    id = serializers.UUIDField()
    channel_id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=InboundEvent.Outcome.choices)
    reason = serializers.CharField(source="why")
    message_id = serializers.UUIDField(allow_null=True)
    attempts = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    processed_at = serializers.DateTimeField(allow_null=True)


class DeliveryOut(Lean):
    """A message's way to the customer."""

    id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    channel_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Delivery.Status.choices)
    reason = serializers.CharField(source="why")
    category = serializers.SerializerMethodField(
        help_text="Of a failure: window, template, address, blocked, file or text."
    )
    code = serializers.SerializerMethodField(help_text="The vendor's own, of a failure.")
    priority = serializers.ChoiceField(
        choices=Delivery.Priority.choices, help_text="0 goes first: what people write."
    )
    attempts = serializers.IntegerField()
    due_at = serializers.DateTimeField(help_text="When it is tried next, while it waits.")
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_category(self, delivery: Delivery) -> str:
        return str(delivery.details.get("category", ""))

    def get_code(self, delivery: Delivery) -> str:
        return str(delivery.details.get("code", ""))
