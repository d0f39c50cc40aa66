"""A hundred businesses with a year behind them, made by SQL in a minute or two.

`fill(url, scale)` writes past row-level security as the superuser, but every invariant of the tables
holds: each message has its episode, its line in the history, and its raw event or its delivery; rows
lie in the order of time, as they would have been written. Deterministic but for the identifiers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from django.db.models import NOT_PROVIDED, DateTimeField, Field, Model
from django.db.models.expressions import DatabaseDefault
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.words import FIRST_NAMES, PHRASES, SURNAMES, SYLLABLES
from conversations.models import (
    Channel,
    Conversation,
    ConversationLabel,
    Delivery,
    Episode,
    InboundEvent,
    InboundItem,
    Message,
    ThreadReference,
)
from crm.models import Customer, CustomerLabel, Identity, Label, Order, TimelineEntry
from tenants.actions.businesses import create_business
from tenants.actions.teams import create_team
from tenants.actors import Actor
from tenants.models import Membership, User
from tenants.permissions import Role
from tenants.scoping import tenant_scope

CUSTOMERS = 100_000  # at scale 1; as many conversations, ten messages each
OTHERS = 100  # businesses that share what the large one leaves
SHARE = 5  # the large one owns a fifth
LABELS = ("Urgente", "Garantía", "Mayoreo", "Taller", "Factura", "VIP", "Devolución", "Envío")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the measurements need to know of the large business."""

    tenant_id: Any
    slug: str
    owner: Membership
    agent: Membership
    web_id: Any
    email_id: Any


def fill(superuser_url: str, scale: float, say: Callable[[str], None]) -> Filled:
    """Make the businesses and all their rows; returns the large one."""
    businesses = _businesses()
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        connection.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '768MB'")
        connection.execute("SET max_parallel_maintenance_workers = 1; SET timezone = 'UTC'")
        _plan(connection, businesses, scale)
        dropped = without_indexes(connection, [model for model, _make in STEPS])
        for model, make in STEPS:
            make(partial(insert_rows, connection, model))
            say(f"  {model._meta.db_table}: {connection.execute(_count(model)).fetchone()[0]:,}")  # type: ignore[index]
        for statement in dropped:
            connection.execute(statement)
        say(f"  {len(dropped)} indexes")
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    return businesses[0]


def _businesses() -> list[Filled]:
    """Businesses, people, teams and labels, made by the product's own actions."""
    found = []
    for number in range(OTHERS + 1):
        owner = User.objects.create(email=f"owner{number}@bench.example", name=f"Olga Dueña {number}")
        membership = create_business(name=f"Negocio {number}", country="MX", owner=owner)
        with tenant_scope(membership.tenant_id):
            agents = [_agent(membership, number, which) for which in range(12 if number == 0 else 2)]
            by = Actor.of_membership(membership)
            for name in ("Ventas", "Taller", "Entregas"):
                create_team(name=name, by=by)
            Label.objects.bulk_create([Label(name=name) for name in LABELS])
            web, email = (Channel.objects.get(kind=kind).pk for kind in ("web", "email"))
            tenant = membership.tenant
            found.append(Filled(tenant.pk, tenant.slug, membership, agents[0], web, email))
    return found


def _agent(owner: Membership, business: int, which: int) -> Membership:
    name = f"{FIRST_NAMES[which]} {SURNAMES[business % len(SURNAMES)]}"
    user = User.objects.create(email=f"agent{which}@{business}.bench.example", name=name)
    return Membership.objects.create(tenant=owner.tenant, user=user, role=Role.AGENT)


def _count(model: type[Model]) -> sql.Composed:
    return sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(model._meta.db_table))


# --- the plan: who has what, before any row is written ---

