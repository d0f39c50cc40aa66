"""The directory: everybody's doors are read before a business is known, and written only by their own."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants import doors
from tenants.models import DirectoryEntry, Membership, User
from tenants.permissions import Role
from tenants.scoping import tenant_scope, uuid7
from tests.factories.tenants import Business

MEMBER = """
INSERT INTO tenants_membership
  (id, tenant_id, user_id, role, sees, capacity, is_available, is_active, created_at)
VALUES (%s, %s, %s, 'owner', 'all', 20, true, true, now())
"""


def run(statement: str, *values: object) -> int:
    """Rows changed by a statement of the pages' role, past every manager."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def roles_of(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return sorted(Membership.objects.values_list("role", flat=True))


def test_member_of_another_business_cannot_be_made(business: Business, other: Business) -> None:
    stranger = User.objects.create_user("stranger@elsewhere.example")
    before = roles_of(other)
    with tenant_scope(business.tenant.id), pytest.raises(ProgrammingError, match="row-level security"):
        run(MEMBER, uuid7(), other.tenant.id, stranger.pk)
    assert roles_of(other) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tenants_membership SET role = 'owner' WHERE tenant_id = %s",
        "UPDATE tenants_membership SET is_active = false WHERE tenant_id = %s",
        "DELETE FROM tenants_directoryentry WHERE tenant_id = %s",
        "UPDATE tenants_directoryentry SET target_id = NULL WHERE tenant_id = %s",
    ],
)
def test_rows_of_another_business_cannot_be_changed(
    business: Business, other: Business, statement: str
) -> None:
    with tenant_scope(business.tenant.id):
        assert run(statement, other.tenant.id) == 0


def test_own_door_cannot_be_turned_to_another_business(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id), pytest.raises(ProgrammingError, match="row-level security"):
        run(
            "UPDATE tenants_directoryentry SET tenant_id = %s WHERE tenant_id = %s",
            other.tenant.id,
            business.tenant.id,
        )
    assert slug_leads_to(business) == business.tenant.id


def slug_leads_to(business: Business) -> UUID | None:
    door = doors.business_by_slug(business.owner.user_id, business.tenant.slug)
    return door.tenant_id if door else None


@pytest.mark.parametrize("table", ["tenants_membership", "tenants_directoryentry"])
def test_nothing_is_written_outside_a_scope(business: Business, table: str) -> None:
    with pytest.raises(DatabaseError):
        run(f"DELETE FROM {table} WHERE tenant_id = %s", business.tenant.id)


def test_doors_read_without_a_scope(business: Business, other: Business) -> None:
    assert [slug_leads_to(business), slug_leads_to(other)] == [business.tenant.id, other.tenant.id]
    assert [line.role for line in doors.businesses_of(other.owner.user_id)] == [Role.OWNER]


def test_reading_asks_no_policy(business: Business) -> None:
    """The open policy folds away: the look-ups of every request cost what they did without any."""
    with CaptureQueriesContext(connection) as captured:
        doors.membership_by_slug(business.owner.user_id, business.tenant.slug)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (VERBOSE) " + captured[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "app.tenant_id" not in plan


def test_secret_that_works_once_is_spent_by_its_own_business(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        doors.register("login", doors.fingerprint("once"), tenant_id=business.tenant.id)
        doors.register(
            "login",
            doors.fingerprint("late"),
            tenant_id=business.tenant.id,
            expires_at=timezone.now() - timedelta(seconds=1),
        )
    found = [doors.spend("login", secret) for secret in ("once", "once", "late", "never")]
    assert [door.tenant_id if door else None for door in found] == [business.tenant.id, None, None, None]


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_expired_doors_of_all_businesses_are_closed(business: Business, other: Business) -> None:
    now = timezone.now()
    for place in (business, other):
        with tenant_scope(place.tenant.id):
            for name, minutes in (("over", -1), ("fresh", 1)):
                key = f"{name} {place.tenant.slug}"
                expires_at = now + timedelta(minutes=minutes)
                doors.register("login", key, tenant_id=place.tenant.id, expires_at=expires_at)
    assert doors.forget_expired() == 2
    left = DirectoryEntry.objects.filter(kind="login").order_by("key").values_list("key", flat=True)
    assert list(left) == sorted(f"fresh {place.tenant.slug}" for place in (business, other))
