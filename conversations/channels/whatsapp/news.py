"""What WhatsApp says of the account, the number, templates, calls and people's wishes.

Source: developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference (Cloud API v24.0), the pages
account_update, message_template_*_update, user_preferences, calls.
"""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelNews, Ignored, Unreadable
from conversations.channels.meta.values import mapping, mappings, number, text
from conversations.channels.whatsapp import errors
from conversations.models import Template
from tenants.kit.text import one_line

UNKNOWN_FIELD = gettext_noop("WhatsApp sent an event of a kind we don't know yet")  # followed by its name
NOTHING = gettext_noop("WhatsApp sent an event without content.")
NOT_NEEDED = gettext_noop("Puente does not use this event")  # followed by its name
# Recognised, and without consequence: groups, and what the phone app shares once when it is connected.
UNUSED = {
    "account_settings_update", "automatic_events", "business_capability_update", "business_status_update",
    "flows", "group_lifecycle_update", "group_participants_update", "group_settings_update",
    "group_status_update", "history", "message_echoes", "messaging_handovers", "payment_configuration_update",
    "phone_number_name_update", "security", "smb_app_state_sync", "standby", "tracking_events",
    "user_id_update",
}  # fmt: skip

# The sentence, and whether the channel is broken by it (True), well again (False) or as before (None).
ACCOUNT: dict[str, tuple[str, bool | None]] = {
    "ACCOUNT_DELETED": (gettext_noop("The WhatsApp Business account was deleted at Meta."), True),
    "ACCOUNT_OFFBOARDED": (gettext_noop("The number was disconnected from Puente. Connect it again."), True),
    "ACCOUNT_RECONNECTED": (gettext_noop("The number is connected again."), False),
    "ACCOUNT_RESTRICTION": (gettext_noop("Meta restricts what the account may do"), None),
    "ACCOUNT_VIOLATION": (gettext_noop("Meta says that the account broke a rule"), None),
    "AD_ACCOUNT_LINKED": (gettext_noop("An advertising account was linked."), None),
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE": (
        gettext_noop("Meta has changed the prices of log-in codes abroad."), None,
    ),
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE": (
        gettext_noop("The business's country at Meta was set"), None,
    ),
    "MM_LITE_TERMS_SIGNED": (gettext_noop("The terms for marketing messages were accepted."), None),
    "PARTNER_ADDED": (gettext_noop("The account was shared with Puente."), None),
    "PARTNER_APP_INSTALLED": (gettext_noop("Puente's app was installed in the account."), None),
    "PARTNER_APP_UNINSTALLED": (
        gettext_noop("Puente's app was removed from the account. Connect it again."), True,
    ),
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE": (
        gettext_noop("Meta has checked the business's papers"), None,
    ),
    "PARTNER_REMOVED": (
        gettext_noop("The account is no longer shared with Puente. Connect it again."), True,
    ),
    "VOLUME_BASED_PRICING_TIER_UPDATE": (gettext_noop("The account has reached another price tier."), None),
}  # fmt: skip
OTHER_ACCOUNT = gettext_noop("Meta told of a change of the account")  # followed by its name
BANNED = gettext_noop("Meta has switched the account off. See the WhatsApp Manager for the reason.")
BAN_AHEAD = gettext_noop("Meta is about to switch the account off. See the WhatsApp Manager for the reason.")
REINSTATED = gettext_noop("Meta has switched the account on again.")
BAN_STATES: dict[str, tuple[str, bool | None]] = {
    "DISABLE": (BANNED, True),
    "SCHEDULE_FOR_DISABLE": (BAN_AHEAD, None),
    "REINSTATE": (REINSTATED, False),
}
NO_ANSWERS = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"  # not even answers go out
QUALITY = gettext_noop("Meta has judged the number's quality anew")  # followed by the limit