PLAN = """
CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO PUBLIC;
CREATE TABLE bench.accepted (id uuid PRIMARY KEY, body bytea NOT NULL);
GRANT INSERT ON bench.accepted TO PUBLIC;

-- A number from 0 to 1 that a row always gets for the same question.
CREATE FUNCTION bench.u(n bigint, question integer) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashint8extended(n, question) & 2147483647)::float8 / 2147483648 $$;
CREATE FUNCTION bench.one(choices text[], n bigint, question integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT choices[1 + floor(bench.u(n, question) * cardinality(choices))::int] $$;

CREATE TABLE bench.words (first text[], last text[], phrases text[], syllables text[]);
CREATE TABLE bench.tenant (
  no integer PRIMARY KEY, id uuid, lo integer, hi integer, web uuid, email uuid, agent uuid, agent_name text);

CREATE FUNCTION bench.say(n bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT bench.one(phrases, n, 1) || ' ' || bench.one(phrases, n, 2)
    || CASE WHEN bench.u(n, 3) < 0.5 THEN ' ' || bench.one(phrases, n, 4) ELSE '' END
    || CASE WHEN bench.u(n, 5) < 0.3 THEN ' Modelo ' || initcap(
         bench.one(syllables, n, 6) || bench.one(syllables, n, 7) || bench.one(syllables, n, 8)) || '.'
       ELSE '' END
  FROM bench.words $$;
"""

# What is said, made once: joining is faster than making it for each of a million messages.
SAID = 20_000
SAID_PLAN = f"""
CREATE TABLE bench.said AS SELECT g AS no, bench.say(g) AS text FROM generate_series(0, {SAID - 1}) AS g;
CREATE UNIQUE INDEX ON bench.said (no);
ANALYZE bench.said;
"""

CUSTOMER_PLAN = """
CREATE TABLE bench.customer AS
SELECT g AS no, t.no AS tenant_no, t.id AS tenant_id, uuidv7(came - now()) AS id, came,
  bench.one(w.first, g, 10) || ' ' || bench.one(w.last, g, 11) || ' ' || bench.one(w.last, g, 12) AS name,
  md5('visitor ' || g)::uuid AS visitor,
  lower(public.unaccent(bench.one(w.first, g, 10) || '.' || bench.one(w.last, g, 11))) || g
    || '@correo.example' AS email,
  '+52' || 3300000000 + g AS phone,
  uuidv7(came - now()) AS web_identity, uuidv7(came - now()) AS email_identity
FROM bench.tenant t, generate_series(t.lo, t.hi) AS g, bench.words w,
  LATERAL (SELECT now() - make_interval(secs => 86400 * (370 + 300 * bench.u(g, 13))) AS came);
CREATE UNIQUE INDEX ON bench.customer (no);
"""

# Three in four conversations are a customer's first; the fourth is a later mail of one of a few.
CONVERSATION_PLAN = """
CREATE TABLE bench.conversation AS
SELECT g AS no, t.no AS tenant_no, t.id AS tenant_id, c.id AS customer_id, c.no AS customer_no, c.name,
  kind, c.visitor, c.email,
  CASE kind WHEN 'web' THEN t.web ELSE t.email END AS channel_id,
  CASE kind WHEN 'web' THEN c.web_identity ELSE c.email_identity END AS identity_id,
  uuidv7(began - now()) AS id, uuidv7(began - now()) AS first_episode,
  CASE WHEN g % 10 = 0 THEN uuidv7(middle - now()) END AS second_episode,
  n, step, began, middle, ended, status, bench.one(w.phrases, g, 20) AS subject
FROM bench.tenant t, generate_series(t.lo, t.hi) AS g, bench.words w,
  LATERAL (SELECT 10 + (CASE g % 2 WHEN 0 THEN 1 ELSE -1 END) * ((g / 2) % 7) AS n,
    CASE WHEN g % 4 <> 0 AND bench.u(g, 21) < 0.67 THEN 'web' ELSE 'email' END AS kind,
    CASE WHEN bench.u(g, 22) < 0.70 THEN 'closed' WHEN bench.u(g, 22) < 0.84 THEN 'waiting'
      WHEN bench.u(g, 22) < 0.85 THEN 'snoozed' ELSE 'open' END AS status) AS a,
  LATERAL (SELECT make_interval(secs => CASE kind WHEN 'web' THEN 40 ELSE 3000 END * (1 + bench.u(g, 23)))
      AS step,
    now() - make_interval(secs => 60 + 86400 * CASE status WHEN 'closed' THEN 365 * bench.u(g, 24) ^ 1.5
      ELSE 4 * bench.u(g, 24) END) AS ended) AS b,
  LATERAL (SELECT ended - n * step AS began, ended - (n / 2) * step AS middle) AS d,
  bench.customer c
WHERE c.no = CASE g % 4 WHEN 0 THEN t.lo + ((g - t.lo) / 40) ELSE g END;
CREATE INDEX ON bench.conversation (tenant_no);
"""


