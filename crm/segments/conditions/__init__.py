"""The conditions that crm itself offers, each declared once."""

from crm.segments.conditions.facts import FACTS
from crm.segments.conditions.happened import ACTIVITIES, APPOINTMENTS
from crm.segments.conditions.names import NAMES
from crm.segments.conditions.orders import ORDER
from crm.segments.conditions.own import CONSENTS, CUSTOMER

ALL = [*CUSTOMER, *FACTS, *CONSENTS, *ORDER, *APPOINTMENTS, *ACTIVITIES]

__all__ = ["ALL", "NAMES"]
