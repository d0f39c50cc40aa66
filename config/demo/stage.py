"""What everybody who fills a demo business has at hand."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from config.demo.clock import Clock
from config.demo.rows import Rows
from conversations.models import Channel
from crm.models import Customer, Identity, Label, TimelineEntry
from tenants.models import AuditEvent, Membership, Team, Tenant

GREETINGS = {
    "es": ("Buenos días", "Buenas tardes", "Buenas noches"),
    "pt-br": ("Bom dia", "Boa tarde", "Boa noite"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One demo business: its people and things by the names that stories use, and where rows go."""

    tenant: Tenant
    clock: Clock
    members: dict[str, Membership]
    teams: dict[str, Team]
    labels: dict[str, Label]
    channels: dict[str, Channel]
    site: str
    rows: Rows = field(default_factory=Rows)
    customers: dict[str, Customer] = field(default_factory=dict)
    addresses: dict[tuple[UUID, str], Identity] = field(default_factory=dict)

    def greeting(self, moment: datetime) -> str:
        """How people greet at that hour."""
        hour = moment.astimezone(self.clock.calendar.zone).hour
        return GREETINGS[self.tenant.language][(hour >= 12) + (hour >= 19)]

    def remember(
        self,
        customer: Customer,
        kind: str,
        at: datetime,
        data: dict[str, Any] | None = None,
        *,
        object_id: UUID,
        context_id: UUID | None = None,
        channel: str = "",
        actor: str = "",
    ) -> None:
        """A line of the customer's history, as `crm.timeline.record` writes it."""
        self.rows.add(
            TimelineEntry(
                id=self.clock.id_at(at),
                customer=customer,
                kind=kind,
                happened_at=at,
                object_id=object_id,
                context_id=context_id,
                channel=channel,
                actor_label=actor,
                data=data or {},
            )
        )

    def audit(self, action: str, at: datetime, target: Any, by: Membership | None, **details: Any) -> None:
        """A row of the audit trail, as `tenants.audit.record` writes it."""
        self.rows.add(
            AuditEvent(
                id=self.clock.id_at(at),
                actor=by,
                actor_label=by.user.name if by else "Puente",
                action=action,
                target_type=target._meta.model_name or "",
                target_id=target.pk,
                details=details,
            )
        )
