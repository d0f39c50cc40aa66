"""What the permissions are called where a person chooses them for an API key."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tenants.permissions import Permission as P

GROUPS: list[tuple[Any, list[tuple[P, Any]]]] = [
    (
        _("Customers"),
        [
            (P.CUSTOMERS_READ, _("Read customers and their history")),
            (P.CUSTOMERS_WRITE, _("Create and change customers")),
            (P.CUSTOMERS_IMPORT, _("Import files and take imports back")),
            (P.CUSTOMERS_EXPORT, _("Export customers")),
            (P.ORDERS_READ, _("Read orders, appointments, payments and activities")),
            (P.ORDERS_WRITE, _("Record orders, appointments, payments and activities")),
            (P.ATTRIBUTES_WRITE, _("Define the facts kept of customers")),
            (P.SEGMENTS_READ, _("See segments and who is in them")),
            (P.SEGMENTS_WRITE, _("Change segments")),
            (P.PRIVACY_READ, _("See privacy requests, notices and suppressed addresses")),
            (P.PRIVACY_WRITE, _("Answer privacy requests, erase customers, change notices and retention")),
            (P.LABELS_WRITE, _("Change labels")),
        ],
    ),
    (
        _("Conversations"),
        [
            (P.CONVERSATIONS_READ, _("Read conversations and messages")),
            (P.CONVERSATIONS_WRITE, _("Answer, assign and close")),
            (P.KNOWLEDGE_READ, _("Read the answers of the business")),
            (P.KNOWLEDGE_WRITE, _("Write, publish and import answers")),
            (P.CHANNELS_READ, _("See the channels")),
            (P.CHANNELS_WRITE, _("Change the channels")),
            (P.INBOUND_READ, _("See what came in and what was parked")),
            (P.INBOUND_WRITE, _("Read parked events again")),
            (P.SUPERVISION_READ, _("See the live load and the channels' health")),
            (P.FEEDBACK_READ, _("Read ratings")),
        ],
    ),
    (
        _("Campaigns"),
        [
            (P.CAMPAIGNS_READ, _("See campaigns, confirmations, journeys and their templates")),
            (P.CAMPAIGNS_WRITE, _("Write and change them")),
            (P.CAMPAIGNS_SEND, _("Send, pause and approve campaigns; switch confirmations and journeys on")),
        ],
    ),
    (
        _("Business"),
        [
            (P.MEMBERS_READ, _("See members and teams")),
            (P.MEMBERS_WRITE, _("Invite and change members")),
            (P.TEAMS_WRITE, _("Change teams")),
            (P.SETTINGS_WRITE, _("Change the business's settings")),
            (P.KEYS_WRITE, _("Create and revoke API keys")),
            (P.AUDIT_READ, _("Read the audit trail")),
        ],
    ),
]
