"""Celery tasks that know their business."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import structlog
from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from kombu import Connection
from kombu.pools import producers

from tenants.scoping import OtherTenant, current_tenant_id, has_tenant, tenant_scope

log = structlog.get_logger("puente.jobs")
PATIENCE = 0.2  # seconds
TENANT_TASKS: set[str] = set()
CROSS_BUSINESS_TASKS: set[str] = set()
QUEUES: dict[str, str] = {}


class TenantMissing(TypeError):
    """A task was called without the business it is to work in."""


def tenant_task(*, queue: str, scoped: bool = True) -> Callable[[Callable[..., Any]], Task]:
    """A task whose first argument is the business, entered around the call.

    `scoped=False` is for tasks that must commit between steps and open the scope themselves.
    """

    def decorate(function: Callable[..., Any]) -> Task:
        @wraps(function)
        def run(tenant_id: str | None = None, *args: Any) -> Any:
            if not tenant_id:
                raise TenantMissing(f"{function.__name__} needs the business as its first argument")
            with structlog.contextvars.bound_contextvars(tenant=str(tenant_id), task=function.__name__):
                if not scoped:
                    return function(tenant_id, *args)
                with tenant_scope(tenant_id):
                    return function(*args)

        return _share(run, queue, TENANT_TASKS)

    return decorate


def cross_business_task(*, queue: str) -> Callable[[Callable[..., Any]], Task]:
    """A periodic task over all businesses: it may only look for work and fan out."""

    def decorate(function: Callable[..., Any]) -> Task:
        return _share(function, queue, CROSS_BUSINESS_TASKS)

    return decorate


def _share(function: Callable[..., Any], queue: str, kind: set[str]) -> Task:
    name = f"{function.__module__}.{function.__name__}"
    kind.add(name)
    QUEUES[name] = queue
    return shared_task(name=name)(function)


def route(name: str, *_: Any, **__: Any) -> dict[str, str] | None:
    """The queue a task was declared with, for Celery's `task_routes`: a `queue` on the task is deprecated."""
    return {"queue": QUEUES[name]} if name in QUEUES else None


def ring(task: Task, tenant_id: Any, *args: Any) -> None:
    """Enqueue after commit, within 200 ms, without ever raising: the sweeper finds what was not rung."""
    transaction.on_commit(lambda: ring_now(task, tenant_id, *args))


@cache
def _hasty_connection() -> Connection:
    """The broker, but giving up soon: workers may wait for it, requests may not."""
    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "max_retries": 0}
    return Connection(
        settings.CELERY_BROKER_URL,
        transport_options={**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **patience},
    )


def ring_now(task: Task, tenant_id: Any, *args: Any) -> bool:
    """Enqueue at once; False when the broker did not take it. Raises `OtherTenant` inside another's scope."""
    if has_tenant() and str(current_tenant_id()) != str(tenant_id):
        raise OtherTenant(f"{task.name} is rung for {tenant_id} inside the scope of {current_tenant_id()}")
    try:
        with producers[_hasty_connection()].acquire(block=True, timeout=PATIENCE) as producer:
            task.apply_async(
                (str(tenant_id), *map(str, args)), retry=False, ignore_result=True, producer=producer
            )
    except Exception as error:  # noqa: BLE001 -- kombu raises many kinds; the row is the truth
        log.warning("bell not rung", task=task.name, error=str(error))
        return False
    return True
