"""Every background task knows its business, and its queue."""

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery, Task
from django.conf import settings

from config import metrics, supervisor
from tenants.kit import tasks as kit
from tenants.kit.tasks import TenantMissing, cross_business_task, ring_now, tenant_task
from tenants.pulse import BY_ITSELF
from tenants.scoping import OtherTenant, current_tenant_id, has_tenant, tenant_scope
from tests.factories.tenants import Business
from tests.guards.rules import Violation, unexcused

QUEUES = ("inbound", "replies", "automatic", "bulk", "slow")
AUTOMATIC = {
    "conversations.tasks.deliver_automatic",
    "conversations.campaign_tasks.advance_campaigns",
    "conversations.confirmation_tasks.send_confirmations",
    "conversations.confirmation_tasks.plan_ahead",
    "conversations.confirmation_tasks.call_silent",
    "conversations.journey_tasks.advance_journeys",
    "conversations.journey_tasks.look_for_entries",
}
SWEEPS = {
    "conversations.confirmation_tasks.sweep_confirmations",
    "conversations.journey_tasks.sweep_journeys",
    "conversations.journey_tasks.sweep_entries",
}
DEPLOY = Path(__file__).parents[2] / "docs/deploy"


def registered() -> dict[str, Task]:
    """Every task a worker would know; as a worker does, it asks the database for its version."""
    from config.celery import app

    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def unbound(tasks: Iterable[Task]) -> list[Violation]:
    """Tasks that are neither of one business nor a declared job over all, or have no queue of ours."""
    wrong = []
    for task in tasks:
        if task.name not in kit.TENANT_TASKS | kit.CROSS_BUSINESS_TASKS:
            wrong.append(Violation(task.name, "is neither a tenant_task nor a cross_business_task"))
        queue = task.app.amqp.router.route({}, task.name)["queue"].name
        if task.name not in kit.QUEUES or queue not in QUEUES:
            wrong.append(Violation(task.name, f"its queue is {queue}, undeclared or not one of ours"))
        if task.name in kit.TENANT_TASKS and not _refuses(task):
            wrong.append(Violation(task.name, "runs without a business"))
    return wrong


def _refuses(task: Task) -> bool:
    try:
        task()
    except TenantMissing:
        return True
    except Exception:  # noqa: BLE001 -- whatever it was, it ran
        return False
    return False


def unknown_beats(schedule: dict[str, dict[str, Any]], tasks: Iterable[str]) -> list[Violation]:
    """Periodic entries whose task does not exist or is of one business."""
    known = set(tasks)
    return [
        Violation(name, f"rings {entry['task']}, which is no cross_business_task")
        for name, entry in schedule.items()
        if entry["task"] not in known or entry["task"] not in kit.CROSS_BUSINESS_TASKS
    ]


@pytest.fixture
def throwaway(monkeypatch: pytest.MonkeyPatch) -> Celery:
    """Tasks made in a test leave no trace."""
    monkeypatch.setattr(kit, "TENANT_TASKS", set(kit.TENANT_TASKS))
    monkeypatch.setattr(kit, "CROSS_BUSINESS_TASKS", set(kit.CROSS_BUSINESS_TASKS))
    monkeypatch.setattr(kit, "QUEUES", dict(kit.QUEUES))
    app = Celery("throwaway", set_as_current=False, changes={"task_routes": ("tenants.kit.tasks.route",)})
    monkeypatch.setattr(kit, "shared_task", partial(app.task, shared=False))
    return app


def test_every_task_is_bound_and_queued() -> None:
    assert unexcused(unbound(registered().values()), {}) == []


def test_every_periodic_entry_rings_a_cross_business_task() -> None:
    assert unexcused(unknown_beats(settings.CELERY_BEAT_SCHEDULE, registered()), {}) == []


def test_what_people_get_by_itself_has_a_queue_of_its_own() -> None:
    registered()
    mine = {name for name, queue in kit.QUEUES.items() if queue in {"automatic", "bulk"}}
    assert mine == AUTOMATIC | SWEEPS
    stopped = {name for name, by in kit.STOPPED_BY.items() if by == BY_ITSELF}
    assert stopped == AUTOMATIC | {"conversations.tasks.send_scheduled"}
    rung_into = {
        entry["task"]: entry.get("options", {}).get("queue", settings.CELERY_TASK_DEFAULT_QUEUE)
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert {name: kit.QUEUES[name] for name in rung_into} == rung_into


def test_every_queue_has_a_worker_wherever_it_is_deployed() -> None:
    for file in ("process", "compose.yaml", "README.md"):
        workers = re.findall(r"-Q ([a-z,]+)", (DEPLOY / file).read_text())
        assert [set(one.split(",")) for one in workers] == [
            {"replies", "inbound"}, {"bulk", "automatic"}, {"slow"},
        ], file  # fmt: skip
    [laptop] = re.findall(r"-Q ([a-z,]+)", Path(supervisor.__file__).read_text())
    assert sorted(laptop.split(",")) == sorted(metrics.QUEUES) == sorted(QUEUES)


def test_wrong_tasks_are_told(throwaway: Celery) -> None:
    def work() -> None:
        """Nothing."""

    loose = throwaway.task(work, name="crm.tasks.loose", shared=False)
    queued = cross_business_task(queue="fast")(work)
    forged = throwaway.task(work, name="crm.tasks.forged", shared=False)
    kit.TENANT_TASKS.add("crm.tasks.forged")
    kit.QUEUES["crm.tasks.forged"] = "slow"
    assert [str(violation) for violation in unbound([loose, queued, forged])] == [
        "crm.tasks.loose: is neither a tenant_task nor a cross_business_task",
        "crm.tasks.loose: its queue is celery, undeclared or not one of ours",
        f"{queued.name}: its queue is fast, undeclared or not one of ours",
        "crm.tasks.forged: runs without a business",
    ]


def test_wrong_periodic_entry_is_told() -> None:
    schedule = {"sweep": {"task": "crm.tasks.gone"}}
    assert [str(v) for v in unknown_beats(schedule, [])] == [
        "sweep: rings crm.tasks.gone, which is no cross_business_task"
    ]


def test_tenant_task_works_inside_its_business(throwaway: Celery, business: Business) -> None:
    seen: list[Any] = []

    @tenant_task(queue="slow")
    def look(word: str) -> None:
        seen.append((current_tenant_id(), word))

    look(str(business.tenant.id), "hola")
    assert seen == [(business.tenant.id, "hola")]
    assert has_tenant() is False


def test_tenant_task_without_tenant_is_refused(throwaway: Celery) -> None:
    @tenant_task(queue="slow")
    def look() -> None:
        raise AssertionError

    for missing in ((), (None,), ("",)):
        with pytest.raises(TenantMissing):
            look(*missing)


def test_task_of_another_business_is_not_rung_from_inside_a_scope(
    throwaway: Celery, business: Business
) -> None:
    @tenant_task(queue="slow")
    def look() -> None:
        raise AssertionError

    with tenant_scope(business.tenant.id), pytest.raises(OtherTenant):
        ring_now(look, uuid4())


def test_ringing_names_the_business_first(
    throwaway: Celery, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    @tenant_task(queue="slow")
    def look(word: str) -> None:
        raise AssertionError

    sent: list[Any] = []
    monkeypatch.setattr(look, "apply_async", lambda args, **_: sent.append(args))
    with tenant_scope(business.tenant.id):
        assert ring_now(look, business.tenant.id, 7) is True
    assert sent == [(str(business.tenant.id), "7")]
