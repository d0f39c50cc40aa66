from crm.models.case import Case
from crm.models.customer import Customer
from crm.models.follow_up import FollowUp
from crm.models.identity import Identity
from crm.models.label import CustomerLabel, Label
from crm.models.likeness import CustomerMerge, Likeness
from crm.models.note import CustomerNote
from crm.models.order import Order
from crm.models.timeline_entry import TimelineEntry

__all__ = [
    "Case",
    "Customer",
    "CustomerLabel",
    "CustomerMerge",
    "CustomerNote",
    "FollowUp",
    "Identity",
    "Label",
    "Likeness",
    "Order",
    "TimelineEntry",
]
