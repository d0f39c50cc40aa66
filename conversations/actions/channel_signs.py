"""Signs of life of channels: when one last brought something, and when something last went out."""

from datetime import timedelta

from django.utils import timezone

from conversations.models import Channel

OFTEN = timedelta(minutes=1)  # a busy channel's row is written no more often


def note_event(channel: Channel) -> None:
    """Something came in. Call it last: it holds the channel's row."""
    _note(channel, "last_event_at")


def note_sent(channel: Channel) -> None:
    """The vendor took something. Call it last: it holds the channel's row."""
    _note(channel, "last_sent_at")


def _note(channel: Channel, field: str) -> None:
    """Waits for nobody: who holds the row writes down something alike."""
    now, last = timezone.now(), getattr(channel, field)
    if last is not None and now - last <= OFTEN:
        return
    rows = Channel.objects.filter(pk=channel.pk)
    if rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk").first():
        rows.update(**{field: now})
