"""Signed mails (DKIM, RFC 6376): who gets one can see that the business's own domain vouches for it.

rsa-sha256 over relaxed headers and body, the strictest that every mail program understands, with both
headers by which people unsubscribe (RFC 8058 asks for that). OpenSSL does the arithmetic: a library in
Python takes eight milliseconds a mail for it, which is more than the mail itself.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from email.utils import parseaddr

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from conversations.models import Channel

BITS = 2048  # more does not fit into one DNS answer everywhere
KEY, SELECTOR, DOMAIN = "dkim_key", "dkim_selector", "dkim_domain"  # names of secrets
SIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type",
    "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
ONCE = ("from", "to", "subject", "date", "reply-to")  # named once more: none can be added on the way
GAPS = re.compile(rb"[ \t]+")
FOLD = re.compile(rb"\r\n(?=[ \t])")


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain's key, and the name under which its public part stands in the DNS."""

    domain: str
    selector: str
    key: rsa.RSAPrivateKey

    @property
    def public(self) -> str:
        """The public part as the DNS carries it."""
        raw = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(raw).decode()

    @property
    def name(self) -> str:
        """The name of the DNS record."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """What the DNS record says."""
        return f"v=DKIM1; k=rsa; p={self.public}"

    def signed(self, content: bytes) -> bytes:
        """A mail with its signature in front. Its lines end with CRLF, as mails' do."""
        head, _gap, body = content.partition(b"\r\n\r\n")
        fields = _fields(head)
        wanted = [name for name in SIGNED if name in fields]
        named = [*wanted, *(name for name in ONCE if name in fields)]
        digest = base64.b64encode(hashlib.sha256(_body(body)).digest()).decode()
        begun = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector};\r\n"
            f" h={':'.join(named)};\r\n bh={digest};\r\n b="
        )
        data = b"".join(_relaxed(name.encode(), fields[name]) + b"\r\n" for name in wanted)
        data += _relaxed(b"dkim-signature", begun.encode("ascii"))
        signature = base64.b64encode(self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())).decode()
        folded = "\r\n ".join(signature[at : at + 72] for at in range(0, len(signature), 72))
        return f"DKIM-Signature: {begun}{folded}\r\n".encode("ascii") + content


def signer_of(channel: Channel) -> Signer | None:
    """What signs a channel's mails; None leaves it to the mail server, also after a change of address."""
    pem, domain = channel.secrets.get(KEY), channel.secrets.get(DOMAIN)
    if not pem or domain != domain_of(channel):
        return None
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Signer(domain, channel.secrets[SELECTOR], key)


def domain_of(channel: Channel) -> str:
    """The business's own domain, which its customers see behind the @; "" where it is the installation's."""
    domain = parseaddr(channel.address)[1].rpartition("@")[2].lower()
    return "" if domain == settings.MAIL_DOMAIN.lower() else domain


def new_key(domain: str, selector: str) -> dict[str, str]:
    """The secrets of a channel that signs from now on."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {KEY: pem, SELECTOR: selector, DOMAIN: domain}


def _fields(head: bytes) -> dict[str, bytes]:
    """The header's fields by name; those that we sign stand once in what we write."""
    found = {}
    for line in FOLD.sub(b"", head).split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        found[name.strip().lower().decode("latin-1")] = value
    return found


def _relaxed(name: bytes, value: bytes) -> bytes:
    return name + b":" + GAPS.sub(b" ", FOLD.sub(b"", value)).strip(b" \t")


def _body(body: bytes) -> bytes:
    plain = GAPS.sub(b" ", body).replace(b" \r\n", b"\r\n").rstrip(b" \r\n")
    return plain + b"\r\n" if plain else b""
