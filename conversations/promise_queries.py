"""Reading promises to customers, narrowed to the conversations that the actor may see."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations.models import Conversation, Promise
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.kit.cursors import Page
from tenants.permissions import Sees

VIEWS = ("open", "mine", "late", "kept")
AT_ONCE = 50
OPEN = Q(kept_at=None, withdrawn_at=None)


def visible_to(actor: Actor) -> Any:
    """The promises an actor may see."""
    if actor.sees == Sees.ALL:
        return Promise.objects.all()
    return Promise.objects.filter(conversation_id__in=Conversation.objects.visible_to(actor).values("pk"))


def in_view(view: str, actor: Actor) -> tuple[QuerySet[Promise], tuple[str, str]]:
    """The promises of a view and their order: due first, or the one kept last first."""
    rows = visible_to(actor)
    if view == "kept":
        return rows.filter(kept_at__isnull=False), ("-kept_at", "-id")
    rows = rows.filter(OPEN)
    if view == "mine":
        rows = rows.filter(owner_id=actor.membership_id)
    elif view == "late":
        rows = rows.filter(due_at__lt=timezone.now())
    return rows, ("due_at", "id")


def page(view: str, actor: Actor, cursor: str) -> Page:
    """A page of a view. Raises `BadCursor`."""
    rows, ordering = in_view(view, actor)
    related = rows.select_related("customer", "owner__user")
    return cursors.page(related, ordering=ordering, limit=AT_ONCE, cursor=cursor)