def _plan(connection: psycopg.Connection, businesses: list[Filled], scale: float) -> None:
    connection.execute(PLAN)
    lists = [list(words) for words in (FIRST_NAMES, SURNAMES, PHRASES, SYLLABLES)]
    connection.execute("INSERT INTO bench.words VALUES (%s, %s, %s, %s)", lists)
    total = max(OTHERS * SHARE, round(CUSTOMERS * scale))
    large = total // SHARE
    bounds = [0, *(large + (total - large) * number // OTHERS for number in range(OTHERS + 1))]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bench.tenant VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    number,
                    one.tenant_id,
                    bounds[number] + 1,
                    bounds[number + 1],
                    one.web_id,
                    one.email_id,
                    one.agent.pk,
                    one.agent.name,
                )
                for number, one in enumerate(businesses)
            ],
        )
    connection.execute(SAID_PLAN)
    connection.execute(CUSTOMER_PLAN)
    connection.execute(CONVERSATION_PLAN)
    connection.execute("ANALYZE bench.customer; ANALYZE bench.conversation; ANALYZE bench.tenant")


# --- the rows ---


def insert_rows(connection: psycopg.Connection, model: type[Model], source: str, /, **columns: str) -> None:
    """INSERT … SELECT with an SQL expression for some columns and the model's default for the others."""
    expressions: dict[str, sql.Composable] = {
        name: sql.SQL(text)  # type: ignore[arg-type]
        for name, text in columns.items()
    }
    for field in model._meta.concrete_fields:
        if str(field.column) not in expressions and not field.generated:
            expressions[str(field.column)] = _default(field)
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM ").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, expressions)),
            sql.SQL(", ").join(expressions.values()),
        )
        + sql.SQL(source)  # type: ignore[arg-type]
    )


def _default(field: "Field[Any, Any]") -> sql.Composable:
    if isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add):
        return sql.SQL("now()")
    if field.null:
        return sql.SQL("NULL")
    if field.default is NOT_PROVIDED and not field.empty_strings_allowed:
        raise LookupError(f"bench/fill.py must say what {field.model.__name__}.{field.name} holds")
    value = field.get_default()
    if isinstance(value, DatabaseDefault):
        value = field.db_default
    return sql.Literal(Jsonb(value) if isinstance(value, dict | list) else value)


def _customers(insert: Callable[..., None]) -> None:
    insert(
        """bench.customer c LEFT JOIN (SELECT customer_no, max(ended) AS last FROM bench.conversation
           GROUP BY 1) l ON l.customer_no = c.no ORDER BY c.id""",
        id="c.id",
        tenant_id="tenant_id",
        name="name",
        company="CASE WHEN bench.u(c.no, 14) < 0.1 THEN 'Talleres ' || split_part(name, ' ', 2) ELSE '' END",
        language="'es'",
        attributes="""CASE WHEN bench.u(c.no, 15) < 0.3 THEN '{"talla": "M"}' ELSE '{}' END::jsonb""",
        last_contact_at="coalesce(last, came)",
        last_contact_channel="CASE WHEN last IS NULL THEN '' ELSE 'web' END",
        created_at="came",
        updated_at="coalesce(last, came)",
    )


