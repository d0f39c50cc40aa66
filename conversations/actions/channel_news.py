"""What vendors say of our account with them, our number, our templates, and of a customer's address."""

from contextlib import suppress
from typing import Any

from django.utils import timezone

from conversations.actions.messages import add_event
from conversations.channels.base import AddressChange, ChannelNews
from conversations.models import Channel, Conversation, Template
from conversations.signals import channel_broke
from crm import identities
from crm.models import Identity
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import one_line
from tenants.models import Tenant


def apply_news(*, channel: Channel, item: ChannelNews) -> None:
    """Keep what concerns a template, and turn the channel red or green where the vendor says so."""
    if item.what.startswith("template_"):
        _tell_template(channel, item)
    if item.problem is not None:
        tell_problem(channel, item.text if item.problem else "")


def tell_problem(channel: Channel, text: str) -> None:
    """Say why nothing goes out on a channel, or with no text that it works again."""
    text = one_line(text, 300)
    if channel.problem == text:
        return
    channel.problem = text
    channel.problem_since = timezone.now() if text else None
    channel.save(update_fields=["problem", "problem_since"])
    events.publish("channel", {"id": str(channel.pk)})
    if text:
        channel_broke.send(Channel, channel=channel)


def _tell_template(channel: Channel, item: ChannelNews) -> None:
    """`data` names the template by name and language and gives the fields that changed."""
    known = Template.objects.filter(
        channel=channel, name=item.data.get("name", ""), language=item.data.get("language", "")
    )
    fields = ("vendor_id", "status", "reason", "quality", "category", "components")
    news: dict[str, Any] = {field: item.data[field] for field in fields if field in item.data}
    if not known.update(**news, updated_at=timezone.now()) and item.data.get("name"):
        Template.objects.create(
            channel=channel, name=item.data["name"], language=item.data.get("language", ""), **news
        )


def change_address(*, channel: Channel, item: AddressChange) -> None:
    """Give the customer his new address and say it in his conversation; the old one stays known.

    The new address of somebody else joins nobody: that is for a person to see.
    """
    country = Tenant.objects.get().country
    old = identities.canonical(item.identity_kind, item.old, country)
    known = (
        Identity.objects.filter(kind=item.identity_kind, value=old.value).select_related("customer").first()
    )
    if known is None:
        return
    with suppress(identities.IdentityTaken):
        new, _created = identities.attach(
            known.customer, item.identity_kind, item.new, country=country, verified=True
        )
        theirs = Conversation.objects.filter(channel=channel, identity=known)
        for conversation in theirs.select_for_update(of=("self",)):
            conversation.identity = new
            conversation.save(update_fields=["identity"])
            add_event(conversation, "address_changed", Actor.system(), old=known.display, to=new.display)
