"""Asking a worker what a draft means: only workers carry the encoder. Nobody waits for it long."""

import time

from celery import current_app
from django.conf import settings

from tenants.kit import asking
from tenants.scoping import current_tenant_id

LONGEST = 2_000  # characters of a draft
WAIT = 0.8  # seconds
REST = 30.0  # seconds without a question after one that nobody answered
TASK = "conversations.tasks.read_draft"


class _Pause:
    until = 0.0


def meant(draft: str, language: str) -> dict[str, float] | None:
    """For each fact the log-odds that a draft asks for it; None where no worker says so in time."""
    if not settings.BOT_ENCODER or time.monotonic() < _Pause.until:
        return None
    question = {"draft": draft[:LONGEST], "language": language}
    try:
        told: dict[str, float] | None = asking.ask(
            current_app.tasks[TASK], current_tenant_id(), question, seconds=WAIT
        )
    except asking.NobodyAnswered:
        _Pause.until = time.monotonic() + REST
        return None
    return told
