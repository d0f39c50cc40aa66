"""WhatsApp over Twilio (API 2010-04-01, content v1).

Source: twilio.com/docs/whatsapp; …/docs/content; the page stands in each module beside what it says.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy

from conversations.channels.base import Capabilities, File, VendorTemplate
from conversations.channels.twilio import api
from conversations.channels.twilio.adapter import TwilioAdapter
from conversations.channels.twilio.outgoing import TEXT_LIMIT, Rules
from conversations.channels.twilio_whatsapp import templates
from conversations.channels.twilio_whatsapp.connection import TwilioWhatsAppConnection
from conversations.models import Channel, Template
from crm.models import Identity

# twilio.com/docs/whatsapp/guidance-whatsapp-media-messages
LIMITS = {"image": 5_000_000, "audio": 16_000_000, "video": 16_000_000, "document": 16_000_000}


class TwilioWhatsAppAdapter(TwilioAdapter):
    """A business's WhatsApp number at Twilio."""

    kind = "twilio_whatsapp"
    title = gettext_lazy("WhatsApp over Twilio")
    icon = "smartphone"
    connection = TwilioWhatsAppConnection()
    identity_kind = Identity.Kind.WHATSAPP
    rules = Rules(prefix="whatsapp:", media_limits=LIMITS, files=1, uncaptioned=frozenset({"audio"}))
    capabilities = Capabilities(
        text_limit=TEXT_LIMIT,
        attachments=True,
        attachment_limit=16_000_000,
        media_limits=LIMITS,
        looks_up=True,
        templates=True,
        window=timedelta(hours=24),
        rate=80,
    )

    def templates(self, channel: Channel) -> list[VendorTemplate]:
        return templates.listed(api.account_of(channel))

    def submit_template(self, channel: Channel, template: Template, sample: File | None) -> VendorTemplate:
        return templates.submit(api.account_of(channel), template)

    def remove_template(self, channel: Channel, template: Template) -> None:
        templates.remove(api.account_of(channel), template.vendor_id)


adapter = TwilioWhatsAppAdapter()
