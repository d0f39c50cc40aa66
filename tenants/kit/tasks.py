"""Celery tasks that know their business."""

from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any

import redis
import structlog
from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from kombu import Connection
from kombu.pools import producers

from tenants import pulse
from tenants.kit import valkey
from tenants.kit.ringer import ringer
from tenants.scoping import OtherTenant, current_tenant_id, has_tenant, tenant_scope

log = structlog.get_logger("puente.jobs")
PATIENCE = 0.2  # seconds
UNHEARD = 60  # seconds after which a bell that nobody heard no longer keeps others from ringing
TENANT_TASKS: set[str] = set()
CROSS_BUSINESS_TASKS: set[str] = set()
QUEUES: dict[str, str] = {}
STOPPED_BY: dict[str, frozenset[pulse.Why]] = {}


class TenantMissing(TypeError):
    """A task was called without the business it is to work in."""


def tenant_task(
    *,
    queue: str,
    scoped: bool = True,
    rung_once: bool = False,
    stopped_by: frozenset[pulse.Why] = frozenset(),
) -> Callable[[Callable[..., Any]], Task]:
    """A task whose first argument is the business, entered around the call.

    `scoped=False` is for tasks that must commit between steps and open the scope themselves.
    `rung_once` is for tasks that do all that is due in the business: `ring_once` rings them.
    `stopped_by` says what keeps it from doing anything: a restored database, or a clock that is wrong. The
    sweeper rings again.
    """

    def decorate(function: Callable[..., Any]) -> Task:
        @wraps(function)
        def run(tenant_id: str | None = None, *args: Any) -> Any:
            if not tenant_id:
                raise TenantMissing(f"{function.__name__} needs the business as its first argument")
            with structlog.contextvars.bound_contextvars(tenant=str(tenant_id), task=function.__name__):
                if rung_once:
                    _heard(name, tenant_id)
                if stopped_by and pulse.is_held(stopped_by):
                    return None
                if not scoped:
                    return function(tenant_id, *args)
                with tenant_scope(tenant_id):
                    return function(*args)

        name = _name(function)
        STOPPED_BY[name] = stopped_by
        return _share(run, queue, TENANT_TASKS)

    return decorate


def cross_business_task(*, queue: str) -> Callable[[Callable[..., Any]], Task]:
    """A periodic task over all businesses: it may only look for work and fan out."""

    def decorate(function: Callable[..., Any]) -> Task:
        return _share(function, queue, CROSS_BUSINESS_TASKS)

    return decorate


def _share(function: Callable[..., Any], queue: str, kind: set[str]) -> Task:
    name = _name(function)
    kind.add(name)
    QUEUES[name] = queue
    return shared_task(name=name)(function)


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"


def route(name: str, *_: Any, **__: Any) -> dict[str, str] | None:
    """The queue a task was declared with, for Celery's `task_routes`: a `queue` on the task is deprecated."""
    return {"queue": QUEUES[name]} if name in QUEUES else None


def ring(task: Task, tenant_id: Any, *args: Any) -> None:
    """Enqueue after commit, within 200 ms, without ever raising: the sweeper finds what was not rung."""
    transaction.on_commit(lambda: ring_now(task, tenant_id, *args))


def ring_later(task: Task, tenant_id: Any, *args: Any, seconds: float) -> None:
    """The same, heard after some seconds: for the few that are worth a worker's memory meanwhile."""
    transaction.on_commit(lambda: ring_now(task, tenant_id, *args, countdown=seconds))


def ring_once(task: Task, tenant_id: Any) -> None:
    """The same for a task that does all that is due in a business: one bell is on its way at a time.

    Whoever finds the bell on its way has committed already, and the task forgets the bell before it
    looks for work: it sees what he committed. It is rung within milliseconds, on a thread of its own.
    """
    transaction.on_commit(
        lambda: ringer.ask((task.name, str(tenant_id)), partial(ring_once_now, task, tenant_id))
    )


def ring_once_now(task: Task, tenant_id: Any, countdown: float | None = None) -> bool:
    """At once; False when neither this bell nor another is on its way.

    `countdown` is seconds, well below `UNHEARD`, after which the worker begins.
    """
    bell = valkey.key(tenant_id, "bell", task.name)
    try:
        if not valkey.client().set(bell, 1, nx=True, ex=UNHEARD):
            return True
    except redis.RedisError as error:
        log.warning("bell not rung", task=task.name, error=str(error))
        return False
    if ring_now(task, tenant_id, countdown=countdown):
        return True
    _heard(task.name, tenant_id)
    return False


def _heard(name: str, tenant_id: Any) -> None:
    """Let the next one ring again."""
    try:
        valkey.client().delete(valkey.key(tenant_id, "bell", name))
    except redis.RedisError as error:
        log.warning("bell not forgotten", task=name, error=str(error))


def unheard(queue: str) -> int:
    """How many bells lie in a queue; 0 where the broker does not say."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    try:
        return int(valkey.client().llen(f"{prefix}{queue}"))  # type: ignore[arg-type]
    except redis.RedisError as error:
        log.warning("bells not counted", queue=queue, error=str(error))
        return 0


@cache
def _hasty_connection() -> Connection:
    """The broker, but giving up soon: workers may wait for it, requests may not."""
    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "max_retries": 0}
    return Connection(
        settings.CELERY_BROKER_URL,
        transport_options={**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **patience},
    )


def ring_now(
    task: Task, tenant_id: Any, *args: Any, expires: int | None = None, countdown: float | None = None
) -> bool:
    """Enqueue at once; False when the broker did not take it. Raises `OtherTenant` inside another's scope.

    `expires` is for bells that are rung again and again: seconds after which this one is worth nothing.
    `countdown` lets the worker begin so many seconds later.
    """
    if has_tenant() and str(current_tenant_id()) != str(tenant_id):
        raise OtherTenant(f"{task.name} is rung for {tenant_id} inside the scope of {current_tenant_id()}")
    try:
        with producers[_hasty_connection()].acquire(block=True, timeout=PATIENCE) as producer:
            task.apply_async(
                (str(tenant_id), *map(str, args)),
                retry=False,
                ignore_result=True,
                producer=producer,
                expires=expires,  # type: ignore[arg-type]
                countdown=countdown,  # type: ignore[arg-type]
            )
    except Exception as error:  # noqa: BLE001 -- kombu raises many kinds; the row is the truth
        log.warning("bell not rung", task=task.name, error=str(error))
        return False
    return True
