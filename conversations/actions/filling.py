"""A template chosen and filled in for a customer."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from conversations import template_parts
from conversations.actions.content import CannotSend
from conversations.channels.base import File
from conversations.models import Channel, Template
from crm.models import Customer, Order
from tenants.models import Membership, Tenant

KINDS = {"image": ("image/jpeg", "image/png"), "video": ("video/mp4", "video/3gpp")}


class Chosen(NamedTuple):
    """A template ready to be sent: what the thread shows, and what the adapter takes."""

    text: str
    data: dict[str, Any]


def chosen(*, channel: Channel, given: Any, files: list[File]) -> Chosen:
    """A template of the channel filled in. `given` holds its `id` and `values` by their places' keys.

    Raises `CannotSend` for one that may not be sent, a place without a value, a header without its file.
    """
    whole = given if isinstance(given, Mapping) else {}
    template = _usable(channel, whole.get("id"))
    values = whole.get("values")
    filled = template_parts.tidy(values if isinstance(values, Mapping) else {})
    for place in template_parts.places(template.components):
        if not filled.get(place.key):
            raise CannotSend(_("Fill in “%(name)s”.") % {"name": place.name}, "template")
    header = template_parts.media(template.components)
    _check_file(header, files)
    data: dict[str, Any] = {
        "id": str(template.pk),
        "name": template.name,
        "language": template.language,
        "components": template_parts.parameters(template.components, filled, is_named=template.is_named),
    }
    if header:
        data["header"] = header
    if titles := template_parts.titles(template.components):
        data["buttons"] = titles
    return Chosen(template_parts.rendered(template.components, filled), {"template": data})


def _usable(channel: Channel, template_id: Any) -> Template:
    try:
        wanted = template_id if isinstance(template_id, UUID) else UUID(str(template_id))
    except ValueError:
        wanted = None
    found: Template | None = Template.objects.usable().filter(channel=channel, pk=wanted).first()
    if found is None or not template_parts.can_send(found.components):
        raise CannotSend(_("This template cannot be sent on this channel now."), "template")
    return found


def _check_file(header: str, files: list[File]) -> None:
    if not header and files:
        raise CannotSend(_("This template takes no file."), "template")
    if header and len(files) != 1:
        raise CannotSend(_("Add the one file that stands above the text of this template."), "template")
    allowed = KINDS.get(header)
    if allowed and files[0].content_type not in allowed:
        raise CannotSend(_("This template takes another kind of file."), "template")


def usable(channel: Channel) -> list[Template]:
    """What can be sent on a channel, by name."""
    found = Template.objects.usable().filter(channel=channel)
    return [one for one in found[:500] if template_parts.can_send(one.components)]


# What a place is about, by its name or the words before it, in the languages of our customers.
ABOUT = (
    ("order", re.compile(r"order|pedido|orden|encomenda|compra|folio", re.IGNORECASE)),
    ("total", re.compile(r"total|amount|monto|importe|valor|price|precio|preço", re.IGNORECASE)),
    ("agent", re.compile(r"agent|asesor|atiende|atendente|vendedor|signature", re.IGNORECASE)),
    ("company", re.compile(r"company|empresa", re.IGNORECASE)),
    ("business", re.compile(r"business|store|shop|tienda|negocio|loja|marca|brand", re.IGNORECASE)),
    (
        "customer",
        re.compile(
            r"name|nombre|nome|customer|cliente|\b(hola|hi|hello|hey|olá|oi|estimad[oa]|querid[oa]|prezad[oa]|dear"
            r"|buen(os|as)? (día|días|tardes|noches)|bom dia|boa tarde|boa noite)[\s,*_]*$",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
BEFORE = 24  # characters before a place that say what it is about


def proposed(template: Template, customer: Customer, member: Membership | None) -> dict[str, str]:
    """A sensible value for each place that we can guess, by its key."""
    known = _known(customer, member)
    found = {}
    for place in template_parts.places(template.components):
        said = place.before.rstrip()[-BEFORE:] if place.name.isdigit() else place.name
        about = next((what for what, words in ABOUT if words.search(said)), "")
        if value := known.get(about, ""):
            found[place.key] = value
    return found


def _known(customer: Customer, member: Membership | None) -> dict[str, str]:
    order = Order.objects.filter(customer_id=customer.pk).order_by("-placed_at").first()
    return {
        "customer": next(iter(customer.name.split()), ""),
        "company": customer.company,
        "agent": next(iter(member.name.split()), "") if member else "",
        "business": Tenant.objects.get().name,
        "order": order.number if order else "",
        "total": f"{order.total} {order.currency}" if order else "",
    }
