"""Workers' doors of what is asked about a campaign before it goes: its texts read for all, a test mail."""

from conversations.actions.campaigns import reading, trying_out
from tenants.kit.tasks import ring_once_now, tenant_task
from tenants.scoping import tenant_scope


@tenant_task(queue="slow", scoped=False, rung_once=True)
def read_campaign(tenant_id: str) -> None:
    with tenant_scope(tenant_id):
        has_more = reading.read_on()
    if has_more:
        ring_once_now(read_campaign, tenant_id)


@tenant_task(queue="slow", scoped=False)
def send_test_mail(tenant_id: str, variant_id: str, customer_id: str, membership_id: str) -> None:
    trying_out.send(tenant_id, variant_id, customer_id, membership_id)
