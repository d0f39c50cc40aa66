"""Who acts: a member, an API key, or Puente itself. Every action takes one as `by`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from tenants.permissions import ROLES, Permission, Sees
from tenants.scoping import current_tenant_id

if TYPE_CHECKING:
    from tenants.models import ApiKey, Membership


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, with what he may do and see in the current business."""

    tenant_id: UUID
    label: str
    permissions: frozenset[Permission]
    sees: str = Sees.ALL
    membership: Membership | None = None
    api_key: ApiKey | None = None
    team_ids: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def membership_id(self) -> UUID | None:
        return self.membership.id if self.membership else None

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    @classmethod
    def of_membership(cls, membership: Membership) -> Actor:
        """The actor behind a member. Costs one query for the teams of a narrowed member."""
        teams: frozenset[UUID] = frozenset()
        if membership.sees == Sees.TEAMS:
            teams = frozenset(membership.team_links.values_list("team_id", flat=True))
        return cls(
            tenant_id=membership.tenant_id,
            label=membership.name,
            permissions=ROLES[membership.role],
            sees=membership.sees,
            membership=membership,
            team_ids=teams,
        )

    @classmethod
    def of_key(cls, key: ApiKey) -> Actor:
        """The actor behind an API key, limited to the key's scopes."""
        known = {permission.value for permission in Permission}
        scopes = frozenset(Permission(scope) for scope in key.scopes if scope in known)
        return cls(tenant_id=key.tenant_id, label=key.name, permissions=scopes, api_key=key)

    @classmethod
    def system(cls) -> Actor:
        """Puente itself, in the current business: imports, sweeps, automatic follow-ups."""
        return cls(tenant_id=current_tenant_id(), label="Puente", permissions=frozenset(Permission))
