"""Under which keys a customer is looked up: two who share none are never compared.

A key is a number, so that the index stays small and tells nobody anything. Few people share one; where many
do, as for a name half the town bears, only some of them are compared (`choose`).
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from crm.duplicates import names
from crm.duplicates.portraits import Portrait
from crm.duplicates.scoring import GENERIC

MOST = 40
CROWDED = 20  # under one key
MOST_COMPARED = 40  # with one customer
VOWELS = re.compile(r"[aeiou\W_]")


def of_portrait(portrait: Portrait) -> set[int]:
    """The keys of a customer, at most forty."""
    found: dict[int, None] = {}
    for text in _texts(portrait):
        found.setdefault(number(text))
    return set(list(found)[:MOST])


def number(text: str) -> int:
    """A key as a signed number of 64 bits."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _texts(portrait: Portrait) -> Iterator[str]:
    """The strongest first."""
    for document in portrait.documents:
        yield f"d:{document}"
    for phone in portrait.phones:
        yield f"p:{phone[-8:]}"
    for mailbox in portrait.emails:
        yield from _of_mailbox(mailbox)
    for order in portrait.orders:
        yield f"o:{order}"
    for one, other in names.pairs(portrait.name):
        yield f"n:{one}:{other}"
    for document in portrait.documents:
        if len(document) >= 7:
            half = len(document) // 2
            yield f"dl:{document[:half]}"
            yield f"dr:{document[half:]}"
    for phone in portrait.phones:
        if len(phone) == 10:
            yield f"pl:{phone[:6]}:{names.sound(portrait.name[0]) if portrait.name else ''}"
    if portrait.birth:
        yield f"b:{portrait.birth}"
    yield from _of_places(portrait)


def _of_mailbox(mailbox: str) -> Iterator[str]:
    local, _at, _domain = mailbox.partition("@")
    if len(local) < 5 or local in GENERIC:
        yield f"e:{mailbox}"
        return
    yield f"e:{local}"
    if len(bones := VOWELS.sub("", local)) >= 4:
        yield f"es:{''.join(sorted(set(bones)))}"


def _of_places(portrait: Portrait) -> Iterator[str]:
    heard = [sound for word in portrait.name[:4] for sound in names.sounds(word)]
    for place in filter(None, (portrait.postcode, portrait.city, portrait.company)):
        for sound in heard:
            yield f"l:{place}:{sound}"
    house = re.search(r"\d+", portrait.address)
    if house and portrait.postcode:
        yield f"h:{portrait.postcode}:{house[0]}"


def choose(met: Iterable[tuple[Any, int, Any]]) -> set[tuple[Any, Any]]:
    """Which pairs are worth comparing, of all that met under a key: (who, key, whom).

    Under a crowded key nobody is compared for that alone: it takes a second key that both share.
    """
    under: dict[tuple[Any, int], list[Any]] = defaultdict(list)
    for one, key, other in met:
        under[one, key].append(other)
    shared: dict[Any, Counter[Any]] = defaultdict(Counter)
    for (one, _key), others in under.items():
        shared[one].update(dict.fromkeys(others, 1 if len(others) >= CROWDED else 2))
    return {
        (one, other)
        for one, found in shared.items()
        for other, times in found.most_common(MOST_COMPARED)
        if times > 1
    }
