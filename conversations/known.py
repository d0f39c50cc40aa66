"""What is known of a customer already, so that nobody asks him again: from his record and his own words.

Keys are those of bot/reask_words.py. What could be one of several, such as an order of many, is not known.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.bot import cues, normalise
from conversations.models import Attachment, Conversation, Handoff, Message
from crm import preferences
from crm.models import Appointment, Identity, Order, Payment, Preference
from tenants import formats
from tenants.actors import Actor
from tenants.kit.text import MAIL_ADDRESS, bare, one_line
from tenants.permissions import Permission
from tenants.queries import own

LATELY = timedelta(days=90)
"""How old an order or a payment may be that is taken to be meant."""
MOST = 40
"""Messages of the episode that are looked at."""
LONGEST = 80
COMING = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED, Appointment.Status.ARRIVED)
CALLED = (Identity.Kind.PHONE, Identity.Kind.WHATSAPP)
HANDED = {"date": "appointment", "city": ""}
"""Keys of a hand-off's facts that are called otherwise here; "" is none of ours."""
ATTRIBUTES = {
    "address": "direccion address endereco domicilio calle rua",
    "document": "dni rut rfc cpf cnpj cedula nit ruc cuit documento document pasaporte passport",
    "pet": "mascota pet perro gato bicho animal paciente",
    "branch": "sucursal sede tienda branch store unidade loja filial gimnasio",
    "product": "talla size tamanho modelo model plan plano",
    "payment_method": "pago payment pagamento",
    "hour": "horario hora",
    "phone": "telefono telefone phone celular",
    "email": "correo email mail",
}
_EMAIL = re.compile(MAIL_ADDRESS)
_PHONE = re.compile(r"(?<![\w#-])\+?\d[\d ().-]{7,16}\d(?!\w)")
_ORDER = re.compile(
    r"\b(?:pedido|orden|order|folio|ticket|reserva|booking|compra|guia|encomenda|protocolo)"
    r"(?: (?:numero|number|num|nro|no|n|codigo|es el|es|e o|e|is|el|o|#|:))* *#?:? *"
    r"((?=[\w-]*\d)[\w-]{3,20})",
)


@dataclass(frozen=True, slots=True)
class Known:
    """A fact, and whether the customer told it in this conversation or the record holds it."""

    value: str
    was_said: bool = False


def of(conversation: Conversation, by: Actor) -> dict[str, Known]:
    """Everything known that somebody might ask for: nine queries at most, whatever there is."""
    said = _messages(conversation)
    found: dict[str, Known] = {}
    _add(found, _record(conversation), was_said=False)
    if by.can(Permission.ORDERS_READ):
        _add(found, _records(conversation, said), was_said=False)
    _add(found, _written(said), was_said=True)
    _add(found, _handed_over(conversation), was_said=True)
    return found


def _add(found: dict[str, Known], values: dict[str, str], *, was_said: bool) -> None:
    """What stands there already wins over nothing; what the customer said wins over the record."""
    for key, value in values.items():
        if value := one_line(value, LONGEST):
            found[key] = Known(value, was_said)


# --- the record ---


def _record(conversation: Conversation) -> dict[str, str]:
    customer = conversation.customer
    found = _attributes(customer.attributes)
    if customer.name:
        found["name"] = customer.name
    for identity in Identity.objects.filter(customer_id=customer.pk).order_by("id")[:20]:
        if identity.kind in CALLED:
            found["phone"] = identity.display
        elif identity.kind == Identity.Kind.EMAIL:
            found["email"] = identity.display
    remembered = Preference.objects.filter(customer_id=customer.pk, forgotten_at=None)
    for one in remembered.filter(confidence__gte=preferences.SURE)[:20]:
        if one.topic == preferences.DAYTIME:
            found["hour"] = str(preferences.DAYTIMES.get(one.value, one.value))
        elif one.topic not in preferences.TOPICS:
            found |= _attributes({one.topic: one.value})
    return found


def _attributes(values: dict[str, Any]) -> dict[str, str]:
    """Attributes whose name says that they answer one of the questions."""
    found = {}
    for name, value in list(values.items())[:100]:
        words = set(normalise.tokens(str(name).replace("_", " ")))
        for key, names in ATTRIBUTES.items():
            if words & set(names.split()) and isinstance(value, str | int) and not isinstance(value, bool):
                found[key] = str(value)
    return found


