from crm.models.activity import Activity
from crm.models.appointment import Appointment
from crm.models.attribute import Attribute, Preference
from crm.models.case import Case
from crm.models.consent import Consent, ConsentEvent, Medium, Purpose
from crm.models.customer import Customer
from crm.models.customer_run import CustomerRun, CustomerRunItem
from crm.models.export_job import Export
from crm.models.follow_up import FollowUp
from crm.models.identity import Identity
from crm.models.import_job import Import, ImportChunk, ImportMapping
from crm.models.label import CustomerLabel, Label
from crm.models.likeness import CustomerMerge, Likeness, LikenessKey, LikenessScan
from crm.models.note import CustomerNote
from crm.models.order import Order
from crm.models.payment import Payment
from crm.models.privacy import (
    CustomerArchive,
    ErasedTotal,
    Erasure,
    PrivacyNotice,
    PrivacyRequest,
    RetentionRule,
    Tombstone,
)
from crm.models.product import Product
from crm.models.relation import Relation, RelationEnd
from crm.models.saved_view import SavedView
from crm.models.segment import Segment, SegmentChange, SegmentMember, SegmentVersion
from crm.models.suppression import (
    ConsentPolicy,
    Covers,
    ExclusionEntry,
    ExclusionList,
    ExclusionVersion,
    Suppression,
)
from crm.models.timeline_entry import TimelineEntry

__all__ = [
    "Activity",
    "Appointment",
    "Attribute",
    "Case",
    "Consent",
    "ConsentEvent",
    "ConsentPolicy",
    "Covers",
    "Customer",
    "CustomerArchive",
    "CustomerLabel",
    "CustomerMerge",
    "CustomerNote",
    "CustomerRun",
    "CustomerRunItem",
    "ErasedTotal",
    "Erasure",
    "ExclusionEntry",
    "ExclusionList",
    "ExclusionVersion",
    "Export",
    "FollowUp",
    "Identity",
    "Import",
    "ImportChunk",
    "ImportMapping",
    "Label",
    "Likeness",
    "LikenessKey",
    "LikenessScan",
    "Medium",
    "Order",
    "Payment",
    "Preference",
    "PrivacyNotice",
    "PrivacyRequest",
    "Product",
    "Purpose",
    "Relation",
    "RelationEnd",
    "RetentionRule",
    "SavedView",
    "Segment",
    "SegmentChange",
    "SegmentMember",
    "SegmentVersion",
    "Suppression",
    "TimelineEntry",
    "Tombstone",
]
