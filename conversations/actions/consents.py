"""What conversations learn of consent, from words such as BAJA and from reports; how customers are asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import windows
from conversations.actions.content import CannotSend
from conversations.actions.episodes import open_episode
from conversations.actions.messages import add_event, check_way, send_system
from conversations.channels.base import InboundStatus
from conversations.channels.registry import adapter_for
from conversations.consent import medium_of
from conversations.leaving import is_leaving
from conversations.models import Channel, Conversation, Delivery, Message
from crm import identities
from crm.actions import consents, suppressions
from crm.actions.consents import CannotAsk, Proof
from crm.models import ConsentEvent, Covers, Customer, Identity, Medium, Purpose, Suppression
from tenants.actors import Actor

Source = ConsentEvent.Source
# Channels on which a whole message can be such a word; on SMS the vendor's own rules close the channel.
HEARD = ("email", "whatsapp", "telegram", "messenger", "instagram")
GONE_FOR_GOOD = ("no_mailbox", "closed_mailbox", "no_domain")


def hear(message: Message) -> None:
    """A customer whose whole message is a word such as BAJA gets nothing unasked any more, at once."""
    if message.data.get("automatic") or not is_leaving(message.text):
        return
    conversation = message.conversation
    channel = conversation.channel
    if channel.kind not in HEARD:
        return
    address = conversation.identity.value if conversation.identity else ""
    leave(conversation.customer, medium_of(channel), address, message.text, message.created_at)
    add_event(conversation, "unsubscribed", Actor.system(), word=message.text.strip()[:60])


def leave(customer: Customer, medium: str, address: str, word: str, at: datetime) -> None:
    """No more offers and surveys by a medium; the word is the proof."""
    proof = Proof(source=Source.STOP_WORD, at=at, text_shown=word, address=address)
    consents.unsubscribe(customer=customer, media=[medium], purposes=consents.UNASKED, proof=proof)


# --- returned mail and complaints ---


def learn_from_report(*, channel: Channel, item: InboundStatus, message: Message | None) -> None:
    """Write no more to an address to which mail will never arrive, or whose owner complained.

    Only of mail that we sent: a report is easily forged, and names whom it likes.
    """
    if channel.kind != "email" or message is None:
        return
    if item.status == "complaint":
        _suppress(message, Suppression.Reason.COMPLAINT, Covers.UNASKED, item.reason)
    elif item.status == Delivery.Status.FAILED and is_final(item.details):
        _suppress(message, Suppression.Reason.BOUNCE, Covers.ALL, item.reason)


def learn_from_refusal(delivery: Delivery) -> None:
    """The same where the mail server refuses the recipient while it is handed the mail."""
    if delivery.channel.kind == "email" and is_final(delivery.details):
        _suppress(delivery.message, Suppression.Reason.BOUNCE, Covers.ALL, delivery.reason)


def _suppress(message: Message, reason: str, covers: str, note: str) -> None:
    address = _reported(message)
    if address:
        kind = Identity.Kind.EMAIL
        suppressions.suppress(
            kind=kind, value=address, reason=reason, covers=covers, by=Actor.system(), note=note
        )


def _reported(message: Message) -> str:
    """The address that our mail went to."""
    way = message.came_by or message.conversation
    return way.identity.value if way.identity else ""


def is_final(details: Mapping[str, Any]) -> bool:
    """Whether no mail will ever arrive there: the mailbox or its server does not exist."""
    return bool(details.get("permanent")) and str(details.get("category", "")) in GONE_FOR_GOOD


# --- asking to confirm ---


@transaction.atomic
def bring(*, customer: Customer, identity: Identity, medium: str, text: str) -> None:
    """Bring a request to confirm to a customer's address. Raises `CannotAsk`."""
    conversation = _thread(customer, identity, medium)
    can = adapter_for(conversation.channel.kind).capabilities
    try:
        check_way(conversation, can)
        if not windows.is_open(conversation, can, person=False):
            raise CannotAsk(
                _("He wrote too long ago to be asked here. Ask him by e-mail, or when he writes again."),
                "medium",
            )
        send_system(conversation=conversation, text=text, data={"automatic": True}, purpose=Purpose.SERVICE)
    except CannotSend as refusal:
        raise CannotAsk(str(refusal), "medium") from refusal


def _thread(customer: Customer, identity: Identity, medium: str) -> Conversation:
    """The latest conversation there, or a new one."""
    channels = [one for one in Channel.objects.active() if medium_of(one) == medium]
    theirs = Conversation.objects.filter(customer=customer, channel__in=channels, identity=identity)
    latest = theirs.filter(merged_into=None).order_by("-last_message_at").first()
    if latest:
        found: Conversation = latest
        return found
    ways = [one for one in channels if adapter_for(one.kind).reaches(identity.kind)]
    if not ways or medium == Medium.WEB:
        raise CannotAsk(_("No channel of yours reaches this address. Ask him another way."), "medium")
    identities.vouch(identity)
    conversation = Conversation.objects.create(
        channel=ways[0], customer=customer, identity=identity, subject=_("Please confirm")
    )
    open_episode(conversation)
    conversation.status = Conversation.Status.WAITING
    conversation.save(update_fields=["episode_count", "status"])
    return conversation
