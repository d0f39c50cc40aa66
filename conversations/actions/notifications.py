"""What members are told: kept once, shown in the page, mailed as each wants it."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.models import Conversation, Notification, NotificationChoice, NotificationMail
from conversations.workspace import presence
from tenants.db.prepared import prepared
from tenants.kit import events
from tenants.models import Membership, TeamMember, Tenant
from tenants.permissions import ROLES, Permission, Sees
from tenants.queries import own
from tenants.refusals import Refused
from tenants.zones import all_zones

Kind = Notification.Kind
Way = NotificationChoice.Way
MOST_COUNTED = 100  # a counter says 99+ beyond
KEPT = timedelta(days=90)
GATHERED = timedelta(seconds=45)  # in which several messages of one customer become one mail


class InvalidChoice(Refused):
    """A kind, way, rhythm or hour there is not."""


def who_see(conversation: Conversation, members: Iterable[Membership]) -> set[UUID]:
    """Those of some members who may see a conversation; one query where any is narrowed to teams."""
    members = list(members)
    seeing = {one.pk for one in members if one.sees == Sees.ALL or one.pk == conversation.assignee_id}
    narrowed = [one.pk for one in members if one.sees == Sees.TEAMS and one.pk not in seeing]
    if narrowed and conversation.team_id:
        links = TeamMember.objects.filter(team_id=conversation.team_id, membership_id__in=narrowed)
        seeing |= set(links.values_list("membership_id", flat=True))
    return seeing


def answering(permission: Permission) -> list[Membership]:
    """The members whose role allows something."""
    roles = [role for role, allowed in ROLES.items() if permission in allowed]
    return list(Membership.objects.filter(is_active=True, role__in=roles))


@transaction.atomic(savepoint=False)
def tell(
    *,
    to: Iterable[Membership],
    kind: str,
    key: str,
    conversation: Conversation | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Let members know of something, each once; those who look at the conversation have seen it.

    The caller has asked who may see it. Whoever wants nothing of this kind gets nothing.
    """
    members = [one for one in to if one.is_active]
    if not members:
        return
    choices = choices_of(members)
    data = {**(data or {}), **({"customer": str(conversation.customer)} if conversation else {})}
    looking = presence.who_is_at(conversation.pk) if conversation else frozenset()
    for member in members:
        choice = choices[member.pk]
        if choice.way(kind) != Way.OFF:
            _keep(member, choice, kind, key, conversation, data, seen=str(member.pk) in looking)


def choices_of(members: Iterable[Membership]) -> dict[UUID, NotificationChoice]:
    """How each of some members wants to hear of things, also where nothing was chosen yet."""
    known = {one.membership_id: one for one in _chosen(members=[one.pk for one in members])}
    return {one.pk: known.get(one.pk) or NotificationChoice(membership=one) for one in members}


@prepared(NotificationChoice)
def _chosen(*, members: list[UUID]) -> QuerySet[NotificationChoice]:
    return NotificationChoice.objects.filter(membership_id__any=members)


def _keep(
    member: Membership,
    choice: NotificationChoice,
    kind: str,
    key: str,
    conversation: Conversation | None,
    data: dict[str, Any],
    *,
    seen: bool,
) -> None:
    if kind == Kind.ANSWERED:
        if seen:
            return
        data = data | {"count": 1 + _replace_unread(member, conversation)}
    now = timezone.now()
    told = Notification(
        membership=member,
        key=key,
        kind=kind,
        conversation=conversation,
        data=data,
        read_at=now if seen else None,
        mail=None if seen else _mail(member, choice, kind, key, now),
    )
    Notification.objects.bulk_create([told], ignore_conflicts=True)
    if not seen and _is_kept(notification=told.pk):
        announce(member.pk, conversation)


class _Kept(NamedTuple):
    id: UUID


@prepared(_Kept)
def _is_kept(*, notification: UUID) -> QuerySet[Notification]:
    return Notification.objects.filter(pk=notification)


def _replace_unread(member: Membership, conversation: Conversation | None) -> int:
    """Several messages of one customer are one notification: drop the unread one, say how many it counted."""
    if conversation is None:
        return 0
    unread = _unread(Kind.ANSWERED, member=member.pk, conversation=conversation.pk)
    if unread:
        Notification.objects.filter(pk__in=[one.pk for one in unread]).delete()
    return sum(int(one.data.get("count", 1)) for one in unread)


@prepared(Notification)
def _unread(kind: str, *, member: UUID, conversation: UUID) -> QuerySet[Notification]:
    return Notification.objects.filter(
        membership_id=member, conversation_id=conversation, kind=kind, read_at=None
    )


