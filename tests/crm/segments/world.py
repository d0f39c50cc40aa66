"""A random business, and every condition of rules in plain Python over its rows: what SQL is held against."""

from calendar import isleap, monthrange
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from crm.models import (
    Activity,
    Appointment,
    Attribute,
    Case,
    Consent,
    Customer,
    CustomerLabel,
    Identity,
    Label,
    Medium,
    Order,
    Payment,
    Purpose,
    Segment,
    SegmentMember,
    TimelineEntry,
)

Row = dict[str, Any]
NAMES = ("Ana Flores", "José Ñúñez", "ÁNGELES Ruiz", "Beto 100%", "Zoë_Q", "", 'O\'Brien "el güero"', "ana")
PRODUCTS = ("Bicicleta urbana", "CASCO Álpha", "Candado", 'Llanta 26"', "100% Lana", "casco\\infantil")
KINDS = ("cart abandoned", "viewed product")
FACTS = {
    "talla": (Attribute.Kind.TEXT, ["M", "g", "XL", "Ñ"]),
    "puntos": (Attribute.Kind.NUMBER, ["0", "12", "12.5", "-3", "muchos", "900"]),
    "saldo": (Attribute.Kind.MONEY, ["0", "1500.50", "-20.00", "99"]),
    "nace": (
        Attribute.Kind.DATE,
        ["1990-02-29", "1988-02-29", "1990-11-21", "2000-12-31", "ayer", "1975-06-15"],
    ),
    "plan": (Attribute.Kind.CHOICE, ["oro", "plata", "bronce"]),
    "gustos": (Attribute.Kind.CHOICES, [["ruta"], ["ruta", "montaña"], [], ["niños"], ["montaña", "niños"]]),
    "socio": (Attribute.Kind.YES_NO, [True, False]),
}
OPTIONS = {"plan": ["oro", "plata", "bronce"], "gustos": ["ruta", "montaña", "niños"]}


