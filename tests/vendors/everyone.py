"""Every vendor's stand-in, by the kind of its channel."""

from tests.vendors.instagram import Instagram
from tests.vendors.messenger import Messenger
from tests.vendors.stand_in import StandIn
from tests.vendors.telegram import Telegram
from tests.vendors.twilio import Twilio, TwilioWhatsApp
from tests.vendors.whatsapp import WhatsApp

STAND_INS: dict[str, type[StandIn]] = {
    one.kind: one for one in (WhatsApp, Messenger, Instagram, Twilio, TwilioWhatsApp, Telegram)
}
