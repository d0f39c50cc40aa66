"""What a member is told: the list, the bell, and how he wants to hear of things."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import notification_queries as queries
from conversations.actions import notifications as acts
from conversations.models import Notification, NotificationChoice
from conversations.notices import CHANNELS, notice_of, place_of
from conversations.workspace.notification_forms import NotificationForm
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.templatetags.ui import timestamp
from tenants.urls_tools import burl

MOST_UNDONE = 5_000


class Line(NamedTuple):
    """A notification as the list shows it."""

    id: UUID
    title: str
    detail: str
    icon: str
    tone: str
    at: SafeString
    is_unread: bool


def line_of(notification: Notification) -> Line:
    """A notification in words."""
    notice = notice_of(notification)
    at = timestamp(notification.created_at)
    return Line(
        notification.pk, notice.title, notice.detail, notice.icon, notice.tone, at, not notification.read_at
    )


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def notifications(request: BusinessRequest) -> HttpResponse:
    """Mine, the newest first; `?view=unread` only what I have not read."""
    since = live.last_id(request.tenant.pk)
    only_unread = request.GET.get("view") == "unread"
    try:
        page = queries.page(request.actor, only_unread=only_unread, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "conversations:notifications"))
    context = {
        "lines": [line_of(one) for one in page.items],
        "next_cursor": page.next_cursor,
        "view": "unread" if only_unread else "all",
        "count": queries.unread_count(request.actor),
        "since": since,
    }
    return render(request, "conversations/notifications.html", context)


@requires(Permission.CONVERSATIONS_READ)
@require_safe
@never_cache
def bell(request: BusinessRequest) -> HttpResponse:
    """How many I have not read, and the newest of them."""
    count = queries.unread_count(request.actor)
    newest = next(iter(queries.newest_unread(request.actor)), None) if count else None
    notice = notice_of(newest) if newest else None
    return JsonResponse(
        {
            "count": f"{acts.MOST_COUNTED - 1}+" if count >= acts.MOST_COUNTED else str(count or ""),
            "label": ngettext("%(count)s unread notification", "%(count)s unread notifications", count)
            % {"count": count},
            "newest": {"id": str(newest.pk), "title": notice.title, "detail": notice.detail}
            if newest and notice
            else None,
        }
    )


@requires(Permission.CONVERSATIONS_READ)
@require_POST
def opening(request: BusinessRequest, notification_id: UUID) -> HttpResponse:
    """Go where it happened; it is read by then."""
    found = get_or_404(queries.of(request.actor), notification_id)
    acts.read(membership_id=request.membership.pk, ids=[found.pk])
    place = place_of(found)
    if place == CHANNELS and not request.actor.can(Permission.CHANNELS_READ):
        return redirect(burl(request, "conversations:notifications"))
    return redirect(f"/b/{request.tenant.slug}/{place}")


@requires(Permission.CONVERSATIONS_READ)
@require_POST
def reading(request: BusinessRequest) -> HttpResponse:
    """Mark as read: those named by `id`, or all; what was not read before can be so again."""
    ids = [one for one in map(_uuid, request.POST.getlist("id")) if one]
    changed = acts.read(membership_id=request.membership.pk, ids=ids or None)
    response = redirect(burl(request, "conversations:notifications"))
    if not changed:
        return response
    text = ngettext("%(count)s marked as read.", "%(count)s marked as read.", len(changed))
    text %= {"count": len(changed)}
    key = undo.keep("notifications", {"ids": changed[:MOST_UNDONE]})
    if not key:
        messages.success(request, text)
        return response
    url = burl(request, "conversations:notifications-unreading")
    return undo.offer(request, response, undo.Undo(text, url, {"undo": key}))


@requires(Permission.CONVERSATIONS_READ)
@require_POST
def unreading(request: BusinessRequest) -> HttpResponse:
    """Those marked a moment ago are unread again, or one named by `id`."""
    response = redirect(burl(request, "conversations:notifications"))
    ids = [one for one in map(_uuid, request.POST.getlist("id")) if one]
    if ids:
        acts.unread(membership_id=request.membership.pk, ids=ids)
        return response

    def restore(kept: dict[str, Any]) -> None:
        acts.unread(membership_id=request.membership.pk, ids=[UUID(one) for one in kept["ids"]])

    return undo.bring_back(request, response, "notifications", restore)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@requires(Permission.CONVERSATIONS_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: BusinessRequest) -> HttpResponse:
    """How I want to hear of each kind of thing."""
    choice = acts.choices_of([request.membership])[request.membership.pk]
    form = NotificationForm(request.POST or None, choice=choice, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        acts.choose(membership=request.membership, **form.changes())
        messages.success(request, _("Saved."))
        return redirect(burl(request, "conversations:notification-settings"))
    context = {"form": form, "rows": form.rows(), "ways": NotificationChoice.Way.choices}
    status = 422 if form.is_bound else 200
    return render(request, "conversations/notification_settings.html", context, status=status)