def _records(conversation: Conversation, said: "list[Message]") -> dict[str, str]:
    """His order, appointment and payment, where it is plain which one is meant."""
    found: dict[str, str] = {}
    now, customer = timezone.now(), conversation.customer_id
    orders = list(Order.objects.filter(customer_id=customer).order_by("-placed_at")[:10])
    lately = [order for order in orders if order.placed_at > now - LATELY]
    named = [order for order in orders if any(_names(message.text, order.number) for message in said)]
    order = named[0] if len(named) == 1 else lately[0] if len(lately) == 1 else None
    if order:
        found |= _order(order)
    ahead = Appointment.objects.filter(customer_id=customer, status__in=COMING, starts_at__gte=now)
    coming = list(ahead.order_by("starts_at")[:2])
    if len(coming) == 1:
        found["appointment"] = _moment(coming[0].starts_at)
        found |= {"branch": coming[0].place} if coming[0].place else {}
    paid = Payment.objects.filter(customer_id=customer, status=Payment.Status.PAID).exclude(method="")
    payments = list(paid.filter(happened_at__gt=now - LATELY).order_by("-happened_at")[:5])
    ways = {payment.method for payment in payments if not order or payment.order_id in (None, order.pk)}
    if len(ways) == 1:
        found["payment_method"] = ways.pop()
    return found


def _order(order: Order) -> dict[str, str]:
    placed = order.placed_at.astimezone(own().zone).date()
    found = {"order": order.number, "purchase_date": formats.long_date(placed)}
    names = [str(item.get("name", "")) for item in order.items if isinstance(item, dict)]
    if len(names) == 1:
        found["product"] = names[0]
    return found


def _names(text: str, number: str) -> bool:
    """Whether a text holds an order's number as a word of its own."""
    plain = bare(number).strip(" #")
    return len(plain) > 1 and bool(re.search(rf"(?<![\w-]){re.escape(plain)}(?![\w-])", bare(text)))


def _moment(at: Any) -> str:
    local = at.astimezone(own().zone)
    return _("%(day)s at %(time)s") % {"day": formats.long_date(local.date()), "time": formats.clock(local)}


# --- his own words ---


def _messages(conversation: Conversation) -> list[Message]:
    """What the customer wrote in this episode, in order."""
    wrote = Message.objects.filter(
        conversation_id=conversation.pk, episode__number=conversation.episode_count, kind=Message.Kind.INBOUND
    )
    return list(wrote.order_by("-id")[:MOST])[::-1]


def _written(said: list[Message]) -> dict[str, str]:
    """An address of mail, a telephone, an order's number, a picture, and why he writes."""
    found: dict[str, str] = {}
    for message in said:
        text = message.text[: normalise.LONGEST]
        for key, value in _in_text(text):
            found[key] = value
        if "reason" not in found and _is_a_matter(text):
            found["reason"] = text
    if photo := _photo(said):
        found["photo"] = photo
    return found


def _in_text(text: str) -> Iterable[tuple[str, str]]:
    if mail := _EMAIL.search(text):
        yield "email", mail[0]
    if order := _ORDER.search(bare(text)):
        yield (
            "order",
            text[order.start(1) : order.end(1)] if len(bare(text)) == len(text) else order[1].upper(),
        )
    for phone in _PHONE.finditer(text):
        if 8 <= sum(char.isdigit() for char in phone[0]) <= 15:
            yield "phone", phone[0].strip()


def _is_a_matter(text: str) -> bool:
    """Whether a message says what it is about: more than a greeting."""
    return len(normalise.tokens(text)) > 3 and not cues.greets(text, "es")


def _photo(said: list[Message]) -> str:
    with_files = [message.pk for message in said if message.has_attachments]
    pictures = Attachment.objects.filter(
        message_id__in=with_files, content_type__startswith="image/", content_id=""
    )
    latest = pictures.order_by("-id").first()
    if latest is None:
        return ""
    return _("picture of %(when)s") % {"when": _moment(latest.created_at)}


def _handed_over(conversation: Conversation) -> dict[str, str]:
    """What the bot collected before it handed over."""
    cards = Handoff.objects.filter(
        conversation_id=conversation.pk, episode__number=conversation.episode_count
    )
    card = cards.order_by("-id").first()
    if card is None:
        return {}
    found = {HANDED.get(key, key): str(value) for key, value in card.facts.items() if value}
    asked = next((str(one.get("question", "")) for one in card.asked if one.get("question")), "")
    if asked and _is_a_matter(asked):
        found["reason"] = asked
    found.pop("", None)
    return found
