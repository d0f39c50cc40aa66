"""SMS and MMS over Twilio (API 2010-04-01).

Source: twilio.com/docs/messaging; the page stands in each module beside what it says.
"""

from django.utils.translation import gettext_lazy

from conversations.channels.base import Capabilities
from conversations.channels.sms.connection import SmsConnection
from conversations.channels.twilio.adapter import TwilioAdapter
from conversations.channels.twilio.outgoing import TEXT_LIMIT, Rules
from crm.models import Identity

# Pictures up to 5 MB, anything else up to 500 KB: twilio.com/docs/messaging/guides/accepted-mime-types
LIMITS = {"image": 5_000_000, "audio": 500_000, "video": 500_000, "document": 500_000}


class SmsAdapter(TwilioAdapter):
    """A business's number for text messages."""

    kind = "sms"
    title = gettext_lazy("SMS")
    icon = "message-square"
    connection = SmsConnection()
    identity_kind = Identity.Kind.PHONE
    rules = Rules(prefix="", media_limits=LIMITS, files=10)
    capabilities = Capabilities(
        text_limit=TEXT_LIMIT,
        attachments=True,
        attachment_limit=5_000_000,
        media_limits=LIMITS,
        looks_up=True,
        rate=10,
    )


adapter = SmsAdapter()
