"""A hundred businesses with a year behind them, made by SQL in a minute or two.

`fill(url, scale)` writes past row-level security as the superuser, but every invariant of the tables
holds: each message has its episode, its line in the history, and its raw event or its delivery; rows
lie in the order of time, as they would have been written. Deterministic but for the identifiers.
"""

from collections.abc import Callable
from functools import partial

import psycopg
from django.db.models import Model
from psycopg import sql

from bench.fill import people, talk
from bench.fill.businesses import Filled, businesses
from bench.fill.plan import plan
from bench.fill.rows import insert_rows, without_indexes
from conversations.models import (
    Conversation,
    ConversationLabel,
    Delivery,
    Episode,
    InboundEvent,
    InboundItem,
    Message,
    ThreadReference,
)
from crm.models import Customer, CustomerLabel, Identity, Order, TimelineEntry

__all__ = ["Filled", "fill"]


STEPS: list[tuple[type[Model], Callable[[Callable[..., None]], None]]] = [
    (Customer, people.customers),
    (Identity, people.identities),
    (CustomerLabel, partial(people.labels, table="bench.customer", owner="customer")),
    (Order, people.orders),
    (Conversation, talk.conversations),
    (ConversationLabel, partial(people.labels, table="bench.conversation", owner="conversation")),
    (Episode, talk.episodes),
    (Message, talk.messages),
    (TimelineEntry, talk.timeline),
    (Delivery, talk.deliveries),
    (InboundEvent, talk.events),
    (InboundItem, talk.items),
    (ThreadReference, talk.references),
]


def fill(superuser_url: str, scale: float, say: Callable[[str], None]) -> Filled:
    """Make the businesses and all their rows; returns the large one."""
    made = businesses()
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        connection.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '768MB'")
        connection.execute("SET max_parallel_maintenance_workers = 1; SET timezone = 'UTC'")
        plan(connection, made, scale)
        dropped = without_indexes(connection, [model for model, _make in STEPS])
        for model, make in STEPS:
            make(partial(insert_rows, connection, model))
            say(f"  {model._meta.db_table}: {connection.execute(_count(model)).fetchone()[0]:,}")  # type: ignore[index]
        for statement in dropped:
            connection.execute(statement)
        say(f"  {len(dropped)} indexes")
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    return made[0]


def _count(model: type[Model]) -> sql.Composed:
    return sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(model._meta.db_table))