class World:
    """Some customers with all that can be known of them, made by chance but always the same."""

    def __init__(self, random: Random, now: datetime, zone: ZoneInfo, size: int) -> None:
        self.random, self.now, self.zone = random, now, zone
        self.customers = [self._customer() for _number in range(size)]
        self.labels = [Label.objects.create(name=name) for name in ("VIP", "Taller", "Mayoreo")]
        for key, (kind, _values) in FACTS.items():
            Attribute.objects.create(key=key, name=key.title(), kind=kind, options=OPTIONS.get(key, []))
        self._fill()
        self.list = Segment.objects.create(name="A mano", is_list=True, rule=None)
        chosen = random.sample(self.customers, size // 3)
        SegmentMember.objects.bulk_create(
            [SegmentMember(segment=self.list, customer=one, since=now) for one in chosen]
        )
        inner = {"version": 1, "where": {"any": [{"is": "orders.count", "op": "at_least", "n": 2}]}}
        self.ruled = Segment.objects.create(name="Con regla", rule=inner)
        self.rows = self._read()

    def moment(self, *, ahead: bool = False) -> datetime:
        """A moment within three years, now and then exactly at the edge of a day."""
        seconds = self.random.choice([86_400 * 4, 86_400 * 40, 86_400 * 400, 86_400 * 1_000])
        by = timedelta(seconds=self.random.randrange(seconds))
        at = self.now + (by if ahead and self.random.random() < 0.5 else -by)
        if self.random.random() < 0.1:
            at = datetime.combine(at.astimezone(self.zone).date(), time(), self.zone)
        return at

    def _customer(self) -> Customer:
        facts = {
            key: self.random.choice(values)
            for key, (_kind, values) in FACTS.items()
            if self.random.random() < 0.6
        }
        made: Customer = Customer.objects.create(
            name=self.random.choice(NAMES),
            company=self.random.choice(("", "", "Talleres Uno", "taller dos")),
            language=self.random.choice(("", "es", "ES-mx", "pt-br", "en")),
            attributes=facts,
            last_contact_at=self.moment(),
        )
        Customer.objects.filter(pk=made.pk).update(created_at=self.moment())
        return made

    def _fill(self) -> None:
        pick, numbers = self.random.choice, iter(range(100_000))

        def some(most: int) -> range:
            return range(self.random.choice([0, 0, 1, self.random.randrange(most + 1)]))

        def known(kind: str) -> dict[str, Any]:
            return {"source": "api", "external_id": f"{kind}{next(numbers)}"}

        orders, appointments, payments, activities, cases, entries, identities, consents, links = (
            [] for _ in range(9)
        )
        for one in self.customers:
            for _ in some(6):
                orders.append(Order(
                    customer=one, **known("o"), number="1", status=pick(Order.Status.values),
                    total=Decimal(pick([0, 100, 250, 999, 5000])), currency=pick(["MXN", "MXN", "USD"]),
                    items=[{"name": pick(PRODUCTS), "quantity": 1} for _ in some(3)],
                    placed_at=self.moment(), changed_at=self.now,
                ))  # fmt: skip
            for _ in some(4):
                appointments.append(Appointment(
                    customer=one, **known("a"), service="Servicio", status=pick(Appointment.Status.values),
                    starts_at=self.moment(ahead=True), changed_at=self.now,
                ))  # fmt: skip
            for _ in some(4):
                payments.append(Payment(
                    customer=one, **known("p"), status=pick(["due", "due", "paid", "failed"]),
                    amount=Decimal(pick([50, 500, 1500])), currency=pick(["MXN", "USD"]),
                    due_at=pick([None, self.moment(ahead=True)]),
                    happened_at=self.moment(), changed_at=self.now,
                ))  # fmt: skip
            for _ in some(6):
                activities.append(Activity(
                    customer=one, **known("x"), kind=pick(KINDS), happened_at=self.moment(),
                    amount=pick([None, Decimal("10.50"), Decimal(2000)]),
                ))  # fmt: skip
            for _ in some(3):
                cases.append(Case(
                    customer=one, kind=pick(Case.Kind.values), subject="Algo", opened_at=self.moment(),
                    resolved_at=pick([None, self.now]),
                ))  # fmt: skip
            for _ in some(5):
                entries.append(TimelineEntry(
                    customer=one, kind=pick(["message_in", "note", "survey"]), happened_at=self.moment(),
                ))  # fmt: skip
            for kind in {pick(["email", "phone", "whatsapp"]) for _ in some(2)}:
                value = f"{kind}{next(numbers)}"
                identities.append(Identity(customer=one, kind=kind, value=value, display=value,
                                           is_verified=pick([True, False])))  # fmt: skip
            for medium in ("whatsapp", "email"):
                if self.random.random() < 0.5:
                    consents.append(Consent(
                        customer=one, medium=medium, purpose=Purpose.PROMOTION,
                        state=pick(Consent.State.values),
                        since=self.now, expires_at=pick([None, self.moment(ahead=True)]),
                    ))  # fmt: skip
            links += [
                CustomerLabel(customer=one, label=label)
                for label in self.labels
                if self.random.random() < 0.3
            ]
        for model, rows in (
            (Order, orders), (Appointment, appointments), (Payment, payments), (Activity, activities),
            (Case, cases), (TimelineEntry, entries), (Identity, identities), (Consent, consents),
            (CustomerLabel, links),
        ):  # fmt: skip
            model.objects.bulk_create(rows)

    def _read(self) -> dict[str, dict[Any, list[Row]]]:
        """Every table as plain rows by customer."""
        tables = (
            Order,
            Appointment,
            Payment,
            Activity,
            Case,
            TimelineEntry,
            Identity,
            Consent,
            CustomerLabel,
        )
        found: dict[str, dict[Any, list[Row]]] = {}
        for model in (*tables, SegmentMember):
            by_customer: dict[Any, list[Row]] = defaultdict(list)
            for row in model.objects.values():
                by_customer[row["customer_id"]].append(row)
            found[model.__name__] = by_customer
        found["Customer"] = {row["id"]: [row] for row in Customer.objects.values()}
        return found

    # --- the oracle ---

    def matching(self, rule: Row) -> set[Any]:
        """Whom a rule means, customer by customer."""
        return {pk for pk in self.rows["Customer"] if self._node(rule["where"], pk)}

    def _node(self, node: Row, pk: Any) -> bool:
        if "all" in node:
            return all(self._node(one, pk) for one in node["all"])
        if "any" in node:
            return any(self._node(one, pk) for one in node["any"])
        if "none" in node:
            return not any(self._node(one, pk) for one in node["none"])
        return bool(CHECKS[node["is"]](self, node, pk))

    def of(self, table: str, pk: Any) -> list[Row]:
        return self.rows[table].get(pk, [])

    def local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def during(self, at: datetime, period: Row | None) -> bool:
        """Whether a moment lies in a period."""
        if not period:
            return True
        today = self.local(self.now)
        if "last" in period:
            return self.local(at) >= back(today, period["last"], period["unit"]) and at <= self.now
        if "next" in period:
            return at >= self.now and self.local(at) <= back(today, -period["next"], period["unit"])
        return self.on(self.local(at), period)

    def on(self, day: date, period: Row) -> bool:  # noqa: PLR0911 -- one case per period
        """Whether a day lies in a period."""
        today = self.local(self.now)
        match period:
            case {"last": n, "unit": unit}:
                return back(today, n, unit) <= day <= today
            case {"next": n, "unit": unit}:
                return today <= day <= back(today, -n, unit)
            case {"before": n, "unit": unit}:
                return day < back(today, n, unit)
            case {"during": "today"}:
                return day == today
            case {"during": "yesterday"}:
                return day == today - timedelta(days=1)
            case {"during": "this_week"}:
                return day.isocalendar()[:2] == today.isocalendar()[:2]
            case {"during": "this_month"}:
                return (day.year, day.month) == (today.year, today.month)
            case {"during": "last_year"}:
                return day.year == today.year - 1
        return period.get("from", "0") <= day.isoformat() <= period.get("to", "9")


def back(day: date, n: int, unit: str) -> date:
    """So many units before a day (or after, of a negative number)."""
    if unit == "days":
        return day - timedelta(days=n)
    if unit == "weeks":
        return day - timedelta(days=7 * n)
    year, month = day.year, day.month
    if unit == "years":
        year -= n
    else:
        year, month = year - n // 12, month - n % 12
        if month < 1:
            year, month = year - 1, month + 12
        if month > 12:
            year, month = year + 1, month - 12
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def compare(op: str, one: Any, other: Any) -> bool:
    return {"at_least": one >= other, "at_most": one <= other, "exactly": one == other}[op]


Check = Callable[[World, Row, Any], bool]
CHECKS: dict[str, Check] = {}


def has(op: str, rows: list[Row]) -> bool:
    return bool(rows) == (op == "has")


def check(key: str) -> Callable[[Check], Check]:
    def keep(function: Check) -> Check:
        CHECKS[key] = function
        return function

    return keep


def words(text: str | None, node: Row) -> bool:
    text, given = (text or "").lower(), node.get("text", "").lower()
    return {
        "contains": given in text, "contains_not": given not in text, "is": text == given,
        "is_not": text != given, "starts": text.startswith(given), "known": text != "", "unknown": text == "",
    }[node["op"]]  # fmt: skip


def fact(world: World, node: Row, pk: Any) -> Any:
    return world.rows["Customer"][pk][0]["attributes"].get(node["key"])


def number(text: Any) -> Decimal | None:
    try:
        return Decimal(text)
    except (ArithmeticError, TypeError):
        return None


def day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError):
        return None


