"""Mailboxes entered by permission instead of password: Google's and Microsoft's (OAuth 2.0, RFC 6749).

Google, "OAuth 2.0 for Web Server Applications" and "IMAP, POP, and SMTP"; Microsoft, "Authenticate an IMAP,
POP or SMTP connection using OAuth". The code is bound to who asked by state and PKCE (RFC 7636).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from conversations.channels.email.connections import GRANT, Account, MailboxProblem
from conversations.models import Channel
from tenants.kit import http
from tenants.scoping import tenant_scope

GRANT_GONE = gettext_noop("The permission to enter this mailbox has ended. Give it again")
VENDOR_SILENT = gettext_noop("The provider does not answer")
SESSION_KEY = "mail_permission"
EARLY = timedelta(minutes=2)  # a token is renewed before it ends
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a person at the provider, and what proves that the answer is to it."""

    url: str
    state: str
    verifier: str


def vendors() -> dict[str, dict[str, Any]]:
    """The providers that this installation is registered with."""
    return {slug: vendor for slug, vendor in settings.MAIL_OAUTH.items() if vendor["client_id"]}


def redirect_uri() -> str:
    """Where providers send people back to; it is registered there."""
    return f"{settings.BASE_URL}/oauth/mail/"


def ask(slug: str, username: str) -> Question:
    """The address at which a person gives permission."""
    vendor = vendors()[slug]
    client = WebApplicationClient(vendor["client_id"])
    state, verifier = client.state_generator(), client.create_code_verifier(96)
    url = client.prepare_request_uri(
        vendor["authorize_url"],
        redirect_uri=redirect_uri(),
        scope=vendor["scope"],
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        login_hint=username,
        access_type="offline",  # Google gives a lasting permission only so
        prompt="consent",
    )
    return Question(url, state, verifier)


def answers(asked: dict[str, Any], state: str) -> bool:
    """Whether an answer carries the state of the question, in constant time."""
    return bool(asked.get("state")) and compare_digest(str(asked["state"]).encode(), state.encode())


def redeem(slug: str, code: str, verifier: str) -> dict[str, Any]:
    """Turn a code into what is kept as a grant. Raises `MailboxProblem`."""
    client = WebApplicationClient(vendors()[slug]["client_id"])
    body = client.prepare_request_body(
        code=code,
        redirect_uri=redirect_uri(),
        code_verifier=verifier,
        client_secret=vendors()[slug]["client_secret"],
    )
    return _call(slug, client, body, {})


def with_token(account: Account) -> Account:
    """The account with a token that is good now, renewed where it has to be; others stay as they are.

    Call it with no transaction open. Raises `MailboxProblem`.
    """
    if account.channel is None:
        return account
    tenant_id, channel_id = account.channel
    with tenant_scope(tenant_id):
        grant = Channel.objects.get(pk=channel_id).secrets.get(GRANT) or {}
    if not grant:
        raise MailboxProblem(GRANT_GONE, needs_person=True)
    if datetime.fromisoformat(grant["expires_at"]) - EARLY < timezone.now():
        grant = _renew(grant)
        with tenant_scope(tenant_id):
            channel = Channel.objects.select_for_update().get(pk=channel_id)
            channel.secrets = {**channel.secrets, GRANT: grant}
            channel.save(update_fields=["secrets"])
    return replace(account, token=grant["access"])


def _renew(grant: dict[str, Any]) -> dict[str, Any]:
    slug = grant["vendor"]
    vendor = vendors().get(slug)
    if vendor is None:
        raise MailboxProblem(GRANT_GONE, needs_person=True)
    client = WebApplicationClient(vendor["client_id"])
    body = client.prepare_refresh_body(
        refresh_token=grant["refresh"], client_id=vendor["client_id"], client_secret=vendor["client_secret"]
    )
    return _call(slug, client, body, grant)


def _call(slug: str, client: Any, body: str, before: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = http.request("POST", vendors()[slug]["token_url"], body=body.encode(), headers=FORM)
    except http.HttpError as error:
        raise MailboxProblem(VENDOR_SILENT, error) from error
    if answer.status >= 500:
        raise MailboxProblem(VENDOR_SILENT, answer.status)
    try:
        token = client.parse_request_body_response(answer.body.decode("utf-8", "replace"))
        lives = timedelta(seconds=int(token.get("expires_in") or 3600))
    except (OAuth2Error, ValueError, TypeError, OverflowError) as error:
        said = getattr(error, "error", "") or type(error).__name__
        raise MailboxProblem(GRANT_GONE, said, needs_person=True) from error
    refresh = token.get("refresh_token") or before.get("refresh", "")  # Microsoft renews it, Google does not
    if not refresh:
        raise MailboxProblem(GRANT_GONE, needs_person=True)
    return {
        "vendor": slug,
        "access": str(token["access_token"]),
        "refresh": str(refresh),
        "expires_at": (timezone.now() + lives).isoformat(),
    }
