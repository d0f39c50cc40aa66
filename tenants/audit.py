"""The audit trail: one row per sensitive act, in the transaction of the act."""

from typing import Any

from django.db.models import Model

from tenants.actors import Actor
from tenants.models import AuditEvent


def record(action: str, *, target: Model | None, by: Actor, **details: Any) -> AuditEvent:
    """Write down who did what; `details` must be plain JSON. `action` reads as thing.verb."""
    return AuditEvent.objects.create(
        actor=by.membership,
        actor_label=by.label[:150],
        action=action,
        target_type=(target._meta.model_name or "") if target else "",
        target_id=target.pk if target else None,
        details=details,
    )
