"""How Meta's platforms prove themselves.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started (Graph API v24.0), "Verification
Requests" and "Validating Payloads".
"""

import hashlib
import hmac

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenants.kit.problems import problem


def sign(raw: bytes, app_secret: str) -> str:
    """The header that Meta makes for a body."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()


def is_signed(raw: bytes, header: str, app_secret: str) -> bool:
    """Whether X-Hub-Signature-256 was made of these bytes with the app's secret; in constant time."""
    expected = sign(raw, app_secret).encode()
    return bool(app_secret) and hmac.compare_digest(expected, header.encode("utf-8", "replace"))


def verification(request: HttpRequest, verify_token: str) -> HttpResponseBase:
    """The answer to Meta's question whether this address is ours: its own challenge, as plain text."""
    asked = request.GET
    brought = asked.get("hub.verify_token", "").encode("utf-8", "replace")
    is_ours = bool(verify_token) and hmac.compare_digest(brought, verify_token.encode())
    if asked.get("hub.mode") != "subscribe" or not is_ours:
        return problem(403, "The verify token is not the one of this address.")
    return HttpResponse(asked.get("hub.challenge", "")[:500], content_type="text/plain; charset=utf-8")
