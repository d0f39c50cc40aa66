"""Work that people wait for while a worker does it: taken by one worker, given up after some tries."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from conversations.models.slow_run import SlowRun

MOST_ATTEMPTS = 3
State = SlowRun.State


def claim[Run: SlowRun](model: type[Run], run_id: UUID | str, lease: timedelta) -> Run | None:
    """The run, counted as tried and not due before `lease` is over; None where there is nothing to do."""
    rows: Any = model
    waiting = rows.objects.select_for_update(of=("self",), skip_locked=True)
    run: Run | None = waiting.filter(
        pk=run_id, state__in=[State.WAITING, State.RUNNING], due_at__lte=timezone.now()
    ).first()
    if run is None:
        return None
    run.attempts += 1
    run.state, run.due_at = State.RUNNING, timezone.now() + lease
    if run.attempts > MOST_ATTEMPTS:
        run.state, run.due_at, run.finished_at = State.FAILED, None, timezone.now()
    run.save()
    return run if run.state == State.RUNNING else None


def mine[Run: SlowRun](run: Run) -> Run | None:
    """The run, locked, unless another worker took it meanwhile or it is gone."""
    rows: Any = type(run)
    found: Run | None = (
        rows.objects.select_for_update(of=("self",))
        .filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts)
        .first()
    )
    return found


def finish(run: SlowRun, state: str = State.DONE) -> None:
    """Nobody looks at it again."""
    run.state, run.due_at, run.finished_at = state, None, timezone.now()
    run.save()
