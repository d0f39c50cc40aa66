"""What the inbound worker does, in the test's own process."""

from conversations.actions import inbound
from conversations.models import InboundEvent
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business


def read_everything(business: Business) -> None:
    """Process every event that waits."""
    with tenant_scope(business.tenant.id):
        ids = list(InboundEvent.objects.filter(outcome="pending").order_by("id").values_list("id", flat=True))
    for event_id in ids:
        inbound.process(business.tenant.id, event_id)
