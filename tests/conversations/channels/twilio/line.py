"""A business's number at Twilio with a customer who has just written."""

from typing import Any

from django.test import Client

from conversations.actions.channels import create_channel
from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.channels.base import File
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Message
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business
from tests.vendors.stand_in import Hook, Person
from tests.vendors.twilio import Twilio

ANA = Person("+523312345678", "Ana")


class Line:
    """A channel at a stand-in."""

    def __init__(self, business: Business, vendor: Twilio, **settings: Any) -> None:
        self.business, self.vendor = business, vendor
        with tenant_scope(business.tenant.id):
            self.channel: Channel = create_channel(
                kind=vendor.kind,
                name="Línea",
                by=business.actor(),
                settings=vendor.channel_settings() | settings,
                secrets=vendor.channel_secrets(),
            )

    def post(self, hook: Hook, **headers: str) -> Any:
        return Client().post(
            hook.path, hook.body, content_type=hook.content_type, headers={**hook.headers, **headers}
        )

    def take_in(self, hook: Hook) -> InboundEvent:
        """Post an event and read it; returns it as it ended."""
        assert self.post(hook).status_code == 200
        read_everything(self.business)
        with tenant_scope(self.business.tenant.id):
            event: InboundEvent = InboundEvent.objects.order_by("-id").first()
            return event

    def says(self, text: str, person: Person = ANA, **fields: str) -> Message:
        """A customer's message as it was taken in."""
        event = self.take_in(self.vendor.message(self.channel.pk, person, Body=text, **fields))
        with tenant_scope(self.business.tenant.id):
            assert event.outcome == "message", (event.outcome, event.reason)
            return Message.objects.get(pk=event.message_id)

    def answer(self, text: str = "Sí", files: tuple[File, ...] = (), **data: Any) -> Delivery:
        """Write an answer; returns its row of the outbox."""
        with tenant_scope(self.business.tenant.id):
            actor = self.business.actor(self.business.agent)
            conversation = Conversation.objects.filter(channel=self.channel).get()
            message = send_reply(conversation=conversation, text=text or "x", files=files, by=actor)
            Message.objects.filter(pk=message.pk).update(text=text, data=data)
            return Delivery.objects.get(message=message)

    def send(self, *args: Any, **data: Any) -> Delivery:
        """Write an answer and take it to the vendor; returns its row as it ended."""
        return self.deliver(self.answer(*args, **data))

    def deliver(self, row: Delivery) -> Delivery:
        deliver(self.business.tenant.id, row.pk)
        with tenant_scope(self.business.tenant.id):
            return Delivery.objects.get(pk=row.pk)
