"""Twenty rules of segments over a million customers and five million events, each against SQL by hand.

Ours is what the builder does while somebody writes: check the rule, compile it, count. The floor is the
count that somebody who knows the tables and their indexes writes, in the same connection, under the same
row-level security and memory.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import sql

from bench.fill.rows import insert_rows, without_indexes
from bench.report import Entry
from crm.models import (
    Activity,
    Appointment,
    Attribute,
    Consent,
    Customer,
    CustomerLabel,
    Label,
    Order,
    TimelineEntry,
)
from crm.segments import compile as compiling
from crm.segments import rules
from crm.segments.params import Names
from tenants.actions.businesses import create_business
from tenants.actors import Actor
from tenants.models import User
from tenants.scoping import tenant_scope

CUSTOMERS = 1_000_000
EVENTS = {Order: 2_000_000, Activity: 1_500_000, TimelineEntry: 1_000_000, Appointment: 500_000}
ROUNDS = 5  # of each rule, ours and the floor's by turns


@dataclass(frozen=True, slots=True)
class Question:
    """A rule, and the condition on customer `c` that says the same by hand."""

    name: str
    where: dict[str, Any]
    by_hand: str


# --- the business ---

# Who there is, and what happens to whom: half of all to a fifth of them, in the order of time.
PEOPLE = """
CREATE SCHEMA IF NOT EXISTS segments;
CREATE TABLE segments.person AS SELECT g AS no, uuidv7(came - now()) AS id, came
FROM generate_series(1, {people}) AS g,
  LATERAL (SELECT now() - make_interval(
    secs => 86400 * (400 + 700 * (g::bigint * 7919 % {people})::float8 / {people})) AS came) AS a;
CREATE UNIQUE INDEX ON segments.person (no);
ANALYZE segments.person;
"""
EVENT = """
CREATE TABLE segments.event AS SELECT row_number() OVER (ORDER BY at) AS no, p.id AS customer_id, at, chance
FROM (SELECT g, abs(hashint8extended(g, 1)) % {people} + 1 AS any_one,
    abs(hashint8extended(g, 2)) % ({people} / 5) * 5 + 1 AS regular,
    (abs(hashint8extended(g, 3)) % 1000000)::numeric / 1000000 AS chance,
    now() - make_interval(
      secs => 86400 * 730 * (abs(hashint8extended(g, 4)) % 1000000)::float8 / 1000000) AS at
  FROM generate_series(1, {count}) AS g) AS e
