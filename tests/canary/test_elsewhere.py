"""Where rows are copied to: files, live events, sessions, log lines; and addresses outside any business."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from tenants.kit import events, valkey
from tenants.kit.files import ForeignFile
from tenants.scoping import NoTenant, tenant_scope
from tests.canary import driver
from tests.canary.conftest import World
from tests.canary.driver import ask
from tests.guards.addresses import Address, addresses

OUTSIDE = [a for a in addresses() if not a.is_inside and not a.is_api and driver.row_parameters(a)]


def their_file(world: World) -> str:
    with tenant_scope(world.theirs.id):
        name = default_storage.generate_filename("canary.txt")
        return default_storage.save(name, ContentFile(world.theirs.word.encode()))


@pytest.mark.parametrize("way", ["{path}", "{ours}/../{path}", "./{path}"])
@pytest.mark.parametrize("verb", ["open", "exists", "delete", "size", "path", "get_modified_time", "listdir"])
def test_their_files_cannot_be_reached(world: World, verb: str, way: str) -> None:
    path = their_file(world)
    asked = way.format(path=path, ours=world.ours.id)
    with tenant_scope(world.ours.id), pytest.raises(ForeignFile):
        getattr(default_storage, verb)(asked)
    with tenant_scope(world.theirs.id), default_storage.open(path) as file:
        assert file.read() == world.theirs.word.encode()


def test_file_without_a_business_is_refused(world: World) -> None:
    with pytest.raises(NoTenant):
        default_storage.save("canary.txt", ContentFile(b"x"))
    with tenant_scope(world.ours.id), pytest.raises(ForeignFile):
        default_storage.save("canary.txt", ContentFile(b"x"))
    with tenant_scope(world.ours.id), pytest.raises(ForeignFile):
        default_storage.listdir("")


def test_files_lie_under_their_business(world: World) -> None:
    with tenant_scope(world.ours.id):
        assert default_storage.generate_filename("a/b.txt") == f"{world.ours.id}/a/b.txt"


def test_event_of_theirs_lands_in_their_stream_alone(world: World) -> None:
    with tenant_scope(world.theirs.id):
        events.publish("message", {"text": world.theirs.word})
    ours = valkey.client().xrange(events.stream_key(world.ours.id))
    theirs = valkey.client().xrange(events.stream_key(world.theirs.id))
    assert (len(ours), len(theirs)) == (0, 1)


def test_session_names_no_business(world: World) -> None:
    client = world.ours.client()
    ask(client, "get", world.ours.business.base)
    assert str(world.ours.id) not in str(dict(client.session))


def test_request_line_names_the_business(world: World) -> None:
    world.lines.clear()
    ask(world.ours.client(), "get", world.ours.business.base)
    lines = [line for line in world.lines if "path=/b/" in line]
    assert [f"tenant={world.ours.id}" in line for line in lines] == [True]


def test_secrets_in_addresses_are_not_logged(world: World) -> None:
    world.lines.clear()
    ask(Client(), "get", "/invite/one-secret-token/")
    ask(Client(), "get", "/login-link/one-secret-token/")
    assert [line for line in world.lines if "one-secret-token" in line] == []


@pytest.mark.parametrize("address", OUTSIDE, ids=lambda address: address.label)
def test_public_address_with_their_rows_tells_nothing(
    world: World, address: Address, untouched: set[str]
) -> None:
    """By the door of our channel, with their rows in every other place."""
    wrong = []
    for path, ids in driver.paths(address, world.ours, world.theirs, keep=("channel_id",)):
        untouched |= ids
        for method in ("get", "post"):
            answer, rows = driver.undone(
                world.ours, lambda m=method, p=path: ask(Client(raise_request_exception=False), m, p, {})
            )
            wrong += (
                [f"{answer.what}: {answer.status}"] if answer.status >= 500 or answer.status < 300 else []
            )
            wrong += driver.leaks(world.watch, answer, ids)
            wrong += [f"{answer.what} keeps {needle}" for needle in world.watch.found_in(rows)]
    assert wrong == []


def test_media_is_not_served_by_itself(world: World) -> None:
    path = their_file(world)
    assert settings.MEDIA_URL in ("", "/")
    assert ask(Client(), "get", f"/media/{path}").status == 404


def test_channel_secrets_lie_encrypted(world: World) -> None:
    query = "SELECT secrets FROM conversations_channel WHERE tenant_id = %s"
    stored = [bytes(row[0]) for row in world.sees_all.execute(query, [world.theirs.id]).fetchall()]
    assert not any(world.theirs.word.encode() in secret for secret in stored)
    with tenant_scope(world.theirs.id):
        filled = world.theirs.first("conversations.Channel")
        filled.refresh_from_db()
        assert world.theirs.word in filled.secrets["password"]
