"""The statement that writes an audience down, and the one that tells where people live."""

# Everybody with his way and why not. The pieces in braces are statements of Django's, with their parameters.
JUDGED = """
WITH audience AS MATERIALIZED (
    SELECT a.id, a.language, a.timezone, random() AS held, random() AS lot, random() AS slice
    FROM ({audience}) AS a
),
drawn AS (
    SELECT a.*, CASE WHEN lot < %(tested)s
        THEN 1 + least(floor(lot / nullif(%(tested)s, 0) * %(letters)s)::int, %(letters)s - 1) END AS letter
    FROM audience a
),
against AS (
    SELECT DISTINCT ON (s.kind, s.value) s.kind, s.value, s.reason FROM crm_suppression s
    WHERE s.tenant_id = %(tenant)s AND s.lifted_at IS NULL AND s.covers = ANY(%(covers)s)
    ORDER BY s.kind, s.value, array_position(%(reasons)s, s.reason::text)
),
listed AS (SELECT DISTINCT e.value FROM ({listed}) AS e),
way AS (
    SELECT * FROM unnest(%(way_channels)s::uuid[], %(way_ranks)s::int[], %(way_kinds)s::text[],
        %(way_spaces)s::text[], %(way_media)s::text[]) AS w(channel_id, rank, kind, space, medium)
),
tried AS (
    SELECT d.id AS customer_id, i.id AS identity_id, i.value, w.channel_id,
        CASE WHEN w.channel_id = (%(letter_channels)s::uuid[])[d.letter] THEN -1 ELSE w.rank END AS rank,
        CASE
            WHEN against.reason IS NOT NULL THEN against.reason
            WHEN listed.value IS NOT NULL THEN 'excluded'
            WHEN c.state = 'withdrawn' OR closed.identity_id IS NOT NULL THEN 'withdrawn'
            WHEN NOT %(needed)s THEN ''
            WHEN c.state IS NULL THEN 'not_given'
            WHEN c.state = 'asked' THEN 'not_confirmed'
            WHEN c.state = 'expired' OR c.expires_at <= %(at)s THEN 'expired'
            ELSE ''
        END AS refused
    FROM way w
    JOIN crm_identity i ON i.tenant_id = %(tenant)s AND i.kind = w.kind AND NOT i.is_claimed
    JOIN drawn d ON d.id = i.customer_id
    LEFT JOIN against ON against.kind = w.space AND against.value = i.value
    LEFT JOIN listed ON listed.value = i.value
    LEFT JOIN crm_consent c ON c.tenant_id = %(tenant)s AND c.customer_id = i.customer_id
        AND c.medium = w.medium AND c.purpose = %(purpose)s
    LEFT JOIN conversations_reach closed ON closed.tenant_id = %(tenant)s
        AND closed.channel_id = w.channel_id AND closed.identity_id = i.id AND NOT closed.is_open
),
best AS (
    SELECT DISTINCT ON (customer_id) customer_id, channel_id, value, refused FROM tried
    ORDER BY customer_id, refused <> '', rank, identity_id
),
spared AS (
    SELECT s.customer_id, min(s.strength) AS strength FROM (
{spared}
        SELECT NULL::uuid AS customer_id, 0 AS strength WHERE false
    ) AS s GROUP BY s.customer_id
),
offered AS (
    SELECT o.customer_id FROM (
        ({of_campaigns}) UNION ALL ({alone})
    ) AS o(customer_id) GROUP BY o.customer_id HAVING count(*) >= %(cap)s
),
phone AS (
    SELECT p.customer_id, left(min(p.value), %(prefix)s) AS value FROM crm_identity p
    WHERE p.tenant_id = %(tenant)s AND p.kind = ANY(%(numbers)s) AND NOT p.is_claimed GROUP BY 1
),
judged AS (
    SELECT d.id, d.language, d.held, d.slice, d.letter, b.channel_id, b.value,
        coalesce(nullif(d.timezone, ''), phone.value, '') AS place,
        CASE
            WHEN b.customer_id IS NULL THEN %(no_address)s
            WHEN b.refused <> '' THEN b.refused
            WHEN spared.strength IS NOT NULL THEN (%(shields)s::text[])[spared.strength]
            WHEN offered.customer_id IS NOT NULL AND %(is_capped)s THEN %(capped)s
            ELSE ''
        END AS reason
    FROM drawn d
    LEFT JOIN best b ON b.customer_id = d.id
    LEFT JOIN spared ON spared.customer_id = d.id
    LEFT JOIN offered ON offered.customer_id = d.id
    LEFT JOIN phone ON phone.customer_id = d.id AND d.timezone = ''
),
told AS (
    SELECT j.*, CASE WHEN reason <> '' THEN reason WHEN {doubled} THEN %(same_address)s ELSE '' END AS why
    FROM judged j
)"""
MADE = """,
made AS (
    INSERT INTO conversations_recipient (
        id, tenant_id, campaign_id, customer_id, variant_id, channel_id, address, language, state, reason,
        detail, is_canary, due_at)
    SELECT uuidv7(), %(tenant)s, %(campaign)s, t.id, (%(variants)s::uuid[])[t.letter],
        CASE WHEN t.why = '' THEN t.channel_id END, CASE WHEN t.why = '' THEN t.value END,
        coalesce(nullif(t.language, ''), %(language)s),
        CASE WHEN t.why <> '' THEN 'left_out' WHEN t.held < %(held)s THEN 'held_out' ELSE 'waiting' END,
        CASE WHEN t.why <> '' THEN t.why WHEN t.held < %(held)s THEN %(held_out)s ELSE '' END,
        '', t.why = '' AND t.letter IS NOT NULL AND t.held >= %(held)s AND t.slice < %(slice)s,
        CASE WHEN t.why = '' AND t.held >= %(held)s THEN coalesce(due.at, %(starts)s) END
    FROM told t
    LEFT JOIN unnest(%(places)s::text[], %(place_letters)s::int[], %(dues)s::timestamptz[])
        AS due(place, letter, at) ON due.place = t.place AND due.letter = coalesce(t.letter, 0)
    RETURNING state, is_canary
)
SELECT count(*), count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE is_canary) FROM made
"""
FREEZE = JUDGED + MADE
# Two people may have one telephone; the other kinds of address belong to one alone.
DOUBLED = """j.reason = '' AND row_number() OVER (PARTITION BY j.reason, j.value ORDER BY j.id) > 1"""
# Where people may live, with a telephone number that stands for those of its place.
PLACES = """
SELECT c.timezone, NULL FROM crm_customer c
WHERE c.tenant_id = %(tenant)s AND c.merged_into_id IS NULL AND c.timezone <> '' GROUP BY 1
UNION ALL
SELECT left(p.value, %(prefix)s), min(p.value) FROM crm_identity p
WHERE p.tenant_id = %(tenant)s AND p.kind = ANY(%(numbers)s) AND NOT p.is_claimed GROUP BY 1
"""
SPARED = "SELECT r.customer_id, {strength} AS strength FROM ({rows}) AS r UNION ALL\n"
