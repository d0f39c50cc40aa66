"""Every page of a business: asked for with ids of another, by a stranger, and by nobody."""

import re
from typing import Any

import pytest
from django.test import Client

from crm.models import Label
from tenants.scoping import tenant_scope
from tests.canary import driver
from tests.canary.conftest import SEARCHED, World
from tests.canary.driver import Answer, ask
from tests.canary.world import person
from tests.factories.crm import make_customer
from tests.guards.addresses import Address, addresses

INSIDE = [address for address in addresses() if address.is_inside]
WITH_ROWS = [address for address in INSIDE if driver.row_parameters(address)]
LABELLED: dict[str, Any] = {"ids": lambda address: address.label}


@pytest.fixture(scope="module")
def own_pages(world: World) -> dict[str, Answer]:
    """Every page as the owner gets it."""
    client = world.ours.client()
    return {address.label: ask(client, "get", own_path(world, address)) for address in INSIDE}


def own_path(world: World, address: Address) -> str:
    return next(driver.paths(address, world.ours, None))[0]


def own_path_of_theirs(world: World, address: Address, untouched: set[str]) -> str:
    """An address of theirs as they would ask for it; what stands in it is known to who asks."""
    path, _ = next(driver.paths(address, world.theirs, None))
    untouched |= set(re.findall(r"[0-9a-f-]{36}", path)) | {world.theirs.business.tenant.slug}
    return path


def test_what_a_request_writes_is_read_before_it_is_undone(world: World) -> None:
    """Changed rows as well as new ones; were they not seen, nothing of theirs would ever be found."""

    def write() -> None:
        with tenant_scope(world.ours.id):
            make_customer("Nueva Zarza")
            Label.objects.filter(pk=world.ours.first("crm.Label").pk).update(name="Otra Zarza")

    rows = driver.undone(world.ours, write)[1]
    assert ("Nueva Zarza" in rows, "Otra Zarza" in rows) == (True, True)


def test_every_address_can_be_driven() -> None:
    assert {a.label: driver.undrivable(a) for a in INSIDE if driver.undrivable(a)} == {}


@pytest.mark.parametrize("address", INSIDE, **LABELLED)
def test_own_page_answers_and_tells_nothing_of_theirs(
    world: World, own_pages: dict[str, Answer], address: Address, untouched: set[str]
) -> None:
    path = own_path(world, address)
    hints = {**driver.loose_fields(world.theirs), "q": SEARCHED}
    untouched |= {value for value in hints.values() if value != SEARCHED}
    client = world.ours.client()
    answers = [own_pages[address.label], ask(client, "get", path, hints)]
    if driver.is_searched(answers[0]):
        answers.append(ask(client, "get", path, {"q": SEARCHED}))
    assert [leak for answer in answers for leak in driver.leaks(world.watch, answer, untouched)] == []
    if not getattr(address.view, "finds_its_business", False):
        fine = (404,) if address.label in driver.SIGNED else (200, 302, 405)
        assert answers[0].status in fine, answers[0].text[:500]
        assert all(answer.status < 500 for answer in answers)


@pytest.mark.parametrize("address", WITH_ROWS, **LABELLED)
def test_page_with_their_rows_is_404(world: World, address: Address, untouched: set[str]) -> None:
    client = world.ours.client()
    wrong = []
    for path, ids in driver.paths(address, world.ours, world.theirs):
        untouched |= ids
        get = ask(client, "get", path)
        (post, rows) = driver.undone(
            world.ours, lambda path=path: ask(client, "post", path, {"name": "x", "text": "x"})
        )
        wrong += [f"{get.what}: {get.status}"] if get.status not in (404, 405) else []
        wrong += [f"{post.what}: {post.status}"] if post.status not in (404, 405) else []
        wrong += [leak for answer in (get, post) for leak in driver.leaks(world.watch, answer, ids)]
        wrong += [f"{post.what} keeps {needle}" for needle in world.watch.found_in(rows)]
    assert wrong == []


