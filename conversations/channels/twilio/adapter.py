"""What the channels over Twilio share. Each of them has a folder of its own; this one is no channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, NamedTuple

from conversations.channels import media_out
from conversations.channels.base import Adapter, ChannelError, File, Inbound, InboundStatus
from conversations.channels.meta.values import mapping, mappings, number, text
from conversations.channels.twilio import api, errors, hooks, incoming, outgoing
from conversations.models import Attachment, Channel, Delivery, InboundEvent, Message, Reach, Template
from crm.identities import InvalidIdentity, canonical

CLOCKS = timedelta(seconds=5)  # how far apart Twilio's and ours may be
MOST_LISTED = 50


class Prepared(NamedTuple):
    """A message ready to be handed over; more than one call where it has several files."""

    account: api.Account
    forms: list[outgoing.Form]


class PartlySent(Exception):
    """The first part of a message went out and a later one was refused: it may not be sent again whole."""


class TwilioAdapter(Adapter):
    """A number, or a service of numbers, at Twilio."""

    identity_kind: ClassVar[str]
    rules: ClassVar[outgoing.Rules]

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        return incoming.read(event, channel, self.rules.prefix)

    def reaches(self, identity_kind: str) -> bool:
        return identity_kind == self.identity_kind

    def prepare(self, delivery: Delivery) -> Prepared:
        channel, message = delivery.channel, delivery.message
        identity = message.conversation.identity
        assert identity is not None  # the outbox has looked
        if Reach.objects.filter(channel=channel, identity=identity, is_open=False).exists():
            raise ChannelError(errors.UNSUBSCRIBED, permanent=True, category="blocked")
        account = api.account_of(channel)
        envelope = [
            ("To", outgoing.number_of(identity, _wrote_from(message), self.rules)),
            *outgoing.sender(channel.settings, self.rules),
            ("StatusCallback", hooks.status_address(self.kind, channel.pk, delivery.pk)),
        ]
        return Prepared(account, [[*envelope, *form] for form in self._forms(delivery)])

    def _forms(self, delivery: Delivery) -> list[outgoing.Form]:
        message = delivery.message
        if template := mapping(message.data.get("template")):
            return [self._template(delivery.channel, template)]
        files = [_outgoing(one, delivery.channel) for one in message.attachments.all()]
        return outgoing.forms(message.text, files, self.rules)

    def _template(self, channel: Channel, template: dict[str, Any]) -> outgoing.Form:
        named = {"name": text(template.get("name"), 512), "language": text(template.get("language"), 20)}
        known = Template.objects.usable().filter(channel=channel, **named).first()
        if known is None:
            raise ChannelError(errors.NO_TEMPLATE, permanent=True, category="template")
        return outgoing.template_form(known.vendor_id, template, known.components)

    def send(self, prepared: Prepared) -> str:
        first = api.send(prepared.account, prepared.forms[0])
        for form in prepared.forms[1:]:
            try:
                api.send(prepared.account, form)
            except ChannelError as error:
                raise PartlySent(error.reason) from error
        return first

    def fetch(self, channel: Channel, reference: str) -> File:
        return api.download(api.account_of(channel), reference)

    def look_up(self, delivery: Delivery) -> InboundStatus | None:
        """The one message to this person with this text that began when ours did.

        Twilio echoes no reference of ours in its list, so anything but a single fitting message leaves the
        outcome unknown; where Twilio did take it, the status callback, which bears our reference, says so.
        """
        channel, message = delivery.channel, delivery.message
        if delivery.calling_at is None or not message.text or message.data.get("template"):
            return None
        account = api.account_of(channel)
        since = delivery.calling_at - CLOCKS
        found = api.read(
            account,
            account.address("/Messages.json"),
            **{"DateSent>": since.strftime("%Y-%m-%d"), "PageSize": str(MOST_LISTED)},
            **({} if channel.settings.get("messaging_service") else {"From": self._from(channel)}),
        )
        until = delivery.calling_at + timedelta(seconds=api.SECONDS) + CLOCKS
        fitting = [
            one
            for one in mappings(found.get("messages"))
            if one.get("body") == message.text
            and since <= _created(one) <= until
            and text(one.get("direction"), 20) == "outbound-api"
            and self._is_to(one, delivery)
        ]
        if len(fitting) != 1 or found.get("next_page_uri"):
            return None
        return _as_status(fitting[0])

    def _is_to(self, listed: dict[str, Any], delivery: Delivery) -> bool:
        identity = delivery.message.conversation.identity
        written = text(listed.get("to"), 100).removeprefix(self.rules.prefix)
        try:
            return identity is not None and canonical(identity.kind, written, "").value == identity.value
        except InvalidIdentity:
            return False

    def _from(self, channel: Channel) -> str:
        return self.rules.prefix + text(channel.settings.get("number"), 60)


def _wrote_from(message: Message) -> str:
    """The customer's address as Twilio wrote it when he last did."""
    same_way = {"conversation": message.conversation_id, "came_by": message.came_by_id}
    theirs = Message.objects.filter(**same_way, kind=Message.Kind.INBOUND)
    last = theirs.order_by("-id").values_list("data", flat=True).first() or {}
    return text(last.get("wrote_from"), 100)


def _outgoing(attachment: Attachment, channel: Channel) -> outgoing.Outgoing:
    if attachment.state != Attachment.State.HERE:
        raise ChannelError(outgoing.UNFETCHED, permanent=False)
    address = media_out.address_of(attachment, channel.pk)
    return outgoing.Outgoing(attachment.content_type, attachment.size, address)


def _created(listed: dict[str, Any]) -> datetime:
    """When Twilio made a message (RFC 2822); long ago where it does not say."""
    try:
        return parsedate_to_datetime(text(listed.get("date_created"), 60)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC)


def _as_status(listed: dict[str, Any]) -> InboundStatus | None:
    sid, said = text(listed.get("sid"), 60), text(listed.get("status"), 20)
    status = "sent" if said in incoming.EARLY else incoming.STATUSES.get(said)
    if not sid or status is None:
        return None
    code = number(listed.get("error_code"))
    reason = errors.problem_of(code if isinstance(code, int) else None).reason if status == "failed" else ""
    return InboundStatus(provider_id=sid, status=status, reason=reason)
