"""Why something failed or was parked: kept as the code has it, shown in the reader's language."""

from django.utils.translation import gettext as _


def shown(reason: str) -> str:
    """A stored reason translated: a sentence of ours, or words of ours, a colon and what a server said."""
    head, colon, said = reason.partition(": ")
    if not head:
        return reason
    whole = _(reason)
    return f"{_(head)}: {said}" if colon and whole == reason else whole