def _mail(
    member: Membership, choice: NotificationChoice, kind: str, key: str, now: datetime
) -> NotificationMail | None:
    """The mail that will tell of it: its own at once, or the member's next digest."""
    way = choice.way(kind)
    if way == Way.MAIL:
        mail = NotificationMail.objects.get_or_create(
            membership=member,
            slot=f"one:{key}"[:60],
            defaults={
                "kind": NotificationMail.Kind.SINGLE,
                "due_at": now + (GATHERED if kind == Kind.ANSWERED else timedelta()),
            },
        )[0]
        bells.notification_mail(mail.pk)
        return mail
    if way == Way.DIGEST:
        due = next_digest(choice, own(), now)
        return NotificationMail.objects.get_or_create(
            membership=member,
            slot=f"digest:{due.astimezone(UTC):%Y-%m-%dT%H:%M}",
            defaults={"kind": NotificationMail.Kind.DIGEST, "due_at": due},
        )[0]
    return None


def zone_of(choice: NotificationChoice, tenant: Tenant) -> ZoneInfo:
    """Where the member's day begins."""
    return ZoneInfo(choice.timezone) if choice.timezone in all_zones() else tenant.zone


def next_digest(choice: NotificationChoice, tenant: Tenant, now: datetime) -> datetime:
    """When the member's next digest leaves: the next full hour, or the next time it is his hour."""
    zone = zone_of(choice, tenant)
    local = now.astimezone(zone)
    if choice.rhythm == NotificationChoice.Rhythm.HOURLY:
        full = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return full + timedelta(hours=1)
    for days in (0, 1, 2):
        on = (local + timedelta(days=days)).date()
        due = datetime(on.year, on.month, on.day, choice.hour % 24, tzinfo=zone).astimezone(UTC)
        if due > now:
            return due
    return now + timedelta(days=1)


def announce(membership_id: UUID, conversation: Conversation | None = None) -> None:
    """Let the member's open pages count again."""
    data = {"membership": str(membership_id), "conversation": str(conversation.pk if conversation else "")}
    events.publish("notification", data, assignee_id=membership_id)


@transaction.atomic
def read(*, membership_id: UUID, ids: Collection[UUID] | None = None) -> list[UUID]:
    """Mark a member's notifications as read, all of them without `ids`; returns which were not."""
    return _mark(membership_id, Notification.objects.filter(read_at=None), ids, timezone.now())


@transaction.atomic
def unread(*, membership_id: UUID, ids: Collection[UUID]) -> list[UUID]:
    """Take that back."""
    return _mark(membership_id, Notification.objects.exclude(read_at=None), ids, None)


def _mark(membership_id: UUID, rows: Any, ids: Collection[UUID] | None, at: datetime | None) -> list[UUID]:
    rows = rows.filter(membership_id=membership_id)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    changed = list(rows.values_list("pk", flat=True))
    if changed:
        Notification.objects.filter(pk__in=changed).update(read_at=at)
        announce(membership_id)
    return changed


def seen(*, membership_id: UUID, conversation_id: UUID) -> None:
    """Who looks at a conversation has read what concerns it."""
    unread_ones = Notification.objects.filter(
        membership_id=membership_id, conversation_id=conversation_id, read_at=None
    )
    if unread_ones.update(read_at=timezone.now()):
        announce(membership_id)


@transaction.atomic
def choose(
    *,
    membership: Membership,
    ways: dict[str, str] | None = None,
    rhythm: str | None = None,
    hour: int | None = None,
    zone: str | None = None,
) -> NotificationChoice:
    """How a member wants to hear of things; what is not given stays. Raises `InvalidChoice`."""
    choice: NotificationChoice = NotificationChoice.objects.get_or_create(membership=membership)[0]
    for kind, way in (ways or {}).items():
        if kind not in Kind:
            raise InvalidChoice(_("There is no such kind of notification."), "ways")
        if way not in Way:
            raise InvalidChoice(_("Choose one of: page, mail, digest, off."), "ways")
    choice.ways = {**choice.ways, **(ways or {})}
    if rhythm is not None:
        if rhythm not in NotificationChoice.Rhythm:
            raise InvalidChoice(_("Choose hourly or daily."), "rhythm")
        choice.rhythm = rhythm
    if hour is not None:
        if not 0 <= hour <= 23:
            raise InvalidChoice(_("An hour is between 0 and 23."), "hour")
        choice.hour = hour
    if zone is not None:
        if zone and zone not in all_zones():
            raise InvalidChoice(_("There is no such time zone."), "timezone")
        choice.timezone = zone
    choice.save()
    return choice


@transaction.atomic
def unsubscribe(*, membership: Membership, kind: str) -> None:
    """No more mails of a kind, digests or single ones: what they told of is shown in the page."""
    choice: NotificationChoice = NotificationChoice.objects.get_or_create(membership=membership)[0]
    ended = Way.DIGEST if kind == NotificationMail.Kind.DIGEST else Way.MAIL
    choice.ways = {one: Way.PAGE if way == ended else way for one, way in choice.ways.items()}
    choice.save(update_fields=["ways"])


def forget_old() -> int:
    """Drop what was told long ago, and mails that left."""
    long_ago = timezone.now() - KEPT
    gone: int = Notification.objects.filter(created_at__lt=long_ago).delete()[0]
    NotificationMail.objects.filter(created_at__lt=long_ago, due_at=None).delete()
    return gone
