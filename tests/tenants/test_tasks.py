"""Jobs of the foundation, each run twice."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from config import health
from tenants import doors, tasks
from tenants.kit import valkey
from tenants.models import DirectoryEntry, IdempotencyRecord, Invite, JobRun
from tenants.scoping import tenant_scope, uuid7
from tests.factories.tenants import Business

OLD = timedelta(hours=49)


def make_answer(key: str, age: timedelta) -> None:
    record = IdempotencyRecord.objects.create(key=key, caller=uuid7(), fingerprint="0" * 64, status=201)
    IdempotencyRecord.objects.filter(pk=record.pk).update(created_at=timezone.now() - age)


def test_heartbeat_is_what_readiness_looks_for() -> None:
    for _time in range(2):
        tasks.heartbeat()
    assert tasks.WORKER_SEEN_KEY == health.WORKER_SEEN_KEY
    assert 0 < int(valkey.client().ttl(health.WORKER_SEEN_KEY)) <= tasks.WORKER_SEEN_FOR  # type: ignore[arg-type]


def test_turn_is_taken_once(db: None) -> None:
    slot = timezone.now()
    assert [tasks.take_turn("housekeeping", slot), tasks.take_turn("housekeeping", slot)] == [True, False]


def test_forget_answers_keeps_the_fresh_ones(business: Business, other: Business) -> None:
    for here in (business, other):
        with tenant_scope(here.tenant.id):
            make_answer("old", OLD)
            make_answer("new", timedelta(hours=47))
    for _time in range(2):
        tasks.forget_answers(str(business.tenant.id))
    with tenant_scope(business.tenant.id):
        assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["new"]
    with tenant_scope(other.tenant.id):
        assert IdempotencyRecord.objects.count() == 2


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_housekeeping_forgets_and_rings(
    business: Business, other: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "ring_now", lambda task, *args: rung.append((task.name, *map(str, args))))
    now = timezone.now()
    with tenant_scope(business.tenant.id):
        make_answer("old", OLD)
        fields = {"email": "ana@example.com", "expires_at": now + timedelta(days=1)}
        invite = Invite.objects.create(**fields)
        Invite.objects.create(**{**fields, "email": "b@example.com"}, sent_at=now)
        Invite.objects.create(**{**fields, "email": "c@example.com"}, revoked_at=now)
        doors.register("login", "over", tenant_id=business.tenant.id, expires_at=now - timedelta(minutes=1))
        doors.register("login", "fresh", tenant_id=business.tenant.id, expires_at=now + timedelta(minutes=1))
    with tenant_scope(other.tenant.id):
        make_answer("new", timedelta(0))
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(days=1))
    JobRun.objects.create(job="housekeeping", slot=now - timedelta(days=8))
    for _time in range(2):
        tasks.housekeeping()
    tenant_id = str(business.tenant.id)
    assert rung == [
        ("tenants.tasks.forget_answers", tenant_id),
        ("tenants.tasks.send_invite", tenant_id, str(invite.id)),
    ]
    assert list(DirectoryEntry.objects.filter(kind="login").values_list("key", flat=True)) == ["fresh"]
    assert Session.objects.count() == 0
    assert JobRun.objects.count() == 1
