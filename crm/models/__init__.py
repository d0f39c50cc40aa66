from crm.models.activity import Activity
from crm.models.appointment import Appointment
from crm.models.attribute import Attribute, Preference
from crm.models.case import Case
from crm.models.consent import Consent, ConsentEvent, Medium, Purpose
from crm.models.customer import Customer
from crm.models.follow_up import FollowUp
from crm.models.identity import Identity
from crm.models.label import CustomerLabel, Label
from crm.models.likeness import CustomerMerge, Likeness
from crm.models.note import CustomerNote
from crm.models.order import Order
from crm.models.payment import Payment
from crm.models.timeline_entry import TimelineEntry

__all__ = [
    "Activity",
    "Appointment",
    "Attribute",
    "Case",
    "Consent",
    "ConsentEvent",
    "Customer",
    "CustomerLabel",
    "CustomerMerge",
    "CustomerNote",
    "FollowUp",
    "Identity",
    "Label",
    "Likeness",
    "Medium",
    "Order",
    "Payment",
    "Preference",
    "Purpose",
    "TimelineEntry",
]
