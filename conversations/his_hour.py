"""At what moment somebody may be written to unasked, by his own clock."""

from datetime import datetime
from uuid import UUID

from conversations import gate, right_time
from conversations.personalising.gathering import zones_of
from tenants.queries import own


def his_hour(customer_id: UUID, at: datetime, *, promotion: bool) -> datetime:
    """`at` itself where it may go out then, else the first moment after it. A few queries.

    Raises `right_time.NeverAllowed`.
    """
    tenant = own()
    hours = right_time.hours_of(gate.policy(), tenant)
    zone = zones_of([customer_id], tenant)[customer_id]
    return right_time.next_allowed(at, zone, hours, promotion=promotion)