def _identities(insert: Callable[..., None]) -> None:
    kinds = {
        "web": ("web_identity", "visitor::text", "true"),
        "email": ("email_identity", "email", "true"),
        "phone": ("uuidv7(came - now())", "phone", "no % 3 = 0"),
    }
    for kind, (identity, value, which) in kinds.items():
        insert(
            f"bench.customer WHERE {which} ORDER BY id",
            id=identity,
            tenant_id="tenant_id",
            customer_id="id",
            kind=f"'{kind}'",
            value=value,
            display=value
            if kind != "phone"
            else "regexp_replace(phone, '(...)(..)(....)(....)', '\\1 \\2 \\3 \\4')",
            is_verified="true",
            created_at="came",
        )


def _labels(insert: Callable[..., None], table: str, owner: str) -> None:
    insert(
        f"""{table} o JOIN LATERAL (SELECT id FROM crm_label l WHERE l.tenant_id = o.tenant_id
            ORDER BY l.name OFFSET floor(bench.u(o.no, 16) * {len(LABELS)})::int LIMIT 1) AS chosen ON true
            WHERE bench.u(o.no, 17) < 0.2""",
        id="uuidv7()",
        tenant_id="o.tenant_id",
        label_id="chosen.id",
        **{f"{owner}_id": "o.id"},
    )


def _orders(insert: Callable[..., None]) -> None:
    insert(
        """bench.customer c, LATERAL (SELECT now() - make_interval(secs => 86400 * 365 * bench.u(c.no, 18))
           AS placed) AS p ORDER BY placed""",
        id="uuidv7(placed - now())",
        tenant_id="tenant_id",
        customer_id="c.id",
        source="'tienda'",
        external_id="c.no::text",
        number="'B-' || 100000 + c.no",
        status="CASE WHEN bench.u(c.no, 19) < 0.9 THEN 'delivered' ELSE 'preparing' END",
        total="round((200 + 9000 * bench.u(c.no, 30))::numeric, 2)",
        currency="'MXN'",
        items="""'[{"name": "Bicicleta urbana", "quantity": 1, "price": "4500.00"}]'::jsonb""",
        placed_at="placed",
        changed_at="placed",
        created_at="placed",
        updated_at="placed",
    )


MEMBER = """LEFT JOIN LATERAL (SELECT array_agg(m.id ORDER BY m.created_at) AS members
  FROM tenants_membership m WHERE m.tenant_id = t.id) AS staff ON true
  LEFT JOIN LATERAL (SELECT array_agg(g.id ORDER BY g.name) AS teams
  FROM tenants_team g WHERE g.tenant_id = t.id) AS sorted ON true"""


SAYS = f"JOIN bench.said s ON s.no = (v.no * 37 + {{}} * 7919) % {SAID}"


def _conversations(insert: Callable[..., None]) -> None:
    insert(
        f"""bench.conversation v JOIN (bench.tenant t {MEMBER}) ON t.no = v.tenant_no
            {SAYS.format("n")} ORDER BY v.id""",
        id="v.id",
        tenant_id="v.tenant_id",
        customer_id="v.customer_id",
        channel_id="v.channel_id",
        identity_id="v.identity_id",
        subject="CASE kind WHEN 'email' THEN subject ELSE '' END",
        status="v.status",
        priority="CASE WHEN bench.u(v.no, 31) < 0.05 THEN 3 WHEN bench.u(v.no, 31) < 0.15 THEN 2 ELSE 1 END",
        assignee_id="""CASE WHEN status <> 'open' OR bench.u(v.no, 32) < 0.7 THEN
          members[2 + floor(bench.u(v.no, 33) * (cardinality(members) - 1))::int] END""",
        team_id="CASE WHEN bench.u(v.no, 34) < 0.5 THEN teams[1 + floor(bench.u(v.no, 35) * 3)::int] END",
        preview="left(s.text, 160)",
        preview_is_ours="status <> 'open'",
        last_message_at="ended",
        last_inbound_at="CASE status WHEN 'open' THEN ended ELSE ended - step END",
        waiting_since="CASE status WHEN 'open' THEN ended END",
        snoozed_until="CASE status WHEN 'snoozed' THEN now() + interval '2 days' END",
        closed_at="CASE status WHEN 'closed' THEN ended END",
        episode_count="CASE WHEN second_episode IS NULL THEN 1 ELSE 2 END",
        created_at="began",
    )


