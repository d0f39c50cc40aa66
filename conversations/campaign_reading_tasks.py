"""Workers' doors of what is asked about a campaign before it goes: its texts read for all, a test sent."""

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
def send_test(
    tenant_id: str,
    message_template_version_id: str,
    channel_id: str,
    purpose: str,
    name: str,
    by: str,
    to: str,
    number: str,
    customer_id: str,
    like: str,
) -> None:
    what = (message_template_version_id, channel_id, purpose, name)
    trying_out.send(tenant_id, trying_out.Asked(*what, by, to, number, customer_id, like))
