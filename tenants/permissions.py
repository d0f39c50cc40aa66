"""What a person or a key may do. Roles are named bundles; code asks for permissions only."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One act on one kind of thing; also the scopes of an API key."""

    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    CUSTOMERS_IMPORT = "customers:import"
    CUSTOMERS_EXPORT = "customers:export"
    ATTRIBUTES_WRITE = "attributes:write"
    SEGMENTS_READ = "segments:read"
    SEGMENTS_WRITE = "segments:write"
    PRIVACY_READ = "privacy:read"
    PRIVACY_WRITE = "privacy:write"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    LABELS_WRITE = "labels:write"
    KNOWLEDGE_READ = "knowledge:read"
    KNOWLEDGE_WRITE = "knowledge:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    CAMPAIGNS_SEND = "campaigns:send"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    TEAMS_WRITE = "teams:write"
    CHANNELS_READ = "channels:read"
    CHANNELS_WRITE = "channels:write"
    INBOUND_READ = "inbound:read"
    INBOUND_WRITE = "inbound:write"
    FEEDBACK_READ = "feedback:read"
    SETTINGS_WRITE = "settings:write"
    KEYS_WRITE = "keys:write"
    AUDIT_READ = "audit:read"
    SUPERVISION_READ = "supervision:read"


class Role(models.TextChoices):
    """A member's role in one business."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")
    ANALYST = "analyst", _("Analyst (read only)")


class Sees(models.TextChoices):
    """How much of the business's conversations a member sees."""

    ALL = "all", _("Everything")
    TEAMS = "teams", _("Own teams and own conversations")
    OWN = "own", _("Only own conversations")


P = Permission
_READER = frozenset(
    {
        P.CUSTOMERS_READ,
        P.ORDERS_READ,
        P.SEGMENTS_READ,
        P.CONVERSATIONS_READ,
        P.KNOWLEDGE_READ,
        P.CAMPAIGNS_READ,
        P.MEMBERS_READ,
        P.CHANNELS_READ,
        P.FEEDBACK_READ,
    }
)
_AGENT = frozenset(_READER | {P.CUSTOMERS_WRITE, P.ORDERS_WRITE, P.CONVERSATIONS_WRITE})
_SUPERVISOR = frozenset(
    _AGENT
    | {
        P.LABELS_WRITE,
        P.KNOWLEDGE_WRITE,
        P.CAMPAIGNS_WRITE,
        P.CAMPAIGNS_SEND,
        P.SEGMENTS_WRITE,
        P.CUSTOMERS_IMPORT,
        P.CUSTOMERS_EXPORT,
        P.PRIVACY_READ,
        P.TEAMS_WRITE,
        P.INBOUND_READ,
        P.INBOUND_WRITE,
        P.AUDIT_READ,
        P.SUPERVISION_READ,
    }
)
_ADMIN = frozenset(Permission)

ROLES: dict[str, frozenset[Permission]] = {
    Role.OWNER: _ADMIN,
    Role.ADMIN: _ADMIN,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.AGENT: _AGENT,
    Role.ANALYST: _READER,
}
