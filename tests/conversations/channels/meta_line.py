"""A page or an account as the tests use it: its channel, its stand-in, and people who write."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.test import Client

from conversations.actions.channels import create_channel
from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.channels.base import File
from conversations.models import Attachment, Channel, Conversation, Delivery, InboundEvent, Message
from tenants import doors
from tenants.models import DirectoryEntry
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business
from tests.vendors.meta import Meta
from tests.vendors.stand_in import Hook, Person

ANA = Person("7430000000000001", "Ana Ríos")


class Line:
    """A channel of a business at a stand-in."""

    def __init__(self, business: Business, vendor: Meta, account: str = "") -> None:
        self.business, self.vendor = business, vendor
        with tenant_scope(business.tenant.id):
            self.channel: Channel = create_channel(
                kind=vendor.kind,
                name=vendor.kind.title(),
                by=business.actor(),
                settings=vendor.channel_settings() | self._own(account),
                secrets=vendor.channel_secrets(),
            )
            doors.register(
                DirectoryEntry.Kind.ADDRESS,
                f"{vendor.kind}:{account or vendor.account}",
                tenant_id=business.tenant.id,
                target_id=self.channel.pk,
            )

    def _own(self, account: str) -> dict[str, str]:
        name = "page_id" if self.vendor.kind == "messenger" else "account_id"
        return {name: account} if account else {}

    @property
    def path(self) -> str:
        return f"/hooks/{self.vendor.kind}/{self.channel.pk}/"

    def call(self, hook: Hook, times: int = 1) -> Any:
        """Make a call of our webhook; returns the last answer."""
        answers = [
            Client().post(hook.path, hook.body, content_type=hook.content_type, headers=hook.headers)
            for _ in range(times)
        ]
        return answers[-1]

    def take_in(self, payload: object) -> InboundEvent:
        """Post an event, signed, and read it; returns it as it ended."""
        hook = payload if isinstance(payload, Hook) else self.vendor.hook(self.channel.pk, payload)
        assert self.call(hook).status_code == 200
        read_everything(self.business)
        with tenant_scope(self.business.tenant.id):
            event: InboundEvent = InboundEvent.objects.get(body_hash=hashlib.sha256(hook.body).hexdigest())
            return event

    def says(self, text: str = "Hola", person: Person = ANA, **more: Any) -> InboundEvent:
        return self.take_in(self.vendor.text(self.channel.pk, person, text, **more))

    def answer(
        self,
        text: str = "Sí",
        files: tuple[File, ...] = (),
        author: str = "member",
        conversation: Conversation | None = None,
        **data: Any,
    ) -> Delivery:
        """Write an answer; returns its row of the outbox."""
        with tenant_scope(self.business.tenant.id):
            actor = self.business.actor(self.business.agent)
            talk = conversation or Conversation.objects.get(channel=self.channel)
            message = send_reply(conversation=talk, text="x", by=actor)
            Message.objects.filter(pk=message.pk).update(text=text, data=data, author_kind=author)
            for file in files:
                kept = {"name": file.name, "content_type": file.content_type, "size": len(file.content)}
                Attachment.objects.create(message=message, file=ContentFile(file.content, file.name), **kept)
                Message.objects.filter(pk=message.pk).update(has_attachments=True)
            return Delivery.objects.get(message=message)

    def go(self, row: Delivery) -> Delivery:
        """Take a row of the outbox to the vendor; returns it as it ended."""
        deliver(self.business.tenant.id, row.pk)
        return self.fresh(row)

    def fresh(self, row: Delivery) -> Delivery:
        with tenant_scope(self.business.tenant.id):
            found: Delivery = Delivery.objects.get(pk=row.pk)
            return found

    def send(self, *args: Any, **data: Any) -> Delivery:
        """Write an answer and take it to the vendor; returns its row as it ended."""
        return self.go(self.answer(*args, **data))

    @contextmanager
    def scope(self) -> Iterator[None]:
        with tenant_scope(self.business.tenant.id):
            yield

    def state(self) -> list[tuple[Any, ...]]:
        """Everything that a repeated event could change."""
        with self.scope():
            messages = Message.objects.filter(conversation__channel=self.channel).order_by("id")
            kept = [(m.kind, m.text, m.provider_id, json.dumps(m.data, sort_keys=True)) for m in messages]
            rows = Delivery.objects.filter(channel=self.channel).order_by("id")
            return [*kept, *rows.values_list("status", "provider_id"), (Conversation.objects.count(),)]


class Case(NamedTuple):
    """An event, and what it says."""

    said: dict[str, Any]  # of the messaging item, or a whole payload with "entry"
    outcome: str = "message"
    text: str = ""
    data: dict[str, Any] = {}
    media: int = 0
