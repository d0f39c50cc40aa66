"""How long after the customer's last message a channel takes free text.

`Conversation.window_ends_at` is the end for a person; what is automatic may have less time.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from conversations.channels.base import Capabilities
from conversations.models import Conversation


def longest(can: Capabilities) -> timedelta | None:
    """A person's window; None where there is none."""
    return can.person_window or can.window


def after(can: Capabilities, written_at: datetime | None, known: datetime | None) -> datetime | None:
    """When the window ends after a message that the customer wrote then; a late one never shortens it."""
    window = longest(can)
    if window is None:
        return None
    now = timezone.now()
    ends = min(written_at or now, now) + window
    return max(ends, known) if known else ends


def ends_at(conversation: Conversation, can: Capabilities, *, person: bool = True) -> datetime | None:
    """Until when free text goes out; None where it never could, or where there is no window."""
    window = longest(can)
    if window is None:
        return None
    ends = conversation.window_ends_at
    if ends is None and conversation.last_inbound_at:
        ends = conversation.last_inbound_at + window
    return ends if person or ends is None or can.window is None else ends - window + can.window


def is_open(conversation: Conversation, can: Capabilities, *, person: bool = True) -> bool:
    """Whether free text goes out now."""
    if longest(can) is None:
        return True
    ends = ends_at(conversation, can, person=person)
    return ends is not None and ends > timezone.now()