for name_ in ("name", "company"):
    CHECKS[f"customer.{name_}"] = lambda w, n, pk, name_=name_: words(w.of("Customer", pk)[0][name_], n)
CHECKS["customer.language"] = lambda w, n, pk: (
    w.of("Customer", pk)[0]["language"][:2].lower() in n["languages"]
)
CHECKS["customer.created"] = lambda w, n, pk: w.during(w.of("Customer", pk)[0]["created_at"], n["period"])
CHECKS["customer.last_contact"] = lambda w, n, pk: w.during(
    w.of("Customer", pk)[0]["last_contact_at"], n["period"]
)


@check("identity")
def identity(world: World, node: Row, pk: Any) -> bool:
    rows = [row for row in world.of("Identity", pk) if row["kind"] == node["kind"]]
    return has(node["op"], [row for row in rows if row["is_verified"] or not node.get("verified")])


@check("label")
def label(world: World, node: Row, pk: Any) -> bool:
    own = {str(row["label_id"]) for row in world.of("CustomerLabel", pk)}
    wanted = set(node["labels"])
    return {"any_of": bool(own & wanted), "all_of": wanted <= own, "none_of": not own & wanted}[node["op"]]


CHECKS["attribute.text"] = lambda w, n, pk: words(fact(w, n, pk), n)


