"""Opening, changing, trying and closing channels."""

from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.actions import bells
from conversations.actions.channel_news import tell_problem
from conversations.actions.deliveries import release
from conversations.actions.failures import in_short, whereabouts
from conversations.channels.base import ChannelError
from conversations.channels.connection import Address, Checked, Connection, Finding
from conversations.channels.registry import adapter_for
from conversations.models import Channel
from tenants import audit, doors
from tenants.actors import Actor
from tenants.kit import events
from tenants.models import DirectoryEntry, Tenant
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.channels")
CONNECTION = gettext_noop("The connection")
UNCLEAR = gettext_noop("The check was interrupted. Try it once more.")
TAKEN = gettext_noop("This address already belongs to another channel. Remove it there first.")


@transaction.atomic
def create_channel(
    *,
    kind: str,
    name: str,
    by: Actor,
    address: str = "",
    settings: dict[str, Any] | None = None,
    secrets: dict[str, str] | None = None,
) -> Channel:
    """Open a channel and the door of its own webhook; where it can be tried, a worker does."""
    made = adapter_for(kind).connection.made()
    channel = Channel.objects.create(
        kind=kind, name=name, address=address, settings=settings or {}, secrets=made | (secrets or {})
    )
    doors.set_channel(channel.id, tenant_id=channel.tenant_id)
    audit.record("channel.created", target=channel, by=by, kind=kind, name=name)
    try_soon(channel)
    return channel


@transaction.atomic
def create_default_channels(*, tenant: Tenant, by: Actor) -> None:
    """What every business begins with: its web chat and its e-mail address."""
    with translation.override(tenant.language):
        web, email = _("Web chat"), _("E-mail")
    create_channel(kind="web", name=web, by=by, settings={"origins": []})
    channel = create_channel(kind="email", name=email, by=by, address=f"{tenant.slug}@{settings.MAIL_DOMAIN}")
    reset_token(channel=channel, by=by)


@transaction.atomic
def update_channel(*, channel: Channel, by: Actor, **changes: Any) -> Channel:
    """Change name, address, settings, secrets or whether it is active; settings and secrets are merged.

    Vendor's addresses that the channel no longer has are closed; the new ones open when a check has
    shown that they are its own.
    """
    before = (channel.settings, channel.secrets)
    merged = {name: {**getattr(channel, name), **changes.pop(name, {})} for name in ("settings", "secrets")}
    for field, value in {**changes, **merged}.items():
        setattr(channel, field, value)
    channel.save()
    if channel.is_active:
        release(channel=channel)
    if (channel.settings, channel.secrets) != before:
        _close_doors(channel, keep=adapter_for(channel.kind).connection.addresses(channel))
        try_soon(channel)
    audit.record("channel.updated", target=channel, by=by, fields=sorted([*changes, "settings"]))
    return channel


@transaction.atomic
def reset_token(*, channel: Channel, by: Actor) -> str:
    """A new token for the channel's webhook; the old one stops working. Returned once, kept as a hash."""
    token = doors.new_secret("ct_")
    doors.set_channel(channel.id, tenant_id=channel.tenant_id, token=token)
    audit.record("channel.token_reset", target=channel, by=by)
    return token


@transaction.atomic
def delete_channel(*, channel: Channel, by: Actor) -> None:
    """Close a channel's doors, forget its secrets and put it to rest; its conversations stay."""
    doors.close(DirectoryEntry.Kind.CHANNEL, tenant_id=channel.tenant_id, target_id=channel.id)
    _close_doors(channel, keep=())
    channel.is_active = False
    channel.secrets = {}
    channel.findings = []
    channel.checking_since = channel.checked_at = channel.token_expires_at = None
    channel.save()
    tell_problem(channel, "")
    audit.record("channel.closed", target=channel, by=by)


@transaction.atomic
def request_check(*, channel: Channel, by: Actor) -> None:
    """Let a worker try the channel; the page shows what it finds. Raises `Refused` without a check."""
    if not adapter_for(channel.kind).connection.can_check(channel):
        raise Refused(_("There is nothing to try on this channel."))
    try_soon(channel)
    audit.record("channel.checked", target=channel, by=by)


def try_soon(channel: Channel) -> None:
    """Ring for a check, where the channel has one; its page shows that it is on its way."""
    if not channel.is_active or not adapter_for(channel.kind).connection.can_check(channel):
        return
    channel.checking_since = timezone.now()
    channel.save(update_fields=["checking_since"])
    bells.check_channel(channel.pk)


def check(tenant_id: UUID | str, channel_id: UUID | str) -> None:
    """Try a channel at its vendor and keep what that showed. Harmless when run twice.

    A channel that was changed meanwhile keeps nothing: its change has rung for a check of its own.
    """
    with tenant_scope(tenant_id):
        channel = Channel.objects.active().filter(pk=channel_id).first()
    if channel is None:
        return
    connection = adapter_for(channel.kind).connection
    if not connection.can_check(channel):
        return
    checked = _checked(connection, channel)
    with tenant_scope(tenant_id):
        _conclude(channel, checked)


def _checked(connection: Connection, channel: Channel) -> Checked:
    try:
        return connection.check(channel)
    except ChannelError as error:
        return Checked([Finding(CONNECTION, False, error.reason)])
    except Exception as error:  # noqa: BLE001 -- nothing depends on it: the person tries again
        log.error("check failed", channel=str(channel.pk), error=in_short(error), at=whereabouts(error))
        return Checked([Finding(CONNECTION, False, UNCLEAR)])


def _conclude(tried: Channel, checked: Checked) -> None:
    channel = Channel.objects.select_for_update(of=("self",)).filter(pk=tried.pk).first()
    if channel is None or (channel.settings, channel.secrets) != (tried.settings, tried.secrets):
        return
    findings = list(checked.findings)
    channel.settings = {**channel.settings, **checked.settings}
    if not checked.problem and not _open_doors(channel):
        findings.append(Finding(CONNECTION, False, TAKEN))
    channel.findings = findings
    channel.address = checked.address[:255] or channel.address
    channel.token_expires_at = checked.token_expires_at
    channel.checked_at, channel.checking_since = timezone.now(), None
    channel.save()
    problem = Checked(findings).problem
    tell_problem(channel, problem)
    if not problem:
        release(channel=channel)
    events.publish("channel", {"id": str(channel.pk)})


def _open_doors(channel: Channel) -> bool:
    """Let the vendor's addresses lead here; False when one of them leads elsewhere already."""
    for address in adapter_for(channel.kind).connection.addresses(channel):
        door = doors.by_address(*address)
        if door is None:
            try:
                with transaction.atomic():
                    _register(address, channel)
            except IntegrityError:  # somebody was faster
                return False
        elif door.target_id != channel.pk:
            return False
    return True


def _register(address: Address, channel: Channel) -> None:
    doors.register(
        DirectoryEntry.Kind.ADDRESS,
        ":".join(address),
        tenant_id=channel.tenant_id,
        target_id=channel.pk,
    )


def _close_doors(channel: Channel, *, keep: Any) -> None:
    kept = {":".join(address) for address in keep}
    doors.close_addresses(tenant_id=channel.tenant_id, target_id=channel.pk, keep=kept)
