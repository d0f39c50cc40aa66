"""Whose a conversation is, how urgent, and whether it is done: one small POST each."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations import queries
from conversations.actions import conversations as acts
from conversations.models import Conversation
from conversations.workspace.forms import snooze_until, uuid_or_none
from conversations.workspace.views import panes
from crm.models import Label
from tenants.decorators import requires
from tenants.kit.undo import Undo, offer
from tenants.models import Membership, Team
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

Change = Callable[[BusinessRequest, Conversation], Undo | None]


def sorting(change: Change) -> Callable[..., HttpResponse]:
    """A view that makes a change and shows the head again; the change returns what undoes it, if anything."""

    @requires(Permission.CONVERSATIONS_WRITE)
    @require_POST
    def view(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
        conversation = queries.conversation_or_404(conversation_id, request.actor)
        try:
            undo = change(request, conversation)
        except Refused as error:
            return refused(request, conversation, str(error))
        return changed(request, conversation_id, undo)

    view.__name__, view.__doc__ = change.__name__, change.__doc__
    return view


def refused(request: BusinessRequest, conversation: Conversation, sentence: str) -> HttpResponse:
    """The sentence that says why not."""
    if request.htmx:
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    messages.error(request, sentence)
    return panes.back_to(request, conversation)


def changed(request: BusinessRequest, conversation_id: UUID, undo: Undo | None) -> HttpResponse:
    """The head as it is now. Who gave away what he may no longer see goes back to the queue."""
    still = queries.visible_to(request.actor).select_related("customer", "channel", "assignee__user", "team")
    conversation = still.filter(pk=conversation_id).first()
    if conversation is None:
        address = f"{burl(request, 'conversations:inbox')}?{request.GET.urlencode()}"
        return (
            HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else _redirect(address)
        )
    if request.htmx:
        response = render(request, "conversations/head_now.html", panes.head_context(request, conversation))
    else:
        response = panes.back_to(request, conversation)
    return offer(request, response, undo) if undo else response


def _redirect(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})


def _back(request: BusinessRequest, conversation: Conversation, view: str, text: str, to: object) -> Undo:
    """What brings a single value back at the address that changed it."""
    return Undo(text, burl(request, f"conversations:{view}", conversation.pk), {"to": str(to or "")})


@sorting
def assignment(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Give it to the member named by `to`, to oneself ("me"), or to nobody ("")."""
    to = request.POST.get("to", "")
    member = request.membership if to == "me" else None
    if to not in {"", "me"}:
        chosen = uuid_or_none(to)
        member = Membership.objects.filter(pk=chosen, is_active=True).first() if chosen else None
        if member is None:
            raise Refused(_("This person is no longer here. Choose somebody else."))
    before = conversation.assignee_id
    if acts.assign(conversation=conversation, to=member, by=request.actor).assignee_id == before:
        return None
    text = _("Assigned to %(name)s.") % {"name": member.name} if member else _("Back in the queue.")
    return _back(request, conversation, "assignment", text, before)


@sorting
def team(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Move it to a team's queue, or out of any."""
    to = request.POST.get("to", "")
    found = Team.objects.filter(pk=uuid_or_none(to)).first() if to else None
    if to and found is None:
        raise Refused(_("This team no longer exists. Choose another."))
    before = conversation.team_id
    if acts.set_team(conversation=conversation, team=found, by=request.actor).team_id == before:
        return None
    text = _("Moved to the team %(name)s.") % {"name": found.name} if found else _("Taken out of its team.")
    return _back(request, conversation, "team", text, before)


@sorting
def priority(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Say how urgent it is."""
    known = {str(value): value for value in Conversation.Priority.values}
    value = known.get(request.POST.get("to", ""))
    if value is None:
        raise Refused(_("Choose one of the priorities."))
    before = conversation.priority
    changed = acts.set_priority(conversation=conversation, priority=value, by=request.actor)
    if changed.priority == before:
        return None
    text = _("Priority: %(priority)s.") % {"priority": changed.get_priority_display()}
    return Undo(text, burl(request, "conversations:priority", conversation.pk), {"to": str(before)})


@sorting
def labels(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Make these its labels."""
    wanted = [found for found in map(uuid_or_none, request.POST.getlist("label")) if found]
    chosen = list(Label.objects.filter(pk__in=wanted))
    before = {str(label) for label in conversation.label_links.values_list("label_id", flat=True)}
    acts.set_labels(conversation=conversation, labels=chosen, by=request.actor)
    if before == {str(label.pk) for label in chosen}:
        return None
    url = burl(request, "conversations:labels", conversation.pk)
    return Undo(_("Labels changed."), url, {"label": sorted(before)})


@sorting
def closure(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Close it."""
    acts.close(conversation=conversation, by=request.actor)
    return Undo(_("Conversation closed."), burl(request, "conversations:reopening", conversation.pk))


@sorting
def reopening(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Take it up again."""
    acts.reopen(conversation=conversation, by=request.actor)
    return None


@sorting
def snooze(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Put it off until a moment, until the customer writes ("reply"), or until whichever comes first.

    `quiet` lets only the moment bring it back; "waiting" says that it is the customer's turn.
    """
    choice, undo = request.POST.get("until", ""), _as_it_was(request, conversation)
    if choice == "waiting":
        acts.wait(conversation=conversation, by=request.actor)
        return undo
    until = None if choice == "reply" else snooze_until(choice)
    if until is None and choice != "reply":
        raise Refused(_("Choose a day and an hour."))
    quiet = until is not None and bool(request.POST.get("quiet"))
    acts.snooze(conversation=conversation, until=until, until_reply=not quiet, by=request.actor)
    return undo


def _as_it_was(request: BusinessRequest, conversation: Conversation) -> Undo:
    """What takes a snooze back: open again, or put off as it was before."""
    text, status = _("Snoozed."), conversation.status
    again = burl(request, "conversations:snooze", conversation.pk)
    if status == Conversation.Status.WAITING:
        return Undo(text, again, {"until": "waiting"})
    if status == Conversation.Status.SNOOZED:
        until = conversation.snoozed_until
        quiet = {} if conversation.wakes_on_reply else {"quiet": "on"}
        return Undo(text, again, {"until": until.isoformat() if until else "reply", **quiet})
    return Undo(text, burl(request, "conversations:reopening", conversation.pk))
