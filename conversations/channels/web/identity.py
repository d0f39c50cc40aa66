"""Visitors whom the business's own site vouches for: what it says of them, signed with the channel's secret.

The site's server signs; the page only passes on. See docs/guides/web-chat-identity.md.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

from tenants.kit.text import clean

FIELDS = {"id": 100, "email": 254, "name": 100, "phone": 30}  # what is signed, in this order; characters
SECRET = "identity_secret"  # noqa: S105 -- its name among the channel's secrets
FARTHEST = 8 * 24 * 3600  # seconds a signature may be good for
Claims = dict[str, str]


# For the site's developer, in his browser's console: not translated.
UNSET = "The channel has no secret yet. Make one on its page."
MALFORMED = "It takes id or email, expires (seconds) and signature; every text on one line."
SIGNATURE = "The signature does not fit, or was made with another secret."
EXPIRED = "It has expired, or is good for more than eight days."


class NotVouchedFor(Exception):
    """What is claimed is not signed as it should be; `said` says what is wrong."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def sign(claims: Mapping[str, str], expires: int, secret: str) -> str:
    """The signature: HMAC-SHA256 in hex over id, email, name, phone and expiry, each on a line of its own."""
    lines = [*(claims.get(name, "") for name in FIELDS), str(expires)]
    return hmac.new(secret.encode(), "\n".join(lines).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def vouched_for(said: Any, secret: str) -> Claims:
    """Who the visitor is, by what his page passed on. Raises `NotVouchedFor`."""
    if not secret:
        raise NotVouchedFor(UNSET)
    if not isinstance(said, dict):
        raise NotVouchedFor(MALFORMED)
    given = {name: said.get(name) or "" for name in FIELDS}
    expires, signature = said.get("expires"), said.get("signature")
    if not _well_formed(given) or not isinstance(signature, str):
        raise NotVouchedFor(MALFORMED)
    if not isinstance(expires, int) or isinstance(expires, bool) or not 0 < expires < 1 << 53:
        raise NotVouchedFor(MALFORMED)
    expected = sign(given, expires, secret)
    if not hmac.compare_digest(expected.encode(), signature.strip().lower().encode("utf-8", "replace")):
        raise NotVouchedFor(SIGNATURE)
    if not time.time() < expires < time.time() + FARTHEST:
        raise NotVouchedFor(EXPIRED)
    return {name: text for name, text in given.items() if text}


def _well_formed(given: Mapping[str, Any]) -> bool:
    """Texts on one line, none too long; an id or an e-mail at the least."""
    texts = all(
        isinstance(value, str)
        and len(value) <= FIELDS[name]
        and value.isprintable()
        and clean(value) == value
        for name, value in given.items()
    )
    return texts and bool(given["id"] or given["email"])