def amount(world: World, node: Row, pk: Any) -> bool:
    kept = number(fact(world, node, pk))
    if node["op"] in ("known", "unknown"):
        return (kept is not None) == (node["op"] == "known")
    return kept is not None and compare(
        {"is": "exactly"}.get(node["op"], node["op"]), kept, Decimal(node["amount"])
    )


CHECKS["attribute.number"] = CHECKS["attribute.money"] = amount


@check("attribute.date")
def date_(world: World, node: Row, pk: Any) -> bool:
    kept = day(fact(world, node, pk))
    if node["op"] in ("known", "unknown"):
        return (kept is not None) == (node["op"] == "known")
    return kept is not None and world.on(kept, node["period"])


@check("attribute.anniversary")
def anniversary(world: World, node: Row, pk: Any) -> bool:
    kept = day(fact(world, node, pk))
    if kept is None:
        return False
    year = world.local(world.now).year
    for other in (year - 1, year, year + 1, year + 2, year + 3):
        short = (kept.month, kept.day) == (2, 29) and not isleap(other)
        if world.on(date(other, 2, 28) if short else kept.replace(year=other), node["period"]):
            return True
    return False


@check("attribute.choice")
def choice(world: World, node: Row, pk: Any) -> bool:
    kept = fact(world, node, pk)
    return {
        "any_of": kept in node.get("values", []), "none_of": kept not in node.get("values", []),
        "known": kept is not None, "unknown": kept is None,
    }[node["op"]]  # fmt: skip


@check("attribute.choices")
def choices(world: World, node: Row, pk: Any) -> bool:
    kept, wanted = set(fact(world, node, pk) or []), set(node.get("values", []))
    return {
        "any_of": bool(kept & wanted), "all_of": wanted <= kept, "none_of": not kept & wanted,
        "known": bool(kept), "unknown": not kept,
    }[node["op"]]  # fmt: skip


@check("attribute.yes_no")
def yes_no(world: World, node: Row, pk: Any) -> bool:
    kept = fact(world, node, pk)
    return {"yes": kept is True, "no": kept is False, "known": kept is not None, "unknown": kept is None}[
        node["op"]
    ]


@check("consent")
def consent(world: World, node: Row, pk: Any) -> bool:
    rows = [
        r for r in world.of("Consent", pk) if (r["medium"], r["purpose"]) == (node["medium"], node["purpose"])
    ]
    state = rows[0]["state"] if rows else ""
    given = state == "given" and (rows[0]["expires_at"] is None or rows[0]["expires_at"] > world.now)
    return {"given": given, "not_given": not given}.get(node["op"], state == node["op"])


def bought(world: World, pk: Any) -> list[Row]:
    return [row for row in world.of("Order", pk) if row["status"] not in ("cancelled", "refunded")]


def many(rows: Callable[[World, Row, Any], list[Row]], at: str) -> Check:
    return lambda w, n, pk: compare(
        n["op"], len([r for r in rows(w, n, pk) if w.during(r[at], n.get("period"))]), n["n"]
    )


