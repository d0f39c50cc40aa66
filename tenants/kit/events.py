"""Live events of a business, written to its stream after commit (ARCHITECTURE.md §4)."""

import json
from typing import Any
from uuid import UUID

import redis
import structlog
from django.db import transaction

from tenants.kit import valkey
from tenants.scoping import current_tenant_id

log = structlog.get_logger("puente.live")
KEPT = 5_000  # events a business keeps for those who reconnect; older ones mean "re-read"


def stream_key(tenant_id: UUID | str) -> str:
    """The Valkey stream of a business."""
    return valkey.key(tenant_id, "events")


def publish(
    kind: str,
    data: dict[str, Any],
    *,
    team_id: UUID | None = None,
    assignee_id: UUID | None = None,
    visitor: UUID | None = None,
    audience: str = "members",
) -> None:
    """Tell the open pages after commit. Never raises; a lost event is healed by re-reading.

    `audience` is "members" (narrowed by team and assignee), "visitor" (one web visitor) or "both".
    """
    tenant_id = current_tenant_id()
    fields = {
        "kind": kind,
        "data": json.dumps(data),
        "team": str(team_id or ""),
        "assignee": str(assignee_id or ""),
        "visitor": str(visitor or ""),
        "audience": audience,
    }
    transaction.on_commit(lambda: _write(tenant_id, fields))


def publish_membership(membership_id: UUID) -> None:
    """Let a member's open streams look again at what he may see, or end."""
    publish("membership", {"membership": str(membership_id)}, assignee_id=membership_id)


def _write(tenant_id: UUID, fields: dict[str, str]) -> None:
    try:
        valkey.client().xadd(stream_key(tenant_id), fields, maxlen=KEPT, approximate=True)  # type: ignore[arg-type]
    except redis.RedisError as error:
        log.warning("event not published", kind=fields["kind"], error=str(error))
