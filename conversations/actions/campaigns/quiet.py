"""Writing to somebody unasked by the ordinary outbox, without waking his conversation."""

import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import windows
from conversations.actions import outbox
from conversations.actions.campaigns import claiming, pieces
from conversations.actions.campaigns.claiming import Batch, leave_out
from conversations.actions.campaigns.following import OF
from conversations.actions.campaigns.told import begin_quietly
from conversations.actions.content import CannotSend
from conversations.actions.episodes import current_episode
from conversations.actions.messages import (
    announce,
    attach,
    hand_to_outbox,
    lock,
    outgoing,
    remember,
    show_last,
)
from conversations.actions.sendable import check_way, closed_window
from conversations.channels.base import Capabilities, File
from conversations.channels.registry import adapter_for
from conversations.consent import medium_of
from conversations.left_out import NO_ADDRESS, NO_TEMPLATE, NOT_WRITTEN, WINDOW_CLOSED
from conversations.models import Campaign, Channel, Conversation, Delivery, Message, Recipient
from conversations.personalising import NotWritten, Piece, Rendered
from crm import identities
from crm.models import Customer, Identity, TimelineEntry
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.campaigns")


class WindowClosed(CannotSend):
    """The channel takes only templates now, or nothing."""


@transaction.atomic
def say(
    *,
    customer: Customer,
    channel: Channel,
    identity: Identity,
    text: str,
    html: str = "",
    subject: str = "",
    data: Mapping[str, Any] | None = None,
    purpose: str,
    priority: int = Delivery.Priority.AUTOMATIC,
    files: Iterable[File] = (),
    author_label: str = "",
    conversation: Conversation | None = None,
) -> Message:
    """A message of ours that nobody asked for: kept, and put into the outbox, in the caller's transaction.

    His conversation on the channel is neither reopened nor assigned nor counted as waiting; a new one is
    closed until he answers. By e-mail each matter has a thread of its own, unless a `conversation`, which
    the caller holds locked, is given. Raises `CannotSend` with a sentence where he may not be written to or
    the channel does not take it.
    """
    files, kept = list(files), dict(data or {})
    conversation = conversation or _thread(customer, channel, identity, subject)
    can = adapter_for(channel.kind).capabilities
    _check(conversation, can, kept)
    if len(text) > can.text_limit:
        raise CannotSend(
            _("Shorten the text: this channel takes %(limit)s characters.") % {"limit": can.text_limit}
        )
    message = outgoing(
        conversation,
        current_episode(conversation),
        text,
        Actor.system(),
        html=html,
        subject=one_line(subject, 250),
        data=kept | {"automatic": True},
        has_attachments=bool(files),
        author_label=author_label or Actor.system().label,
    )
    attach(message, files)
    hand_to_outbox(message, conversation, purpose=purpose, priority=priority)
    if conversation.is_closed:
        show_last(conversation, message)
    remember(message, conversation, TimelineEntry.Kind.MESSAGE_OUT, channel.kind)
    announce(conversation, message)
    return message


def _check(conversation: Conversation, can: Capabilities, data: Mapping[str, Any]) -> None:
    """Raise `CannotSend` where nothing like this can be said there now."""
    check_way(conversation, can)
    if not data.get("template") and not windows.is_open(conversation, can, person=False):
        raise WindowClosed(closed_window(can))


def say_again(message: Message) -> None:
    """Put what was taken out of the outbox before it went back into it. Raises `CannotSend`."""
    way = message.came_by or message.conversation
    _check(way, adapter_for(way.channel.kind).capabilities, message.data)
    outbox.bring_back(message.pk)


def _thread(customer: Customer, channel: Channel, identity: Identity, subject: str) -> Conversation:
    """Where it is said: the latest conversation there, by e-mail always a new one."""
    if not adapter_for(channel.kind).capabilities.subject:
        theirs = Conversation.objects.filter(channel=channel, identity=identity, customer=customer)
        latest = theirs.exclude(status=Conversation.Status.MERGED).newest_first().first()
        if latest:
            return lock(latest.pk)
    identities.vouch(identity)
    return begin_quietly(customer, channel, identity, subject)


# --- a campaign's messages ---


def say_batch(tenant_id: UUID, batch: Batch, campaign: Campaign, known: pieces.Pieces) -> int:
    """Put a claimed batch into the outbox, each in a transaction of his own; returns how many.

    Who has not had his turn well before the lease ends waits again. A death in between leaves the rest to the
    lease: nothing of theirs was written.
    """
    until = time.monotonic() + claiming.LEASE.total_seconds() / 3
    with tenant_scope(tenant_id):
        by_piece = _by_piece(batch, known)
        values = pieces.values_of(by_piece, at=timezone.now())
    said = 0
    for piece, some in by_piece.items():
        for one in some:
            if time.monotonic() > until:
                break
            with tenant_scope(tenant_id):
                mine = values.get(one.customer_id, {}) if one.customer_id else {}
                said += _say_one(batch, campaign, piece, one, mine, known.files_of(piece))
    with tenant_scope(tenant_id):
        claiming.release(batch.attempt)
    return said


def _by_piece(batch: Batch, known: pieces.Pieces) -> dict[Piece, list[Recipient]]:
    found: dict[Piece, list[Recipient]] = {}
    none = []
    for one in batch.recipients:
        variant = batch.variants.get(one.variant_id) if one.variant_id else None
        piece = known.of(variant, medium_of(batch.channel), one.language) if variant else None
        if piece is None:
            none.append(one.pk)
        else:
            found.setdefault(piece, []).append(one)
    if none:
        leave_out(none, NO_TEMPLATE)
    return found


def _say_one(
    batch: Batch,
    campaign: Campaign,
    piece: Piece,
    one: Recipient,
    values: dict[str, Any],
    files: list[File],
) -> bool:
    """One of a batch; False where he is no longer ours, or cannot be written to after all."""
    mine = Recipient.objects.select_for_update(of=("self",)).filter(
        pk=one.pk, attempt_id=batch.attempt, state=Recipient.State.SENDING, calling_at=None
    )
    is_going = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.SENDING).exists()
    held = mine.first()
    if held is None:
        return False
    if not is_going:
        mine.update(state=Recipient.State.WAITING, attempt_id=None, lease_until=None)
        return False
    try:
        with transaction.atomic():
            message = _said(held, batch, campaign, piece.render(values), files)
    except NotWritten as empty:
        leave_out([one.pk], NOT_WRITTEN, str(empty))
    except WindowClosed as closed:
        leave_out([one.pk], WINDOW_CLOSED, str(closed))
    except CannotSend as refused:
        leave_out([one.pk], NO_ADDRESS, str(refused))
    else:
        Recipient.objects.filter(pk=one.pk).update(
            message=message, lease_until=None, calling_at=timezone.now()
        )
        return True
    return False


def _said(held: Recipient, batch: Batch, campaign: Campaign, said: Rendered, files: list[File]) -> Message:
    """His message in the outbox: the one that was taken back, or a new one. Raises `CannotSend`."""
    if held.message:
        say_again(held.message)
        return held.message
    identity = batch.identities[held.pk]
    return say(
        customer=identity.customer,
        channel=batch.channel,
        identity=identity,
        text=said.text,
        html=said.html,
        subject=said.subject,
        data=said.data | {OF: str(campaign.pk)},
        purpose=campaign.purpose,
        priority=Delivery.Priority.CAMPAIGN,
        files=files,
        author_label=campaign.name,
    )
