"""How Twilio proves itself.

Source: twilio.com/docs/usage/webhooks/webhooks-security ("Validating signatures from Twilio"); its example
is a test.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}
Fields = Iterable[tuple[str, str]]


def sign(url: str, fields: Fields, auth_token: str) -> str:
    """The header Twilio makes for a call: the address, then every field by name, and their HMAC-SHA1."""
    whole = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(auth_token.encode(), whole.encode("utf-8", "replace"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(url: str, fields: Fields, header: str, auth_token: str) -> bool:
    """Whether X-Twilio-Signature was made of this call with the account's token; in constant time.

    Whether Twilio names the port that goes without saying depends on the product: both ways are right.
    """
    fields, brought = list(fields), header.encode("utf-8", "replace")
    matches = [
        hmac.compare_digest(sign(way, fields, auth_token).encode(), brought) for way in _with_and_without(url)
    ]
    return bool(auth_token) and any(matches)


def _with_and_without(url: str) -> list[str]:
    """An address with and without its port."""
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(f":{parts.port}")
    with_port = f"{host}:{parts.port or DEFAULT_PORTS[parts.scheme]}"
    return [parts._replace(netloc=netloc).geturl() for netloc in (host, with_port)]
