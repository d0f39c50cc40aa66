"""How many parts an SMS is paid as, and what is left of the last one.

Source: 3GPP TS 23.038 §6.2.1 (the 7-bit alphabet and its extension), TS 23.040 §9.2.3.24.1 (a long message
loses six bytes of each part to say how the parts go together).
"""

from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # two places each
ALONE = {"GSM-7": 160, "UCS-2": 70}  # places of a message that is one part
JOINED = {"GSM-7": 153, "UCS-2": 67}  # of each part of several


class Segments(NamedTuple):
    """What sending a text costs."""

    encoding: str  # GSM-7 or UCS-2
    parts: int
    left: int  # places free in the last part


def segments(text: str) -> Segments:
    """A text in parts. A character of two places is never cut in two."""
    text = text.replace("\r\n", "\n")
    encoding = "GSM-7" if set(text) <= BASIC | EXTENDED else "UCS-2"
    if encoding == "GSM-7":
        places = [2 if char in EXTENDED else 1 for char in text]
    else:
        places = [2 if ord(char) > 0xFFFF else 1 for char in text]
    if sum(places) <= ALONE[encoding]:
        return Segments(encoding, 1 if places else 0, ALONE[encoding] - sum(places))
    parts, used, most = 1, 0, JOINED[encoding]
    for place in places:
        if used + place > most:
            parts, used = parts + 1, 0
        used += place
    return Segments(encoding, parts, most - used)
