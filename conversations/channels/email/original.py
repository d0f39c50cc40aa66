"""Our own mail, as far as a report or a reply shows it."""

import re

from conversations.channels.email import addresses
from conversations.channels.email.mime import ParsedEmail, message_ids
from conversations.channels.email.parts import read_headers

MAX_RETURNED_BYTES = 262_144  # of a returned mail; its header fields are wanted
MAX_RECIPIENTS = 200
MAX_TEXT_CHARS = 20_000

_TEXT_MESSAGE_ID = re.compile(r"^[> ]*message-id:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_RETURNED_TYPES = frozenset(
    {
        "message/rfc822",
        "message/rfc822-headers",
        "text/rfc822-headers",
        "message/global",
        "message/global-headers",
    }
)


class Original:
    """Our mail, as far as a report or reply shows it."""

    def __init__(self, parsed: ParsedEmail) -> None:
        returned = next((part for part in parsed.root.walk() if part.content_type in _RETURNED_TYPES), None)
        self.headers = read_headers(returned.content()[:MAX_RETURNED_BYTES]) if returned else {}
        self.is_returned = returned is not None
        self.message_id = self._message_id(parsed)
        own = [item.address for name in ("reply-to", "from") for item in self.addresses(name)]
        self.reply_addresses = tuple(dict.fromkeys((*own, *parsed.recipients)))

    def _message_id(self, parsed: ParsedEmail) -> str:
        if found := message_ids(" ".join(self.headers.get("message-id", []))):
            return found[0]
        if parsed.in_reply_to:
            return parsed.in_reply_to
        if parsed.references:
            return parsed.references[-1]
        match = _TEXT_MESSAGE_ID.search(parsed.text, 0, MAX_TEXT_CHARS)
        return match[1] if match else ""

    def addresses(self, name: str) -> list[addresses.Address]:
        """Return the addresses in a header field of the returned mail."""
        return [item for value in self.headers.get(name, []) for item in addresses.parse(value)]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom we had written to."""
        return tuple(item.address for item in self.addresses("to")[:MAX_RECIPIENTS])
