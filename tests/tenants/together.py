"""Doing things at the same moment, each in a thread with its own database connection."""

import threading
from collections.abc import Callable

from django.db import connections


def together(*acts: Callable[[], object]) -> list[str]:
    """Start all at once; what each returned or the name of what it raised, sorted."""
    start = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes.append(str(act()))
        except Exception as error:  # noqa: BLE001 -- the name is the outcome
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
