"""The queue and the conversation: pages, and the pieces open pages fetch."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conversations import queries, thread_queries
from conversations.actions.seen import mark_seen
from conversations.workspace.feed import feed
from conversations.workspace.forms import query_of, uuid_or_none
from conversations.workspace.views import panes
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

MOST_AT_ONCE = 50


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def inbox(request: BusinessRequest) -> HttpResponse:
    """The queue. With htmx and a cursor, its next rows only."""
    since = panes.stream_position(request)
    filters = panes.filters_of(request)
    if request.htmx and request.GET.get("cursor"):
        page = panes.page_of(request, filters)
        context = panes.row_context(request, filters, page.items) | {"next_cursor": page.next_cursor}
        return render(request, "conversations/rows.html", context)
    context = panes.queue_context(request, filters, since)
    if request.htmx and request.htmx.target == "queue":
        return render(request, "conversations/queue.html", context)
    return panes.whole_page(request, context | {"pane": "queue"})


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def rows(request: BusinessRequest) -> HttpResponse:
    """Some conversations' rows, where they belong into the queue as shown, and the counters."""
    filters = panes.filters_of(request)
    wanted = [found for found in map(uuid_or_none, request.GET.getlist("id")[:MOST_AT_ONCE]) if found]
    found = queries.rows_in_view(wanted, filters, request.actor) if wanted else []
    context = panes.row_context(request, filters, found) | {"counts": panes.counts_of(request)}
    return render(request, "conversations/rows_update.html", context)


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def thread(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation; with htmx its pane and the customer's, else the whole workspace."""
    since = panes.stream_position(request)
    try:
        conversation = queries.conversation_or_404(conversation_id, request.actor)
    except Http404:
        survivor = queries.survivor_of(conversation_id, request.actor)
        if survivor:
            return _over_there(request, survivor)
        if not queries.had_once(conversation_id, request.actor):
            raise
        return _moved_on(request)
    if request.method == "GET" and not request.headers.get("Sec-Purpose"):
        mark_seen(conversation=conversation, by=request.actor)
    before, at = (uuid_or_none(request.GET.get(name)) for name in ("before", "at"))
    context = panes.thread_context(request, conversation, before, at)
    if request.htmx and request.htmx.target == "conversation":
        return render(request, "conversations/thread.html", context)
    queue = panes.queue_context(request, panes.filters_of(request), since, conversation.pk)
    return panes.whole_page(request, queue | context | {"pane": "conversation"})


def _over_there(request: BusinessRequest, survivor: UUID) -> HttpResponse:
    """It was merged: its messages are in another."""
    address = f"{burl(request, 'conversations:thread', survivor)}?{request.GET.urlencode()}"
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _moved_on(request: BusinessRequest) -> HttpResponse:
    """He answered it once, and others do now: nothing of it is shown, but the way back."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": request.get_full_path()})
    context = {"query": query_of(panes.filters_of(request))}
    return render(request, "conversations/moved_on.html", context, status=404)


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def earlier(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """What was said before a message, for the top of the feed."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    before = uuid_or_none(request.GET.get("before"))
    found = (
        thread_queries.messages_before(conversation, before)
        if before
        else thread_queries.newest_messages(conversation)
    )
    context = {
        "conversation": conversation,
        "items": feed(found.items, conversation, request.membership),
        "has_earlier": found.has_earlier,
        "first_id": found.items[0].pk if found.items else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "conversations/earlier.html", context)


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def updates(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """What is new in an open conversation after `?after=`; `?changed=` names messages to show again."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    changed = [found for found in map(uuid_or_none, request.GET.getlist("changed")[:MOST_AT_ONCE]) if found]
    if request.GET.get("looking"):
        mark_seen(conversation=conversation, by=request.actor)
    return panes.updates_response(request, conversation, uuid_or_none(request.GET.get("after")), changed)
