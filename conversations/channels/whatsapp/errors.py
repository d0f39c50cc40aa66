"""WhatsApp's error codes as sentences that say what to do.

Source: developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes (Cloud API v24.0).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.meta import values

REFUSED = gettext_noop("WhatsApp refused the message")  # followed by what it said
REFUSED_TEMPLATE = gettext_noop("WhatsApp refused the template")  # followed by what it said
TOKEN = gettext_noop("WhatsApp no longer accepts the access token. Enter a new one on the channel's page.")
PERMISSION = gettext_noop(
    "The access token may not send for this number. Give it the permission whatsapp_business_messaging."
)
SLOWLY = gettext_noop("WhatsApp asks us to slow down. We try again.")
BUSY = gettext_noop("WhatsApp has a disturbance. Try again later.")
WINDOW = gettext_noop(
    "More than 24 hours have passed since the customer's last message. Only a template can be sent now."
)
TEMPLATE = gettext_noop("The template does not fit its variables. Choose it again and fill in all of them.")
PAYMENT = gettext_noop("The payment method at Meta does not work. Put it right in the WhatsApp Manager.")
NUMBER = gettext_noop("The number is not registered at WhatsApp. Register it in the WhatsApp Manager.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error code means for us."""

    reason: str
    permanent: bool = True
    wait: float | None = None  # seconds
    pair: bool = False  # it means this customer alone
    channel_broken: bool = False
    category: str = ""  # what would help: see `ChannelError`


PROBLEMS: dict[int, Problem] = {
    0: Problem(TOKEN, channel_broken=True),
    3: Problem(PERMISSION, channel_broken=True),
    4: Problem(SLOWLY, permanent=False, wait=300),
    10: Problem(PERMISSION, channel_broken=True),
    33: Problem(NUMBER, channel_broken=True),
    190: Problem(TOKEN, channel_broken=True),
    368: Problem(
        gettext_noop("Meta has restricted the account for breaking its rules. See the WhatsApp Manager."),
        channel_broken=True,
    ),
    80007: Problem(SLOWLY, permanent=False, wait=300),
    130429: Problem(SLOWLY, permanent=False, wait=30),
    130472: Problem(
        gettext_noop("WhatsApp tries out not delivering advertising to this person. Write another way."),
        category="blocked",
    ),
    130497: Problem(
        gettext_noop("This account may not write to people in that country."), category="address"
    ),
    131005: Problem(PERMISSION, channel_broken=True),
    131008: Problem(TEMPLATE),
    131016: Problem(BUSY),
    131021: Problem(gettext_noop("The business cannot write to its own number."), category="address"),
    131026: Problem(
        gettext_noop("This person cannot be reached on WhatsApp: no account there, or an old version of it."),
        category="address",
    ),
    131030: Problem(
        gettext_noop(
            "A test number reaches only the people on its list. Add this one at Meta, or use your own."
        ),
        category="address",
    ),
    131031: Problem(
        gettext_noop("Meta has locked the account. See the WhatsApp Manager for the reason."),
        channel_broken=True,
    ),
    131042: Problem(PAYMENT, channel_broken=True),
    131045: Problem(NUMBER, channel_broken=True),
    131047: Problem(WINDOW, category="window"),
    131048: Problem(
        gettext_noop(
            "Too many people blocked or reported this number. See its quality in the WhatsApp Manager."
        )
    ),
    131049: Problem(
        gettext_noop("WhatsApp delivers no more advertising to this person for now. Try again after a day."),
        category="blocked",
    ),
    131050: Problem(
        gettext_noop("This person asked WhatsApp for no more advertising from the business."),
        category="blocked",
    ),
    131051: Problem(gettext_noop("WhatsApp does not know this kind of message.")),
    131052: Problem(
        gettext_noop("WhatsApp could not fetch the customer's file. Ask for it again."), category="file"
    ),
    131053: Problem(
        gettext_noop("WhatsApp does not take this file. Send it in another format."), category="file"
    ),
    131056: Problem(
        gettext_noop("Too many messages to this person in a short time. We try again."),
        permanent=False,
        wait=60,
        pair=True,
    ),
    131057: Problem(
        gettext_noop("WhatsApp is working on this account. We try again."), permanent=False, wait=300
    ),
    131062: Problem(gettext_noop("This message needs the customer's phone number, which he does not show.")),
    132000: Problem(TEMPLATE, category="template"),
    132001: Problem(
        gettext_noop("There is no such template in this language, or it is not approved."),
        category="template",
    ),
    132005: Problem(
        gettext_noop("The template has become too long with what was filled in."), category="template"
    ),
    132007: Problem(gettext_noop("The template breaks WhatsApp's rules."), category="template"),
    132012: Problem(TEMPLATE, category="template"),
    132015: Problem(
        gettext_noop("WhatsApp has paused the template because people did not like it."), category="template"
    ),
    132016: Problem(
        gettext_noop("WhatsApp has switched the template off because people did not like it."),
        category="template",
    ),
    132018: Problem(TEMPLATE, category="template"),
    133010: Problem(NUMBER, channel_broken=True),
}
PERMISSION_CODES = range(200, 300)


def problem_of(error: dict[str, Any]) -> Problem:
    """What an error object of the vendor means; of codes unknown to us its own words are kept."""
    code = values.number(error.get("code"))
    if isinstance(code, int) and code in PERMISSION_CODES:
        return PROBLEMS[10]
    known = PROBLEMS.get(code) if isinstance(code, int) else None
    return known or Problem(f"{REFUSED}: {words(error)}")


def words(error: dict[str, Any]) -> str:
    """What the vendor says of an error, with its code."""
    details = values.text(values.mapping(error.get("error_data")).get("details"), 200)
    said = details or values.text(error.get("message"), 200) or values.text(error.get("title"), 200)
    return f"{said} ({values.text(error.get('code'), 20) or '?'})"


def refusal(error: dict[str, Any]) -> ChannelError:
    """The vendor's no as our error."""
    known = problem_of(error)
    return ChannelError(
        known.reason,
        permanent=known.permanent,
        wait=known.wait,
        pair=known.pair,
        channel_broken=known.channel_broken,
        category=known.category,
        code=values.text(error.get("code"), 20),
    )