Status = Template.Status
TEMPLATE_STATES: dict[str, str] = {
    "APPROVED": Status.APPROVED,
    "REINSTATED": Status.APPROVED,
    "FLAGGED": Status.APPROVED,
    "UNARCHIVED": Status.APPROVED,
    "PENDING": Status.PENDING,
    "IN_APPEAL": Status.PENDING,
    "REJECTED": Status.REJECTED,
    "LIMIT_EXCEEDED": Status.REJECTED,
    "PAUSED": Status.PAUSED,
    "DISABLED": Status.DISABLED,
    "DELETED": Status.DISABLED,
    "PENDING_DELETION": Status.DISABLED,
    "LOCKED": Status.DISABLED,
    "ARCHIVED": Status.DISABLED,
}
TEMPLATE_FIELDS = {
    "message_template_status_update": "template_status",
    "message_template_quality_update": "template_quality",
    "template_category_update": "template_category",
    "message_template_components_update": "template_components",
}
CALLS = {
    ("connect", "user_initiated"): gettext_noop("A call came in on WhatsApp. It cannot be taken in Puente."),
    ("connect", "business_initiated"): gettext_noop("The customer took a call on WhatsApp."),
    ("terminate", "user_initiated"): gettext_noop("The customer's call on WhatsApp has ended."),
    ("terminate", "business_initiated"): gettext_noop("A call to the customer on WhatsApp has ended."),
}
CALL_STATUS = gettext_noop("A call on WhatsApp")  # followed by its status
PERMISSIONS = {
    "accept": gettext_noop("The customer allows calls on WhatsApp."),
    "reject": gettext_noop("The customer does not want calls on WhatsApp."),
}
PREFERENCES = {
    "stop": gettext_noop("The customer wants no more marketing messages on WhatsApp."),
    "resume": gettext_noop("The customer wants marketing messages on WhatsApp again."),
    "signup": gettext_noop("The customer signed up for marketing messages on WhatsApp."),
}
PREFERENCE = gettext_noop("The customer has changed what he wants to get on WhatsApp.")


def read(entry: dict[str, Any], change: dict[str, Any]) -> ChannelNews | Ignored:
    """A change that speaks of the account, the number or a template. Raises `Unreadable`."""
    field, value = text(change.get("field"), 60), mapping(change.get("value"))
    event_id = fingerprint(entry.get("id"), entry.get("time"), change)
    if field == "account_update":
        return _account(event_id, value)
    if field in {"account_review_update", "account_alerts"}:
        said = text(value.get("decision") or mapping(value.get("alert_info")).get("alert_type"), 100)
        return ChannelNews(event_id, "account", f"{OTHER_ACCOUNT}: {said}", {"event": said})
    if field == "phone_number_quality_update":
        limit = text(value.get("current_limit"), 40)
        return ChannelNews(
            event_id, "account", f"{QUALITY}: {limit}", {"event": text(value.get("event"), 60)}
        )
    if field in TEMPLATE_FIELDS:
        return _template(event_id, TEMPLATE_FIELDS[field], value)
    failed = next(mappings(value.get("errors")), None)
    if failed is not None:
        return _error(event_id, failed)
    if field in UNUSED:
        return Ignored("status", f"{NOT_NEEDED}: {field}", event_id)
    if field == "messages":
        raise Unreadable(NOTHING)
    raise Unreadable(f"{UNKNOWN_FIELD}: {field or '?'}")


def call(id_: str, item: dict[str, Any]) -> ChannelNews:
    """A call that begins or ends."""
    event, direction = text(item.get("event"), 40), text(item.get("direction"), 40).lower()
    data = {
        "event": event,
        "direction": direction,
        "from": text(item.get("from"), 40),
        "to": text(item.get("to"), 40),
        "seconds": number(item.get("duration")),
    }
    said = CALLS.get((event, direction)) or f"{CALL_STATUS}: {event}"
    return ChannelNews(f"{id_}:{event}", "call", said, _filled(data))


def call_status(id_: str, item: dict[str, Any]) -> ChannelNews:
    """A call of ours rings, is taken or refused."""
    status = text(item.get("status"), 40).lower()
    data = {"event": status, "to": text(item.get("recipient_id"), 40)}
    return ChannelNews(f"{id_}:{status}", "call", f"{CALL_STATUS}: {status}", _filled(data))


def call_permission(id_: str, reply: dict[str, Any], sender: str) -> ChannelNews:
    """A customer's answer to whether he may be called."""
    answer = text(reply.get("response"), 40)
    data = {
        "event": "permission",
        "response": answer,
        "from": sender,
        "expires_at": number(reply.get("expiration_timestamp")),
    }
    return ChannelNews(id_, "call", PERMISSIONS.get(answer, ""), _filled(data))


