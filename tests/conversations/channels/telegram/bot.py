"""A business's bot, as the tests use it."""

from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.channels.base import File, Inbound
from conversations.channels.registry import adapter_for
from conversations.models import Attachment, Channel, Conversation, Delivery, InboundEvent, Message
from tenants import doors
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business
from tests.vendors.stand_in import Hook, Person
from tests.vendors.telegram import Telegram

ANA = Person("52413377", "Ana Ruiz")


class Bot:
    """A channel with its bot at a stand-in."""

    def __init__(self, business: Business, vendor: Telegram) -> None:
        self.business, self.vendor = business, vendor
        with tenant_scope(business.tenant.id):
            channel = Channel.objects.create(
                kind="telegram",
                name="Telegram",
                address="@tienda_luna_bot",
                settings=vendor.channel_settings(),
                secrets=vendor.channel_secrets(),
            )
            doors.set_channel(channel.id, tenant_id=channel.tenant_id)
        self.channel: Channel = channel

    def post(self, hook: Hook, **changes: Any) -> Any:
        headers = changes.get("headers", hook.headers)
        body = changes.get("body", hook.body)
        return Client().post(hook.path, body, content_type=hook.content_type, headers=headers)

    def take_in(self, *hooks: Hook) -> None:
        """Post events and read them."""
        for hook in hooks:
            assert self.post(hook).status_code == 200
        read_everything(self.business)

    def says(self, person: Person = ANA, **said: Any) -> Hook:
        """A message of a person, of any kind."""
        return self.vendor.message(self.channel.pk, person, **said)

    def parse(self, hook: Hook) -> Inbound:
        """The one thing that an event says."""
        with tenant_scope(self.business.tenant.id):
            event = InboundEvent(channel=self.channel, body=hook.body, content_type=hook.content_type)
            [item] = adapter_for("telegram").parse(event, self.channel)
            return item

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        with tenant_scope(self.business.tenant.id):
            found = Message.objects.filter(kind="inbound").order_by("id")
            return [(message.text, message.data) for message in found]

    def events(self) -> list[str]:
        """What happened in conversations."""
        with tenant_scope(self.business.tenant.id):
            found = Message.objects.filter(kind="event").order_by("id")
            return [message.data["event"] for message in found if message.data["event"] != "assigned"]

    def answer(self, text: str = "Sí", files: tuple[File, ...] = (), **data: Any) -> Delivery:
        """Write an answer and take it to the vendor; returns its row as it ended."""
        with tenant_scope(self.business.tenant.id):
            actor = self.business.actor(self.business.agent)
            message = send_reply(conversation=Conversation.objects.get(), text="x", by=actor)
            Message.objects.filter(pk=message.pk).update(text=text, data=data)
            for file in files:
                kept = {"name": file.name, "content_type": file.content_type, "size": len(file.content)}
                Attachment.objects.create(message=message, file=ContentFile(file.content, file.name), **kept)
            row = Delivery.objects.get(message=message)
        deliver(self.business.tenant.id, row.pk)
        with tenant_scope(self.business.tenant.id):
            return Delivery.objects.get(pk=row.pk)
