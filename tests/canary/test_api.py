"""Every operation of the API with the key of one business and the ids of another, in path, query and body."""

import json
import re
from functools import cache
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tenants.scoping import uuid7
from tests.canary import driver
from tests.canary.conftest import OURS, SEARCHED, World
from tests.canary.driver import Answer, ask
from tests.canary.world import Side
from tests.guards.addresses import Address, addresses, api_methods

API = [address for address in addresses() if address.is_api]
OPERATIONS = [(address, method) for address in API for method in api_methods(address)]
FREE_IDS = {
    "client_id": "made by the sender: the same send twice is one",
    "seen": "the last message the caller has read: compared, never kept",
}
IN_PATH = [(address, method) for address, method in OPERATIONS if driver.row_parameters(address)]
WRITING = [(address, method) for address, method in OPERATIONS if method in ("post", "put", "patch")]


def name(value: Any) -> str:
    return value.route.removeprefix("api/v1/") if isinstance(value, Address) else str(value)


def call(side: Side, method: str, path: str, body: Any = None, **extra: Any) -> Answer:
    """One call with the key of a business."""
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {side.key}"})
    if method == "get":
        return ask(client, method, path, body, **extra)
    return ask(client, method, path, json.dumps(body or {}), content_type="application/json", **extra)


@cache
def schema() -> dict[str, Any]:
    """The published schema."""
    return SchemaGenerator().get_schema(request=None, public=True)


def operation(address: Address, method: str) -> dict[str, Any]:
    """What the schema says about an operation."""
    shape = re.sub(r"<[^>]+>", "{}", address.route)
    for path, operations in schema()["paths"].items():
        if re.sub(r"{[^}]+}", "{}", path.lstrip("/")) == shape and method in operations:
            return operations[method]
    raise LookupError(f"{method.upper()} {address.route} is not in the schema")


def parameters(address: Address, theirs: Side) -> dict[str, str]:
    """Every filter of a list, set to their rows or to the beginning of the canary word."""
    given = {}
    for parameter in operation(address, "get").get("parameters", []):
        if parameter["in"] == "query" and parameter["name"] not in ("limit", "cursor", "fields"):
            label = driver.thing(parameter["name"])
            if "enum" not in parameter["schema"]:
                given[parameter["name"]] = str(theirs.first(label).pk) if label else SEARCHED
    return given


def needed(address: Address, ours: Side) -> dict[str, str]:
    """What a list cannot be asked for without: a row of ours, or a word."""
    given = operation(address, "get").get("parameters", [])
    names = [p["name"] for p in given if p["in"] == "query" and p.get("required")]
    things = {name: driver.thing(name) for name in names}
    return {name: str(ours.first(label).pk) if label else OURS for name, label in things.items()}


