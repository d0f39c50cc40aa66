"""A letter of a campaign, or a template, sent for a look to oneself, a number or a customer; nothing counts.

By a vendor's channel it is made as any message is, with all its checks, and taken back before it is handed
over: no customer, conversation or delivery stays of it.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations import gate, personalising
from conversations.actions import notifications
from conversations.actions.campaigns import pieces, quiet
from conversations.actions.campaigns.letters import Envelope, Said
from conversations.actions.message_templates import latest
from conversations.channels.base import ChannelError, File
from conversations.channels.email import connections, outgoing, post
from conversations.channels.email.adapter import sender_of
from conversations.channels.email.incoming import signing_keys
from conversations.channels.registry import adapter_for
from conversations.consent import medium_of
from conversations.left_out import sentence
from conversations.models import (
    Campaign,
    Channel,
    Delivery,
    MessageTemplate,
    MessageTemplateVersion,
    Notification,
    Variant,
)
from conversations.personalising import Rendered, previews
from crm import identities, sending_rules
from crm import queries as crm
from crm.models import Customer, Identity, Medium, Purpose
from crm.sending_rules import KINDS, NUMBERS, Reason
from tenants import audit
from tenants.actors import Actor
from tenants.kit.ratelimit import allow
from tenants.kit.tasks import ring
from tenants.kit.text import one_line
from tenants.models import Membership
from tenants.queries import own
from tenants.refusals import Refused
from tenants.scoping import tenant_scope, uuid7

log = structlog.get_logger("puente.campaigns")
AN_HOUR = 30  # tests of a business
Handover = Callable[[], object]


class Asked(NamedTuple):
    """What is tried where, as a worker takes it over; of the three who may get it one is named."""

    version: str
    channel: str
    purpose: str
    name: str  # of the campaign or template
    page: str  # its own, below the business's
    by: str  # the member who asked, "" for none
    to: str = ""  # a member, by e-mail
    number: str = ""
    customer: str = ""
    like: str = ""  # the customer as for whom it is filled in


def ask_campaign(
    *,
    campaign: Campaign,
    by: Actor,
    letter: str = "",
    channel_id: UUID | None = None,
    to: Membership | None = None,
    number: str = "",
    customer_id: UUID | None = None,
    like_id: UUID | None = None,
) -> None:
    """Let a worker send a letter of a campaign, on the first of its channels unless another is named.

    It goes `to` a member by e-mail, to a `number`, or to a customer; to who asks without any of them. Filled
    in as for `like_id`, who gets it, or with examples. Raises `Refused` with why it cannot be sent.
    """
    variants = Variant.objects.filter(campaign=campaign).order_by("letter")
    variant = variants.filter(letter=letter).first() if letter else variants.first()
    version = pieces.version_of(variant) if variant else None
    if version is None:
        raise Refused(_("Choose a template."), "letter")
    known = Channel.objects.in_bulk(campaign.channels)
    channel = _one_of([known[pk] for pk in campaign.channels if pk in known], channel_id)
    asked = _asked(campaign, version, channel, by, to, number, customer_id, like_id)
    _send_soon(asked, by)
    audit.record("campaign.tried", target=campaign, by=by, to=asked.to or asked.customer or "number")


def ask_template(
    *,
    template: MessageTemplate,
    by: Actor,
    medium: str = Medium.EMAIL,
    channel_id: UUID | None = None,
    to: Membership | None = None,
    number: str = "",
    customer_id: UUID | None = None,
    like_id: UUID | None = None,
) -> None:
    """The same for what a template says now, on a channel of a medium."""
    channel = _one_of(channels_of(medium), channel_id)
    asked = _asked(template, latest(template), channel, by, to, number, customer_id, like_id)
    _send_soon(asked, by)
    audit.record("message_template.tried", target=template, by=by, to=asked.to or asked.customer or "number")


def channels_of(medium: str) -> list[Channel]:
    """Those on which what is written for a medium can be tried."""
    active = Channel.objects.filter(is_active=True).order_by("name", "id")
    return [one for one in active if gate.reaches(one) and medium_of(one) == medium]


def _one_of(channels: Sequence[Channel], wanted: UUID | None) -> Channel:
    found = next((one for one in channels if wanted in (None, one.pk)), None)
    if found is None:
        raise Refused(_("Choose a channel that can write to people first."), "channel_id")
    return found


def _asked(
    of: Campaign | MessageTemplate,
    version: MessageTemplateVersion,
    channel: Channel,
    by: Actor,
    to: Membership | None,
    number: str,
    customer_id: UUID | None,
    like_id: UUID | None,
) -> Asked:
    seen = crm.customers_visible_to(by)
    for pk in filter(None, (customer_id, like_id)):
        if not seen.filter(pk=pk).exists():
            raise Refused(_("One of these is not there any more. Choose again."), "customer_id")
    is_mail, number = medium_of(channel) == Medium.EMAIL, one_line(number, 60)
    member = (to or by.membership) if is_mail and not customer_id else None
    if not (member or customer_id or (number and KINDS[medium_of(channel)] == NUMBERS)):
        raise Refused(_("Say who gets the test."), "number")
    return Asked(
        version=str(version.pk),
        channel=str(channel.pk),
        purpose=of.purpose,
        name=of.name,
        page=f"{'campaigns' if isinstance(of, Campaign) else 'templates'}/{of.pk}/",
        by=str(by.membership_id or ""),
        to=str(member.pk) if member else "",
        number="" if member or customer_id else number,
        customer=str(customer_id or ""),
        like=str(like_id or customer_id or ""),
    )


def _send_soon(asked: Asked, by: Actor) -> None:
    if not allow("test-sends", str(by.tenant_id), limit=AN_HOUR, seconds=3600):
        raise Refused(_("So many tests in an hour are too many. Try again later."))
    try:
        _handover(asked, whole=False)
    except ChannelError as problem:
        raise Refused(_(problem.reason)) from problem
    task = current_app.tasks["conversations.campaign_reading_tasks.send_test"]
    transaction.on_commit(lambda: ring(task, by.tenant_id, *asked))


def send(tenant_id: str, asked: Asked) -> None:
    """Send it; who asked is told when it did not go."""
    try:
        with tenant_scope(tenant_id), translation.override(own().language):
            hand_over = _handover(asked)
        hand_over()
    except (Refused, ChannelError, outgoing.UnusableAddress, OSError) as problem:
        log.warning("test not sent", channel=asked.channel, error=str(problem))
        with tenant_scope(tenant_id):
            _tell(asked, str(problem))


def _tell(asked: Asked, reason: str) -> None:
    to = Membership.objects.filter(pk__in=[asked.by] if asked.by else [], is_active=True)
    data = {"campaign": asked.name, "why": "test", "reason": reason[:300], "page": asked.page}
    key = f"test:{uuid7()}"
    notifications.tell(to=to, kind=Notification.Kind.CAMPAIGN, key=key, data=data)


def _handover(asked: Asked, *, whole: bool = True) -> Handover:
    """The test ready to go, without its files unless it is `whole`. Raises `Refused` with why not."""
    channel = Channel.objects.filter(pk=asked.channel, is_active=True).first()
    version = MessageTemplateVersion.objects.filter(pk=asked.version).first()
    if channel is None or version is None:
        raise Refused(_("One of these is not there any more. Choose again."), "channel_id")
    customer = Customer.objects.filter(pk=asked.customer).first() if asked.customer else None
    language = (customer.language if customer else "") or own().language
    piece = personalising.piece(version, medium_of(channel), language)
    if piece is None:
        raise Refused(_("This template says nothing on this channel yet."), "letter")
    shown = previews.shown(piece, UUID(asked.like) if asked.like else None)
    if shown.rendered is None:
        raise Refused(shown.why, "customer_id")
    files = pieces.Pieces().files_of(piece) if whole else []
    send_by = _mail if medium_of(channel) == Medium.EMAIL else _message
    return send_by(asked, channel, customer, shown.rendered, files)


def _marked(text: str) -> str:
    return _("[Test] %(subject)s") % {"subject": text}


def _mail(
    asked: Asked, channel: Channel, customer: Customer | None, said: Rendered, files: list[File]
) -> Handover:
    if customer:
        to = outgoing.Person(customer.name, _address(asked, channel, customer).value)
    else:
        member = Membership.objects.filter(pk=asked.to, is_active=True).select_related("user").first()
        if member is None:
            raise Refused(_("Say who gets the test."), "member_id")
        to = outgoing.Person(member.name, member.user.email)
    sender, account = sender_of(channel), connections.sending(channel)
    envelope = Envelope(tenant_id=channel.tenant_id, sender=sender, key=signing_keys()[0], files=files)
    letter = envelope.letter(uuid7(), to, Said(_marked(said.subject), said.text, said.html), {})

    def hand_over() -> None:
        with post.opened(account) as server:
            server.hand_over(sender.address, letter.to, letter.content)

    return hand_over


def _message(
    asked: Asked, channel: Channel, customer: Customer | None, said: Rendered, files: list[File]
) -> Handover:
    """As the outbox would hand it over, and everything that was written down for it taken back."""
    adapter = adapter_for(channel.kind)
    with transaction.atomic():
        identity = _address(asked, channel, customer)
        message = quiet.say(
            customer=identity.customer,
            channel=channel,
            identity=identity,
            text=said.text if said.data.get("template") else _marked(said.text),
            data=said.data,
            purpose=Purpose.SERVICE,
            files=files,
            author_label=asked.name,
        )
        try:
            prepared = adapter.prepare(Delivery.objects.get(message=message))
        finally:
            for attachment in message.attachments.all():
                attachment.file.delete(save=False)
        transaction.set_rollback(True)
    return partial(adapter.send, prepared)


def _address(asked: Asked, channel: Channel, customer: Customer | None) -> Identity:
    """Where it goes; a customer, and a number that is a customer's, by all that holds for campaigns.

    A number that nobody has is one's own: only lists speak against it.
    """
    medium, at, is_new = medium_of(channel), timezone.now(), False
    if customer is None:
        kind = KINDS[medium][0]
        customer, is_new = identities.resolve(kind=kind, raw=asked.number, country=own().country)
    if is_new:
        identity: Identity = Identity.objects.select_related("customer").get(customer=customer)
        against = sending_rules.refusals([identity], medium, asked.purpose, at=at).get(identity.pk)
        if against in (None, Reason.NOT_GIVEN):
            return identity
        raise Refused(sentence(str(against)), "number")
    spared = gate.judge([customer.pk], purpose=asked.purpose, at=at).get(customer.pk)
    way = gate.addresses_for([customer.pk], channels=[channel], purpose=asked.purpose, at=at)[customer.pk]
    if spared or isinstance(way, str):
        raise Refused(sentence(spared or str(way)), "number" if asked.number else "customer_id")
    return way[1]
