"""Answers that go out later, as the page offers and shows them. Times are those of the business's zone."""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conversations.models import Conversation, ScheduledReply
from conversations.workspace.forms import snooze_until
from tenants import formats
from tenants.hours import calendar_of, is_open_at, next_opening
from tenants.models import SpecialDay, Tenant
from tenants.templatetags.ui import timestamp

HOUR = timedelta(hours=1)
MORNING = time(9)


class Choice(NamedTuple):
    """A moment offered beside Send."""

    value: str
    name: str
    when: str


class Waiting(NamedTuple):
    """A planned answer as the conversation shows it."""

    id: UUID
    text: str
    author: str
    files: tuple[str, ...]
    when: SafeString | None
    field: str  # as a date field takes it
    reason: str
    is_outrun: bool  # the customer wrote since


def choices() -> tuple[Choice, ...]:
    """What is offered now."""
    return (
        Choice("hour", _("In one hour"), formats.clock(timezone.localtime() + HOUR)),
        Choice("tomorrow", _("Tomorrow at nine, or when you open"), ""),
    )


def morning(tenant: Tenant) -> datetime:
    """Nine o'clock tomorrow, or when the business opens next after it."""
    now = timezone.localtime(timezone=tenant.zone)
    nine = datetime.combine(now.date() + timedelta(days=1), MORNING, tenant.zone)
    calendar = calendar_of(tenant, SpecialDay.objects.filter(date__gte=now.date()))
    return nine if is_open_at(calendar, nine) else next_opening(calendar, nine) or nine


def moment_of(choice: str, tenant: Tenant) -> datetime | None:
    """The moment of a choice, or of a date field; None for neither."""
    match choice:
        case "hour":
            return timezone.now() + HOUR
        case "tomorrow":
            return morning(tenant)
        case "3h" | "monday" | "week":
            return None
    return snooze_until(choice)


def shown(conversation: Conversation) -> tuple[Waiting, ...]:
    """What waits in a conversation, the next first."""
    rows = ScheduledReply.objects.filter(conversation=conversation).prefetch_related("files")
    return tuple(_shown(row, conversation) for row in sorted(rows, key=_order))


def _order(row: ScheduledReply) -> tuple[datetime, UUID]:
    return (row.send_at or row.created_at, row.pk)


def _shown(row: ScheduledReply, conversation: Conversation) -> Waiting:
    wrote = conversation.last_inbound_at
    return Waiting(
        id=row.pk,
        text=row.text,
        author=row.author_label,
        files=tuple(file.name for file in row.files.all()),
        when=timestamp(row.send_at, "full") if row.send_at else None,
        field=timezone.localtime(row.send_at).strftime("%Y-%m-%dT%H:%M") if row.send_at else "",
        reason=row.why,
        is_outrun=wrote is not None and wrote > row.created_at,
    )
