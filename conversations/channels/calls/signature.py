"""How a phone system proves itself: by the channel's token, or by signing with its key."""

import hashlib
import hmac
import re
import time

HEADER = "X-Puente-Signature"  # t=seconds since 1970,v1=hex
LATEST = 300  # seconds after which a signature is worth nothing: who overheard it cannot use it again
FORM = re.compile(r"^t=([0-9]{1,12}),v1=([0-9a-f]{64})$")


def sign(raw: bytes, key: str, at: float) -> str:
    """The header for a body: HMAC-SHA256 with the key over moment, dot and body."""
    moment = str(int(at))
    signed = hmac.new(key.encode(), moment.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"


def is_signed(raw: bytes, header: str, key: str) -> bool:
    """Whether a header was made of these bytes with the key a short while ago; in constant time."""
    found = FORM.match(header)
    if not found or not key or abs(time.time() - int(found[1])) > LATEST:
        return False
    return hmac.compare_digest(sign(raw, key, int(found[1])), header)
