"""A campaign's mail with its links led through us, so that what is followed can be seen.

The links of a piece are rewritten once: then every mail is its text with one word replaced by its token.
Only where names stand within an address has each mail its own, which is signed with it. What ends the
mails, and what asks for an answer, is never led through us; nor is what stands in the plain text, where
people read an address before they follow it.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings

from conversations import gate
from conversations.models import Campaign, CampaignLink
from conversations.personalising.markup import OWN_LINK
from conversations.tracking import tokens
from tenants.kit.text import PLACE

HELD = "heldforthetokenofeachmail"
FILLED = "heldforthelinkofeachmail"
LONGEST = 2000  # bytes
TRAP = 0  # the number of the link that nobody sees
MOST = 500
LINK = re.compile(rf'(<a\b[^<>]*?\bhref=")((?:{PLACE}|[^"])*+)"', re.IGNORECASE)
END = re.compile(r"</body\s*>", re.IGNORECASE)
WEB = re.compile(r"https?://", re.IGNORECASE)
FILLED_LINK = re.compile(rf'"{FILLED}/(\d+)/([^"]*)"')


def host(tracking_host: str) -> str:
    """Where links lead first: the business's own domain, else the installation's."""
    return f"https://{tracking_host}" if tracking_host else settings.BASE_URL


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How the mails of a campaign are led through us: its texts once, then each mail."""

    campaign: Campaign
    base: str

    def rewritten(self, html: str) -> str:
        """A piece's text with its links as they stand in every mail, but for the token."""
        addresses = (unescape(one[1]) for one in LINK.findall(html))
        wanted = list(dict.fromkeys(filter(_is_led, addresses)))
        numbers = _numbers(self.campaign, wanted[:MOST])

        def led(match: re.Match[str]) -> str:
            number = numbers.get(unescape(match[2]))
            if number is None:
                return match[0]
            if "{" in match[2]:
                return f'{match[1]}{FILLED}/{number}/{match[2]}"'
            return f'{match[1]}{self.base}/l/{HELD}/{number}"'

        return _with_signs(LINK.sub(led, html), self.base)

    def filled(self, html: str, recipient_id: UUID) -> str:
        """The text of one recipient's mail, with his token."""
        given = tokens.token(self.campaign.tenant_id, recipient_id)
        if FILLED in html:
            html = FILLED_LINK.sub(lambda match: f'"{self._own(match, given)}"', html)
        return html.replace(HELD, given)

    def _own(self, match: re.Match[str], given: str) -> str:
        number, target = int(match[1]), unescape(match[2])
        signed = urlencode({"u": target, "s": tokens.seal(given, number, target)})
        return escape(f"{self.base}/l/{given}/{number}?{signed}")


def wrapping(campaign: Campaign) -> Wrapping | None:
    """How its mails are led; None where the business notices neither opens nor clicks."""
    policy = gate.policy()
    return Wrapping(campaign, host(policy.tracking_host)) if policy.tracks else None


def _is_led(address: str) -> bool:
    if not WEB.match(address) or OWN_LINK.search(address) or len(address.encode()) > LONGEST:
        return False
    return not address.startswith((f"{settings.BASE_URL}/p/", f"{settings.BASE_URL}/l/"))


def is_followed(target: str) -> bool:
    """Whether an address is one that a link may lead to."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and target.isprintable()


def _with_signs(html: str, base: str) -> str:
    """The link that nobody sees, which machines follow, and the picture that says that it was looked at."""
    signs = (
        f'<a href="{base}/l/{HELD}/{TRAP}" style="display:none" tabindex="-1" aria-hidden="true"></a>'
        f'<img src="{base}/o/{HELD}.gif" alt="" width="1" height="1" style="display:block;border:0">'
    )
    found = list(END.finditer(html))
    at = found[-1].start() if found else len(html)
    return html[:at] + signs + html[at:]


def _numbers(campaign: Campaign, wanted: list[str]) -> dict[str, int]:
    """The numbers of a campaign's links; new ones are given to those that have none."""
    if not wanted:
        return {}
    known = _known(campaign)
    if all(one in known for one in wanted):
        return known
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)  # two workers, one after the other
    known = _known(campaign)
    new = [one for one in wanted if one not in known]
    first = max(known.values(), default=TRAP) + 1
    rows = [
        CampaignLink(campaign=campaign, number=number, url=url) for number, url in enumerate(new, start=first)
    ]
    CampaignLink.objects.bulk_create(rows)
    return known | {one.url: one.number for one in rows}


def _known(campaign: Campaign) -> dict[str, int]:
    return dict(CampaignLink.objects.filter(campaign=campaign).values_list("url", "number"))
