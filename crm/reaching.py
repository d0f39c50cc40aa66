"""Which kinds of address somebody may be written to; the apps above know, so they register it here."""

from collections.abc import Callable

_reaches: list[Callable[[str], bool]] = []


def register(reaches: Callable[[str], bool]) -> None:
    """Say to which kinds of address one can write; called once from an app's `ready()`."""
    if reaches not in _reaches:
        _reaches.append(reaches)


def is_reached(identity_kind: str) -> bool:
    """Whether one can write to addresses of this kind."""
    return any(reaches(identity_kind) for reaches in _reaches)
