"""Security events, one log line each, for whoever watches (ASVS 5.0, 16.3).

A line names the person by id and the caller by address, never by what was typed: a name in the wrong
field may be a password.
"""

from typing import Any

import structlog
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from axes.signals import user_locked_out
from django.contrib.auth import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from tenants.kit import ratelimit

log = structlog.get_logger("puente.security")

TOLD: dict[Signal, str] = {
    user_logged_in: "logged in",
    user_logged_out: "logged out",
    user_login_failed: "log-in failed",
    user_locked_out: "log-in locked",
    account.user_signed_up: "signed up",
    account.password_set: "password set",
    account.password_changed: "password changed",
    account.password_reset: "password reset",
    account.email_confirmed: "e-mail confirmed",
    account.email_added: "e-mail added",
    account.email_removed: "e-mail removed",
    account.email_changed: "e-mail changed",
    account.password_reset_code_rejected: "reset code rejected",
    mfa.authenticator_added: "second factor added",
    mfa.authenticator_removed: "second factor removed",
    mfa.authenticator_reset: "recovery codes renewed",
    mfa.authentication_failed: "second factor failed",
}
WARNINGS = {"log-in failed", "log-in locked", "second factor failed", "reset code rejected", "refused"}


def connect() -> None:
    """Listen to everything that is told."""
    for signal, event in TOLD.items():
        signal.connect(_listener(event), weak=False, dispatch_uid=f"security log: {event}")


def _listener(event: str) -> Any:
    def listen(sender: Any, *, request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> None:
        tell(event, request, getattr(user, "pk", None))

    return listen


def tell(event: str, request: HttpRequest | None, user_id: Any = None) -> None:
    """Write one event."""
    write = log.warning if event in WARNINGS else log.info
    caller = ratelimit.address_of(request) if request is not None else ""
    write(event, user=str(user_id or ""), caller=caller)
