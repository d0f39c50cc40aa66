"""Twilio's error codes as sentences that say what to do.

Source: twilio.com/docs/api/errors (API 2010-04-01).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError

REFUSED = gettext_noop("Twilio refused the message")  # followed by what it said
TOKEN = gettext_noop("Twilio no longer accepts the account's keys. Enter new ones on the channel's page.")
SLOWLY = gettext_noop("Twilio asks us to slow down. We try again.")
BUSY = gettext_noop("Twilio has a disturbance. Try again later.")
SUSPENDED = gettext_noop("Twilio has suspended the account. See Twilio's console for the reason.")
WRONG_NUMBER = gettext_noop("This is not a phone number that can get messages. Correct it.")
COUNTRY = gettext_noop(
    "The account may not write to this country. Allow it in Twilio's console, under messaging permissions."
)
UNSUBSCRIBED = gettext_noop(
    "This person answered STOP and gets no more messages from this number. Only START brings them back."
)
SENDER = gettext_noop(
    "Twilio does not let this account send from this number. Check it on the channel's page."
)
LONG = gettext_noop("The text is longer than Twilio takes.")
FILE = gettext_noop("Twilio does not take this file. Send it in another format or smaller.")
NO_FETCH = gettext_noop(
    "Twilio could not fetch the file from here. Puente's address has to be reachable from outside."
)
UNREACHED = gettext_noop("The phone could not be reached. It may be switched off or out of reach.")
BLOCKED = gettext_noop("The carrier or the phone blocks messages from this number.")
UNKNOWN_PHONE = gettext_noop("The carrier does not know this number, or it is no longer in use.")
LANDLINE = gettext_noop("This is a landline, or a carrier that takes no messages.")
FILTERED = gettext_noop("The carrier took the message for unwanted advertising and held it back.")
WINDOW = gettext_noop(
    "More than 24 hours have passed since the customer's last message. Only a template can be sent now."
)
NO_WHATSAPP = gettext_noop("This person cannot be reached on WhatsApp.")
TEMPLATE = gettext_noop("The template does not fit its variables. Choose it again and fill in all of them.")
NO_TEMPLATE = gettext_noop("There is no such template in this language, or it is not approved.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error code means for us."""

    reason: str
    permanent: bool = True
    wait: float | None = None  # seconds
    channel_broken: bool = False
    category: str = ""  # what would help, as `ChannelError` names it


