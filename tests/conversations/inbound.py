"""What the inbound worker does, in the test's own process."""

from conversations.actions import inbound
from tests.factories.tenants import Business


def read_everything(business: Business) -> None:
    """Process every event that waits, in as many turns as it takes."""
    while inbound.process_due(business.tenant.id):
        pass
