"""Collects rows and writes them in few statements, each with the age its identifier tells."""

from collections import defaultdict
from typing import Any

from django.db.models import DateTimeField, F, Func, Model
from django.db.models.functions import Coalesce, Greatest

from conversations.models import (
    Attachment,
    Conversation,
    ConversationLabel,
    Decision,
    Delivery,
    Draft,
    Episode,
    Handoff,
    InboundEvent,
    Message,
    Promise,
    ThreadReference,
    Turn,
)
from crm.models import (
    Activity,
    Appointment,
    Case,
    Customer,
    CustomerLabel,
    CustomerNote,
    FollowUp,
    Identity,
    Order,
    Payment,
    Relation,
    RelationEnd,
    TimelineEntry,
)
from feedback.models import Invitation, Response
from tenants.models import AuditEvent

# Those that are pointed to come first: the keys between them are checked at once.
IN_ORDER: list[Any] = [
    Customer,
    Identity,
    CustomerLabel,
    CustomerNote,
    Order,
    Appointment,
    Payment,
    Activity,
    Relation,
    RelationEnd,
    Conversation,
    ConversationLabel,
    Episode,
    Message,
    Turn,
    Decision,
    Handoff,
    Promise,
    Attachment,
    Delivery,
    Draft,
    ThreadReference,
    InboundEvent,
    Case,
    FollowUp,
    Invitation,
    Response,
    TimelineEntry,
    AuditEvent,
]
BATCH = 1_000
# When a row last changed, where its identifier does not tell.
CHANGED: dict[Any, F] = {
    Customer: F("last_contact_at"),
    Order: F("changed_at"),
    Appointment: F("changed_at"),
    Payment: F("changed_at"),
}


class Rows:
    """Rows still to be written. Their identifiers must come from `clock.uuid7_at`."""

    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Any]] = defaultdict(list)

    def add[Row: Model](self, row: Row) -> Row:
        """Keep a row for later; those of one model are written in this order."""
        if type(row) not in IN_ORDER:
            raise TypeError(f"rows.IN_ORDER does not say where {type(row).__name__} comes")
        self._rows[type(row)].append(row)
        return row

    def of[Row: Model](self, model: type[Row]) -> list[Row]:
        return self._rows[model]

    def save(self) -> None:
        """Write everything, in the business in scope."""
        for model in IN_ORDER:
            model.objects.bulk_create(self._rows[model], batch_size=BATCH)
        for model in IN_ORDER:
            date_back(model)


def date_back(model: Any) -> None:
    """Let rows be as old as their identifiers say: what fills `created_at` by itself knows only now."""
    fields = {field.name: field for field in model._meta.get_fields()}
    born = Func(F("id"), function="uuid_extract_timestamp", output_field=DateTimeField())
    changes: dict[str, Any] = {}
    if getattr(fields.get("created_at"), "auto_now_add", False):
        changes["created_at"] = born
    if getattr(fields.get("updated_at"), "auto_now", False):
        later = CHANGED.get(model)
        changes["updated_at"] = Greatest(born, Coalesce(later, born)) if later else born
    if changes:
        model.objects.update(**changes)
