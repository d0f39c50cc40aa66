"""Why somebody does not get what goes out by itself: one sentence each, kept as a code.

The codes of consent are those of crm/sending_rules.py; more than one part of Puente adds to the rest.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.sending_rules import SENTENCES as CONSENT

NO_ADDRESS, SAME_ADDRESS, CHANNEL_OFF, OVER = "no_address", "same_address", "channel_off", "over"
COMPLAINT_OPEN, UPSET, BAD_RATING = "complaint_open", "upset", "bad_rating"
ANSWERED, CAPPED = "answered", "capped"
HELD_OUT, CANCELLED, TOO_LATE, NOT_WRITTEN = "held_out", "cancelled", "too_late", "not_written"
NO_TEMPLATE, WINDOW_CLOSED, ERASED, REFUSED = "no_template", "window_closed", "erased", "refused"
UNKNOWN, UNTRUE, ELSEWHERE, BOUGHT = "unknown", "untrue", "elsewhere", "bought"
SWITCHED_OFF, BY_HAND, RESTORED = "switched_off", "by_hand", "restored"

SENTENCES: dict[str, str] = {
    NO_ADDRESS: gettext_noop("There is no address at which he can be reached on these channels."),
    SAME_ADDRESS: gettext_noop("Somebody else with the same address gets it."),
    CHANNEL_OFF: gettext_noop("The channel is switched off or does not work."),
    COMPLAINT_OPEN: gettext_noop("He has an open complaint: first it is settled, then he gets offers again."),
    UPSET: gettext_noop(
        "He wrote upset and his conversation is open: first it is settled, then he gets offers."
    ),
    BAD_RATING: gettext_noop(
        "He rated us badly lately: no offers for a while, or until somebody settles it."
    ),
    ANSWERED: gettext_noop("He wrote to us lately and a person takes care of him."),
    CAPPED: gettext_noop("He already got as many messages as you allow in this time."),
    HELD_OUT: gettext_noop("Held back by chance, to compare what the campaign brought."),
    CANCELLED: gettext_noop("The campaign was cancelled before his turn."),
    TOO_LATE: gettext_noop("The right hour passed before it could go out."),
    NOT_WRITTEN: gettext_noop("The text has nothing to say to him: something it needs is missing."),
    NO_TEMPLATE: gettext_noop("The template for this channel or language is missing or not approved."),
    WINDOW_CLOSED: gettext_noop("On this channel only those who wrote lately may be written to."),
    ERASED: gettext_noop("His data were erased before his turn."),
    REFUSED: gettext_noop("The recipient's server refused it."),
    UNKNOWN: gettext_noop("Puente was interrupted while handing it over. It may have arrived."),
    UNTRUE: gettext_noop("What it says was no longer true."),
    OVER: gettext_noop("The appointment had begun already when it was written down."),
    BOUGHT: gettext_noop("He bought meanwhile."),
    ELSEWHERE: gettext_noop("He was told already on another channel."),
    SWITCHED_OFF: gettext_noop("It was switched off before its time."),
    BY_HAND: gettext_noop("Somebody of you took it back."),
    RESTORED: gettext_noop("A backup was restored: it may have been sent already."),
} | {str(reason): words for reason, words in CONSENT.items() if words}


def sentence(code: str) -> str:
    """The sentence of a code in the active language; "" for none."""
    words = SENTENCES.get(code, "")
    return _(words) if words else ""
