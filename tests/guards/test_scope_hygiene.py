"""What a scope leaves behind: nothing. Neither in the connection, nor in the thread, nor in a log line."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import Any

import pytest
import structlog
from asgiref.sync import async_to_sync, sync_to_async
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tenants.kit.tasks import TenantMissing
from tenants.models import Team
from tenants.scoping import NoTenant, OtherTenant, current_tenant_id, has_tenant, tenant_scope
from tests.factories.tenants import Business
from tests.guards.test_tasks import registered


def setting() -> str:
    """What the connection holds as the tenant; empty outside every scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.tenant_id', true), '')")
        return str(cursor.fetchone()[0])


class Broken(Exception):
    """Something goes wrong inside a scope."""


@pytest.mark.django_db(transaction=True)
def test_setting_lives_as_long_as_the_transaction(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        assert setting() == str(business.tenant.id)
    assert setting() == ""


@pytest.mark.django_db(transaction=True)
def test_setting_ends_with_an_exception(business: Business) -> None:
    with pytest.raises(Broken), tenant_scope(business.tenant.id):
        raise Broken
    assert (setting(), has_tenant()) == ("", False)


@pytest.mark.django_db(transaction=True)
def test_setting_ends_with_a_database_error(business: Business) -> None:
    with pytest.raises(DatabaseError), tenant_scope(business.tenant.id), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert (setting(), has_tenant()) == ("", False)


def test_savepoint_rolled_back_keeps_the_scope(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        with suppress(Broken), transaction.atomic():
            Team.objects.create(name="Taller")
            raise Broken
        assert (setting(), Team.objects.count()) == (str(business.tenant.id), 0)


def test_inner_scope_rolled_back_keeps_the_outer(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        with pytest.raises(Broken), tenant_scope(business.tenant.id):
            raise Broken
        assert setting() == str(business.tenant.id)
        assert current_tenant_id() == business.tenant.id


def test_inner_scope_released_keeps_the_outer(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        with tenant_scope(business.tenant.id):
            Team.objects.create(name="Taller")
        assert (setting(), Team.objects.count()) == (str(business.tenant.id), 1)
    assert setting() == ""


def test_scope_marked_for_rollback_ends_clean(business: Business) -> None:
    with transaction.atomic():
        with tenant_scope(business.tenant.id):
            transaction.set_rollback(True)
        assert setting() == ""


def test_refused_inner_scope_leaves_the_outer_alone(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id):
        with pytest.raises(OtherTenant), tenant_scope(other.tenant.id):
            pass
        assert setting() == str(business.tenant.id)


def test_two_businesses_one_after_the_other_in_one_transaction(business: Business, other: Business) -> None:
    with transaction.atomic():
        for each in (business, other):
            with tenant_scope(each.tenant.id):
                assert setting() == str(each.tenant.id)
            assert setting() == ""


@pytest.mark.parametrize("bad", ["", "x", "'; DROP TABLE tenants_team; --"])
def test_scope_of_nonsense_is_refused(db: None, bad: str) -> None:
    with pytest.raises(ValueError, match="badly formed"), tenant_scope(bad):
        pass
    assert has_tenant() is False


@pytest.mark.django_db(transaction=True)
def test_commit_hooks_run_without_a_scope(business: Business) -> None:
    seen: list[Any] = []
    with tenant_scope(business.tenant.id):
        transaction.on_commit(lambda: seen.append((has_tenant(), setting())))
    assert seen == [(False, "")]


def test_queryset_read_after_its_scope_fails(business: Business) -> None:
    """A lazy queryset that leaves its scope, as in a streamed response, reads nothing."""
    with tenant_scope(business.tenant.id):
        Team.objects.create(name="Taller")
        teams = Team.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        list(teams)


def test_generator_that_pauses_inside_a_scope_lends_it(business: Business) -> None:
    """Why the source guard forbids it: whoever iterates works in that business until the generator ends."""

    def rows() -> Iterator[int]:
        with tenant_scope(business.tenant.id):
            yield Team.objects.count()

    paused = rows()
    assert next(paused) == 0
    assert has_tenant() is True
    paused.close()
    assert (has_tenant(), setting()) == (False, "")


def in_a_thread(work: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def test_new_thread_has_no_scope(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        assert in_a_thread(has_tenant) is False
        with pytest.raises(NoTenant):
            in_a_thread(Team.objects.count)


@pytest.mark.django_db(transaction=True)
def test_thread_with_a_copied_context_cannot_read(business: Business) -> None:
    """A copied context says the business; the thread's own connection does not, and refuses."""

    def count() -> str:
        try:
            return str(Team.objects.count())
        except DatabaseError:
            return "refused"
        finally:
            connection.close()

    with tenant_scope(business.tenant.id):
        Team.objects.create(name="Taller")
        context = copy_context()
        assert in_a_thread(lambda: context.run(count)) == "refused"


@pytest.mark.django_db(transaction=True)
def test_two_threads_keep_their_businesses_apart(business: Business, other: Business) -> None:
    meeting = threading.Barrier(2)

    def count(tenant_id: Any, teams: int) -> int:
        try:
            with tenant_scope(tenant_id):
                for number in range(teams):
                    Team.objects.create(name=f"Equipo {number}")
                meeting.wait(5)
                return Team.objects.count()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = [pool.submit(count, business.tenant.id, 1), pool.submit(count, other.tenant.id, 3)]
        assert [future.result() for future in counts] == [1, 3]


def test_async_code_keeps_its_scope_in_sync_calls(business: Business) -> None:
    def inside() -> bool:
        with tenant_scope(business.tenant.id):
            return has_tenant()

    async def stream() -> tuple[bool, bool]:
        return await sync_to_async(inside)(), has_tenant()

    assert async_to_sync(stream)() == (True, False)


def test_log_lines_name_the_business_inside_only(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        assert structlog.contextvars.get_contextvars()["tenant"] == str(business.tenant.id)
    assert "tenant" not in structlog.contextvars.get_contextvars()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("persona", ["owner", "stranger", "nobody"])
def test_request_leaves_the_connection_clean(business: Business, other: Business, persona: str) -> None:
    clients = {
        "owner": business.client(business.owner),
        "stranger": other.client(other.owner),
        "nobody": Client(),
    }
    client = clients[persona]
    client.raise_request_exception = False
    for path in (business.base, f"{business.base}settings/", f"{business.base}no-such-page/", "/"):
        client.get(path)
        client.post(path)
        assert (setting(), has_tenant()) == ("", False)


@pytest.mark.django_db(transaction=True)
def test_task_leaves_the_connection_clean(business: Business) -> None:
    for task in registered().values():
        try:
            task(str(business.tenant.id))
        except (TypeError, TenantMissing):
            continue
        finally:
            assert (setting(), has_tenant()) == ("", False), task.name
