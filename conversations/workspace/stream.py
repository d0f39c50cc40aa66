"""The members' live stream, served by the process that holds connections open (ARCHITECTURE.md §4)."""

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotFound,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_GET

from conversations.workspace import presence
from tenants import doors, live
from tenants.actors import Actor
from tenants.live import Event
from tenants.models import Membership
from tenants.permissions import Permission, Sees
from tenants.scoping import tenant_scope

RECHECK_SECONDS = 60
LIFETIME_SECONDS = 3_600
HELLO = b"retry: 2000\n: hello\n\n"


@dataclass
class Viewer:
    """Who listens; what he sees is asked again every minute."""

    tenant_id: UUID
    membership_id: str
    sees: str
    team_ids: frozenset[str]

    def accepts(self, event: Event) -> bool:
        """Whether an event concerns what this member may see."""
        if event.audience not in {"members", "both"}:
            return False
        if event.kind == "notification":
            return bool(event.data.get("membership") == self.membership_id)
        if self.sees == Sees.ALL or event.assignee == self.membership_id:
            return True
        if event.kind == "membership":
            return bool(event.data.get("membership") == self.membership_id)
        return self.sees == Sees.TEAMS and bool(event.team) and event.team in self.team_ids


def find_viewer(request: HttpRequest, slug: str) -> Viewer | None:
    """The member behind a request's session as it is now; None for strangers and those who may not read.

    The connection is given back at once: a thousand open streams hold none.
    """
    try:
        asking = HttpRequest()
        asking.session = type(request.session)(request.session.session_key)
        user = get_user(asking)
        if not user.is_authenticated:
            return None
        door = doors.business_by_slug(user.pk, slug)
        if door is None:
            return None
        with tenant_scope(door.tenant_id):
            actor = Actor.of_membership(Membership.objects.get(pk=door.target_id))
            presence.here(door.target_id)
    finally:
        if isinstance(request, ASGIRequest):
            connections.close_all()
    if not actor.can(Permission.CONVERSATIONS_READ):
        return None
    return Viewer(
        door.tenant_id, str(actor.membership_id), actor.sees, frozenset(str(team) for team in actor.team_ids)
    )


async def stream(request: HttpRequest, tenant_slug: str) -> HttpResponseBase:
    """Server-sent events of one business; a stranger gets 404.

    Resumes after the `Last-Event-ID` header or `?since=`. Ends after an hour, and within a minute of
    logging out or of losing the membership.
    """
    if not isinstance(request, ASGIRequest):
        return HttpResponse("Streams are served by the live process.", status=503, content_type="text/plain")
    viewer = await sync_to_async(find_viewer)(request, tenant_slug)
    if viewer is None:
        return HttpResponseNotFound()
    since = request.headers.get("Last-Event-ID", "") or request.GET.get("since", "")
    response = StreamingHttpResponse(
        _events(request, tenant_slug, viewer, since), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


stream = require_GET(stream)
stream.finds_its_business = True  # type: ignore[attr-defined]


async def _events(request: HttpRequest, slug: str, viewer: Viewer, since: str) -> AsyncIterator[bytes]:
    yield HELLO
    started = checked = time.monotonic()
    events = live.hub().subscribe(viewer.tenant_id, since, viewer.accepts)
    async with aclosing(events):
        async for event in events:
            now = time.monotonic()
            told = event.kind == "membership" and event.data.get("membership") == viewer.membership_id
            if told or now - checked > RECHECK_SECONDS:
                fresh = await sync_to_async(find_viewer)(request, slug)
                if fresh is None:
                    return
                viewer.sees, viewer.team_ids = fresh.sees, fresh.team_ids
                checked = now
                if told:
                    yield Event(event.id, live.RESYNC, {}).sse()
            if now - started > LIFETIME_SECONDS:
                return
            if event.kind != "membership":
                yield event.sse()
