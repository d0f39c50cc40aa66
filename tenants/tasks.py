"""Jobs of the foundation. Tasks are leaves: they import inside the body, so that actions may name them."""

from datetime import datetime, timedelta

from django.utils import timezone

from tenants.kit.tasks import cross_business_task, ring_now, tenant_task

WORKER_SEEN_KEY = "puente:worker:seen"  # read by /readyz
WORKER_SEEN_FOR = 60  # seconds
ANSWERS_KEPT = timedelta(hours=48)
JOB_RUNS_KEPT = timedelta(days=7)

OLD_ANSWERS = "SELECT DISTINCT tenant_id FROM tenants_idempotencyrecord WHERE created_at < %s"
UNSENT_INVITES = """
SELECT tenant_id, id FROM tenants_invite
WHERE sent_at IS NULL AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > %s
"""


@cross_business_task(queue="replies")
def heartbeat() -> None:
    """Beat rang and a worker heard: /readyz sees this for a minute, however much comes in meanwhile."""
    from tenants.kit import valkey  # noqa: PLC0415 -- leaf

    valkey.client().set(WORKER_SEEN_KEY, timezone.now().isoformat(), ex=WORKER_SEEN_FOR)


@cross_business_task(queue="slow")
def housekeeping() -> None:
    """Once an hour: forget what nobody needs any more, and ring again for mails that never left."""
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 -- leaf

    from tenants import doors  # noqa: PLC0415 -- leaf
    from tenants.models import JobRun  # noqa: PLC0415 -- leaf

    now = timezone.now()
    if not take_turn("housekeeping", now.replace(minute=0, second=0, microsecond=0)):
        return
    doors.forget_expired()
    SessionStore.clear_expired()
    JobRun.objects.filter(slot__lt=now - JOB_RUNS_KEPT).delete()
    for tenant_id in _across(OLD_ANSWERS, now - ANSWERS_KEPT):
        ring_now(forget_answers, *tenant_id)
    for invite in _across(UNSENT_INVITES, now):
        ring_now(send_invite, *invite)


@tenant_task(queue="slow")
def forget_answers() -> None:
    """Drop the answers kept for repeated API requests once nobody repeats them."""
    from tenants.models import IdempotencyRecord  # noqa: PLC0415 -- leaf

    IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - ANSWERS_KEPT).delete()


@tenant_task(queue="replies")
def send_invite(invite_id: str) -> None:
    """Mail an invitation, once: the row is held while the mail goes out."""
    from tenants.mails import mail_invite  # noqa: PLC0415 -- leaf
    from tenants.models import Invite  # noqa: PLC0415 -- leaf

    waiting = Invite.objects.select_for_update(of=("self",)).filter(pk=invite_id, sent_at=None)
    invite = waiting.select_related("team", "invited_by__user").first()
    if invite is None or not invite.is_open:
        return
    mail_invite(invite)
    invite.sent_at = timezone.now()
    invite.save(update_fields=["sent_at"])


def take_turn(job: str, slot: datetime) -> bool:
    """Whether this run is the first of its slot: two schedulers then do the work once."""
    from tenants.models import JobRun  # noqa: PLC0415 -- leaf

    return JobRun.objects.get_or_create(job=job, slot=slot)[1]


def _across(statement: str, moment: datetime) -> list[tuple[str, ...]]:
    """Rows of all businesses (role ops): identifiers only, to fan out with."""
    from django.db import connections  # noqa: PLC0415 -- leaf

    with connections["ops"].cursor() as cursor:
        cursor.execute(statement, [moment])
        return cursor.fetchall()
