"""Where a mail's links and its picture lead: what was fetched is written down as unverified, nothing else.

No consent, answer or confirmation hangs on a link: scanners follow them all.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.models import CampaignLink, Recipient, Touch
from conversations.tracking import links, scanners, tokens
from tenants.kit.ratelimit import address_of, allow
from tenants.scoping import tenant_scope

PICTURE = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)  # one transparent pixel
SAME, ALL = 5, 200  # touches kept of one link of a mail, and of a whole mail
Kind = Touch.Kind


def _door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """With the recipient a token names, in his business; whoever tries tokens is soon not heard any more."""

    @require_safe
    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: int) -> HttpResponse:
        door = tokens.read(token)
        if door is None:
            is_heard = allow("mail-links", address_of(request), limit=60, seconds=60)
            return _nothing(request, 404 if is_heard else 429)
        try:
            with tenant_scope(door.tenant_id):
                return _private(view(request, _recipient(door.target_id), token, **kwargs))
        except Http404:
            return _nothing(request, 404)

    return opened


@_door
def link(request: HttpRequest, recipient: Recipient, token: str, number: int) -> HttpResponse:
    """Lead on to where a link leads."""
    if number == links.TRAP:
        _write_down(request, recipient, Kind.TRAP, number)
        return HttpResponse(status=204)
    response = HttpResponse(status=302)
    response["Location"] = iri_to_uri(_target(request, recipient, token, number))
    _write_down(request, recipient, Kind.CLICK, number)
    return response


@_door
def picture(request: HttpRequest, recipient: Recipient, token: str) -> HttpResponse:
    """One pixel."""
    _write_down(request, recipient, Kind.OPEN, 0)
    response = HttpResponse(PICTURE, content_type="image/gif")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _nothing(request: HttpRequest, status: int) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        said = _("This link leads nowhere. It may be mistyped, or the mail is gone.")
    return _private(HttpResponse(said, status=status, content_type="text/plain; charset=utf-8"))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _recipient(recipient_id: UUID) -> Recipient:
    found: Recipient | None = (
        Recipient.objects.filter(pk=recipient_id).only("pk", "campaign_id", "sent_at", "state").first()
    )
    if found is None:
        raise Http404
    return found


def _target(request: HttpRequest, recipient: Recipient, token: str, number: int) -> str:
    """Where a link leads: as its campaign has it, or as we signed it for this mail."""
    found = CampaignLink.objects.filter(campaign_id=recipient.campaign_id, number=number).first()
    if found is None:
        raise Http404
    target = found.url
    if "{" in target:
        target = request.GET.get("u", "")
        if not tokens.is_sealed(token, number, target, request.GET.get("s", "")):
            raise Http404
    if not links.is_followed(target):
        raise Http404
    return str(target)


def _write_down(request: HttpRequest, recipient: Recipient, kind: str, number: int) -> None:
    """Keep that it was fetched, as far as there is room: a machine may come a thousand times."""
    if not allow("mail-touch", str(recipient.pk), limit=60, seconds=60):
        return
    mine = Touch.objects.filter(recipient=recipient)
    if mine.count() >= ALL or mine.filter(kind=kind, number=number).count() >= SAME:
        return
    now, agent = timezone.now(), scanners.agent_of(request.headers.get("User-Agent", ""))
    sign = scanners.sign_of(
        method=request.method or "",
        headers=request.headers,
        agent=agent,
        at=now,
        sent_at=recipient.sent_at,
    )
    if kind == Kind.TRAP:
        sign = Touch.Sign.TRAP
    Touch.objects.create(
        recipient=recipient,
        kind=kind,
        number=number,
        at=now,
        agent=agent,
        sign=sign,
        verdict=Touch.Verdict.MACHINE if sign else Touch.Verdict.UNVERIFIED,
    )
