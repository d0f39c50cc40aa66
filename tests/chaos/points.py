"""Named moments in a campaign at which a worker dies by its own hand, once, when it is told to."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

# The moment after the audience is written and before it is committed; before anything is marked; before the
# first of those marked is handed over; before what was handed over is settled; after it is.
POINTS = ("frozen", "claimed", "marked", "handed_over", "settled")


def file_of(folder: Path) -> Path:
    """The file that names the moment; whoever dies there takes it away."""
    return folder / "die-at"


def arm(folder: Path) -> None:
    """Let this process die at the moment that the file names."""
    from conversations.actions.campaigns import freezing, sending

    freezing.freeze = _dying(freezing.freeze, "frozen", folder, before=False)
    sending.prepare = _dying(sending.prepare, "claimed", folder, before=True)
    hand_over = _dying(sending._hand_over, "marked", folder, before=True)
    sending._hand_over = _dying(hand_over, "handed_over", folder, before=False)
    sending.release = _dying(sending.release, "settled", folder, before=True)


def _dying(function: Callable[..., Any], point: str, folder: Path, *, before: bool) -> Callable[..., Any]:
    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        if before:
            _die(point, folder)
        found = function(*args, **kwargs)
        if not before:
            _die(point, folder)
        return found

    return run


def _die(point: str, folder: Path) -> None:
    with suppress(FileNotFoundError):
        if file_of(folder).read_text() == point:
            file_of(folder).unlink()
            os.kill(os.getpid(), signal.SIGKILL)