def _episodes(insert: Callable[..., None]) -> None:
    closed = "CASE status WHEN 'closed' THEN ended END"
    for number, episode, opened, ended in (
        (1, "first_episode", "began", f"CASE WHEN second_episode IS NULL THEN {closed} ELSE middle END"),
        (2, "second_episode", "middle", closed),
    ):
        insert(
            f"bench.conversation WHERE {episode} IS NOT NULL",
            id=episode,
            tenant_id="tenant_id",
            conversation_id="id",
            number=str(number),
            opened_at=opened,
            first_answer_at=f"{opened} + step",
            closed_at=ended,
        )


def _messages(insert: Callable[..., None]) -> None:
    """The last is the customer's where the conversation is open, else ours; before it they take turns."""
    insert(
        f"""(SELECT v.*, m, ended - (n - m) * step AS at, ((n - m) % 2 = 0) = (status = 'open') AS theirs
             FROM bench.conversation v, generate_series(1, n) AS m
           ) AS v JOIN bench.tenant t ON t.no = v.tenant_no {SAYS.format("m")} ORDER BY at""",
        id="uuidv7(at - clock_timestamp())",
        tenant_id="v.tenant_id",
        conversation_id="v.id",
        episode_id="""CASE WHEN at > middle THEN coalesce(second_episode, first_episode)
          ELSE first_episode END""",
        kind="CASE WHEN theirs THEN 'inbound' ELSE 'outbound' END",
        author_kind="CASE WHEN theirs THEN 'customer' ELSE 'member' END",
        author_id="CASE WHEN NOT theirs THEN t.agent END",
        author_label="CASE WHEN theirs THEN v.name ELSE t.agent_name END",
        text="s.text || CASE WHEN (v.no + m) % 10 = 0 THEN ' Pedido ' || 100000 + v.no || '.' ELSE '' END",
        subject="CASE WHEN theirs AND v.kind = 'email' THEN v.subject ELSE '' END",
        data="""CASE WHEN NOT theirs THEN '{}' WHEN v.kind = 'email' THEN
          jsonb_build_object('message_id', v.no || '.' || m || '@correo.example', 'automatic', '')
          ELSE '{"page": {"url": "https://negocio.example/"}, "answers": {}}' END""",
        client_id="CASE WHEN v.kind = 'web' OR NOT theirs THEN md5('client ' || v.no || ' ' || m)::uuid END",
        provider_id="""CASE WHEN NOT theirs THEN '' WHEN v.kind = 'web' THEN
          v.visitor || ':' || md5('client ' || v.no || ' ' || m)::uuid
          ELSE encode(sha256(convert_to(v.no || '.' || m, 'UTF8')), 'hex') END""",
        provider_at="CASE WHEN theirs AND v.kind = 'email' THEN at END",
        created_at="at",
    )


OF_MESSAGE = "conversations_message m JOIN bench.conversation v ON v.id = m.conversation_id"


def _timeline(insert: Callable[..., None]) -> None:
    insert(
        f"{OF_MESSAGE} ORDER BY m.id",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        customer_id="v.customer_id",
        kind="CASE m.kind WHEN 'inbound' THEN 'message_in' ELSE 'message_out' END",
        happened_at="m.created_at",
        object_id="m.id",
        context_id="v.id",
        channel="v.kind",
        actor_label="m.author_label",
        data="""jsonb_build_object('text', left(m.text, 200),
          'subject', CASE v.kind WHEN 'email' THEN v.subject ELSE '' END)""",
    )
    insert(
        """conversations_episode e JOIN bench.conversation v ON v.id = e.conversation_id
           WHERE e.closed_at IS NOT NULL""",
        id="uuidv7(e.closed_at - clock_timestamp())",
        tenant_id="e.tenant_id",
        customer_id="v.customer_id",
        kind="'conversation_closed'",
        happened_at="e.closed_at",
        object_id="e.id",
        context_id="v.id",
        channel="v.kind",
    )
    insert(
        "crm_order o",
        id="uuidv7(o.placed_at - clock_timestamp())",
        tenant_id="o.tenant_id",
        customer_id="o.customer_id",
        kind="'order'",
        happened_at="o.placed_at",
        object_id="o.id",
        data="""jsonb_build_object(
          'number', o.number, 'status', o.status, 'total', o.total::text, 'currency', o.currency)""",
    )


