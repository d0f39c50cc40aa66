"""A call or a visit as the thread shows it, above its note."""

from typing import NamedTuple

from conversations.models import Message
from crm import calls


class CallLine(NamedTuple):
    """Plain values, so that a bubble can be remembered by them."""

    icon: str
    title: str
    length: str
    recording: str
    logged_by: str
    is_missed: bool
    stamp: str  # changes when more is known of it


def of(message: Message) -> CallLine | None:
    """None for what is neither."""
    call = message.data.get("call")
    if message.data.get("kind") not in {"call", "visit"} or not isinstance(call, dict):
        return None
    return CallLine(
        icon="store" if call.get("what") == "visit" else "phone",
        title=calls.title(call),
        length=calls.length(call.get("seconds")),
        recording=str(call.get("recording") or ""),
        logged_by=str(call.get("logged_by") or ""),
        is_missed=calls.is_missed(call),
        stamp="".join(sorted(dict(message.data.get("heard") or {}).values())),
    )
