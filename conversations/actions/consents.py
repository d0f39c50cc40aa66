"""What conversations learn of consent, from words such as BAJA and from reports; how customers are asked."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from conversations import windows
from conversations.actions.content import CannotSend
from conversations.actions.episodes import open_episode
from conversations.actions.messages import add_event, send_system
from conversations.actions.sendable import check_way
from conversations.channels.base import InboundStatus
from conversations.channels.registry import adapter_for
from conversations.consent import medium_of
from conversations.leaving import is_leaving, is_returning
from conversations.models import Channel, Conversation, Delivery, Message
from crm import consent_texts, identities
from crm.actions import consents, suppressions
from crm.actions.consents import CannotAsk, Proof
from crm.models import Consent, ConsentEvent, Covers, Customer, Identity, Medium, Purpose, Suppression
from tenants.actors import Actor
from tenants.models import Tenant

Source = ConsentEvent.Source
# Channels on which a whole message can be such a word; on SMS the vendor's own rules close the channel.
HEARD = ("email", "whatsapp", "telegram", "messenger", "instagram")
GONE_FOR_GOOD = ("no_mailbox", "closed_mailbox", "no_domain")


def hear(message: Message) -> None:
    """A customer whose whole message is a word such as BAJA gets nothing unasked any more, at once.

    One such as ALTA after it takes it back as far as `come_back` says.
    """
    leaves, returns = is_leaving(message.text), is_returning(message.text)
    if message.data.get("automatic") or not (leaves or returns):
        return
    conversation = message.conversation
    channel = conversation.channel
    if channel.kind not in HEARD:
        return
    if leaves:
        address = conversation.identity.value if conversation.identity else ""
        leave(conversation.customer, medium_of(channel), address, message.text, message.created_at)
        add_event(conversation, "unsubscribed", Actor.system(), word=message.text.strip()[:60])
    elif _left_by_word(conversation.customer, medium_of(channel)):
        come_back(conversation, message.text, message.created_at)


def leave(customer: Customer, medium: str, address: str, word: str, at: datetime) -> None:
    """No more offers and surveys by a medium; the word is the proof."""
    proof = Proof(source=Source.STOP_WORD, at=at, text_shown=word, address=address)
    consents.unsubscribe(customer=customer, media=[medium], purposes=consents.UNASKED, proof=proof)


def _left_by_word(customer: Customer, medium: str) -> bool:
    """Whether such a word is the last that was said, and nobody told him since what it means to come back."""
    said = ConsentEvent.objects.filter(customer=customer, medium=medium).exclude(purpose=Purpose.SURVEY)
    last = said.order_by("-happened_at", "-id").values_list("source", flat=True).first()
    return bool(last == Source.STOP_WORD)


def come_back(conversation: Conversation, word: str, at: datetime) -> None:
    """Who said STOP and then START is written to again about what is his own; offers and surveys stay off.

    He is told so, with the link by which he can agree to them again: START alone is no consent.
    """
    customer, medium = conversation.customer, medium_of(conversation.channel)
    address = conversation.identity.value if conversation.identity else ""
    proof = Proof(source=Source.START_WORD, at=at, text_shown=word, address=address)
    consents.give(customer=customer, medium=medium, purpose=Purpose.SERVICE, proof=proof, by=Actor.system())
    add_event(conversation, "came_back", Actor.system(), word=word.strip()[:60])
    with (
        translation.override(consent_texts.language_of(customer, Tenant.objects.get())),
        suppress(CannotSend),
    ):
        text = _("You get our messages about your orders, appointments and questions here again.")
        if Consent.objects.filter(
            customer=customer, medium=medium, purpose=Purpose.PROMOTION, state=Consent.State.WITHDRAWN
        ).exists():
            url = consent_texts.preferences_url(customer)
            text += " " + _("Offers stay off. If you want them, say so here: %(url)s") % {"url": url}
        send_system(conversation=conversation, text=text, data={"automatic": True}, purpose=Purpose.SERVICE)


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
