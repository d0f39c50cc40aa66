"""The errors of Messenger and Instagram as sentences that say what to do.

Source: developers.facebook.com/docs/messenger-platform/error-codes, …/graph-api/guides/error-handling,
…/graph-api/reference/page/messages (Graph API v24.0).
"""

from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.meta import values

REFUSED = gettext_noop("Meta refused it")  # followed by what it said
TOKEN = gettext_noop("Meta no longer accepts the access token. Enter a new one on the channel's page.")
PERMISSION = gettext_noop("The access token lacks a permission that this needs. Connect the channel again.")
SLOWLY = gettext_noop("Meta asks us to slow down. We try again.")
BUSY = gettext_noop("Meta has a disturbance. We try again.")
WINDOW = gettext_noop("Too long after the customer's last message: Meta takes no answer any more.")
HUMAN = gettext_noop(
    "Your app may not answer after 24 hours. Ask Meta for the feature Human Agent to answer for seven days."
)
UNREACHABLE = gettext_noop("This person cannot be reached: he blocked the business or closed his account.")
NO_PERSON = gettext_noop("Meta does not know this person: the account belongs to another page.")
FILE = gettext_noop("Meta does not take this file. Send it in another format.")
FILE_SIZE = gettext_noop("A file is larger than Meta takes.")
RESTRICTED = gettext_noop("Meta has restricted the account for breaking its rules. See the page's quality.")
ANSWERED = gettext_noop("This comment had its private answer already: Meta allows one.")
GONE = gettext_noop("It is no longer there: it was deleted, or the channel may not see it.")
OTHER_APP = gettext_noop("Another app holds this conversation at Meta. Take it over in the page's inbox.")


class Problem(NamedTuple):
    """What an error code means for us."""

    reason: str
    permanent: bool = True
    wait: float | None = None  # seconds
    channel_broken: bool = False
    category: str = ""
    pair: bool = False  # it means this customer alone


BROKEN_TOKEN = Problem(TOKEN, channel_broken=True)
LATER = Problem(BUSY, permanent=False, wait=60)
SLOW = Problem(SLOWLY, permanent=False, wait=300)
SUBCODES: dict[int, Problem] = {
    2018278: Problem(WINDOW, category="window"),
    2534022: Problem(WINDOW, category="window"),  # the same on Instagram
    2018065: Problem(WINDOW, category="window"),  # it wants a subscription, which there is no more
    2018300: Problem(OTHER_APP),
    2018109: Problem(FILE_SIZE, category="file"),
    2018047: Problem(FILE, category="file"),
    2018294: Problem(FILE, permanent=False, wait=30),  # the upload took too long
    2018001: Problem(NO_PERSON, category="address"),
    2534014: Problem(NO_PERSON, category="address"),
    2018108: Problem(UNREACHABLE, category="blocked"),
    1545041: Problem(UNREACHABLE, category="blocked"),
    2018276: Problem(HUMAN, category="window"),
    1893063: Problem(RESTRICTED),
    1893016: Problem(RESTRICTED, permanent=False, wait=3_600),
    33: Problem(GONE),
}
PROBLEMS: dict[int, Problem] = {
    1: LATER,
    2: LATER,
    4: SLOW,
    10: Problem(PERMISSION, channel_broken=True),
    17: SLOW,
    32: SLOW,
    80002: SLOW,
    80006: SLOW,
    102: BROKEN_TOKEN,
    190: BROKEN_TOKEN,
    230: Problem(PERMISSION, channel_broken=True),
    368: Problem(RESTRICTED, channel_broken=True),
    551: Problem(UNREACHABLE, category="blocked"),
    613: Problem(SLOWLY, permanent=False, wait=60, pair=True),  # too many to this person
    1200: LATER,
    1545041: Problem(UNREACHABLE, category="blocked"),
    2022: Problem(RESTRICTED),
    10900: Problem(ANSWERED),
    10903: Problem(UNREACHABLE, category="blocked"),
    2018278: Problem(WINDOW, category="window"),
}
PERMISSION_CODES = range(200, 300)


def problem_of(error: dict[str, Any]) -> Problem:
    """What an error object means: by its subcode, else its code; of unknown ones its words are kept."""
    code, subcode = values.number(error.get("code")), values.number(error.get("error_subcode"))
    if isinstance(subcode, int) and subcode in SUBCODES:
        return SUBCODES[subcode]
    if isinstance(code, int):
        if code in PROBLEMS:
            return PROBLEMS[code]
        if code in PERMISSION_CODES:
            return PROBLEMS[10]
    said = values.text(error.get("error_user_msg"), 200) or values.text(error.get("message"), 200)
    return Problem(f"{REFUSED}: {said} ({values.text(error.get('code'), 20) or '?'})")


def refusal(error: dict[str, Any]) -> ChannelError:
    """The vendor's no as our error."""
    found = problem_of(error)
    return ChannelError(
        found.reason,
        permanent=found.permanent,
        wait=found.wait,
        pair=found.pair,
        channel_broken=found.channel_broken,
        category=found.category,
        code=values.text(error.get("error_subcode"), 20) or values.text(error.get("code"), 20),
    )
