"""Utility templates of a Facebook page: read, submitted, deleted.

Source: developers.facebook.com/docs/graph-api/reference/page/message_templates and …/messenger-platform/
send-messages/utility-messages (Graph API v24.0). The permission is page_utility_messaging.
"""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_noop

from conversations import template_parts
from conversations.channels.base import ChannelError, File, VendorTemplate
from conversations.channels.meta import errors, graph, networks, values
from conversations.models import Channel, Template
from tenants.kit.text import one_line

PAGE = 100
PAGES = 20
FIELDS = "id,name,language,status,category,components,rejected_reason"
NO_SUCH = "100"  # invalid parameter: the template is not there
NO_FILES = gettext_noop("Messenger's templates take text and buttons only.")
UTILITY = "UTILITY"
STATES: dict[str, str] = {
    "APPROVED": Template.Status.APPROVED,
    "PENDING": Template.Status.PENDING,
    "IN_APPEAL": Template.Status.PENDING,
    "REJECTED": Template.Status.REJECTED,
    "PAUSED": Template.Status.PAUSED,
}


def read_all(channel: Channel) -> list[VendorTemplate]:
    """Every template of the page, part by part. Raises `ChannelError`."""
    account, after = networks.account_of(channel), ""
    found: list[VendorTemplate] = []
    for _page in range(PAGES):
        query = {"fields": FIELDS, "limit": str(PAGE), **({"after": after} if after else {})}
        path = f"{account.id}/message_templates?{urlencode(query)}"
        answer = graph.read(path, account.token, errors.refusal, account.api)
        found += [state for row in values.mappings(answer.get("data")) if (state := _read(row))]
        paging = values.mapping(answer.get("paging"))
        after = values.text(values.mapping(paging.get("cursors")).get("after"), 1_000)
        if not after or not paging.get("next"):
            break
    return found


def _read(row: dict[str, Any]) -> VendorTemplate | None:
    name, language = values.text(row.get("name"), 512), values.text(row.get("language"), 20)
    if not name or not language:
        return None
    return VendorTemplate(
        vendor_id=values.text(row.get("id"), 100),
        name=name,
        language=language,
        status=STATES.get(values.text(row.get("status"), 40).upper(), Template.Status.DISABLED),
        category=values.text(row.get("category"), 30).lower(),
        reason=one_line(values.text(row.get("rejected_reason"), 300).removeprefix("NONE"), 300),
        components=list(values.mappings(row.get("components"))),
    )


def submit(channel: Channel, template: Template, sample: File | None) -> VendorTemplate:
    """Ask for approval, which Messenger gives within seconds. Raises `ChannelError`."""
    if sample or template_parts.media(template.components):
        raise ChannelError(NO_FILES, permanent=True, category="template")
    account = networks.account_of(channel)
    body = {
        "name": template.name,
        "language": template.language,
        "category": UTILITY,
        "components": template.components,
    }
    answer = graph.order(f"{account.id}/message_templates", account.token, body, errors.refusal, account.api)
    return VendorTemplate(
        vendor_id=values.text(answer.get("id"), 100),
        name=template.name,
        language=template.language,
        status=STATES.get(values.text(answer.get("status"), 40).upper(), Template.Status.PENDING),
        category=UTILITY.lower(),
    )


def remove(channel: Channel, template: Template) -> None:
    """Delete it; what is gone already counts as deleted. Raises `ChannelError`."""
    account = networks.account_of(channel)
    query = urlencode({"name": template.name})
    try:
        graph.remove(f"{account.id}/message_templates?{query}", account.token, errors.refusal)
    except ChannelError as error:
        if str(error.code) != NO_SUCH:
            raise
