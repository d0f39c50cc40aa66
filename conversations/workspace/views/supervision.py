"""The supervisor's page: what happens right now."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import queries, times
from conversations.actions.assignment import place_in_queue
from conversations.supervision import supervise
from conversations.workspace.views import panes
from tenants.actions.members import set_availability
from tenants.decorators import get_or_404, requires
from tenants.kit.undo import Undo, offer
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.SUPERVISION_READ)
@require_safe
def supervision(request: BusinessRequest) -> HttpResponse:
    """Load by person, team and channel, who waits for somebody, and how the channels are."""
    since = panes.stream_position(request)
    context = {"now": supervise(request.actor), "since": since}
    return render(request, "conversations/supervision.html", context)


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def availability(request: BusinessRequest, membership_id: UUID) -> HttpResponse:
    """Say that a member takes new conversations (`available`) or is away: oneself, or an administrator."""
    member = get_or_404(Membership.objects.filter(is_active=True), membership_id)
    if member.pk != request.membership.pk and not request.actor.can(Permission.MEMBERS_WRITE):
        raise PermissionDenied
    available = request.POST.get("available") == "yes"
    set_availability(membership=member, available=available, by=request.actor)
    back = "conversations:supervision" if request.POST.get("page") == "supervision" else "conversations:inbox"
    text = _("%(name)s is available.") if available else _("%(name)s is away and gets nothing new.")
    undo = Undo(
        text % {"name": member.name},
        burl(request, "conversations:availability", member.pk),
        {"available": "" if available else "yes", "page": request.POST.get("page", "")[:20]},
    )
    return offer(request, redirect(burl(request, back)), undo)


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def clocks(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """How long a conversation was with whom, what was promised, and at which place it waits."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    context = {
        "conversation": conversation,
        "episodes": times.of_conversation(conversation),
        "place": place_in_queue(conversation, request.tenant),
    }
    return render(request, "conversations/clocks.html", context)
