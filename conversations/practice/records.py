"""What stands beside a simulated customer: a made-up record, of things the business really sells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tenants.kit.text import bare_words

UNHAPPY = frozenset({"angry", "hurried"})
ASKED_FOR = frozenset({"email", "phone", "order", "product", "appointment"})
"""What of a record an agent might ask for although it stands there."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What the business deals in: [(product, price)], services, and in which currency."""

    products: Sequence[tuple[str, str]] = ()
    services: Sequence[str] = ()
    currency: str = ""


def made_up(*, name: str, order: str, mood: str, goods: Goods, chance: Random) -> dict[str, Any]:
    """A record as it is kept in `PracticeRun.scenario`: plain values, days counted from the run's beginning.

    Addresses are of example.com and of numbers that nobody has. A business that only books appointments
    gives him one instead of an order.
    """
    first, *rest = bare_words(name).split()
    record: dict[str, Any] = {
        "email": f"{first}.{rest[-1]}@example.com" if rest else f"{first}@example.com",
        "phone": f"+1 202 555 01{chance.randrange(10, 100)}",
        "since": chance.randrange(120, 900),
    }
    if goods.services:
        record["appointment"] = {
            "service": chance.choice(goods.services),
            "days": chance.randrange(2, 8),
            "hour": chance.randrange(10, 18),
        }
    if goods.products or not goods.services or mood in UNHAPPY:
        item, price = chance.choice(goods.products) if goods.products else ("", "")
        late = mood in UNHAPPY
        record["order"] = {
            "number": order,
            "item": item,
            "total": price,
            "currency": goods.currency,
            "status": "preparing" if late else chance.choice(("shipped", "delivered")),
            "days": chance.randrange(8, 14) if late else chance.randrange(2, 6),
        }
    record["past"] = [
        {"kind": "answered", "days": chance.randrange(20, 60)},
        {"kind": "rated", "days": chance.randrange(60, 100), "score": chance.choice((4, 5))},
    ]
    if mood == "angry":
        record["past"].insert(0, {"kind": "unanswered", "days": chance.randrange(2, 4)})
    return record


def appointment_at(record: dict[str, Any], begun: datetime) -> datetime | None:
    """When his appointment is, in the zone of `begun`; None without one."""
    booked = record.get("appointment")
    if not booked:
        return None
    day = begun + timedelta(days=booked["days"])
    return day.replace(hour=booked["hour"], minute=0, second=0, microsecond=0)
