"""Content templates of Twilio, written as templates of Meta's are written here.

Source: twilio.com/docs/content/content-api-resources ("ContentAndApprovals", "Create templates", "Submit for
WhatsApp approval"); …/docs/content/content-types-overview (content v1).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_noop

from conversations import template_parts
from conversations.channels.base import ChannelError, VendorTemplate
from conversations.channels.meta.values import mapping, mappings, text
from conversations.channels.twilio import api
from conversations.models import Template

PAGES = 20
LONGEST = 1_600  # characters
STATUSES = {
    "received": Template.Status.PENDING,
    "pending": Template.Status.PENDING,
    "approved": Template.Status.APPROVED,
    "rejected": Template.Status.REJECTED,
    "paused": Template.Status.PAUSED,
    "disabled": Template.Status.DISABLED,
}
WITH_FILE = gettext_noop("Make templates with a file in Twilio's console; they appear here by themselves.")
Part = dict[str, Any]


def listed(account: api.Account) -> list[VendorTemplate]:
    """All templates of an account that were submitted to WhatsApp. Raises `ChannelError`."""
    found: list[VendorTemplate] = []
    address = f"{settings.TWILIO_CONTENT_API}/v1/ContentAndApprovals?PageSize=100"
    for _page in range(PAGES):
        answer = api.read(account, address)
        found += [one for content in mappings(answer.get("contents")) if (one := _template(content))]
        address = text(mapping(answer.get("meta")).get("next_page_url"), 2_000)
        if not address.startswith(f"{settings.TWILIO_CONTENT_API}/"):
            break
    return found


def submit(account: api.Account, template: Template) -> VendorTemplate:
    """Make a template and ask WhatsApp to approve it. Raises `ChannelError`."""
    if template_parts.media(template.components):
        raise ChannelError(WITH_FILE, permanent=True, category="template")
    samples = {place.name: place.sample for place in template_parts.places(template.components)}
    content = {
        "friendly_name": template.name,
        "language": template.language,
        "variables": samples,
        "types": _types(template.components),
    }
    made = api.change(account, f"{settings.TWILIO_CONTENT_API}/v1/Content", content)
    sid = text(made.get("sid"), 60)
    asked = {"name": template.name, "category": template.category.upper() or "UTILITY"}
    place = f"{settings.TWILIO_CONTENT_API}/v1/Content/{quote(sid, safe='')}/ApprovalRequests/whatsapp"
    answer = api.change(account, place, asked)
    return VendorTemplate(
        vendor_id=sid,
        name=template.name,
        language=template.language,
        status=STATUSES.get(text(answer.get("status"), 20), Template.Status.PENDING),
        category=template.category,
        components=template.components,
        is_named=True,
    )


def remove(account: api.Account, sid: str) -> None:
    """Delete a template. Raises `ChannelError`."""
    api.remove(account, f"{settings.TWILIO_CONTENT_API}/v1/Content/{quote(sid, safe='')}")


def _template(content: Part) -> VendorTemplate | None:
    """None for one that nobody submitted: WhatsApp does not know it."""
    approval = mapping(content.get("approval_requests"))
    status = STATUSES.get(text(approval.get("status"), 20))
    sid = text(content.get("sid"), 60)
    if status is None or not sid:
        return None
    return VendorTemplate(
        vendor_id=sid,
        name=text(approval.get("name"), 512) or text(content.get("friendly_name"), 512),
        language=text(content.get("language"), 20),
        status=status,
        category=text(approval.get("category"), 30),
        reason=text(approval.get("rejection_reason"), 300),
        components=_components(content),
        is_named=True,
    )


def _components(content: Part) -> list[Part]:
    """Header, body, footer and buttons, with the samples of their places; of other types only the kind."""
    types = mapping(content.get("types"))
    kind = next((known for known in READERS if known in types), "")
    if not kind:
        return [{"type": next(iter(types), "UNKNOWN")[:60]}]
    whole = mapping(types.get(kind))
    components = READERS[kind](whole)
    samples = mapping(content.get("variables"))
    for part in components:
        name = str(part["type"]).lower()
        if holes := template_parts.names_in(text(part.get("text"), LONGEST)):
            rows = [{"param_name": hole, "example": text(samples.get(hole))} for hole in holes]
            part["example"] = {f"{name}_text_named_params": rows}
    return components


def _body(whole: Part) -> list[Part]:
    return [{"type": "BODY", "text": text(whole.get("body"), LONGEST)}]


def _with_buttons(whole: Part) -> list[Part]:
    return [*_body(whole), *_buttons(whole)]


def _card(whole: Part) -> list[Part]:
    header = text(whole.get("header_text") or whole.get("title"))
    footer = text(whole.get("footer") or whole.get("subtitle"))
    return [
        *([{"type": "HEADER", "format": "TEXT", "text": header}] if header else []),
        *_body(whole),
        *([{"type": "FOOTER", "text": footer}] if footer else []),
        *_buttons(whole),
    ]


def _buttons(whole: Part) -> list[Part]:
    buttons = [_button(action) for action in mappings(whole.get("actions"))]
    return [{"type": "BUTTONS", "buttons": buttons}] if buttons else []


def _button(action: Part) -> Part:
    title = text(action.get("title"), 60)
    match text(action.get("type"), 30).upper():
        case "URL":
            return {"type": "URL", "text": title, "url": text(action.get("url"), 2_000)}
        case "PHONE_NUMBER" | "VOICE_CALL":
            return {"type": "PHONE_NUMBER", "text": title, "phone_number": text(action.get("phone"), 40)}
        case "QUICK_REPLY" | "":
            return {"type": "QUICK_REPLY", "text": title}
        case other:
            return {"type": other, "text": title}


READERS: dict[str, Callable[[Part], list[Part]]] = {
    "whatsapp/card": _card,
    "twilio/card": _card,
    "twilio/call-to-action": _with_buttons,
    "twilio/quick-reply": _with_buttons,
    "twilio/media": _body,
    "twilio/text": _body,
}


def _types(components: Any) -> dict[str, Part]:
    """The parts as one of Twilio's types."""
    said = {kind: text(part.get("text"), LONGEST) for kind, part in template_parts.parts(components)}
    actions = [_action(button) for button in template_parts.buttons(components)]
    if said.get("HEADER") or said.get("FOOTER"):
        card: Part = {"body": said.get("BODY", ""), "actions": actions}
        named = {"header_text": said.get("HEADER"), "footer": said.get("FOOTER")}
        return {"whatsapp/card": card | {name: value for name, value in named.items() if value}}
    if not actions:
        return {"twilio/text": {"body": said.get("BODY", "")}}
    quick = all(action["type"] == "QUICK_REPLY" for action in actions)
    kind = "twilio/quick-reply" if quick else "twilio/call-to-action"
    return {kind: {"body": said.get("BODY", ""), "actions": actions}}


def _action(button: Part) -> Part:
    kind, title = text(button.get("type"), 30).upper(), text(button.get("text"), 60)
    if kind == "URL":
        return {"type": "URL", "title": title, "url": text(button.get("url"), 2_000)}
    if kind == "PHONE_NUMBER":
        return {"type": "PHONE_NUMBER", "title": title, "phone": text(button.get("phone_number"), 40)}
    return {"type": "QUICK_REPLY", "title": title, "id": title}