JOIN segments.person p ON p.no = CASE WHEN chance < 0.5 THEN any_one ELSE regular END;
ANALYZE segments.event;
"""
COLUMNS: dict[Any, dict[str, str]] = {
    Order: {
        "id": "uuidv7(at - clock_timestamp())", "source": "'tienda'", "external_id": "lpad(no::text, 9, '0')",
        "number": "'S-' || no", "placed_at": "at", "changed_at": "at", "created_at": "at", "updated_at": "at",
        "status": "CASE WHEN chance * 10 % 1 < 0.9 THEN 'delivered'"
        " WHEN chance * 10 % 1 < 0.95 THEN 'cancelled' ELSE 'preparing' END",
        "total": "round((200 + 9000 * (chance * 100 % 1))::numeric, 2)", "currency": "'MXN'",
        "items": """CASE WHEN chance * 1000 % 1 < 0.1 THEN
          '[{{"name": "Casco infantil", "quantity": 1, "price": "450.00"}}]' ELSE
          '[{{"name": "Bicicleta urbana", "quantity": 1, "price": "4500.00"}}]' END::jsonb""",
    },
    Activity: {
        "id": "uuidv7(at - clock_timestamp())", "source": "'tienda'", "external_id": "lpad(no::text, 9, '0')",
        "kind": "CASE WHEN chance * 10 % 1 < 0.8 THEN 'viewed product' ELSE 'cart abandoned' END",
        "happened_at": "at", "amount": "round((4000 * (chance * 100 % 1))::numeric, 2)", "created_at": "at",
    },
    TimelineEntry: {
        "id": "uuidv7(at - clock_timestamp())", "happened_at": "at", "object_id": "md5('line ' || no)::uuid",
        "kind": "CASE WHEN chance * 10 % 1 < 0.6 THEN 'message_in' ELSE 'message_out' END",
        "channel": "'web'",
    },
    Appointment: {
        "id": "uuidv7(at - clock_timestamp())", "source": "'taller'", "external_id": "lpad(no::text, 9, '0')",
        "service": "'Servicio general'", "changed_at": "at", "created_at": "at", "updated_at": "at",
        "starts_at": "at + interval '30 days'",
        "status": "CASE WHEN at + interval '30 days' > now() THEN 'booked'"
        " WHEN chance * 10 % 1 < 0.8 THEN 'done' ELSE 'no_show' END",
    },
}  # fmt: skip
OF_PERSON: dict[Any, dict[str, str]] = {
    Customer: {
        "id": "id", "name": "'Persona ' || no", "last_contact_at": "came + (now() - came) * 0.9",
        "created_at": "came", "updated_at": "came",
        "language": "CASE no % 10 WHEN 0 THEN 'en' WHEN 1 THEN 'pt' ELSE 'es' END",
        "attributes": """CASE WHEN no % 3 = 0 THEN jsonb_build_object('puntos', (no % 1000)::text)
          ELSE '{{}}'::jsonb END""",
    },
    Consent: {
        "id": "uuidv7(came - now())", "customer_id": "id", "medium": "'whatsapp'", "purpose": "'promotion'",
        "state": "CASE no % 4 WHEN 0 THEN 'withdrawn' ELSE 'given' END", "since": "came",
    },
    CustomerLabel: {"id": "uuidv7(came - now())", "customer_id": "id", "label_id": "'{label}'"},
}  # fmt: skip
WHICH = {Customer: "true", Consent: "no % 2 = 0", CustomerLabel: "no % 20 = 0"}


def make(superuser_url: str, scale: float, say: Callable[[str], None]) -> UUID:
    """A business of its own with a million customers and their events; returns it."""
    owner = User.objects.create(email="owner@segments.bench.example", name="Olga Dueña")
    tenant_id: UUID = create_business(name="Un millón", country="MX", owner=owner).tenant_id
    with tenant_scope(tenant_id):
        label = Label.objects.create(name="VIP")
        Attribute.objects.create(key="puntos", name="Puntos", kind=Attribute.Kind.NUMBER)
    people, known = round(CUSTOMERS * scale), {"tenant": tenant_id, "label": label.pk}
    with psycopg.connect(superuser_url, autocommit=True) as db:
        db.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        db.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
        db.execute("SET max_parallel_maintenance_workers = 1")
        db.execute(PEOPLE.format(people=people))  # type: ignore[arg-type]
        tables = [*OF_PERSON, *COLUMNS]
        dropped = without_indexes(db, tables)
        for model, columns in OF_PERSON.items():
            given = {name: text.format(**known) for name, text in columns.items()}
            source = f"segments.person WHERE {WHICH[model]} ORDER BY id"
            insert_rows(db, model, source, **{"tenant_id": f"'{tenant_id}'", **given})
        for model, columns in COLUMNS.items():
            db.execute("DROP TABLE IF EXISTS segments.event")
            db.execute(EVENT.format(people=people, count=round(EVENTS[model] * scale)))  # type: ignore[arg-type]
            given = {name: text.format() for name, text in columns.items()}
            given |= {"tenant_id": f"'{tenant_id}'", "customer_id": "customer_id"}
            insert_rows(db, model, "segments.event ORDER BY no", **given)
        for statement in dropped:
            db.execute(statement)  # type: ignore[call-overload]
        for model in tables:
            db.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(model._meta.db_table)))
        db.execute("DROP SCHEMA segments CASCADE; CHECKPOINT")
    say(f"  {people:,} customers with {round(sum(EVENTS.values()) * scale):,} events")
    return tenant_id


# --- the questions ---


def _last(n: int, unit: str = "days") -> dict[str, Any]:
    return {"last": n, "unit": unit}


def _orders(op: str, n: int, **period: Any) -> dict[str, Any]:
    return {"is": "orders.count", "op": op, "n": n, **period}


STANDING = "o.tenant_id = %(tenant)s AND o.status NOT IN ('cancelled', 'refunded')"
BOUGHT = f"SELECT o.customer_id FROM crm_order o WHERE {STANDING}"
ZONE = "AT TIME ZONE 'America/Mexico_City'"
DAY = f"(date_trunc('day', now() {ZONE}) - interval '{{}}') {ZONE}"
AGO = {name: DAY.format(name) for name in ("30 days", "90 days", "6 months", "12 months", "7 days")}
CONSENTED = """SELECT k.customer_id FROM crm_consent k WHERE k.tenant_id = %(tenant)s
  AND k.medium = 'whatsapp'
  AND k.purpose = 'promotion' AND k.state = 'given' AND (k.expires_at IS NULL OR k.expires_at > now())"""
LABELLED = """SELECT l.customer_id FROM crm_customerlabel l
  WHERE l.tenant_id = %(tenant)s AND l.label_id = %(label)s"""
VIEWED = """SELECT a.customer_id FROM crm_activity a WHERE a.tenant_id = %(tenant)s AND a.kind = '{}'
  AND a.happened_at >= {}"""
WROTE = """SELECT t.customer_id FROM crm_timelineentry t WHERE t.tenant_id = %(tenant)s
  AND t.kind = 'message_in' AND t.happened_at >= {}"""
MISSED = """SELECT v.customer_id FROM crm_appointment v
  WHERE v.tenant_id = %(tenant)s AND v.status = 'no_show'"""
TWICE = "GROUP BY 1 HAVING count(*) >= {}"
GIVEN = {"is": "consent", "op": "given", "medium": "whatsapp", "purpose": "promotion"}
POINTS = """coalesce(CASE WHEN c.attributes ->> 'puntos' ~ '^-?[0-9]{1,15}([.][0-9]{1,18})?$'
  THEN (c.attributes ->> 'puntos')::numeric END >= 900, false)"""
NEXT = """SELECT v.customer_id FROM crm_appointment v WHERE v.tenant_id = %(tenant)s
  AND v.status IN ('booked', 'confirmed') AND v.starts_at > now()"""
CARTS = {"is": "activities.count", "kind": "cart abandoned", "op": "at_least", "n": 1, "period": _last(30)}
VIEWS = {"is": "activities.count", "kind": "viewed product", "op": "at_least", "n": 3, "period": _last(90)}
WRITES = {"is": "timeline.count", "kind": "message_in", "op": "at_least", "n": 1, "period": _last(90)}
YEARLY = {"period": _last(12, "months")}


def questions(label: UUID) -> list[Question]:
    """Twenty of them: single ones, and nested ones as shops ask them."""
    vip = {"is": "label", "op": "any_of", "labels": [str(label)]}
    quiet = {"is": "orders.last", "period": {"before": 6, "unit": "months"}}
    spent = {"is": "orders.sum", "op": "at_least", "amount": "20000", **YEARLY}
    missed = {"is": "appointments.missed", "op": "at_least", "n": 1}
    coming = {"is": "appointments.next", "op": "has"}
    points = {"is": "attribute.number", "key": "puntos", "op": "at_least", "amount": "900"}
    english = {"is": "customer.language", "languages": ["en"]}
    yearly = f"{BOUGHT} AND o.placed_at >= {AGO['12 months']}"
    twice = f"c.id IN ({yearly} {TWICE.format(2)})"
    went_quiet = f"""c.id IN ({BOUGHT} AND o.placed_at <= now()
      GROUP BY 1 HAVING max(o.placed_at) < {AGO["6 months"]})"""
    rich = f"""c.id IN (SELECT o.customer_id FROM crm_order o WHERE {STANDING} AND o.currency = 'MXN'
      AND o.placed_at >= {AGO["12 months"]} GROUP BY 1 HAVING sum(o.total) >= 20000)"""
    given, is_vip = f"c.id IN ({CONSENTED})", f"c.id IN ({LABELLED})"
    carts = f"c.id IN ({VIEWED.format('cart abandoned', AGO['30 days'])})"
    views = f"c.id IN ({VIEWED.format('viewed product', AGO['90 days'])} {TWICE.format(3)})"
    wrote, absent = f"c.id IN ({WROTE.format(AGO['90 days'])})", f"c.id IN ({MISSED})"
    awaited, speaks = f"c.id IN ({NEXT})", "lower(substr(c.language, 1, 2)) = 'en'"
    helmets = f"""c.id IN ({yearly}
      AND lower(jsonb_path_query_array(o.items, '$[*].name')::text) LIKE '%%casco%%')"""
    product = {"is": "orders.product", "op": "has", "text": "casco", **YEARLY}
    return [
        Question("bought twice in a year", {"all": [_orders("at_least", 2, **YEARLY)]}, twice),
        Question("never bought", {"all": [_orders("exactly", 0)]}, f"c.id NOT IN ({BOUGHT})"),
        Question("bought at most once", {"all": [_orders("at_most", 1)]},
                 f"c.id NOT IN ({BOUGHT} {TWICE.format(2)})"),
        Question("last order over half a year ago", {"all": [quiet]}, went_quiet),
        Question("first order in a month", {"all": [{"is": "orders.first", "period": _last(30)}]},
                 f"c.id IN ({BOUGHT} GROUP BY 1 HAVING min(o.placed_at) >= {AGO['30 days']})"),
        Question("spent 20,000 in a year", {"all": [spent]}, rich),
        Question("bought a helmet in a year", {"all": [product]}, helmets),
        Question("may have offers", {"all": [GIVEN]}, given),
        Question("left a cart", {"all": [CARTS]}, carts),
        Question("looked three times", {"all": [VIEWS]}, views),
        Question("wrote lately", {"all": [WRITES]}, wrote),
        Question("did not come", {"all": [missed]}, absent),
        Question("many points", {"all": [points]}, POINTS),
        Question("loyal and may have offers", {"all": [_orders("at_least", 2, **YEARLY), GIVEN]},
                 f"{twice} AND {given}"),
        Question("loyal, offers, no missed appointment",
                 {"all": [_orders("at_least", 2, **YEARLY), GIVEN, {"none": [missed]}]},
                 f"{twice} AND {given} AND c.id NOT IN ({MISSED})"),
        Question("VIP or rich", {"any": [vip, spent]}, f"({is_vip} OR {rich})"),
        Question("quiet, with points or a label", {"all": [quiet, {"any": [points, vip]}]},
                 f"{went_quiet} AND ({POINTS} OR {is_vip})"),
        Question("cart and no order since",
                 {"all": [CARTS, {"none": [_orders("at_least", 1, period=_last(30))]}]},
                 f"{carts} AND c.id NOT IN ({BOUGHT} AND o.placed_at >= {AGO['30 days']})"),
        Question("active by any of three, English", {"all": [english, {"any": [WRITES, VIEWS, coming]}]},
                 f"{speaks} AND ({wrote} OR {views} OR {awaited})"),
        Question("none of four", {"none": [_orders("at_least", 1, **YEARLY), WRITES, CARTS, vip]},
                 f"NOT (c.id IN ({yearly}) OR {wrote} OR {carts} OR {is_vip})"),
    ]  # fmt: skip


COUNT = (
    "SELECT count(*) FROM crm_customer c WHERE c.tenant_id = %(tenant)s AND c.merged_into_id IS NULL AND {}"
)


class Differing(Exception):
    """The rule and the SQL by hand count different customers."""


def segment_count(tenant_id: UUID, say: Callable[[str], None]) -> Entry:
    """The worst of twenty medians, and how it stands against its floor; each is told."""
    found = []
    with tenant_scope(tenant_id):
        label = Label.objects.get().pk
        for question in questions(label):
            ours, floor = _measure(tenant_id, label, question)
            found.append((ours, floor, question.name))
            say(f"    {1_000 * ours:6.0f} ms, {ours / floor:4.2f} of the floor: {question.name}")
    worst = max(found)
    ratio = max(ours / floor for ours, floor, _name in found)
    slowest = (
        f"the slowest of {len(found)} rules ({worst[2]}) over a million customers; ratio at worst {ratio:.2f}"
    )
    return Entry("segment_count", 1_000 * worst[0], 1_000 * worst[1], "lower", "ms at p50", slowest)


def _measure(tenant_id: UUID, label: UUID, question: Question) -> tuple[float, float]:
    """Median seconds of ours and of the floor."""
    rule = {"version": 1, "where": question.where}
    actor, parameters = Actor.system(), {"tenant": tenant_id, "label": label}
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    with compiling.roomy():
        for number in range(ROUNDS + 1):
            started = time.perf_counter()
            names = Names()
            context = compiling.context_of(names)
            kept = rules.checked(rule, names, actor)
            ours = compiling.customers(compiling.compiled(kept, context), actor).count()
            between = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(COUNT.format(question.by_hand), parameters)
                floor = cursor.fetchone()[0]
            ended = time.perf_counter()
            if abs(ours - floor) > 5:  # the two are asked at different moments
                raise Differing(f"{question.name}: {ours} and {floor}")
            if number:
                times["ours"].append(between - started)
                times["floor"].append(ended - between)
    return statistics.median(times["ours"]), statistics.median(times["floor"])
