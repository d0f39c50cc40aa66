"""Every background task, called for one business with the rows of another; every job over all of them."""

import base64
import inspect
import json
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from tenants.kit import tasks as kit
from tenants.kit import valkey
from tests.canary import driver
from tests.canary.conftest import World
from tests.canary.world import ids_of
from tests.guards.test_tasks import registered

TASKS = registered()
OF_ONE = sorted(name for name in TASKS if name in kit.TENANT_TASKS)
OVER_ALL = sorted(name for name in TASKS if name in kit.CROSS_BUSINESS_TASKS)


# What is said along with a row, and names none.
SAID = {
    "receipt": "callback-1",
    "what": "saw",
    "kind": "inbound",
    "number": "1",
    "purpose": "promotion",
    "name": "x",
}


def row_arguments(name: str) -> list[str]:
    """What a task takes after the business."""
    function: Any = inspect.unwrap(TASKS[name].run)
    return [argument for argument in inspect.signature(function).parameters if argument != "tenant_id"]


def test_every_argument_names_a_model() -> None:
    unknown = {
        name: [a for a in row_arguments(name) if a not in SAID and not driver.thing(a)] for name in OF_ONE
    }
    assert {name: arguments for name, arguments in unknown.items() if arguments} == {}


@pytest.mark.parametrize("name", OF_ONE)
def test_task_with_their_rows_does_nothing(world: World, name: str, untouched: set[str]) -> None:
    ids = [
        SAID.get(argument) or str(world.theirs.first(str(driver.thing(argument))).pk)
        for argument in row_arguments(name)
    ]
    untouched |= set(ids)
    try:
        result = TASKS[name](str(world.ours.id), *ids)
    except (ObjectDoesNotExist, Http404):
        result = None
    assert world.watch.found_in(repr(result)) == []


def bells() -> list[list[str]]:
    """The arguments of every task in the broker's queues."""
    client = valkey.client()
    messages = [
        json.loads(raw)
        for queue in set(kit.QUEUES.values())
        for raw in client.lrange(f"puente:celery:{queue}", 0, -1)
    ]
    return [json.loads(base64.b64decode(message["body"]))[0] for message in messages]


def test_jobs_over_all_ring_each_business_for_its_own_rows(world: World) -> None:
    sides, rung = (world.ours, world.theirs), {}
    own = {str(side.id): ids_of(side) for side in sides}
    for name in OVER_ALL:
        valkey.client().flushdb()
        TASKS[name]()
        rung[name] = bells()
    own = {str(side.id): own[str(side.id)] | ids_of(side) for side in sides}
    foreign = [
        (name, tenant, rows)
        for name, bells_of_job in rung.items()
        for tenant, *rows in bells_of_job
        if not set(rows) <= own[tenant]
    ]
    assert foreign == []
