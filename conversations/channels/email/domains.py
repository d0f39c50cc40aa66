"""What the DNS says of the domain that mails come from, and what should stand there.

SPF: RFC 7208, DKIM: RFC 6376, DMARC: RFC 7489. Asked in a worker only.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from conversations.channels.email.dkim import domain_of, signer_of
from conversations.models import Channel

SECONDS = 4.0  # for one question
OK, MISSING, WRONG, UNKNOWN, ELSEWHERE = "ok", "missing", "wrong", "unknown", "elsewhere"
SPF, DKIM, DMARC, MX, LINKS = "spf", "dkim", "dmarc", "mx", "links"
LONGEST = 500  # characters of an answer that are kept
KNOWN_RELAYS = {  # what a provider's own pages tell its customers to write
    "gmail.com": "include:_spf.google.com",
    "googlemail.com": "include:_spf.google.com",
    "google.com": "include:_spf.google.com",
    "office365.com": "include:spf.protection.outlook.com",
    "outlook.com": "include:spf.protection.outlook.com",
    "zoho.com": "include:zohomail.com",
    "hostinger.com": "include:_spf.mail.hostinger.com",
    "ionos.com": "include:_spf-us.ionos.com",
}
KNOWN_PROVIDERS = {
    "mailgun": "include:mailgun.org",
    "postmark": "include:spf.mtasv.net",
    "sendgrid": "include:sendgrid.net",
    "amazon-ses": "include:amazonses.com",
    "brevo": "include:spf.brevo.com",
    "mailjet": "include:spf.mailjet.com",
}


class Silent(Exception):
    """The DNS did not answer: nothing can be said."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A record that should stand in the DNS; `value` is empty where only the mail's provider knows it."""

    what: str
    kind: str
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands there."""

    what: str
    state: str
    found: str = ""


def expected(channel: Channel, tracking_host: str) -> list[Expected]:
    """What should stand in the DNS for a channel's domain; nothing for the installation's own."""
    domain = domain_of(channel)
    if not domain:
        return []
    signer = signer_of(channel)
    wanted = [
        Expected(SPF, "TXT", domain, f"v=spf1 {_sender(channel)} ~all"),
        Expected(
            DKIM,
            "TXT",
            signer.name if signer else f"*._domainkey.{domain}",
            signer.record if signer else "",
        ),
        Expected(DMARC, "TXT", f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:{channel.address}"),
        Expected(MX, "MX", domain),
    ]
    if tracking_host:
        wanted.append(Expected(LINKS, "CNAME", tracking_host, _own_host()))
    return wanted


def look(wanted: list[Expected]) -> list[Finding]:
    """Ask the DNS. What it does not answer in time is unknown."""
    dns = _Dns()
    found = []
    for one in wanted:
        try:
            found.append(CHECKS[one.what](dns, one))
        except Silent:
            found.append(Finding(one.what, UNKNOWN))
    return found


def _sender(channel: Channel) -> str:
    """Who may send for the domain, as SPF says it."""
    if said := KNOWN_PROVIDERS.get(channel.settings.get("provider", "")):
        return said
    host = str((channel.settings.get("mailbox") or {}).get("smtp_host") or _own_host()).lower()
    return KNOWN_RELAYS.get(".".join(host.split(".")[-2:]), f"a:{host}")


def _own_host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"


class _Dns:
    """Questions to the DNS. An absent name or record is an empty answer."""

    def __init__(self) -> None:
        from dns import resolver  # noqa: PLC0415 -- only workers ask

        self._resolver = resolver.Resolver(configure=not settings.DNS_SERVER)
        if settings.DNS_SERVER:
            host, _colon, port = settings.DNS_SERVER.rpartition(":")
            self._resolver.nameservers, self._resolver.port = [host], int(port)
        self._resolver.lifetime = SECONDS

    def ask(self, name: str, kind: str) -> list[str]:
        """The records of a name. Raises `Silent`."""
        from dns import exception, resolver  # noqa: PLC0415 -- only workers ask

        try:
            answer = self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
        except resolver.NXDOMAIN:
            return []
        except (exception.DNSException, OSError, ValueError) as error:
            raise Silent(str(error)) from error
        if kind == "TXT":
            return [b"".join(one.strings).decode("utf-8", "replace") for one in answer]
        return [one.to_text().rstrip(".").lower() for one in answer]


def _spf(dns: _Dns, wanted: Expected) -> Finding:
    records = [one for one in dns.ask(wanted.name, "TXT") if one.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return Finding(SPF, MISSING)
    found = " | ".join(records)[:LONGEST]
    words = records[0].lower().split()
    sender = wanted.value.split()[1]
    if len(records) > 1 or "+all" in words or "all" in words:
        return Finding(SPF, WRONG, found)
    is_said = sender in words or any(one.startswith("redirect=") for one in words)
    return Finding(SPF, OK if is_said else ELSEWHERE, found)


def _dkim(dns: _Dns, wanted: Expected) -> Finding:
    if not wanted.value:
        return Finding(DKIM, ELSEWHERE)
    records = dns.ask(wanted.name, "TXT")
    if not records:
        return Finding(DKIM, MISSING)
    is_ours = any(_key_in(one) == _key_in(wanted.value) for one in records)
    return Finding(DKIM, OK if is_ours else WRONG, " | ".join(records)[:LONGEST])


def _key_in(record: str) -> str:
    parts = (one.strip().partition("=") for one in record.split(";"))
    return next((value.replace(" ", "") for name, _equal, value in parts if name.strip() == "p"), "")


def _dmarc(dns: _Dns, wanted: Expected) -> Finding:
    domain = wanted.name.removeprefix("_dmarc.")
    above = domain.partition(".")[2]
    names = [wanted.name, *([f"_dmarc.{above}"] if "." in above else [])]
    for name in names:
        records = [one for one in dns.ask(name, "TXT") if one.upper().replace(" ", "").startswith("V=DMARC1")]
        if records:
            is_one = len(records) == 1 and "p=" in records[0]
            return Finding(DMARC, OK if is_one else WRONG, " | ".join(records)[:LONGEST])
    return Finding(DMARC, MISSING)


def _mx(dns: _Dns, wanted: Expected) -> Finding:
    records = dns.ask(wanted.name, "MX")
    if not records:
        return Finding(MX, MISSING)
    takes_none = all(one.split()[-1] in (".", "0") for one in records)  # RFC 7505
    return Finding(MX, WRONG if takes_none else OK, ", ".join(records)[:LONGEST])


def _links(dns: _Dns, wanted: Expected) -> Finding:
    """By a CNAME, or by the same addresses."""
    named = dns.ask(wanted.name, "CNAME")
    if wanted.value in named:
        return Finding(LINKS, OK, ", ".join(named))
    theirs = {one for kind in ("A", "AAAA") for one in dns.ask(wanted.name, kind)}
    if not named and not theirs:
        return Finding(LINKS, MISSING)
    ours = {one for kind in ("A", "AAAA") for one in dns.ask(wanted.value, kind)}
    return Finding(LINKS, OK if theirs & ours else WRONG, ", ".join(named or sorted(theirs))[:LONGEST])


CHECKS = {SPF: _spf, DKIM: _dkim, DMARC: _dmarc, MX: _mx, LINKS: _links}
