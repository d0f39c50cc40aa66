"""Opening and changing channels."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from conversations.actions.deliveries import release
from conversations.models import Channel
from tenants import audit, doors
from tenants.actors import Actor
from tenants.models import DirectoryEntry, Tenant


@transaction.atomic
def create_channel(*, kind: str, name: str, by: Actor, address: str = "", **channel_settings: Any) -> Channel:
    """Open a channel and its door."""
    channel = Channel.objects.create(kind=kind, name=name, address=address, settings=channel_settings)
    doors.set_channel(channel.id, tenant_id=channel.tenant_id)
    audit.record("channel.created", target=channel, by=by, kind=kind, name=name)
    return channel


@transaction.atomic
def create_default_channels(*, tenant: Tenant, by: Actor) -> None:
    """What every business begins with: its web chat and its e-mail address."""
    with translation.override(tenant.language):
        web, email = _("Web chat"), _("E-mail")
    create_channel(kind="web", name=web, by=by, origins=[])
    channel = create_channel(kind="email", name=email, by=by, address=f"{tenant.slug}@{settings.MAIL_DOMAIN}")
    reset_token(channel=channel, by=by)


@transaction.atomic
def update_channel(*, channel: Channel, by: Actor, **changes: Any) -> Channel:
    """Change name, address, settings or whether it is active; `settings` are merged."""
    merged = {**channel.settings, **changes.pop("settings", {})}
    for field, value in {**changes, "settings": merged}.items():
        setattr(channel, field, value)
    channel.save()
    if channel.is_active:
        release(channel=channel)
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
    """Close a channel's door and put it to rest; its conversations stay."""
    doors.close(DirectoryEntry.Kind.CHANNEL, tenant_id=channel.tenant_id, target_id=channel.id)
    channel.is_active = False
    channel.save(update_fields=["is_active"])
    audit.record("channel.closed", target=channel, by=by)
