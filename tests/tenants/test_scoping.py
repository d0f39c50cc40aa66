"""The scope, the manager and the database, each refusing on its own."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from tenants.models import ApiKey, Team
from tenants.scoping import NoTenant, OtherTenant, current_tenant_id, run_alone, tenant_scope
from tests import servers
from tests.factories.tenants import Business


def test_query_without_scope_raises(business: Business) -> None:
    with pytest.raises(NoTenant):
        Team.objects.count()


def test_raw_query_without_scope_fails_in_the_database(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        Team.objects.create(name="Taller")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_team")


def test_scope_ends_where_it_began(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        assert current_tenant_id() == business.tenant.id
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant_id', true)")
        assert cursor.fetchone()[0] in (None, "")


def test_other_business_inside_a_scope_is_refused(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id), pytest.raises(OtherTenant), tenant_scope(other.tenant.id):
        pass


def test_rows_of_another_business_do_not_exist(business: Business, other: Business) -> None:
    with tenant_scope(other.tenant.id):
        theirs = Team.objects.create(name="Ajeno")
    with tenant_scope(business.tenant.id):
        assert Team.objects.filter(pk=theirs.pk).exists() is False
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM tenants_team WHERE id = %s", [theirs.pk])
            assert cursor.fetchone()[0] == 0


def test_row_for_another_business_is_refused(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id), pytest.raises(DatabaseError), transaction.atomic():
        Team(tenant_id=other.tenant.id, name="Ajeno").save(force_insert=True)


def test_key_into_another_business_is_refused(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id), pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(name="llave", prefix="x", scopes=[], created_by=other.owner)


def test_scope_restores_after_an_error(business: Business) -> None:
    with pytest.raises(ZeroDivisionError), tenant_scope(business.tenant.id):
        1 / 0  # noqa: B018
    with pytest.raises(NoTenant):
        current_tenant_id()
    with tenant_scope(business.tenant.id):
        assert Team.objects.count() == 0


def test_unknown_tenant_sees_nothing(db: None) -> None:
    with tenant_scope(uuid4()):
        assert Team.objects.count() == 0


NAME = "SELECT name FROM tenants_tenant WHERE id = current_setting('app.tenant_id')::uuid"


def end_connection(backend: int) -> None:
    with servers.superuser() as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


@pytest.mark.django_db(transaction=True)
def test_statement_alone_goes_out_again_where_the_kept_connection_is_dead(business: Business) -> None:
    assert run_alone(business.tenant.id, NAME, []) == [(business.tenant.name,)]
    before = connection.connection.info.backend_pid
    connection.close_if_unusable_or_obsolete()  # a request begins
    end_connection(before)
    assert run_alone(business.tenant.id, NAME, []) == [(business.tenant.name,)]
    assert connection.connection.info.backend_pid != before


@pytest.mark.django_db(transaction=True)
def test_statement_alone_that_ends_its_own_connection_is_tried_once_more_and_no_more(
    business: Business,
) -> None:
    run_alone(business.tenant.id, NAME, [])
    connection.close_if_unusable_or_obsolete()
    with pytest.raises(OperationalError):
        run_alone(business.tenant.id, "SELECT pg_terminate_backend(pg_backend_pid())", [])
    connection.close()
