"""Named moments at which a worker stands still, once, when it is told to, so that something dies then."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

# Of a campaign: the audience is written and not committed; a batch is claimed and nothing marked; some are
# marked and the first is not handed over; they are handed over and not settled; they are settled.
CAMPAIGN = ("frozen", "claimed", "marked", "handed_over", "settled")
# Of confirmations: what is ahead is planned and not committed; an attempt is counted and nothing said; one is
# said and not committed; its delivery is marked and not handed over; it is handed over and not settled.
CONFIRMATIONS = ("planned", "tried", "said", "called", "taken")
LONGEST = 20.0  # seconds that anybody stands still


def file_of(folder: Path) -> Path:
    """The file that names the moment; whoever comes there first takes it away."""
    return folder / "stand-at"


def standing(folder: Path) -> Path:
    """The file of whoever stands still, with his process id; taken away, he goes on."""
    return folder / "standing"


def arm(folder: Path) -> None:
    """Let this process stand still at the moment that the file names."""
    from conversations.actions import deliveries
    from conversations.actions.campaigns import freezing
    from conversations.actions.campaigns import sending as mails
    from conversations.confirmations import planning, sending

    freezing.freeze = _stopping(freezing.freeze, folder, after="frozen")
    mails.prepare = _stopping(mails.prepare, folder, before="claimed")
    mails._hand_over = _stopping(mails._hand_over, folder, before="marked", after="handed_over")
    mails.release = _stopping(mails.release, folder, before="settled")
    planning.plan_ahead = _stopping(planning.plan_ahead, folder, after="planned")
    sending._send = _stopping(sending._send, folder, before="tried")
    sending._say = _stopping(sending._say, folder, after="said")
    deliveries._call = _stopping(deliveries._call, folder, before="called", after="taken")


def _stopping(
    function: Callable[..., Any], folder: Path, *, before: str = "", after: str = ""
) -> Callable[..., Any]:
    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        _stand(before, folder)
        found = function(*args, **kwargs)
        _stand(after, folder)
        return found

    return run


def _stand(point: str, folder: Path) -> None:
    mine = folder / f"standing-{os.getpid()}"
    try:
        if not point or file_of(folder).read_text() != point:
            return
        file_of(folder).rename(mine)  # one of those who are here
    except FileNotFoundError:
        return
    mine.write_text(str(os.getpid()))
    mine.rename(standing(folder))
    until = time.monotonic() + LONGEST
    while standing(folder).exists() and time.monotonic() < until:
        time.sleep(0.02)
    with suppress(FileNotFoundError):
        standing(folder).unlink()
