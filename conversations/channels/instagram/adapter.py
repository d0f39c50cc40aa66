"""Instagram messaging, Graph API v24.0: an account's messages, and the comments below its media.

Source: developers.facebook.com/docs/instagram-platform and …/documentation/business-messaging/
instagram-messaging; the page stands in each module beside what it says.
"""

from django.utils.translation import gettext_lazy

from conversations.channels.base import Capabilities
from conversations.channels.instagram.connection import InstagramConnection
from conversations.channels.meta import networks, outgoing
from conversations.channels.meta.adapter import MessagingAdapter


class InstagramAdapter(MessagingAdapter):
    """A business's professional Instagram account."""

    kind = "instagram"
    title = gettext_lazy("Instagram")
    icon = "at-sign"
    network = networks.INSTAGRAM
    connection = InstagramConnection()
    capabilities = Capabilities(
        text_limit=networks.INSTAGRAM.text_limit,
        attachments=True,
        attachment_limit=networks.INSTAGRAM.media_limits["file"],
        media_limits=networks.INSTAGRAM.media_limits,
        buttons=outgoing.BUTTONS,
        button_limit=outgoing.BUTTON_LIMIT,
        reactions=True,
        read_receipts=True,
        typing=True,
        window=outgoing.WINDOW,
        person_window=outgoing.PERSON_WINDOW,
        rate=10,
        echoes=True,
        quotes=True,
        comments=True,
        profiles=True,
    )


adapter = InstagramAdapter()
