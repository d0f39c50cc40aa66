"""The benchmarks' data keeps the promises of the tables, which the database was told not to check."""

from collections.abc import Iterator

import pytest

from bench.fill import fill
from tests import servers

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Each counts what breaks a rule; foreign keys are all read from the catalogue below.
RULES = {
    "the last message is the conversation's last": """
        SELECT count(*) FROM conversations_conversation v WHERE last_message_at <>
          (SELECT max(created_at) FROM conversations_message m WHERE m.conversation_id = v.id)""",
    "messages follow each other by id as by time": """
        SELECT count(*) FROM (SELECT created_at < lag(created_at) OVER
          (PARTITION BY conversation_id ORDER BY id) AS back FROM conversations_message) AS m WHERE back""",
    "an episode is of its message's conversation": """
        SELECT count(*) FROM conversations_message m JOIN conversations_episode e ON e.id = m.episode_id
        WHERE e.conversation_id <> m.conversation_id""",
    "conversations know how many episodes they have": """
        SELECT count(*) FROM conversations_conversation v WHERE episode_count <>
          (SELECT count(*) FROM conversations_episode e WHERE e.conversation_id = v.id)""",
    "an address is its conversation's customer's": """
        SELECT count(*) FROM conversations_conversation v JOIN crm_identity i ON i.id = v.identity_id
        WHERE i.customer_id <> v.customer_id""",
    "every message has its line in the history": """
        SELECT count(*) FROM conversations_message m WHERE NOT EXISTS (SELECT FROM crm_timelineentry t
          WHERE t.object_id = m.id AND t.context_id = m.conversation_id)""",
    "what went out has a delivery, what came in an event": """
        SELECT count(*) FROM conversations_message m WHERE (kind = 'outbound') <>
          EXISTS (SELECT FROM conversations_delivery d WHERE d.message_id = m.id) OR (kind = 'inbound') <>
          EXISTS (SELECT FROM conversations_inboundevent e WHERE e.message_id = m.id)""",
    "who waits has written last": """
        SELECT count(*) FROM conversations_conversation
        WHERE (status = 'open') <> (waiting_since IS NOT NULL) OR (status = 'open') = preview_is_ours""",
    "a web visitor has one conversation": """
        SELECT count(*) FROM (SELECT identity_id FROM conversations_conversation v
          JOIN conversations_channel c ON c.id = v.channel_id
          WHERE c.kind = 'web' GROUP BY 1 HAVING count(*) > 1) AS several""",
}
KEYS = """
SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,
  (SELECT array_agg(a.attname ORDER BY place) FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
  (SELECT array_agg(a.attname ORDER BY place) FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number)
FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
"""


@pytest.fixture
def filled() -> Iterator[None]:
    with servers.superuser(servers.DATABASE) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    url = servers.urls(servers.DATABASE)["DATABASE_URL"].replace("puente_app@", "postgres@")
    fill(url, 0.01, lambda _line: None)
    yield
    with servers.superuser(servers.DATABASE) as connection:
        connection.execute("DROP SCHEMA bench CASCADE")


def test_filled_rows_keep_every_rule(filled: None) -> None:
    with servers.superuser(servers.DATABASE) as connection:
        counted = connection.execute("SELECT count(*) FROM conversations_message").fetchone()
        broken = {name: connection.execute(rule).fetchone()[0] for name, rule in RULES.items()}
        for name, ours, theirs, columns, targets in connection.execute(KEYS).fetchall():
            given = " AND ".join(f"o.{column} IS NOT NULL" for column in columns)
            same = " AND ".join(
                f"t.{target} = o.{column}" for column, target in zip(columns, targets, strict=True)
            )
            orphan = f"NOT EXISTS (SELECT FROM {theirs} t WHERE {same})"
            query = f"SELECT count(*) FROM {ours} o WHERE {given} AND {orphan}"
            broken[name] = connection.execute(query).fetchone()[0]
    assert counted[0] > 9_000
    assert {name: count for name, count in broken.items() if count} == {}
