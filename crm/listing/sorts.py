"""The orders in which customers can be listed. Each is read from an index that begins with the business."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy


class Sort(NamedTuple):
    """An order: how an address calls it, what people read, and the fields as cursors take them."""

    name: str
    title: Any
    ordering: tuple[str, str]


CONTACT = Sort("contact", gettext_lazy("Latest contact first"), ("-last_contact_at", "-id"))
SORTS = {
    sort.name: sort
    for sort in (
        CONTACT,
        Sort("quiet", gettext_lazy("Longest without contact first"), ("last_contact_at", "id")),
        Sort("newest", gettext_lazy("Newest first"), ("-created_at", "-id")),
        Sort("oldest", gettext_lazy("Oldest first"), ("created_at", "id")),
        Sort("name", gettext_lazy("By name"), ("sort_name", "id")),
    )
}


def read(text: str) -> Sort:
    """The order that an address means; the usual one for what is none."""
    return SORTS.get(text, CONTACT)