def _deliveries(insert: Callable[..., None]) -> None:
    insert(
        f"{OF_MESSAGE} WHERE m.kind = 'outbound' ORDER BY m.id",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        message_id="m.id",
        channel_id="v.channel_id",
        status="CASE v.kind WHEN 'web' THEN 'read' ELSE 'sent' END",
        attempts="CASE v.kind WHEN 'web' THEN 0 ELSE 1 END",
        provider_id="""CASE v.kind WHEN 'web' THEN ''
          ELSE replace(m.id::text, '-', '') || '@negocio.example' END""",
        due_at="m.created_at",
        created_at="m.created_at",
        settled_at="m.created_at",
    )


def _events(insert: Callable[..., None]) -> None:
    insert(
        f"""{OF_MESSAGE}, LATERAL (SELECT convert_to(jsonb_build_object('visitor', v.visitor, 'client_id',
            m.client_id, 'id', m.id, 'text', m.text, 'page', m.data -> 'page')::text, 'UTF8') AS raw) AS r
            WHERE m.kind = 'inbound' ORDER BY m.id""",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        channel_id="v.channel_id",
        body_hash="encode(sha256(raw), 'hex')",
        body="raw",
        content_type="CASE v.kind WHEN 'web' THEN 'application/json' ELSE 'message/rfc822' END",
        outcome="'message'",
        attempts="1",
        due_at="NULL",
        message_id="m.id",
        received_at="m.created_at",
        processed_at="m.created_at",
    )


def _items(insert: Callable[..., None]) -> None:
    insert(
        "conversations_inboundevent e JOIN conversations_message m ON m.id = e.message_id ORDER BY e.id",
        id="uuidv7(e.received_at - clock_timestamp())",
        tenant_id="e.tenant_id",
        event_id="e.id",
        channel_id="e.channel_id",
        kind="'message'",
        provider_id="m.provider_id",
    )


def _references(insert: Callable[..., None]) -> None:
    insert(
        f"{OF_MESSAGE} WHERE m.kind = 'inbound' AND v.kind = 'email'",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        channel_id="v.channel_id",
        conversation_id="v.id",
        reference="encode(sha256(convert_to(m.data ->> 'message_id', 'UTF8')), 'hex')",
    )


STEPS: list[tuple[type[Model], Callable[[Callable[..., None]], None]]] = [
    (Customer, _customers),
    (Identity, _identities),
    (CustomerLabel, partial(_labels, table="bench.customer", owner="customer")),
    (Order, _orders),
    (Conversation, _conversations),
    (ConversationLabel, partial(_labels, table="bench.conversation", owner="conversation")),
    (Episode, _episodes),
    (Message, _messages),
    (TimelineEntry, _timeline),
    (Delivery, _deliveries),
    (InboundEvent, _events),
    (InboundItem, _items),
    (ThreadReference, _references),
]

PLAIN_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
WHERE c.relname = ANY(%s) AND k.oid IS NULL
"""


def without_indexes(connection: psycopg.Connection, models: Iterable[type[Model]]) -> list[str]:
    """Drop what is faster made at the end; returns the statements that make it."""
    tables = [model._meta.db_table for model in models]
    found = connection.execute(PLAIN_INDEXES, [tables]).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    return [definition for _name, definition in found]
