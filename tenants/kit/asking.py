"""Questions a web process puts to a worker and waits for, in Valkey: what only workers carry stays theirs.

Nothing is kept: a question and its answer are gone after a minute, and each question is answered once.
"""

import json
import math
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import redis
import structlog
from celery import Task

from tenants.kit import valkey
from tenants.kit.tasks import ring_now

log = structlog.get_logger("puente.jobs")
KEPT = 60  # seconds
PAUSE = 0.1  # seconds of one look for an answer, below the client's own patience


class NobodyAnswered(RuntimeError):
    """No worker answered in time, or the one that tried failed."""


def ask(task: Task, tenant_id: object, question: dict[str, Any], *, seconds: float) -> Any:
    """A worker's answer, awaited so long. Raises `NobodyAnswered`."""
    number = uuid4().hex
    until = time.monotonic() + seconds
    try:
        valkey.client().set(_asked(tenant_id, number), json.dumps(question), ex=KEPT)
        if not ring_now(task, tenant_id, number, expires=math.ceil(seconds)):
            raise NobodyAnswered("the bell was not rung")
        while True:  # looked at once at least
            if found := valkey.client().blpop([_answered(tenant_id, number)], timeout=PAUSE):
                return _told(found[1])
            if time.monotonic() >= until:
                break
        valkey.client().delete(_asked(tenant_id, number))
    except redis.RedisError as error:
        raise NobodyAnswered(str(error)) from None
    raise NobodyAnswered("no worker was there in time")


def answer(tenant_id: object, number: str, think: Callable[[dict[str, Any]], Any]) -> None:
    """A worker's part. What was answered already, or is awaited no more, is left alone."""
    question: Any = valkey.client().getdel(_asked(tenant_id, number))
    if question is None:
        return
    try:
        told = json.dumps({"answer": think(json.loads(question))})
    except Exception:
        valkey.client().rpush(_answered(tenant_id, number), "{}")
        valkey.client().expire(_answered(tenant_id, number), KEPT)
        raise
    valkey.client().rpush(_answered(tenant_id, number), told)
    valkey.client().expire(_answered(tenant_id, number), KEPT)


def _told(text: str | bytes) -> Any:
    told = json.loads(text)
    if "answer" not in told:
        raise NobodyAnswered("the worker failed")
    return told["answer"]


def _asked(tenant_id: object, number: str) -> str:
    return valkey.key(tenant_id, "asked", number)


def _answered(tenant_id: object, number: str) -> str:
    return valkey.key(tenant_id, "answered", number)
