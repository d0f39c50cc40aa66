"""What the adapters of Messenger and Instagram share (Graph API v24.0).

Source: developers.facebook.com/docs/messenger-platform, …/docs/instagram-platform; the page stands in each
module beside what it says.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote, urlencode
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations import windows
from conversations.actions.echoes import remember_part
from conversations.channels import media_out
from conversations.channels.base import Adapter, ChannelError, File, Inbound
from conversations.channels.meta import errors, graph, messaging, networks, outgoing
from conversations.channels.meta.networks import Account, Network
from conversations.channels.meta.outgoing import Draft
from conversations.channels.meta.values import mapping, text
from conversations.models import Attachment, Channel, Delivery, InboundEvent, Message

FILE_GONE = gettext_noop("A file of this message cannot be read.")
COMMENT_GONE = gettext_noop("The comment is no longer known here.")


class Prepared(NamedTuple):
    """A message ready to be handed over; more than one call where it has text and files."""

    tenant_id: UUID
    account: Account
    envelope: dict[str, Any]  # to whom, and under what rule
    drafts: list[Draft]
    addresses: list[str]  # where the vendor may fetch the files, where it takes no upload
    comment: tuple[str, dict[str, Any]] | None = None  # a call that concerns a public comment


class PartlySent(Exception):
    """The first part of a message went out and a later one was refused: it may not be sent again whole."""


class MessagingAdapter(Adapter):
    """One of the two networks."""

    network: Network

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        return messaging.read(event, channel, self.network)

    def reaches(self, identity_kind: str) -> bool:
        """Nobody is written to first: a person's id is known from his own message alone."""
        return False

    def prepare(self, delivery: Delivery) -> Prepared:
        account, message = networks.account_of(delivery.channel), delivery.message
        if comment := mapping(message.data.get("comment")):
            return self._prepare_comment(account, delivery, comment)
        identity = message.conversation.identity
        assert identity is not None  # the outbox has looked
        attachments = list(message.attachments.order_by("id"))
        files = [_content(attachment) for attachment in attachments]
        drafts = outgoing.drafts(message.text, message.data, files, self.network)
        envelope: dict[str, Any] = {"recipient": {"id": identity.value}}
        if not message.data.get("reaction"):
            envelope |= self._rule(message)
        if self.network.metadata:
            outgoing.with_reference(drafts, str(delivery.pk))
        addresses = (
            []
            if account.by_page
            else [media_out.address_of(file, delivery.channel_id) for file in attachments]
        )
        return Prepared(delivery.tenant_id, account, envelope, drafts, addresses)

    def _rule(self, message: Message) -> dict[str, str]:
        """Under what rule the message goes out now. Raises `ChannelError`."""
        ends = windows.ends_at(message.conversation, self.capabilities)
        return outgoing.tag_of(
            is_template=bool(message.data.get("template")),
            person=message.author_kind == Message.Author.MEMBER,
            last_wrote=ends - outgoing.PERSON_WINDOW if ends else None,
        )

    def _prepare_comment(self, account: Account, delivery: Delivery, comment: dict[str, Any]) -> Prepared:
        path, body = outgoing.comment_call(comment, delivery.message.text, self.network)
        if not path:
            told = Message.objects.filter(provider_id=text(comment.get("id"), 100))
            asked = told.on(delivery.channel_id).first()
            written = asked and (asked.provider_at or asked.created_at)
            if not written or written + outgoing.PRIVATE_REPLY < timezone.now():
                raise ChannelError(
                    outgoing.PRIVATE_TOO_LATE if written else COMMENT_GONE, permanent=True, category="window"
                )
            path = f"{account.id}/messages"
            if self.network.metadata:
                body["message"]["metadata"] = f"{messaging.OURS}{delivery.pk}"
        return Prepared(delivery.tenant_id, account, {}, [], [], (path, body))

    def send(self, prepared: Prepared) -> str:
        account = prepared.account
        if prepared.comment:
            answer = graph.call(
                prepared.comment[0], account.token, prepared.comment[1], errors.refusal, account.api
            )
            return text(answer.get("message_id"), 255) or text(answer.get("id"), 255)
        self._bring_files(prepared)
        sent = ""
        for draft in prepared.drafts:
            if sent:
                remember_part(prepared.tenant_id, sent)
            try:
                sent = self._send(account, {**prepared.envelope, **draft.body})
            except ChannelError as error:
                if sent:
                    raise PartlySent(error.reason) from error
                raise
        return sent

    def _bring_files(self, prepared: Prepared) -> None:
        """Before anything is seen by the customer: upload the files, or say where they can be fetched."""
        addresses = iter(prepared.addresses)
        for draft in prepared.drafts:
            if draft.file is None:
                continue
            if prepared.account.by_page:
                found = {"attachment_id": self._upload(prepared.account, draft.file, draft.kind)}
            else:
                found = {"url": next(addresses)}
            draft.body["message"]["attachment"]["payload"] = found

    def _upload(self, account: Account, file: File, kind: str) -> str:
        return graph.upload(
            f"{account.id}/message_attachments",
            account.token,
            file,
            {
                "platform": self.network.kind,
                "message": f'{{"attachment":{{"type":"{kind}","payload":{{"is_reusable":true}}}}}}',
            },
            errors.refusal,
            part="filedata",
            returns="attachment_id",
        )

    def _send(self, account: Account, body: dict[str, Any]) -> str:
        answer = graph.call(f"{account.id}/messages", account.token, body, errors.refusal, account.api)
        found = text(answer.get("message_id"), 255)
        if not found and "sender_action" not in body:
            raise graph.Unclear("an answer without the message's id")
        return found

    def fetch(self, channel: Channel, reference: str) -> File:
        return graph.download_from(reference)

    def profile(self, channel: Channel, address: str) -> str:
        account = networks.account_of(channel)
        fields = "name,username" if self.network is networks.INSTAGRAM else "name,first_name,last_name"
        path = f"{quote(address, safe='')}?{urlencode({'fields': fields})}"
        known = graph.read(path, account.token, errors.refusal, account.api)
        parts = [text(known.get(name), 75) for name in ("first_name", "last_name")]
        return (
            text(known.get("name"), 150) or " ".join(filter(None, parts)) or text(known.get("username"), 150)
        )

    def saw(self, channel: Channel, address: str, provider_id: str) -> None:
        self._act(channel, address, "mark_seen")

    def typing(self, channel: Channel, address: str, provider_id: str) -> None:
        self._act(channel, address, "typing_on")

    def _act(self, channel: Channel, address: str, action: str) -> None:
        account = networks.account_of(channel)
        body = {"recipient": {"id": address}, "sender_action": action}
        graph.order(f"{account.id}/messages", account.token, body, errors.refusal, account.api)


def _content(attachment: Attachment) -> File:
    try:
        with attachment.file.open() as stored:
            return File(attachment.name, attachment.content_type, bytes(stored.read()))
    except (OSError, ValueError) as error:  # ValueError: a file that never came
        raise ChannelError(FILE_GONE, permanent=False) from error
