"""How every app adds to a customer's history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from crm.models import Customer, TimelineEntry


def record(
    *,
    customer: Customer,
    kind: str,
    happened_at: datetime,
    data: dict[str, Any] | None = None,
    object_id: UUID | None = None,
    context_id: UUID | None = None,
    channel: str = "",
    actor_label: str = "",
) -> TimelineEntry:
    """Add one line to a customer's history, in one INSERT.

    The same thing at the same moment is written once: a second call changes nothing, and what it
    returns is not the stored row. `context_id` names the conversation whose visibility the line
    shares; `data` must be plain JSON without NUL characters.
    """
    entry = TimelineEntry(
        customer=customer,
        kind=kind,
        happened_at=happened_at,
        object_id=object_id,
        context_id=context_id,
        channel=channel,
        actor_label=actor_label[:150],
        data=data or {},
    )
    TimelineEntry.objects.bulk_create([entry], ignore_conflicts=True)
    return entry


def forget(*, customer: Customer, kind: str, object_id: UUID) -> None:
    """Take the lines about a thing that is no more out of a customer's history."""
    TimelineEntry.objects.filter(customer=customer, kind=kind, object_id=object_id).delete()
