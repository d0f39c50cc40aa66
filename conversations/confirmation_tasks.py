"""Workers' doors of confirmations: each takes a business, enters it and calls one action."""

from django.db import connections
from django.utils import timezone

from conversations.confirmations import answering, busy, planning, sending, silence
from tenants.kit.tasks import cross_business_task, ring_once_now, tenant_task
from tenants.pulse import BY_ITSELF

DUE = """
SELECT DISTINCT tenant_id FROM conversations_confirmation WHERE state = 'waiting' AND due_at <= %(now)s
"""
SILENT = """
SELECT DISTINCT tenant_id FROM conversations_confirmation WHERE call_at IS NOT NULL AND call_at <= %(now)s
"""
ASKED = "SELECT DISTINCT tenant_id FROM conversations_confirmationstep WHERE plan_at IS NOT NULL"
HEARD = """
SELECT DISTINCT tenant_id FROM conversations_confirmation
WHERE answer_message_id IS NOT NULL AND answered_at IS NULL
"""
UNREAD = "SELECT DISTINCT tenant_id FROM conversations_agenda WHERE due_at <= %(now)s"


@tenant_task(queue="automatic", scoped=False, rung_once=True, stopped_by=BY_ITSELF)
def send_confirmations(tenant_id: str) -> None:
    if sending.send_due(tenant_id):
        ring_once_now(send_confirmations, tenant_id)


@tenant_task(queue="automatic", scoped=False, rung_once=True, stopped_by=BY_ITSELF)
def plan_ahead(tenant_id: str) -> None:
    planning.plan_asked(tenant_id)


@tenant_task(queue="inbound", scoped=False, rung_once=True)
def read_answers(tenant_id: str) -> None:
    if answering.read_due(tenant_id):
        ring_once_now(read_answers, tenant_id)


@tenant_task(queue="automatic", scoped=False, rung_once=True, stopped_by=BY_ITSELF)
def call_silent(tenant_id: str) -> None:
    silence.call_due(tenant_id)


@tenant_task(queue="slow", scoped=False, rung_once=True)
def read_calendars(tenant_id: str) -> None:
    busy.read_due(tenant_id)


WORK = (
    (ASKED, plan_ahead), (DUE, send_confirmations), (HEARD, read_answers), (SILENT, call_silent),
    (UNREAD, read_calendars),
)  # fmt: skip


@cross_business_task(queue="automatic")
def sweep_confirmations() -> int:
    """Ring in every business in which something is to be said, or somebody to be called."""
    rung = 0
    for query, task in WORK:
        with connections["ops"].cursor() as cursor:
            cursor.execute(query, {"now": timezone.now()})
            rung += sum(ring_once_now(task, tenant_id) for (tenant_id,) in cursor.fetchall())
    return rung