@pytest.mark.parametrize("address", INSIDE, **LABELLED)
def test_posting_their_ids_is_refused(world: World, address: Address, untouched: set[str]) -> None:
    """Their ids under every field's name that a form of ours might have."""
    client = world.ours.client()
    fields = {
        **driver.loose_fields(world.theirs),
        "q": SEARCHED,
        "name": "Nombre",
        "text": "Hola",
        "body": "Hola",
    }
    untouched |= set(fields.values()) - {SEARCHED}
    path = own_path(world, address)
    answer, rows = driver.undone(world.ours, lambda: ask(client, "post", path, fields))
    assert answer.status < 500, answer.text[:500]
    assert driver.leaks(world.watch, answer, untouched) == []
    assert world.watch.found_in(rows) == []


def test_every_form_with_their_rows_is_refused(
    world: World, own_pages: dict[str, Answer], untouched: set[str]
) -> None:
    """Every form on every page of ours, sent with their rows wherever it named ours."""
    client = world.ours.client()
    wrong = []
    for address in INSIDE:
        for action, fields in driver.forms_in(own_pages[address.label], own_path(world, address)):
            posted = driver.with_theirs(fields, world.ours, world.theirs)
            if posted is None:
                continue
            untouched |= {value for values in posted.values() for value in values}
            answer, rows = driver.undone(world.ours, lambda a=action, p=posted: ask(client, "post", a, p))
            wrong += [f"{answer.what}: {answer.status}"] if answer.status >= 500 else []
            wrong += driver.leaks(world.watch, answer, untouched)
            wrong += [f"{answer.what} keeps {needle}" for needle in world.watch.found_in(rows)]
    assert wrong == []


def test_stranger_finds_nothing(world: World, untouched: set[str]) -> None:
    """The owner of another business, at every address of this one, with its own right ids."""
    client, wrong = world.ours.client(), []
    for address in INSIDE:
        path = own_path_of_theirs(world, address, untouched)
        fine = {404, 405, 503} if getattr(address.view, "finds_its_business", False) else {404}
        for answer in (ask(client, method, path) for method in ("get", "post")):
            wrong += [f"{answer.what}: {answer.status}"] if answer.status not in fine else []
            wrong += driver.leaks(world.watch, answer, untouched)
    assert wrong == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_stranger_finds_nothing_by_any_method(world: World, method: str) -> None:
    """It is decided before a view is asked: one address stands for all."""
    assert ask(world.ours.client(), method, f"{world.theirs.business.base}inbox/").status == 404


def test_nobody_is_sent_to_log_in(world: World, untouched: set[str]) -> None:
    wrong = []
    for address in INSIDE:
        answer = ask(Client(), "get", own_path_of_theirs(world, address, untouched))
        if not getattr(address.view, "finds_its_business", False):
            is_sent = (answer.status, "/login/" in answer.text) == (302, True)
            wrong += [] if is_sent else [f"{answer.what}: {answer.status}"]
        wrong += driver.leaks(world.watch, answer, untouched)
    assert wrong == []


def test_former_member_finds_nothing(world: World) -> None:
    """It is decided before a view is asked, as for a stranger: one address in ten stands for all."""
    former = person(world.ours, "admin", "all", "Antes")
    client = world.ours.client(former)
    assert ask(client, "get", world.ours.business.base).status in (200, 302)
    with tenant_scope(world.ours.id):
        former.is_active = False
        former.save()
    assert {ask(client, "get", own_path(world, a)).status for a in INSIDE[::10]} <= {404, 503}


def test_the_walk_is_not_empty(world: World, own_pages: dict[str, Answer]) -> None:
    """Pages do show our own rows: were they empty, the absence of theirs would prove nothing."""
    shown = [label for label, answer in own_pages.items() if world.ours.word in answer.text]
    assert len(shown) >= len(INSIDE) // 4