def much(rows: Callable[[World, Row, Any], list[Row]], field: str, at: str) -> Check:
    return lambda w, n, pk: compare(
        n["op"],
        sum((r[field] or Decimal(0) for r in rows(w, n, pk) if w.during(r[at], n.get("period"))), Decimal(0)),
        Decimal(n["amount"]),
    )


def newest(rows: Callable[[World, Row, Any], list[Row]], at: str) -> Check:
    def find(world: World, node: Row, pk: Any) -> bool:
        past = [row[at] for row in rows(world, node, pk) if row[at] <= world.now]
        return bool(past) and world.during(max(past), node["period"])

    return find


def oldest(rows: Callable[[World, Row, Any], list[Row]], at: str) -> Check:
    def find(world: World, node: Row, pk: Any) -> bool:
        found = [row[at] for row in rows(world, node, pk)]
        return bool(found) and world.during(min(found), node["period"])

    return find


CHECKS["orders.count"] = many(lambda w, n, pk: bought(w, pk), "placed_at")
CHECKS["orders.sum"] = much(
    lambda w, n, pk: [r for r in bought(w, pk) if r["currency"] == "MXN"], "total", "placed_at"
)
CHECKS["orders.last"] = newest(lambda w, n, pk: bought(w, pk), "placed_at")
CHECKS["orders.first"] = oldest(lambda w, n, pk: bought(w, pk), "placed_at")


@check("orders.product")
def product(world: World, node: Row, pk: Any) -> bool:
    rows = [row for row in bought(world, pk) if world.during(row["placed_at"], node.get("period"))]
    return has(
        node["op"], [r for r in rows if any(node["text"].lower() in i["name"].lower() for i in r["items"])]
    )


@check("orders.status")
def status(world: World, node: Row, pk: Any) -> bool:
    rows = [row for row in world.of("Order", pk) if row["status"] in node["statuses"]]
    return has(node["op"], [row for row in rows if world.during(row["placed_at"], node.get("period"))])


@check("payments.overdue")
def overdue(world: World, node: Row, pk: Any) -> bool:
    since = world.now - timedelta(days=node["n"])
    rows = [row for row in world.of("Payment", pk) if row["status"] == "due"]
    return has(node["op"], [row for row in rows if row["due_at"] and row["due_at"] < since])


CHECKS["payments.sum"] = much(
    lambda w, n, pk: [r for r in w.of("Payment", pk) if (r["status"], r["currency"]) == ("paid", "MXN")],
    "amount",
    "happened_at",
)


def visits(*statuses: str) -> Callable[[World, Row, Any], list[Row]]:
    return lambda w, n, pk: [row for row in w.of("Appointment", pk) if row["status"] in statuses]


CHECKS["appointments.count"] = many(visits("booked", "confirmed", "arrived", "done", "no_show"), "starts_at")
CHECKS["appointments.last"] = newest(visits("arrived", "done"), "starts_at")
CHECKS["appointments.missed"] = many(visits("no_show"), "starts_at")


@check("appointments.next")
def upcoming(world: World, node: Row, pk: Any) -> bool:
    rows = [row for row in visits("booked", "confirmed")(world, node, pk) if row["starts_at"] > world.now]
    return has(node["op"], [row for row in rows if world.during(row["starts_at"], node.get("period"))])


def acts(world: World, node: Row, pk: Any) -> list[Row]:
    return [row for row in world.of("Activity", pk) if row["kind"] == node["kind"]]


CHECKS["activities.count"] = many(acts, "happened_at")
CHECKS["activities.sum"] = much(acts, "amount", "happened_at")
CHECKS["activities.last"] = newest(acts, "happened_at")


def cases(world: World, node: Row, pk: Any) -> list[Row]:
    return [row for row in world.of("Case", pk) if node.get("kind") in (None, row["kind"])]


