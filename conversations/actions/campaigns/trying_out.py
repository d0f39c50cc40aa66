"""A campaign's mail sent to a colleague, to look at in his own program: no recipient, nothing counted."""

from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from conversations import personalising
from conversations.actions.campaigns import pieces
from conversations.actions.campaigns.letters import Envelope, Said
from conversations.channels.base import ChannelError
from conversations.channels.email import connections, outgoing, post
from conversations.channels.email.adapter import sender_of
from conversations.channels.email.incoming import signing_keys
from conversations.models import Campaign, Channel, Variant
from conversations.personalising import previews
from crm import queries as crm
from crm.models import Medium
from tenants import audit
from tenants.actors import Actor
from tenants.kit.tasks import ring
from tenants.models import Membership
from tenants.refusals import Refused
from tenants.scoping import tenant_scope, uuid7

log = structlog.get_logger("puente.campaigns")


def ask(
    *, campaign: Campaign, to: Membership, by: Actor, letter: str = "", customer_id: UUID | None = None
) -> None:
    """Let a worker send a letter to a member's own address, filled in as for a customer or with examples.

    Raises `Refused` where there is no mail to send.
    """
    variant, channel = _letter(campaign, letter), _channel(campaign)
    if variant is None:
        raise Refused(_("Choose a template."), "letter")
    if channel is None:
        raise Refused(_("A test goes out by e-mail, and this campaign has no e-mail channel."), "channels")
    if customer_id and not crm.customers_visible_to(by).filter(pk=customer_id).exists():
        raise Refused(_("One of these is not there any more. Choose again."), "customer_id")
    if not _version_says(variant, channel):
        raise Refused(_("This template says nothing on this channel yet."), "letter")
    audit.record("campaign.tried", target=campaign, by=by, to=str(to.pk))
    task = current_app.tasks["conversations.campaign_reading_tasks.send_test_mail"]
    given = [str(variant.pk), str(customer_id or ""), str(to.pk)]
    transaction.on_commit(lambda: ring(task, campaign.tenant_id, *given))


def _letter(campaign: Campaign, letter: str) -> Variant | None:
    rows = Variant.objects.filter(campaign=campaign).order_by("letter")
    found: Variant | None = rows.filter(letter=letter).first() if letter else rows.first()
    return found


def _channel(campaign: Campaign) -> Channel | None:
    known = Channel.objects.filter(pk__in=campaign.channels, kind="email").in_bulk()
    return next((known[pk] for pk in campaign.channels if pk in known), None)


def _version_says(variant: Variant, channel: Channel) -> bool:
    version = pieces.version_of(variant)
    return bool(version and personalising.piece(version, Medium.EMAIL, channel.tenant.language) is not None)


def send(tenant_id: str, variant_id: str, customer_id: str, membership_id: str) -> None:
    """Send it; what cannot be sent any more is dropped, with a line in the log."""
    with tenant_scope(tenant_id):
        variant = Variant.objects.filter(pk=variant_id).select_related("campaign").first()
        member = Membership.objects.filter(pk=membership_id, is_active=True).select_related("user").first()
        channel = _channel(variant.campaign) if variant else None
        version = pieces.version_of(variant) if variant else None
        if member is None or channel is None or version is None:
            return
        found = personalising.piece(version, Medium.EMAIL, member.tenant.language)
        shown = previews.shown(found, UUID(customer_id) if customer_id else None) if found else None
        if found is None or shown is None or shown.rendered is None:
            return
        sender, account = sender_of(channel), connections.sending(channel)
        envelope = Envelope(
            tenant_id=channel.tenant_id,
            sender=sender,
            key=signing_keys()[0],
            files=pieces.Pieces().files_of(found),
        )
        said = shown.rendered
        subject = _("[Test] %(subject)s") % {"subject": said.subject}
        to = outgoing.Person(member.name, member.user.email)
        mail = envelope.letter(uuid7(), to, Said(subject, said.text, said.html), {})
    try:
        with post.opened(account) as server:
            server.hand_over(sender.address, mail.to, mail.content)
    except (ChannelError, OSError) as problem:
        log.warning("test mail not sent", variant=variant_id, error=str(problem))
