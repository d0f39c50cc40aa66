"""What a business can tell at any moment without having written it: its hours, a customer's order …

Each fact has entries that the index finds it by, as it finds articles; their identifiers are `fact:` and
the kind. A fact with nothing to say answers None, and the bot goes on as if it did not know it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.bot.retrieve import Entry
from crm.models import Customer, Order
from tenants import formats, hours
from tenants.models import SpecialDay, Tenant

PREFIX = "fact:"
ASKED = {
    "hours": {
        "es": (
            "¿Están abiertos hoy?",
            "¿A qué hora abren?",
            "¿Hasta qué hora atienden?",
            "¿Abren mañana que es feriado?",
        ),
        "pt": (
            "Vocês estão abertos hoje?",
            "Que horas abre?",
            "Até que horas atendem?",
            "Abre amanhã que é feriado?",
        ),
        "en": (
            "Are you open today?",
            "What time do you open?",
            "Until what time are you open?",
            "Are you open on the holiday?",
        ),
    },
    "order": {
        "es": (
            "¿Dónde está mi pedido?",
            "¿Ya salió mi pedido?",
            "¿Cuándo llega lo que compré?",
            "Estado de mi orden",
        ),
        "pt": (
            "Onde está meu pedido?",
            "Meu pedido já saiu?",
            "Quando chega o que comprei?",
            "Status do meu pedido",
        ),
        "en": (
            "Where is my order?",
            "Has my order shipped?",
            "When does what I bought arrive?",
            "Status of my order",
        ),
    },
}
CATEGORIES = {"hours": "general", "order": "support"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and what he wrote."""

    text: str
    language: str
    customer: Customer
    is_sure: bool
    """Whether it is certain enough who he is to speak of what is his."""
    at: datetime


def entries(language: str) -> list[Entry]:
    """What facts are found by, in a language."""
    return [
        Entry(PREFIX + kind, ways[language], " ".join(ways[language][:1]), CATEGORIES[kind], language)
        for kind, ways in ASKED.items()
    ]


def answer(kind: str, asked: Asked) -> str | None:
    """What there is to say now, in the asker's language; None for nothing."""
    with translation.override({"pt": "pt-br"}.get(asked.language, asked.language)):
        return _hours(asked) if kind == "hours" else _order(asked)


def _hours(asked: Asked) -> str | None:
    calendar = hours.calendar_of(Tenant.objects.get(), SpecialDay.objects.all())
    if not any(calendar.week.values()):
        return None
    today = hours.today(calendar, asked.at)
    if today.is_closed:
        opens = hours.next_opening(calendar, asked.at)
        why = f" ({today.reason})" if today.reason else ""
        if opens is None:
            return None
        local = opens.astimezone(calendar.zone)
        return _("Today we are closed%(why)s. We open on %(day)s at %(time)s.") % {
            "why": why,
            "day": formats.weekday(local.date()),
            "time": formats.clock(local),
        }
    spans = [
        _("%(start)s to %(end)s")
        % {
            "start": formats.clock(start.astimezone(calendar.zone)),
            "end": formats.clock(end.astimezone(calendar.zone)),
        }
        for start, end in today.intervals
    ]
    return _("Today we are open from %(hours)s.") % {"hours": _(" and ").join(spans)}


def _order(asked: Asked) -> str | None:
    order = Order.objects.filter(customer=asked.customer).order_by("-placed_at").first()
    if order is None or not asked.is_sure:
        return None
    return _("Your order %(number)s: %(status)s, since %(day)s.") % {
        "number": order.number,
        "status": order.get_status_display().lower(),
        "day": formats.long_date(timezone.localtime(order.changed_at).date()),
    }
