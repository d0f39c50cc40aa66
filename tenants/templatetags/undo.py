"""What takes back what a message says was done."""

from typing import Any

from django import template
from django.contrib.messages.storage.base import Message

from tenants.kit import undo

register = template.Library()


@register.filter
def undo_of(message: Message) -> dict[str, Any] | None:
    """The form in a message: its `url`, and `fields` as pairs of a name and its values."""
    found = undo.offered(message.extra_tags)
    if found is None:
        return None
    pairs = [(name, value if isinstance(value, list) else [value]) for name, value in found["fields"].items()]
    return {"url": found["url"], "fields": pairs}