CHECKS["cases.count"] = many(cases, "opened_at")
CHECKS["cases.open"] = lambda w, n, pk: has(n["op"], [r for r in cases(w, n, pk) if r["resolved_at"] is None])
CHECKS["timeline.count"] = many(
    lambda w, n, pk: [r for r in w.of("TimelineEntry", pk) if r["kind"] == n["kind"]], "happened_at"
)


@check("segment")
def segment(world: World, node: Row, pk: Any) -> bool:
    if node["segment"] == str(world.list.pk):
        found = bool(world.of("SegmentMember", pk))
    else:
        found = len(bought(world, pk)) >= 2
    return found == (node["op"] == "in")


# --- rules by chance ---

PAST = (
    {"last": 30, "unit": "days"}, {"last": 12, "unit": "months"}, {"last": 2, "unit": "weeks"},
    {"before": 6, "unit": "months"}, {"before": 1, "unit": "years"}, {"during": "this_month"},
    {"during": "last_year"}, {"during": "this_week"}, {"during": "yesterday"}, {"during": "today"},
    {"from": "2025-01-01", "to": "2026-03-31"}, {"from": "2026-06-01"}, {"to": "2026-01-01"},
)  # fmt: skip
FUTURE = (
    {"next": 7, "unit": "days"},
    {"next": 3, "unit": "months"},
    {"during": "this_month"},
    {"during": "this_week"},
)


class Rules:
    """Rules made by chance from the declarations themselves, so that no condition is forgotten."""

    def __init__(self, random: Random, world: World) -> None:
        self.random, self.world = random, world

    def rule(self, keys: list[str]) -> Row:
        """A rule with at least these conditions, up to three groups deep."""
        return {"version": 1, "where": self._group(list(keys), 1)}

    def _group(self, keys: list[str], depth: int) -> Row:
        pick = self.random.choice
        nodes: list[Row] = [self.condition(key) for key in keys]
        if depth < 3 and self.random.random() < 0.6:
            nodes.append(
                self._group([pick(sorted(CHECKS)) for _ in range(self.random.randint(1, 3))], depth + 1)
            )
        self.random.shuffle(nodes)
        return {pick(["all", "any", "none"]): nodes}

    def condition(self, key: str) -> Row:
        """A condition with parts by chance; those that may be missing are, now and then."""
        from crm.segments.registry import CONDITIONS

        node: Row = {"is": key}
        for param in CONDITIONS[key].params:
            if param.is_left_out(node) or (param.is_optional and self.random.random() < 0.4):
                continue
            node[param.name] = self._value(param, node)
        return node

    def _value(self, param: Any, node: Row) -> Any:  # noqa: PLR0911 -- one case per kind
        pick = self.random.choice
        match type(param).__name__:
            case "Choice":
                return pick(list(param.options))
            case "Several":
                return self.random.sample(list(param.options), self.random.randint(1, 2))
            case "Whole":
                return pick([0, 1, 1, 2, 3])
            case "Amount":
                return pick(["-5", "0", "12.5", "99", "900", "1500.50"])
            case "Text":
                texts = (
                    KINDS
                    if param.name == "kind"
                    else ("an", "Ñ", "á", "%", "_", "casco", '26"', "\\", "M", "tall")
                )
                return pick(texts)
            case "When":
                return pick({"past": PAST, "future": FUTURE, "both": PAST + FUTURE}[param.side])
            case "Ref" if param.what == "segment":
                return str(pick([self.world.list, self.world.ruled]).pk)
            case "Ref":
                kind = param.what.partition(":")[2]
                return pick([key for key, (known, _values) in FACTS.items() if known == kind])
            case "Refs" if param.what == "label":
                return [
                    str(one.pk) for one in self.random.sample(self.world.labels, self.random.randint(1, 2))
                ]
            case "Refs":
                return self.random.sample(OPTIONS[node["key"]], self.random.randint(1, 2))
        raise LookupError(f"say in tests/crm/segments/world.py what {param.name} of {node['is']} can be")


__all__ = ["CHECKS", "Medium", "Rules", "World"]