PROBLEMS: dict[int, Problem] = {
    20003: Problem(TOKEN, channel_broken=True),
    20005: Problem(SUSPENDED, channel_broken=True),
    20404: Problem(TOKEN, channel_broken=True),  # no such account
    20429: Problem(SLOWLY, permanent=False, wait=10),
    20503: Problem(BUSY, permanent=False, wait=30),
    14107: Problem(SLOWLY, permanent=False, wait=10),
    21211: Problem(WRONG_NUMBER, category="address"),
    21212: Problem(SENDER, channel_broken=True),
    21217: Problem(WRONG_NUMBER, category="address"),
    21408: Problem(COUNTRY),
    21601: Problem(SENDER, channel_broken=True),
    21602: Problem(gettext_noop("There is nothing in this message that could be sent."), category="text"),
    21603: Problem(SENDER, channel_broken=True),
    21606: Problem(SENDER, channel_broken=True),
    21608: Problem(
        gettext_noop("A trial account writes only to numbers verified at Twilio. Verify this one or upgrade.")
    ),
    21610: Problem(UNSUBSCRIBED, category="blocked"),
    21611: Problem(
        gettext_noop("Too many messages wait at Twilio for this number. We try again."),
        permanent=False,
        wait=120,
    ),
    21612: Problem(gettext_noop("Twilio has no way from this number to that one.")),
    21614: Problem(LANDLINE, category="address"),
    21617: Problem(LONG, category="text"),
    21620: Problem(FILE, category="file"),
    21623: Problem(FILE, category="file"),
    21635: Problem(LANDLINE, category="address"),
    21654: Problem(NO_TEMPLATE, category="template"),
    21655: Problem(NO_TEMPLATE, category="template"),
    21656: Problem(TEMPLATE, category="template"),
    21659: Problem(SENDER, channel_broken=True),
    21660: Problem(SENDER, channel_broken=True),
    21703: Problem(SENDER, channel_broken=True),  # a messaging service without numbers
    30001: Problem(gettext_noop("Too many messages wait at Twilio for this number. Send it again later.")),
    30002: Problem(SUSPENDED, channel_broken=True),
    30003: Problem(UNREACHED),
    30004: Problem(BLOCKED, category="blocked"),
    30005: Problem(UNKNOWN_PHONE, category="address"),
    30006: Problem(LANDLINE, category="address"),
    30007: Problem(FILTERED),
    30008: Problem(gettext_noop("The carrier could not deliver the message and does not say why.")),
    30010: Problem(gettext_noop("The message costs more than the limit set at Twilio.")),
    30019: Problem(FILE, category="file"),
    30022: Problem(gettext_noop("The carrier's limit for this number is reached. Send it again later.")),
    30032: Problem(
        gettext_noop("The toll-free number is not verified. Verify it in Twilio's console."),
        channel_broken=True,
    ),
    30034: Problem(
        gettext_noop(
            "The number is not registered for business messages to the USA. Register it in Twilio's console."
        ),
        channel_broken=True,
    ),
    30410: Problem(BUSY),
    30453: Problem(gettext_noop("Twilio took this for a repetition of the same message and held it back.")),
    63001: Problem(
        gettext_noop("WhatsApp no longer accepts the sender. See its state in Twilio's console."),
        channel_broken=True,
    ),
    63003: Problem(NO_WHATSAPP, category="address"),
    63005: Problem(gettext_noop("WhatsApp did not take the content of the message.")),
    63007: Problem(SENDER, channel_broken=True),
    63012: Problem(BUSY),
    63013: Problem(gettext_noop("The message breaks WhatsApp's rules.")),
    63014: Problem(NO_WHATSAPP, category="address"),
    63015: Problem(
        gettext_noop("Twilio's sandbox reaches only people who have joined it. Use a sender of your own.")
    ),
    63016: Problem(WINDOW, category="window"),
    63018: Problem(SLOWLY, permanent=False, wait=30),
    63019: Problem(NO_FETCH, category="file"),
    63020: Problem(SENDER, channel_broken=True),
    63021: Problem(FILE, category="file"),
    63024: Problem(NO_WHATSAPP, category="address"),
    63025: Problem(FILE, category="file"),
    63027: Problem(NO_TEMPLATE, category="template"),
    63028: Problem(TEMPLATE, category="template"),
    63030: Problem(TEMPLATE, category="template"),
    63032: Problem(gettext_noop("WhatsApp limits how many messages this person gets. Write another way.")),
    63033: Problem(gettext_noop("This person has blocked the business on WhatsApp."), category="blocked"),
    63040: Problem(gettext_noop("WhatsApp has rejected the template."), category="template"),
    63041: Problem(
        gettext_noop("WhatsApp has paused the template because people did not like it."), category="template"
    ),
    63042: Problem(
        gettext_noop("WhatsApp has switched the template off because people did not like it."),
        category="template",
    ),
    63049: Problem(
        gettext_noop("WhatsApp delivers no more advertising to this person for now. Try again after a day.")
    ),
    63051: Problem(
        gettext_noop("Meta has locked the WhatsApp account. See the WhatsApp Manager for the reason."),
        channel_broken=True,
    ),
}
BY_STATUS = {401: 20003, 403: 20003, 429: 20429}


def problem_of(code: int | None, said: str = "") -> Problem:
    """What a code means; of codes unknown to us Twilio's own words are kept."""
    known = PROBLEMS.get(code) if code else None
    return known or Problem(f"{REFUSED}: {said or '?'} ({code or '?'})")


def refusal(code: int | None, said: str, status: int) -> ChannelError:
    """Twilio's no as our error: by its code, else by the status."""
    known = problem_of(code if code in PROBLEMS else BY_STATUS.get(status, code), said)
    return ChannelError(
        known.reason,
        permanent=known.permanent,
        wait=known.wait,
        channel_broken=known.channel_broken,
        category=known.category,
        code=code or status,
    )