def preference(value: dict[str, Any], item: dict[str, Any]) -> ChannelNews:
    """A customer says which messages he wants."""
    wish = text(item.get("value"), 40)
    data = {
        "from": text(item.get("wa_id") or item.get("user_id"), 200),
        "category": text(item.get("category"), 60),
        "value": wish,
        "at": number(item.get("timestamp")),
    }
    return ChannelNews(fingerprint(item), "preferences", PREFERENCES.get(wish, PREFERENCE), _filled(data))


def fingerprint(*said: Any) -> str:
    """An id for what the vendor gives none."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None)}


def _account(event_id: str, value: dict[str, Any]) -> ChannelNews:
    event = text(value.get("event"), 60)
    said, problem = ACCOUNT.get(event, (f"{OTHER_ACCOUNT}: {event}", None))
    details = ""
    match event:
        case "ACCOUNT_RESTRICTION":
            kinds = [text(one.get("restriction_type"), 80) for one in mappings(value.get("restriction_info"))]
            details, problem = ", ".join(kinds), True if NO_ANSWERS in kinds else None
        case "ACCOUNT_VIOLATION":
            details = text(mapping(value.get("violation_info")).get("violation_type"), 80)
        case "DISABLED_UPDATE":
            state = text(mapping(value.get("ban_info")).get("waba_ban_state"), 40)
            said, problem = BAN_STATES.get(state, (f"{OTHER_ACCOUNT}: {state}", None))
        case "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE":
            details = text(value.get("country"), 40)
        case "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE":
            details = text(mapping(value.get("partner_client_certification_info")).get("status"), 40)
    whole = f"{said}: {details}" if details else said
    return ChannelNews(event_id, "account", whole, {"event": event}, problem)


def _error(event_id: str, error: dict[str, Any]) -> ChannelNews:
    """An error that belongs to no message."""
    known = errors.problem_of(error)
    data = {"event": "error", "code": text(error.get("code"), 20)}
    return ChannelNews(event_id, "account", known.reason, data, True if known.channel_broken else None)


def _template(event_id: str, what: str, value: dict[str, Any]) -> ChannelNews:
    """What changed of a template, in the names of `Template`."""
    data: dict[str, Any] = {
        "vendor_id": text(value.get("message_template_id"), 100),
        "name": text(value.get("message_template_name"), 512),
        "language": text(value.get("message_template_language"), 20),
    }
    match what:
        case "template_status":
            data |= _template_status(value)
        case "template_quality":
            data["quality"] = text(value.get("new_quality_score"), 20).lower()
        case "template_category":
            data["category"] = text(value.get("new_category"), 30).lower()
        case "template_components":
            data["components"] = _components(value)
    return ChannelNews(event_id, what, data.get("reason", ""), data)


def _template_status(value: dict[str, Any]) -> dict[str, str]:
    event = text(value.get("event"), 40)
    info = mapping(value.get("rejection_info"))
    reason = text(info.get("reason")) or text(value.get("reason")).removeprefix("NONE")
    news = {"reason": one_line(f"{reason} {text(info.get('recommendation'))}", 300)}
    if event in TEMPLATE_STATES:
        news["status"] = TEMPLATE_STATES[event]
    if category := text(value.get("message_template_category"), 30).lower():
        news["category"] = category
    return news


def _components(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of a template as the vendor's other calls give them."""
    parts: list[dict[str, Any]] = []
    if title := text(value.get("message_template_title")):
        parts.append({"type": "HEADER", "format": "TEXT", "text": title})
    if body := text(value.get("message_template_element"), 4_096):
        parts.append({"type": "BODY", "text": body})
    if footer := text(value.get("message_template_footer")):
        parts.append({"type": "FOOTER", "text": footer})
    buttons = [_button(button) for button in mappings(value.get("message_template_buttons"))]
    return [*parts, {"type": "BUTTONS", "buttons": buttons}] if buttons else parts


def _button(button: dict[str, Any]) -> dict[str, str]:
    names = {"type": "type", "text": "text", "url": "url", "phone_number": "phone_number"}
    found = {ours: text(button.get(f"message_template_button_{theirs}")) for ours, theirs in names.items()}
    return {name: value for name, value in found.items() if value}
