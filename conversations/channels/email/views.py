"""The addresses that mail is posted to: by a mail server, or by a provider's webhooks."""

import hmac
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from conversations.actions import inbound
from conversations.channels.email import oauth, webhooks
from conversations.channels.entrance import Entrance, through
from conversations.channels.posted import secrets_of, whole_body
from tenants import doors
from tenants.kit.problems import problem

log = structlog.get_logger("puente.hooks")
LARGEST = 40 * 1024 * 1024  # bytes


@csrf_exempt
@require_POST
def receive_email(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Store a raw message (RFC 5322) and answer 200 with its id once it is committed.

    The channel's token comes as bearer. Unknown channels and wrong tokens get the same 401.
    Whatever the body is, it is kept: what is no mail ends parked with the reason.
    """
    return through(channel_id, lambda entrance: _receive_mail(request, entrance))


def _receive_mail(request: HttpRequest, entrance: Entrance | None) -> HttpResponse:
    token = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").strip()
    if entrance is None or not _opens(entrance, token):
        return problem(401, "This channel or its token is unknown.")
    body = whole_body(request, LARGEST)
    if isinstance(body, HttpResponse):
        return body
    event_id = inbound.accept(entrance=entrance, body=body, content_type="message/rfc822")
    return JsonResponse({"id": str(event_id)})


@csrf_exempt
@require_POST
def receive_webhook(request: HttpRequest, channel_id: UUID, provider: str) -> HttpResponse:
    """Store a provider's call and answer 200 with its id once it is committed.

    The channel's token comes as the password of HTTP's basic authentication, or the provider signs with
    the key that the business gave us: a call that it signs needs no token, but the right signature.
    Unknown channels, wrong tokens and wrong signatures get the same 401; what is no report at all, 400.
    """
    if provider not in webhooks.PROVIDERS:
        raise Http404
    return through(channel_id, lambda entrance: _receive_report(request, channel_id, provider, entrance))


def _receive_report(
    request: HttpRequest, channel_id: UUID, provider: str, entrance: Entrance | None
) -> HttpResponse:
    if entrance is None:
        return _refused(channel_id, provider)
    body = whole_body(request, LARGEST)
    if isinstance(body, HttpResponse):
        return body
    kept = webhooks.keep(provider, request.headers, body)
    if not _is_provider(request, entrance, provider, kept):
        return _refused(channel_id, provider)
    if not webhooks.is_readable(provider, kept):
        return problem(400, "This is no report of that provider.")
    event_id = inbound.accept(entrance=entrance, body=kept, content_type=webhooks.CONTENT_TYPE)
    if provider == "amazon-ses" and not webhooks.confirm(kept):
        return problem(503, "The subscription could not be confirmed. Ask again.")
    return JsonResponse({"id": str(event_id)})


@require_safe
@never_cache
def permission_given(request: HttpRequest) -> HttpResponse:
    """Where providers send people back to: on to the business whose question this session asked."""
    asked = request.session.get(oauth.SESSION_KEY) or {}
    if not oauth.answers(asked, request.GET.get("state", "")):
        return redirect("/")
    answer = {name: request.GET[name] for name in ("state", "code", "error") if name in request.GET}
    return redirect(f"{asked['back']}?{urlencode(answer)}")


def _opens(entrance: Entrance, token: str) -> bool:
    return bool(entrance.token) and hmac.compare_digest(doors.fingerprint(token), entrance.token)


def _is_provider(request: HttpRequest, entrance: Entrance, provider: str, kept: bytes) -> bool:
    if webhooks.PROVIDERS[provider].signs and (key := _signing_key(entrance, provider)):
        signed = webhooks.is_signed(provider, request, kept, key)
        if signed is not None:
            return signed
    return _opens(entrance, webhooks.password(request))


def _signing_key(entrance: Entrance, provider: str) -> str:
    """The key that the owner brought from this provider, or ''."""
    if entrance.settings.get("provider") != provider:
        return ""
    return str(secrets_of(entrance).get("signing_key") or "")


def _refused(channel_id: UUID, provider: str) -> HttpResponse:
    log.warning("webhook refused", channel=str(channel_id), provider=provider)
    return problem(401, "This channel or its token is unknown.")
