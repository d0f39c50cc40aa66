"""Reading a member's notifications: only of conversations that he may still see."""

from django.db.models import Q, QuerySet

from conversations.actions.notifications import MOST_COUNTED
from conversations.models import Conversation, Notification
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.kit.cursors import Page
from tenants.permissions import Sees

AT_ONCE = 40
NEWEST = ("-id",)


def of(actor: Actor) -> QuerySet[Notification]:
    """An actor's own, narrowed to what he sees today."""
    mine: QuerySet[Notification] = Notification.objects.filter(membership_id=actor.membership_id)
    if actor.sees == Sees.ALL:
        return mine
    visible = Conversation.objects.visible_to(actor).values("pk")
    return mine.filter(Q(conversation=None) | Q(conversation_id__in=visible))


def page(actor: Actor, *, only_unread: bool = False, cursor: str = "", limit: int = AT_ONCE) -> Page:
    """The newest first. Raises `BadCursor`."""
    rows = of(actor).filter(read_at=None) if only_unread else of(actor)
    return cursors.page(rows, ordering=NEWEST, limit=limit, cursor=cursor)


def newest_unread(actor: Actor) -> QuerySet[Notification]:
    """What was told last and is not read yet."""
    return of(actor).filter(read_at=None).order_by("-id")[:1]


def unread_count(actor: Actor) -> int:
    """How many are unread, at most `MOST_COUNTED`."""
    return of(actor).filter(read_at=None).order_by()[:MOST_COUNTED].count()