def example(  # noqa: PLR0911 -- one return per shape
    shape: dict[str, Any], theirs: Side, called: str = ""
) -> Any:
    """A body as the schema wants it, naming their rows wherever it names any."""
    if "$ref" in shape:
        return example(schema()["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]], theirs, called)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in shape:
            return example(shape[several][0], theirs, called)
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type")
    kind = next(k for k in kind if k != "null") if isinstance(kind, list) else kind
    if kind == "object":
        properties = shape.get("properties", {}).items()
        return {key: example(inner, theirs, key) for key, inner in properties if not inner.get("readOnly")}
    if kind == "array":
        return [example(shape["items"], theirs, called)]
    if called in FREE_IDS:
        return str(uuid7())
    if shape.get("format") == "uuid":
        label = driver.thing(called) or {"assignee": "tenants.Membership"}.get(
            called.removesuffix("_id"), "crm.Customer"
        )
        return str(theirs.first(label).pk)
    texts = {
        "date-time": "2026-05-04T10:00:00Z",
        "date": "2026-05-04",
        "email": "x@example.com",
        "decimal": "10.00",
    }
    return {"integer": 1, "number": 1.5, "boolean": True}.get(
        str(kind), texts.get(shape.get("format", ""), "texto")
    )


def body(address: Address, method: str, theirs: Side) -> Any:
    """The body of an operation, as its schema wants it."""
    content = operation(address, method).get("requestBody", {}).get("content", {})
    return example(next(iter(content.values()))["schema"], theirs) if content else {}


def ids_in(value: Any) -> set[str]:
    """Every identifier in a body."""
    return set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", json.dumps(value)))


def test_every_operation_can_be_driven() -> None:
    assert {name(a): driver.undrivable(a) for a in API if driver.undrivable(a)} == {}


def test_every_operation_is_in_the_schema() -> None:
    assert [(a, method) for a, method in OPERATIONS if not operation(a, method).get("operationId")] == []


@pytest.mark.parametrize("address", [a for a, method in OPERATIONS if method == "get"], ids=name)
def test_own_rows_are_told_and_theirs_are_not(world: World, address: Address, untouched: set[str]) -> None:
    path, _ = next(driver.paths(address, world.ours, None))
    hints = parameters(address, world.theirs)
    untouched |= ids_in(hints)
    own, searched = (
        call(world.ours, "get", path, needed(address, world.ours)),
        call(world.ours, "get", path, hints),
    )
    assert own.status == 200, own.text
    assert searched.status in (200, 400, 404), searched.text
    assert driver.leaks(world.watch, own) == []
    assert driver.leaks(world.watch, searched, untouched) == []


@pytest.mark.parametrize("address", [a for a, method in OPERATIONS if method == "get"], ids=name)
def test_their_cursor_tells_nothing_of_theirs(world: World, address: Address) -> None:
    path, _ = next(driver.paths(address, world.theirs, None))
    page = call(world.theirs, "get", path, {"limit": 1})
    world.remember()
    found = re.search(r'"next_cursor": ?"([^"]+)"', page.text)
    mine, _ = next(driver.paths(address, world.ours, None))
    answer = call(world.ours, "get", mine, {"cursor": found.group(1) if found else "x"})
    assert answer.status in (200, 400), answer.text
    assert driver.leaks(world.watch, answer) == []


@pytest.mark.parametrize(("address", "method"), IN_PATH, ids=name)
def test_their_rows_in_the_path_are_404(
    world: World, address: Address, method: str, untouched: set[str]
) -> None:
    wrong = []
    for path, ids in driver.paths(address, world.ours, world.theirs):
        untouched |= ids
        sent = body(address, method, world.ours) if method in ("post", "put", "patch") else None
        answer, rows = driver.undone(world.ours, lambda p=path, s=sent: call(world.ours, method, p, s))
        wrong += [] if answer.status == 404 else [f"{answer.what}: {answer.status} {answer.text[-300:]}"]
        wrong += driver.leaks(world.watch, answer, ids)
        wrong += [f"{answer.what} keeps {needle}" for needle in world.watch.found_in(rows)]
    assert wrong == []


@pytest.mark.parametrize(("address", "method"), WRITING, ids=name)
def test_their_rows_in_the_body_are_refused(
    world: World, address: Address, method: str, untouched: set[str]
) -> None:
    path, _ = next(driver.paths(address, world.ours, None))
    sent = body(address, method, world.theirs)
    untouched |= ids_in(sent)
    answer, rows = driver.undone(world.ours, lambda: call(world.ours, method, path, sent))
    assert answer.status < 500, answer.text
    assert not (ids_in(sent) & world.watch.needles and answer.status < 300), answer.text
    assert driver.leaks(world.watch, answer, untouched) == []
    assert world.watch.found_in(rows) == []


def test_same_idempotency_key_of_both_tells_each_his_own(world: World) -> None:
    """The answer kept for one business is not given to the other."""
    posting = [(a, m) for a, m in WRITING if m == "post" and not driver.row_parameters(a)]
    wrong = []
    for address, _method in posting:
        path = address.path(**driver.STANDINS)
        kept, _ = driver.undone(
            world.theirs,
            lambda a=address, p=path: call(
                world.theirs, "post", p, body(a, "post", world.theirs), headers={"Idempotency-Key": "one"}
            ),
        )
        answer, _ = driver.undone(
            world.ours,
            lambda a=address, p=path: call(
                world.ours, "post", p, body(a, "post", world.ours), headers={"Idempotency-Key": "one"}
            ),
        )
        wrong += [f"{answer.what}: {answer.status}"] if "idempotency-replayed" in answer.text.lower() else []
        wrong += driver.leaks(world.watch, answer)
        assert kept.status < 500
    assert wrong == []


@pytest.mark.parametrize("secret", ["", "nobody's key"])
def test_without_a_key_nothing_is_told(world: World, secret: str) -> None:
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
    paths = [next(driver.paths(address, world.theirs, None))[0] for address in API]
    answers = [ask(client, "get", path) for path in paths]
    assert {answer.status for answer in answers} <= {401}
