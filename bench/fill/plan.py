"""Who has what, before any row is written: tables of a schema of its own, read by what writes the rows."""

from collections.abc import Sequence

import psycopg

from bench.fill.businesses import OTHERS, Filled
from bench.words import FIRST_NAMES, PHRASES, SURNAMES, SYLLABLES

CUSTOMERS = 100_000  # at scale 1; as many conversations, ten messages each
SHARE = 5  # the large one owns a fifth

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


def plan(connection: psycopg.Connection, businesses: Sequence[Filled], scale: float) -> None:
    """Make the plan as tables of the schema `bench`; the first business is the large one."""
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
