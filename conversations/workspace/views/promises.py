"""Promises to customers: made beside the composer, kept, put off, withdrawn; and all of them on one page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import promise_queries, queries
from conversations.actions import promising
from conversations.models import Conversation, Promise
from conversations.workspace import later, promised
from conversations.workspace.views import panes
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.kit.undo import Undo, offer
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import back_to, burl

Act = Callable[[BusinessRequest, Promise], Undo]


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def promises(request: BusinessRequest) -> HttpResponse:
    """All that is promised: what is open, one's own, what is late, what was kept."""
    asked = request.GET.get("view", "")
    view = asked if asked in promise_queries.VIEWS else "open"
    try:
        page = promise_queries.page(view, request.actor, request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "conversations:promises"))
    context = {
        "view": view,
        "views": (
            ("open", _("Open promises")),
            ("mine", _("My promises")),
            ("late", _("Late promises")),
            ("kept", _("Kept promises")),
        ),
        "rows": [(promised.shown(one), one.customer) for one in page.items],
        "page": page,
    }
    return render(request, "conversations/promises.html", context)


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def promise_new(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """Write down what the customer was told."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    kind = request.POST.get("kind", "")
    try:
        made = promising.promise(
            conversation=conversation,
            text=request.POST.get("text", ""),
            due_at=_moment(request),
            kind=kind if kind in Promise.Kind.values else Promise.Kind.OTHER,
            by=request.actor,
        )
    except Refused as refusal:
        return _refused(request, conversation, refusal)
    url = burl(request, "conversations:promise-withdrawal", made.pk)
    return _answered(request, conversation, Undo(_("Promise noted."), url))


def _moment(request: BusinessRequest) -> datetime:
    """The moment chosen, or the one in the field. Raises `CannotPromise`."""
    given = request.POST.get("due_at", "")
    moment = later.moment_of(request.POST.get("due_at_own", "") if given == "own" else given, request.tenant)
    if moment is None:
        raise promising.CannotPromise(_("Choose a day and an hour."), "due_at")
    return moment


def _acting(act: Act) -> Callable[..., HttpResponse]:
    """A view that does something with one promise and says so."""

    @requires(Permission.CONVERSATIONS_WRITE)
    @require_POST
    def view(request: BusinessRequest, promise_id: UUID) -> HttpResponse:
        visible = promise_queries.visible_to(request.actor).select_related("conversation")
        promise = get_or_404(visible, promise_id)
        try:
            undo = act(request, promise)
        except Refused as refusal:
            return _refused(request, promise.conversation, refusal)
        return _answered(request, promise.conversation, undo)

    view.__name__, view.__doc__ = act.__name__, act.__doc__
    return view


@_acting
def promise_keeping(request: BusinessRequest, promise: Promise) -> Undo:
    """It was kept."""
    promising.fulfil(promise=promise, by=request.actor)
    return Undo(_("Promise kept."), burl(request, "conversations:promise-reopening", promise.pk))


@_acting
def promise_withdrawal(request: BusinessRequest, promise: Promise) -> Undo:
    """It need not be kept."""
    promising.withdraw(promise=promise, by=request.actor)
    return Undo(_("Promise withdrawn."), burl(request, "conversations:promise-reopening", promise.pk))


@_acting
def promise_reopening(request: BusinessRequest, promise: Promise) -> Undo:
    """Neither kept nor withdrawn after all."""
    promising.take_up(promise=promise, by=request.actor)
    return Undo(
        _("The promise is open again."), burl(request, "conversations:promise-withdrawal", promise.pk)
    )


@_acting
def promise_moment(request: BusinessRequest, promise: Promise) -> Undo:
    """Another moment."""
    before = promise.due_at
    promising.put_off(promise=promise, due_at=_moment(request), by=request.actor)
    url = burl(request, "conversations:promise-moment", promise.pk)
    return Undo(_("The promise has another time."), url, {"due_at": before.isoformat()})


def _answered(request: BusinessRequest, conversation: Conversation, undo: Undo) -> HttpResponse:
    """The conversation's promises as they are now, or the page it was asked from."""
    if request.htmx:
        context = {"conversation": conversation, "promises": promised.of_conversation(conversation)}
        context["query"] = request.GET.urlencode()
        return offer(request, render(request, "conversations/promised.html", context), undo)
    if request.POST.get("next"):
        undo = replace(undo, fields={**undo.fields, "next": request.POST["next"]})
    return offer(request, _back(request, conversation), undo)


def _refused(request: BusinessRequest, conversation: Conversation, refusal: Refused) -> HttpResponse:
    if request.htmx:
        return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
    messages.error(request, str(refusal))
    return _back(request, conversation)


def _back(request: BusinessRequest, conversation: Conversation) -> HttpResponse:
    if request.POST.get("next"):
        return back_to(request, burl(request, "conversations:promises"))
    return panes.back_to(request, conversation)
