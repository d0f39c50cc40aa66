"""Blocks of `Name: value` lines, as reports are written in (RFC 3464 §2.1, RFC 5965 §3)."""

import re
from collections.abc import Iterable

from conversations.channels.email import addresses
from conversations.channels.email.parts import one_line

_FIELD_LINE = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*((?:.*)(?:\n[ \t]+\S.*)*)", re.MULTILINE)


def read_fields(block: str) -> dict[str, list[str]]:
    """Read `Name: value` lines; names in lower case, values unfolded and in order."""
    fields: dict[str, list[str]] = {}
    for match in _FIELD_LINE.finditer(block):
        fields.setdefault(match[1].lower(), []).append(one_line(match[2]))
    return fields


def usable(values: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses that mail can reach, each once, in the form used as identity."""
    found = (addresses.normalise(value) for value in values)
    return tuple(dict.fromkeys(address for address in found if address))
