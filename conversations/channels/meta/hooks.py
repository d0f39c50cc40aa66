"""What the webhooks of Meta's platforms share: a channel's own app, or our app for every business."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from conversations.actions import inbound
from conversations.channels.base import Unreadable
from conversations.channels.connection import Address
from conversations.channels.entrance import Entrance, through
from conversations.channels.meta import signature, values
from conversations.channels.meta.networks import INSTAGRAM, Network
from conversations.channels.posted import secrets_of, whole_body
from tenants import doors
from tenants.kit.problems import problem

log = structlog.get_logger("puente.hooks")
LARGEST = 4 * 1024 * 1024  # bytes; Meta sends at most 3 MB
CONTENT_TYPE = "application/json"


class Signed(NamedTuple):
    """A body that came whole and signed, and what it says."""

    raw: bytes
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Platform:
    """How one of Meta's platforms names what belongs to whom."""

    kind: str  # of the channel
    pieces: Callable[[dict[str, Any]], Iterable[tuple[Address, dict[str, Any]]]]  # of one entry
    own: Callable[[dict[str, Any]], Collection[Address]]  # by a channel's settings
    secrets: tuple[str, ...] = ("app_secret",)  # of a channel; each may sign
    app_secrets: tuple[str, ...] = ("META_APP_SECRET",)  # the settings of those of our own app


def by_entry(network: Network) -> Platform:
    """Messenger's and Instagram's events: each entry belongs to the page or account it names."""

    def pieces(entry: dict[str, Any]) -> Iterable[tuple[Address, dict[str, Any]]]:
        yield Address(network.kind, values.text(entry.get("id"), 100)), entry

    def own(settings: dict[str, Any]) -> Collection[Address]:
        names = {network.account, "page_id"}  # Instagram's events may name the page behind the account
        return {Address(network.kind, values.text(settings.get(name), 100)) for name in names}

    if network is not INSTAGRAM:
        return Platform(network.kind, pieces, own)
    # An app at Meta has a secret for Instagram's login beside its own, and either may sign.
    mine = ("app_secret", "meta_app_secret")
    return Platform(network.kind, pieces, own, mine, ("META_APP_SECRET", "META_INSTAGRAM_APP_SECRET"))


def for_channel(request: HttpRequest, channel_id: UUID, platform: Platform) -> HttpResponseBase:
    """Meta calls the address of a channel that has its own app. Unknown channels get a wrong one's answer."""
    if request.method == "GET":
        return through(channel_id, lambda entrance: _verified(request, entrance, platform.kind))
    return through(channel_id, lambda entrance: _received(request, entrance, platform))


def for_everybody(request: HttpRequest, platform: Platform) -> HttpResponseBase:
    """Meta calls the address of our own app: each business's part becomes an event of its own."""
    if request.method == "GET":
        return signature.verification(request, settings.META_VERIFY_TOKEN)
    posted = _signed_body(request, [getattr(settings, name) for name in platform.app_secrets])
    if isinstance(posted, HttpResponse):
        return posted
    parts = split(posted, platform)
    kept = [address for address, part in parts.items() if _keep(address, part, platform.kind)]
    if len(kept) < len(parts):
        strangers = [":".join(address) for address in parts if address not in kept]
        log.warning("nobody has this address", kind=platform.kind, addresses=strangers[:10])
    return JsonResponse({"kept": len(kept)})


def split(posted: Signed, platform: Platform) -> dict[Address, bytes]:
    """A body by the addresses it speaks of; one that speaks of a single address stays as it is."""
    parts: dict[Address, list[dict[str, Any]]] = {}
    for entry in values.mappings(posted.said.get("entry")):
        for address, piece in platform.pieces(entry):
            parts.setdefault(address, []).append(piece)
    if len(parts) == 1:
        return dict.fromkeys(parts, posted.raw)
    rest = {name: value for name, value in posted.said.items() if name != "entry"}
    return {address: json.dumps({**rest, "entry": entries}).encode() for address, entries in parts.items()}


def _verified(request: HttpRequest, entrance: Entrance | None, kind: str) -> HttpResponse:
    token = secrets_of(entrance).get("verify_token", "") if entrance and _is(entrance, kind) else ""
    answer = signature.verification(request, str(token))
    assert isinstance(answer, HttpResponse)
    return answer


def _received(request: HttpRequest, entrance: Entrance | None, platform: Platform) -> HttpResponse:
    known = secrets_of(entrance) if entrance and _is(entrance, platform.kind) else {}
    posted = _signed_body(request, [str(known.get(name) or "") for name in platform.secrets])
    if isinstance(posted, HttpResponse):
        return posted
    assert entrance
    parts = split(posted, platform)
    sisters = _sisters(parts, entrance, platform)
    if not sisters:
        parts = {Address("", ""): posted.raw}
    for address in sisters:
        _keep(address, parts.pop(address), platform.kind)
    mine = [
        inbound.accept(entrance=entrance, body=part, content_type=CONTENT_TYPE) for part in parts.values()
    ]
    return JsonResponse({"ids": [str(event_id) for event_id in mine], "kept": len(sisters) + len(mine)})


def _sisters(addresses: Iterable[Address], entrance: Entrance, platform: Platform) -> list[Address]:
    """The addresses that are other channels of the same business: its app calls one address for all."""
    own = platform.own(entrance.settings)
    return [
        address
        for address in addresses
        if address not in own
        and (door := doors.by_address(*address)) is not None
        and door.tenant_id == entrance.tenant_id
        and door.target_id != entrance.channel_id
    ]


def _keep(address: Address, part: bytes, kind: str) -> bool:
    """Store a business's part; False when the address is nobody's here."""
    door = doors.by_address(*address)
    if door is None:
        return False

    def take(entrance: Entrance | None) -> HttpResponse:
        if entrance is None or not _is(entrance, kind):
            return HttpResponse(status=404)
        inbound.accept(entrance=entrance, body=part, content_type=CONTENT_TYPE)
        return HttpResponse()

    return through(door.target_id, take).status_code == 200


def _is(entrance: Entrance | None, kind: str) -> bool:
    return entrance is not None and entrance.kind == kind


def _signed_body(request: HttpRequest, app_secrets: list[str]) -> Signed | HttpResponse:
    """The body when it came whole, signed and as a JSON object, else the answer that says what is wrong."""
    body = whole_body(request, LARGEST)
    if isinstance(body, HttpResponse):
        return body
    header = request.META.get("HTTP_X_HUB_SIGNATURE_256", "")
    if not any(signature.is_signed(body, header, secret) for secret in app_secrets):
        log.warning("webhook refused", path=request.path)
        return problem(401, "The signature was not made with this app's secret.")
    try:
        return Signed(body, values.load(body))
    except Unreadable:
        return problem(400, "The body is no JSON object.")
