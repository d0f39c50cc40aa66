"""Messenger Platform, Graph API v24.0: a Facebook page's messages, and the comments below its posts.

Source: developers.facebook.com/docs/messenger-platform; the page stands in each module beside what it says.
"""

from django.utils.translation import gettext_lazy

from conversations.channels.base import Capabilities, File, VendorTemplate
from conversations.channels.messenger import templates
from conversations.channels.messenger.connection import MessengerConnection
from conversations.channels.meta import networks, outgoing
from conversations.channels.meta.adapter import MessagingAdapter
from conversations.models import Channel, Template


class MessengerAdapter(MessagingAdapter):
    """A business's Facebook page."""

    kind = "messenger"
    title = gettext_lazy("Messenger")
    icon = "message-square"
    network = networks.MESSENGER
    connection = MessengerConnection()
    capabilities = Capabilities(
        text_limit=networks.MESSENGER.text_limit,
        attachments=True,
        attachment_limit=networks.MESSENGER.media_limits["file"],
        media_limits=networks.MESSENGER.media_limits,
        buttons=outgoing.BUTTONS,
        button_limit=outgoing.BUTTON_LIMIT,
        reactions=True,
        read_receipts=True,
        typing=True,
        templates=True,
        window=outgoing.WINDOW,
        person_window=outgoing.PERSON_WINDOW,
        rate=40,
        echoes=True,
        quotes=True,
        comments=True,
        profiles=True,
    )

    def templates(self, channel: Channel) -> list[VendorTemplate]:
        return templates.read_all(channel)

    def submit_template(self, channel: Channel, template: Template, sample: File | None) -> VendorTemplate:
        return templates.submit(channel, template, sample)

    def remove_template(self, channel: Channel, template: Template) -> None:
        templates.remove(channel, template)


adapter = MessengerAdapter()
