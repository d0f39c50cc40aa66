"""How much the bot does by itself: by a customer's stage, matter, channel, labels and orders.

Plain functions; conversations/circumstances.py reads what they look at.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

JUST_PLACED = timedelta(days=14)
"""An order that waits longer for its payment is no purchase under way."""
JUST_OVER = timedelta(days=30)
"""So long after its end an order is what a customer most likely writes about."""
COMES_BACK = timedelta(days=365)
LOYAL = 3
"""Purchases from which on somebody counts as loyal."""
ENOUGH = 30
"""Messages of one kind from which on their numbers say something."""
BETTER_A_PERSON, HELPS, HELPS_LITTLE = 0.6, 0.85, 0.7
WAITING = frozenset({"placed"})
UNDER_WAY = frozenset({"paid", "preparing", "ready", "shipped"})
UNDONE = frozenset({"cancelled", "refunded"})


class Mode(StrEnum):
    """Who comes first for a customer and his matter."""

    AUTOMATION = "automation"
    HYBRID = "hybrid"
    PERSON = "person"


class Stage(StrEnum):
    """Where a customer stands with the business."""

    DISCOVERY = "discovery"
    ENQUIRY = "enquiry"
    PURCHASE = "purchase"
    AFTER_SALE = "after_sale"
    LOYALTY = "loyalty"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a row of the balance asks about."""

    stage: str = ""
    category: str = ""
    channel_kind: str = ""
    labels: frozenset[str] = frozenset()
    worth: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what is left empty fits everybody."""

    mode: Mode = Mode.HYBRID
    stage: str = ""
    category: str = ""
    channel_kind: str = ""
    label: str = ""
    """A label's identifier."""
    worth: float | None = None
    """At least this, in the business's currency."""

    def fits(self, now: Circumstances) -> bool:
        """Whether all that it asks for is so."""
        return (
            self.stage in ("", now.stage)
            and self.category in ("", now.category)
            and self.channel_kind in ("", now.channel_kind)
            and (not self.label or self.label in now.labels)
            and (self.worth is None or now.worth >= self.worth)
        )


