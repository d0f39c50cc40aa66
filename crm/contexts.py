"""What hangs on a conversation in a customer's records: it moves when the conversation's place does.

Nothing here knows what a conversation is: it is the identifier in `context_id`.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from crm.models import Case, FollowUp, TimelineEntry

TABLES = {"timeline": TimelineEntry, "cases": Case, "follow_ups": FollowUp}


def move(
    customer_id: UUID, *, origin: UUID, to: UUID, objects: Iterable[UUID] | None = None
) -> dict[str, list[str]]:
    """Let what belongs to one context belong to another. Returns the identifiers of what moved, by table.

    With `objects`, only those lines of the history which tell of them.
    """
    moved: dict[str, list[str]] = {}
    for name, model in TABLES.items():
        rows = model.objects.filter(customer_id=customer_id, context_id=origin)
        if objects is not None:
            if model is not TimelineEntry:
                continue
            rows = rows.filter(object_id__in=list(objects))
        ids = list(rows.values_list("pk", flat=True))
        model.objects.filter(pk__in=ids).update(context_id=to)
        moved[name] = [str(one) for one in ids]
    return moved


def give_back(moved: Mapping[str, list[str]], *, origin: UUID, to: UUID) -> None:
    """Undo `move`: what is still there belongs to the first context again."""
    for name, model in TABLES.items():
        model.objects.filter(pk__in=moved.get(name, []), context_id=to).update(context_id=origin)
