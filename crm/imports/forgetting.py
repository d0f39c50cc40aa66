"""What an import's journal says of one customer, taken out of it: the others can still be taken back."""

from collections.abc import Collection
from typing import Any
from uuid import UUID


def without(journal: Any, people: Collection[UUID]) -> Any:
    """A journal without some customers."""
    if not isinstance(journal, dict):
        return journal
    gone = {str(pk) for pk in people}
    kept = dict(journal)
    for name in ("created", "changed"):
        if name in kept:
            kept[name] = [entry for entry in kept[name] if entry[0] not in gone]
    for name in ("stood", "lifted"):
        if name in kept:
            kept[name] = {key: told for key, told in kept[name].items() if key.partition(":")[0] not in gone}
    return kept