ROW = tuple(Row.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Balance:
    """The table: the first row that fits says the mode, else the default."""

    default: Mode = Mode.AUTOMATION
    rows: tuple[Row, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Balance":
        """From what `Bot.balance` keeps."""
        rows = (
            Row(**{**{name: row[name] for name in ROW if name in row}, "mode": Mode(row["mode"])})
            for row in kept.get("rows", ())
        )
        return cls(Mode(kept.get("default", Mode.AUTOMATION)), tuple(rows))

    def kept(self) -> dict[str, Any]:
        """For `Bot.balance`: what a row leaves open is left out."""
        return {
            "default": self.default.value,
            "rows": [
                {name: value for name, value in asdict(row).items() if value not in ("", None)}
                for row in self.rows
            ],
        }

    def asks(self, *names: str) -> bool:
        """Whether any row looks at one of these."""
        return any(getattr(row, name) not in ("", None) for row in self.rows for name in names)


def mode(balance: Balance, now: Circumstances) -> tuple[Mode, int | None]:
    """Who comes first, and by which row, counted from 0; None for the default."""
    for number, row in enumerate(balance.rows):
        if row.fits(now):
            return row.mode, number
    return balance.default, None


# --- the stage ---


@dataclass(frozen=True, slots=True)
class Bought:
    """An order as far as the stage goes."""

    number: str
    status: str
    placed_at: datetime
    changed_at: datetime
    total: float = 0.0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What a customer did before: his orders, the newest first, how often he was in touch, what is open."""

    orders: tuple[Bought, ...] = ()
    talks: int = 0
    """Stretches of conversation, the one that runs included."""
    case: str = ""
    """What an open complaint or warranty is about."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage and what it was read from: a key of bot_sentences.standing with its values."""

    stage: Stage
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)


def stage_of(history: History, now: datetime) -> Standing:
    """Where a customer stands: what is under way counts before what is long over."""
    if history.case:
        return Standing(Stage.AFTER_SALE, "case", {"subject": history.case})
    return _by_order(history.orders, now) or _by_past(history, now)


def _by_order(orders: tuple[Bought, ...], now: datetime) -> Standing | None:
    for order in orders:
        if order.status in WAITING and now - order.placed_at <= JUST_PLACED:
            return Standing(Stage.PURCHASE, "placed", {"number": order.number})
    for order in orders:
        if order.status in UNDER_WAY:
            return Standing(Stage.AFTER_SALE, "under_way", {"number": order.number, "status": order.status})
    for order in orders:
        if order.status not in WAITING and now - order.changed_at <= JUST_OVER:
            days = max((now - order.changed_at).days, 0)
            values = {"number": order.number, "status": order.status, "days": days}
            return Standing(Stage.AFTER_SALE, "just_over", values)
    return None


def _by_past(history: History, now: datetime) -> Standing:
    kept = [order for order in history.orders if order.status not in UNDONE | WAITING]
    if len(kept) >= LOYAL and now - kept[0].placed_at <= COMES_BACK:
        return Standing(Stage.LOYALTY, "loyal", {"count": len(kept)})
    if kept:
        return Standing(Stage.ENQUIRY, "bought_before", {"count": len(kept)})
    if history.talks > 1:
        return Standing(Stage.ENQUIRY, "talked_before")
    return Standing(Stage.DISCOVERY, "new")


# --- what suits whom ---

PRESETS: dict[str, Balance] = {
    "workshop": Balance(
        Mode.AUTOMATION,
        (
            Row(Mode.PERSON, category="complaint"),
            Row(Mode.HYBRID, stage="after_sale", category="support"),
        ),
    ),
    "restaurant": Balance(
        Mode.AUTOMATION,
        (Row(Mode.PERSON, category="complaint"), Row(Mode.HYBRID, stage="purchase")),
    ),
    "clinic": Balance(
        Mode.HYBRID,
        (
            Row(Mode.PERSON, category="complaint"),
            Row(Mode.PERSON, stage="after_sale"),
            Row(Mode.AUTOMATION, stage="discovery"),
        ),
    ),
    "shop": Balance(
        Mode.AUTOMATION,
        (Row(Mode.PERSON, category="complaint"), Row(Mode.HYBRID, stage="loyalty", category="sales")),
    ),
    "school": Balance(
        Mode.HYBRID,
        (Row(Mode.PERSON, category="complaint"), Row(Mode.AUTOMATION, stage="discovery")),
    ),
    "estate": Balance(
        Mode.HYBRID,
        (
            Row(Mode.PERSON, stage="purchase"),
            Row(Mode.PERSON, category="complaint"),
            Row(Mode.PERSON, stage="enquiry", category="sales"),
            Row(Mode.AUTOMATION, stage="discovery"),
        ),
    ),
    "hotel": Balance(
        Mode.AUTOMATION,
        (Row(Mode.PERSON, category="complaint"), Row(Mode.HYBRID, stage="after_sale")),
    ),
    "beauty": Balance(Mode.AUTOMATION, (Row(Mode.PERSON, category="complaint"),)),
}
"""Balances to begin with, by trade; bot_sentences.PRESETS names them and says why."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the bot's messages of one category went."""

    category: str
    heard: int = 0
    handed_over: int = 0
    answered: int = 0
    helped: int = 0
    not_helped: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """A row to put first, and the numbers that speak for it: a key of bot_sentences.advice."""

    row: Row
    why: str
    share: int
    """Per cent."""
    count: int


def advise(numbers: list[Numbers], balance: Balance) -> list[Advice]:
    """What the business's own numbers speak for, where there are enough and the balance says otherwise."""
    found = []
    for one in numbers:
        advice = _advice(one)
        now, _row = mode(balance, Circumstances(category=one.category))
        if advice and advice.row.mode != now:
            found.append(advice)
    return found


def _advice(one: Numbers) -> Advice | None:
    said = one.helped + one.not_helped
    if one.heard >= ENOUGH and one.handed_over >= BETTER_A_PERSON * one.heard:
        share = round(100 * one.handed_over / one.heard)
        return Advice(Row(Mode.PERSON, category=one.category), "handed_over", share, one.heard)
    if said >= ENOUGH and one.helped >= HELPS * said:
        return Advice(
            Row(Mode.AUTOMATION, category=one.category), "helped", round(100 * one.helped / said), said
        )
    if said >= ENOUGH and one.helped <= HELPS_LITTLE * said:
        return Advice(
            Row(Mode.HYBRID, category=one.category), "not_helped", round(100 * one.not_helped / said), said
        )
    return None
