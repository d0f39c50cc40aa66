"""What one request says of who made it: a person, or a machine that looks at mails before or instead of him.

How all of it works together: docs/deliverability.md.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from conversations.models import Touch

Agent, Sign = Touch.Agent, Touch.Sign
RIGHT_AFTER = timedelta(seconds=10)  # of sending: nobody reads so fast, gateways look before they deliver
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PREFETCH = re.compile(r"prefetch|prerender|preview|instant", re.IGNORECASE)

# Apple's Mail Privacy Protection and iCloud say "Mozilla/5.0" and nothing else.
PROXY = re.compile(
    r"googleimageproxy|ggpht\.com|yahoomailproxy|^mozilla/5\.0$|outlook-?proxy|^outlook/?$|protonmail"
    r"|zohomail|feedfetcher",
    re.IGNORECASE,
)
# Security gateways, previews of links, and programs that people do not read mail with.
SCANNER = re.compile(
    r"barracuda|mimecast|proofpoint|messagelabs|symantec|fireeye|trend ?micro|forcepoint|websense"
    r"|sophos|cisco|ironport|fortinet|fortimail|zscaler|checkpoint|avanan|mailguard|spamtitan|hornet"
    r"|vade|bitdefender|kaspersky|eset|clamav|safelinks|urldefense|virustotal|urlscan|microsoft office"
    r"|skypeuripreview|ms-?office|bingpreview|bot\b|crawl|spider|slurp|facebookexternalhit|whatsapp|telegram"
    r"|slack|discord|twitter|linkedin|preview|scanner|monitor|headless|phantomjs|puppeteer|playwright"
    r"|selenium|curl|wget|python|aiohttp|httpx|okhttp|go-http|java/|apache-httpclient|libwww|perl|ruby|node"
    r"|axios|postman|nutch|winhttp",
    re.IGNORECASE,
)
MAIL = re.compile(r"thunderbird|outlook|applemail|airmail|spark|k-9|fairemail", re.IGNORECASE)
MOBILE = re.compile(r"mobile|android|iphone|ipad", re.IGNORECASE)
DESKTOP = re.compile(r"windows nt|macintosh|x11|linux|cros", re.IGNORECASE)
KINDS = (
    (PROXY, Agent.PROXY),
    (SCANNER, Agent.SCANNER),
    (MAIL, Agent.MAIL),
    (MOBILE, Agent.MOBILE),
    (DESKTOP, Agent.DESKTOP),
)


def agent_of(said: str) -> str:
    """What it says it is."""
    said = said.strip()[:500]
    if not said:
        return Agent.NONE
    return next((kind for known, kind in KINDS if known.search(said)), Agent.OTHER)


def sign_of(
    *, method: str, headers: Mapping[str, str], agent: str, at: datetime, sent_at: datetime | None
) -> str:
    """By what a machine is told from this request alone; "" where nothing speaks against a person."""
    if method == "HEAD":
        return Sign.METHOD
    if any(PREFETCH.search(headers.get(name, "")) for name in PREFETCH_HEADERS):
        return Sign.PREFETCH
    if agent in (Agent.NONE, Agent.PROXY, Agent.SCANNER):
        return Sign.AGENT
    if sent_at is None or at - sent_at < RIGHT_AFTER:
        return Sign.AT_ONCE
    return ""
