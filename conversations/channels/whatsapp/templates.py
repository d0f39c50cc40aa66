"""Templates of a WhatsApp Business account: read, submitted, deleted.

Source: developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates and
…/docs/graph-api/guides/upload (the sample of a header), Graph API v24.0.
"""

from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_noop

from conversations import template_parts
from conversations.channels.base import ChannelError, File, VendorTemplate
from conversations.channels.meta import graph, values
from conversations.channels.whatsapp import errors
from conversations.channels.whatsapp.news import TEMPLATE_STATES
from conversations.models import Channel, Template
from tenants.kit.text import one_line

PAGE = 100
PAGES = 60  # an account may have 6,000 templates
FIELDS = "id,name,language,status,category,components,parameter_format,quality_score,rejected_reason"
NOT_CONNECTED = gettext_noop(
    "WhatsApp is not connected yet. Enter the account's number and token on the channel's page."
)
REASONS = {
    "ABUSIVE_CONTENT": gettext_noop("WhatsApp finds its content abusive."),
    "INVALID_FORMAT": gettext_noop("Its form is not allowed: look at the places and their samples."),
    "PROMOTIONAL": gettext_noop("It advertises, which its category does not allow."),
    "TAG_CONTENT_MISMATCH": gettext_noop("Its text does not fit its category or language."),
    "SCAM": gettext_noop("WhatsApp takes it for a fraud."),
}


class Account(NamedTuple):
    """A WhatsApp Business account, and the token that may manage it."""

    waba: str  # as part of an address
    token: str
    app: str  # whose upload sessions are used


def account_of(channel: Channel) -> Account:
    """Raises `ChannelError` for a channel that is not connected."""
    waba = str(channel.settings.get("waba_id") or "")
    token = str(channel.secrets.get("access_token") or "")
    if not waba or not token or not (token.isascii() and token.isprintable()):
        raise ChannelError(NOT_CONNECTED, permanent=False, channel_broken=True)
    app = str(channel.settings.get("app_id") or "app")  # `app` is the token's own
    return Account(quote(waba, safe=""), token, quote(app, safe=""))


def read_all(account: Account) -> list[VendorTemplate]:
    """Every template, page by page. Raises `ChannelError`."""
    found: list[VendorTemplate] = []
    after = ""
    for _page in range(PAGES):
        query = {"fields": FIELDS, "limit": str(PAGE), **({"after": after} if after else {})}
        answer = graph.read(
            f"{account.waba}/message_templates?{urlencode(query)}", account.token, errors.refusal
        )
        found += [state for row in values.mappings(answer.get("data")) if (state := _read(row))]
        paging = values.mapping(answer.get("paging"))
        after = values.text(values.mapping(paging.get("cursors")).get("after"), 1_000)
        if not after or not paging.get("next"):
            return found
    return found


def _read(row: dict[str, Any]) -> VendorTemplate | None:
    name, language = values.text(row.get("name"), 512), values.text(row.get("language"), 20)
    if not name or not language:
        return None
    reason = values.text(row.get("rejected_reason"), 300).removeprefix("NONE")
    score = values.text(values.mapping(row.get("quality_score")).get("score"), 20).lower()
    return VendorTemplate(
        vendor_id=values.text(row.get("id"), 100),
        name=name,
        language=language,
        status=_status(row.get("status")),
        category=values.text(row.get("category"), 30).lower(),
        reason=REASONS.get(reason, one_line(reason, 300)),
        quality="" if score == "unknown" else score,
        components=list(values.mappings(row.get("components"))),
        is_named=values.text(row.get("parameter_format"), 20).upper() == "NAMED",
    )


def _status(value: Any) -> str:
    """One we do not know cannot be sent."""
    return TEMPLATE_STATES.get(values.text(value, 40).upper(), Template.Status.DISABLED)


def submit(account: Account, template: Template, sample: File | None) -> VendorTemplate:
    """Ask for approval; a sample is uploaded first. Raises `ChannelError`."""
    components = template.components
    if sample and template_parts.media(components):
        handle = _upload(account, sample)
        components = [
            {**one, "example": {"header_handle": [handle]}} if kind == "HEADER" else one
            for kind, one in template_parts.parts(components)
        ]
    body = {
        "name": template.name,
        "language": template.language,
        "category": template.category.upper(),
        "parameter_format": "NAMED" if template.is_named else "POSITIONAL",
        "components": components,
    }
    answer = graph.order(f"{account.waba}/message_templates", account.token, body, _refusal)
    return VendorTemplate(
        vendor_id=values.text(answer.get("id"), 100),
        name=template.name,
        language=template.language,
        status=TEMPLATE_STATES.get(values.text(answer.get("status"), 40).upper(), Template.Status.PENDING),
        category=values.text(answer.get("category"), 30).lower(),
    )


def _refusal(error: dict[str, Any]) -> ChannelError:
    """What the vendor says to the person who wrote the template, where it says it in plain words."""
    known = errors.refusal(error)
    said = values.text(error.get("error_user_msg"), 280) or values.text(error.get("error_user_title"), 200)
    if known.permanent and not known.channel_broken and said:
        return ChannelError(f"{errors.REFUSED_TEMPLATE}: {said}", permanent=True, code=known.code)
    return known


def _upload(account: Account, sample: File) -> str:
    """The handle of a file, by a session of its own."""
    about = {
        "file_name": sample.name,
        "file_length": str(len(sample.content)),
        "file_type": sample.content_type,
    }
    session = graph.order(f"{account.app}/uploads?{urlencode(about)}", account.token, {}, errors.refusal)
    path = quote(values.text(session.get("id"), 1_000), safe=":?=&-_")
    return graph.bring(path, account.token, sample.content, errors.refusal)


def remove(account: Account, template: Template) -> None:
    """Delete this language of it; what is gone already counts as deleted. Raises `ChannelError`."""
    query = urlencode({"hsm_id": template.vendor_id, "name": template.name})
    try:
        graph.remove(f"{account.waba}/message_templates?{query}", account.token, errors.refusal)
    except ChannelError as error:
        if str(error.code) != NO_SUCH:
            raise


NO_SUCH = "100"  # invalid parameter: the template is not there
