from tenants.models.api_key import ApiKey
from tenants.models.audit_event import AuditEvent
from tenants.models.directory import DirectoryEntry, JobRun
from tenants.models.idempotency import IdempotencyRecord
from tenants.models.invite import Invite
from tenants.models.membership import Membership
from tenants.models.pulse import Pulse
from tenants.models.special_day import SpecialDay
from tenants.models.team import Team, TeamMember
from tenants.models.tenant import Tenant
from tenants.models.user import User

__all__ = [
    "ApiKey",
    "AuditEvent",
    "DirectoryEntry",
    "IdempotencyRecord",
    "Invite",
    "JobRun",
    "Membership",
    "Pulse",
    "SpecialDay",
    "Team",
    "TeamMember",
    "Tenant",
    "User",
]
