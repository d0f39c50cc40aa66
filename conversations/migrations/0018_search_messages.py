"""Search over messages with filters, newest first, page by page (0004_search.py says why a function).

The newest messages are read one by one first: common words are found there, and the index, which holds
hundreds of thousands of places for them, is never asked. Where the words are rare among those, the index
is, and has few places. Common words behind a filter that leaves next to nothing are looked for as long as
there is time; then it says how far it came. Where filters leave few conversations, those are read instead.
Words mistyped are replaced by the nearest that subjects and last lines hold.
"""

from django.db import migrations

FORWARD = r"""
-- The first identifier (UUIDv7) that could be made at a moment.
CREATE FUNCTION conversations_first_id(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT (lpad(to_hex(greatest(0, floor(extract(epoch FROM at) * 1000))::bigint), 12, '0')
  || '00000000000000000000')::uuid $$;

-- A typed word as a query of lexemes: as the parser of texts cuts it, or as it stands; "" for none.
-- From four characters on beginnings count, where wanted; numbers are also found behind a hyphen.
CREATE FUNCTION conversations_lexemes(word text, beginnings boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  plain CONSTANT text := public.crm_plain(word);
  quoted CONSTANT text := '''' || replace(replace(plain, '\', '\\'), '''', '''''') || '''';
  ending CONSTANT text := CASE WHEN beginnings AND length(plain) > 3 THEN ':*' ELSE '' END;
  parsed tsquery;
BEGIN
  IF plain !~ '[[:alnum:]]' THEN
    RETURN '';
  END IF;
  IF plain ~ '^[[:alpha:]]+$' THEN
    RETURN quoted || ending;
  END IF;
  parsed := to_tsquery('simple', quoted || ending);
  RETURN '(' || quoted || ending
    || CASE WHEN plain ~ '^[0-9]+$' THEN ' | ' || '''-' || plain || '''' || ending ELSE '' END
    || CASE WHEN numnode(parsed) = 0 THEN '' ELSE ' | (' || parsed::text || ')' END || ')';
END
$$;

-- All words, each as it stands or what was meant by it; beginnings count of the last, or of all.
CREATE FUNCTION conversations_query(words text[], meant text[], beginnings boolean) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT string_agg(
    CASE WHEN other = '' THEN word ELSE '(' || word || ' | ' || other || ')' END, ' & '
  )::tsquery
  FROM (
    SELECT conversations_lexemes(words[n], beginnings OR n = cardinality(words)) AS word,
      conversations_lexemes(coalesce(meant[n], ''), false) AS other
    FROM generate_subscripts(words, 1) AS n
  ) AS each WHERE word <> ''
$$;

-- words: all of them must be in one message. narrow: channel, agent, label, status, files, direction,
-- since, before (moments), below (a message: only earlier ones). Out: messages, newest first, at most
-- `most`; `reached` is where it stopped for lack of time, null when everything was read; `instead` is
-- what was looked for in place of the words, null when they were found.
CREATE FUNCTION conversations_find(
  words text[], narrow jsonb, sees text, member uuid, teams uuid[], most integer, budget interval
)
RETURNS TABLE (message_id uuid, conversation_id uuid, reached uuid, instead text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.35
SET work_mem = '32MB'
AS $$
DECLARE
  own CONSTANT uuid := current_setting('app.tenant_id')::uuid;
  until CONSTANT timestamptz := clock_timestamp() + budget;
  few CONSTANT integer := 500;  -- conversations that are read one by one
  stride CONSTANT integer := 1500;  -- messages that are read one by one, each time
  rare CONSTANT float := 0.004;  -- of the messages read have the words: then the index is asked
  nothing CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  everything CONSTANT uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  lowest CONSTANT uuid := coalesce(conversations_first_id((narrow->>'since')::timestamptz), nothing);
  highest CONSTANT uuid := least(
    coalesce(conversations_first_id((narrow->>'before')::timestamptz), everything),
    coalesce((narrow->>'below')::uuid, everything));
  line CONSTANT text := 'crm_plain('' '' || c.subject || '' '' || c.preview)';
  -- One character less than the index has, so that it is not asked where it would cost most.
  unindexed CONSTANT text := 'to_tsvector(''simple'', crm_plain(left(m.text, 49999))) @@ $4';
  indexed CONSTANT text := 'to_tsvector(''simple'', crm_plain(left(m.text, 50000))) @@ $4';
  stretch CONSTANT text := '(m.tenant_id, m.id) < (%1$L::uuid, %2$L::uuid)'
    ' AND (m.tenant_id, m.id) >= (%1$L::uuid, %3$L::uuid)';
  visible text := '($1 = ''all'' OR c.assignee_id = $2 OR ($1 = ''teams'' AND c.team_id = ANY ($3)))';
  said text := 'm.kind <> ''event''';
  joined text;
  query tsquery;
  chosen uuid[];
  batch uuid[];
  batch_places uuid[];
  messages uuid[] := '{}';
  places uuid[] := '{}';
  high uuid;
  low uuid;
  nearer uuid;
  walked integer;
  matched integer;
  now_matched integer;
  stopped uuid;
  other text;
  meant text[];
BEGIN
  IF narrow ? 'channel' THEN
    visible := visible || format(
      ' AND (c.channel_id = %L OR EXISTS (SELECT FROM conversations_conversation leg'
      ' WHERE leg.tenant_id = %L AND leg.id = m.came_by_id AND leg.channel_id = %1$L))',
      narrow->>'channel', own);
  END IF;
  IF narrow ? 'agent' THEN
    visible := visible || format(' AND c.assignee_id = %L', narrow->>'agent');
  END IF;
  IF narrow ? 'status' THEN
    visible := visible || format(' AND c.status = %L', narrow->>'status');
  END IF;
  IF narrow ? 'label' THEN
    visible := visible || format(' AND EXISTS (SELECT FROM conversations_conversationlabel l'
      ' WHERE l.tenant_id = %L AND l.label_id = %L AND l.conversation_id = c.id)', own, narrow->>'label');
  END IF;
  IF narrow ? 'direction' THEN
    said := said || format(' AND m.kind = %L', narrow->>'direction');
  END IF;
  IF narrow ? 'files' THEN
    said := said || ' AND m.has_attachments';
  END IF;
  joined := format('SELECT coalesce(array_agg(id ORDER BY id DESC), ''{}''),'
    ' coalesce(array_agg(conversation_id ORDER BY id DESC), ''{}''), (SELECT count(*)::int FROM matched)'
    ' FROM (SELECT m.id, m.conversation_id FROM matched m'
    '   JOIN conversations_conversation c ON c.tenant_id = %L AND c.id = m.conversation_id'
    '   WHERE %s ORDER BY m.id DESC LIMIT %s) AS newest', own, visible, most);

  IF (sees <> 'all' OR narrow ?| ARRAY['agent', 'label']) AND NOT narrow ? 'channel' THEN
    EXECUTE format('SELECT ARRAY(SELECT c.id FROM conversations_conversation c'
      ' WHERE c.tenant_id = %L AND %s LIMIT %s)', own, visible, few + 1)
    INTO chosen USING sees, member, teams;
    IF cardinality(chosen) > few THEN
      chosen := NULL;
    END IF;
  END IF;

  -- First all words but the last as they stand, then beginnings of each, then what may have been meant.
  FOR attempt IN 1..3 LOOP
    CONTINUE WHEN attempt = 2 AND cardinality(words) = 1;
    query := conversations_query(words, coalesce(meant, '{}'), attempt > 1);
    IF query IS NULL THEN
      RETURN;
    END IF;
    messages := '{}';
    places := '{}';
    stopped := NULL;
    high := highest;
    matched := 0;
    walked := 0;

    IF chosen IS NOT NULL THEN
      EXECUTE format('WITH matched AS MATERIALIZED ('
        '  SELECT m.id, m.conversation_id, m.came_by_id FROM unnest($5) AS one (id), LATERAL ('
        '    SELECT * FROM conversations_message m WHERE m.tenant_id = %L AND m.conversation_id = one.id'
        '    AND m.id >= %L AND m.id < %L AND %s AND %s OFFSET 0) AS m) %s',
        own, lowest, highest, said, unindexed, joined)
      INTO messages, places, matched USING sees, member, teams, query, chosen;
      high := lowest;
    END IF;

    WHILE high > lowest LOOP
      EXECUTE format('SELECT m.id FROM conversations_message m WHERE ' || stretch
        || ' ORDER BY m.tenant_id DESC, m.id DESC OFFSET %4$s LIMIT 1', own, high, lowest, stride - 1)
      INTO low;
      low := coalesce(low, lowest);
      EXECUTE format('WITH matched AS MATERIALIZED ('
        '  SELECT m.id, m.conversation_id, m.came_by_id FROM conversations_message m WHERE ' || stretch
        || ' AND %4$s AND %5$s) %6$s', own, high, low, said, unindexed, joined)
      INTO batch, batch_places, now_matched USING sees, member, teams, query;
      messages := messages || batch;
      places := places || batch_places;
      matched := matched + now_matched;
      walked := walked + stride;
      high := low;
      EXIT WHEN cardinality(messages) >= most OR high <= lowest OR matched < rare * walked;
      IF clock_timestamp() > until THEN
        stopped := high;
        EXIT;
      END IF;
    END LOOP;

    IF stopped IS NULL AND high > lowest AND cardinality(messages) < most THEN
      -- Rare: the index knows where. The nearer part first, then all of the rest.
      EXECUTE format('SELECT m.id FROM conversations_message m WHERE ' || stretch
        || ' ORDER BY m.tenant_id DESC, m.id DESC OFFSET %4$s LIMIT 1', own, high, lowest,
        CASE WHEN matched = 0 THEN 100000 ELSE least(100000, 2 * most * walked / matched) END)
      INTO nearer;
      FOREACH low IN ARRAY ARRAY[coalesce(nearer, lowest), lowest] LOOP
        CONTINUE WHEN high <= low;
        EXECUTE format('WITH matched AS MATERIALIZED ('
          '  SELECT m.id, m.conversation_id, m.came_by_id FROM conversations_message m'
          '  WHERE m.tenant_id = %L AND m.id >= %L AND m.id < %L AND %s AND %s) %s',
          own, low, high, said, indexed, joined)
        INTO batch, batch_places, now_matched USING sees, member, teams, query;
        messages := messages || batch;
        places := places || batch_places;
        high := low;
        EXIT WHEN cardinality(messages) >= most;
        IF high > lowest AND clock_timestamp() > until THEN
          stopped := high;
          EXIT;
        END IF;
      END LOOP;
    END IF;

    EXIT WHEN attempt = 3 OR cardinality(messages) >= 3 OR stopped IS NOT NULL OR clock_timestamp() > until;
    IF attempt = 2 OR cardinality(words) = 1 THEN
      meant := '{}';
      FOR nth IN 1..cardinality(words) LOOP
        other := NULL;
        IF length(words[nth]) >= 4 AND words[nth] !~ '[0-9@]' THEN
          EXECUTE format(
            'SELECT w FROM (SELECT %2$s AS line FROM conversations_conversation c'
            '   WHERE c.tenant_id = %1$L AND $1 <%% %2$s LIMIT 300) AS near,'
            '  LATERAL regexp_split_to_table(line, ''[^[:alnum:]]+'') AS w'
            '  WHERE similarity(w, $1) >= 0.35 AND w <> $1'
            '  GROUP BY w ORDER BY max(similarity(w, $1)) DESC, count(*) DESC LIMIT 1', own, line
          ) INTO other USING crm_plain(words[nth]);
        END IF;
        meant := meant || coalesce(other, '');
      END LOOP;
      EXIT WHEN array_to_string(meant, '') = '';
      instead := (SELECT string_agg(coalesce(nullif(meant[n], ''), words[n]), ' ' ORDER BY n)
        FROM generate_subscripts(words, 1) AS n);
    END IF;
  END LOOP;

  messages := messages[1:most];
  IF cardinality(messages) = 0 AND stopped IS NOT NULL THEN
    RETURN QUERY SELECT NULL::uuid, NULL::uuid, stopped, conversations_find.instead;
    RETURN;
  END IF;
  IF cardinality(messages) >= most THEN
    stopped := NULL;
  END IF;
  RETURN QUERY SELECT one, place, stopped, conversations_find.instead
    FROM unnest(messages, places[1:most]) WITH ORDINALITY AS hits (one, place, nth) ORDER BY nth;
END
$$;

REVOKE ALL ON FUNCTION conversations_find(text[], jsonb, text, uuid, uuid[], integer, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION conversations_find(text[], jsonb, text, uuid, uuid[], integer, interval)
  TO puente_app, puente_ops;
ALTER FUNCTION conversations_find(text[], jsonb, text, uuid, uuid[], integer, interval)
  OWNER TO puente_search;
"""

BACKWARD = """
SET ROLE puente_search;
DROP FUNCTION conversations_find(text[], jsonb, text, uuid, uuid[], integer, interval);
RESET ROLE;
DROP FUNCTION conversations_query(text[], text[], boolean);
DROP FUNCTION conversations_lexemes(text, boolean);
DROP FUNCTION conversations_first_id(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0017_reach")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
