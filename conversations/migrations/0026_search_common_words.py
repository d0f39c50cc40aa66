"""The inbox's search reads messages as the search page does (0018_search_messages.py).

It had asked the index for every word; for a common one among ten million messages that holds hundreds of
thousands of places, and took seconds.
"""

from django.db import migrations

FORWARD = r"""
SELECT public.word_similarity('a', 'a');  -- loads pg_trgm, whose settings only then may be set
SET ROLE puente_search;
CREATE OR REPLACE FUNCTION conversations_search(
  words text[], phrase text, sees text, member uuid, teams uuid[], most integer
)
RETURNS TABLE (conversation_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.45
AS $$
DECLARE
  own CONSTANT uuid := current_setting('app.tenant_id')::uuid;
  shown CONSTANT text := 'crm_plain('' '' || subject || '' '' || preview)';
  visible CONSTANT text := '($1 = ''all'' OR c.assignee_id = $2 OR ($1 = ''teams'' AND c.team_id = ANY ($3)))';
  few CONSTANT integer := 5;
  enough CONSTANT integer := 400;  -- messages, of which several may be of one conversation
  patience CONSTANT interval := '400 milliseconds';
  wanted CONSTANT text := crm_plain(phrase);
  inside text := '';
  plain text;
  batch uuid[];
  found uuid[] := '{}';
BEGIN
  FOREACH plain IN ARRAY words LOOP
    plain := crm_plain(plain);
    inside := inside || format(
      ' AND %s LIKE %L', shown, '%' || regexp_replace(plain, '([\\%_])', '\\\1', 'g') || '%'
    );
  END LOOP;

  found := ARRAY(
    SELECT c.id FROM conversations_conversation c
    WHERE c.tenant_id = own AND c.id IN (
      SELECT hit.conversation_id
      FROM conversations_find(words, '{}', sees, member, teams, enough, patience) AS hit
      WHERE hit.instead IS NULL)
    ORDER BY c.last_message_at DESC, c.id DESC LIMIT most);

  IF cardinality(found) < most AND inside <> '' THEN
    EXECUTE format(
      'SELECT ARRAY(SELECT c.id FROM conversations_conversation c WHERE c.tenant_id = %L %s'
      ' AND %s AND c.id <> ALL ($5) ORDER BY c.last_message_at DESC, c.id DESC LIMIT $4)',
      own, inside, visible
    ) INTO batch USING sees, member, teams, most - cardinality(found), found;
    found := found || batch;
  END IF;

  IF cardinality(found) < least(few, most) AND length(wanted) >= 4 THEN
    EXECUTE format(
      'SELECT ARRAY(SELECT id FROM ('
      '   SELECT c.id, word_similarity($6, %2$s) AS alike FROM conversations_conversation c'
      '   WHERE c.tenant_id = %1$L AND $6 <%% %2$s AND %3$s AND c.id <> ALL ($5) LIMIT 2000'
      ' ) AS ranked ORDER BY alike DESC, id DESC LIMIT $4)',
      own, shown, visible
    ) INTO batch USING sees, member, teams, most - cardinality(found), found, wanted;
    found := found || batch;
  END IF;

  RETURN QUERY SELECT hit FROM unnest(found) WITH ORDINALITY AS hits (hit, place) ORDER BY place;
END
$$;
RESET ROLE;
"""

BACKWARD = r"""
SELECT public.word_similarity('a', 'a');
SET ROLE puente_search;
CREATE OR REPLACE FUNCTION conversations_search(
  words text[], phrase text, sees text, member uuid, teams uuid[], most integer
)
RETURNS TABLE (conversation_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.45
AS $$
DECLARE
  own CONSTANT uuid := current_setting('app.tenant_id')::uuid;
  shown CONSTANT text := 'crm_plain('' '' || subject || '' '' || preview)';
  visible CONSTANT text := '($1 = ''all'' OR c.assignee_id = $2 OR ($1 = ''teams'' AND c.team_id = ANY ($3)))';
  few CONSTANT integer := 5;
  enough CONSTANT integer := 400;
  wanted CONSTANT text := crm_plain(phrase);
  parts text := '';
  inside text := '';
  plain text;
  query tsquery;
  stretch interval;
  since uuid;
  batch uuid[];
  found uuid[] := '{}';
BEGIN
  FOREACH plain IN ARRAY words LOOP
    plain := crm_plain(plain);
    IF plain ~ '\w' THEN
      parts := parts || CASE WHEN parts = '' THEN '' ELSE ' & ' END
        || '''' || replace(replace(plain, '\', '\\'), '''', '''''') || ''''
        || CASE WHEN length(plain) > 1 THEN ':*' ELSE '' END;
    END IF;
    inside := inside || format(
      ' AND %s LIKE %L', shown, '%' || regexp_replace(plain, '([\\%_])', '\\\1', 'g') || '%'
    );
  END LOOP;

  IF parts <> '' THEN
    query := to_tsquery('simple', parts);
    FOREACH stretch IN ARRAY ARRAY['30 days', '400 days', NULL]::interval[] LOOP
      EXIT WHEN numnode(query) = 0;
      since := coalesce(uuidv7(-stretch), '00000000-0000-0000-0000-000000000000');
      EXECUTE format(
        -- Apart from the limit, or the planner walks all messages backwards in search of a rare word.
        'WITH matched AS MATERIALIZED ('
        '  SELECT m.id, m.conversation_id FROM conversations_message m'
        '  WHERE m.tenant_id = %1$L AND m.kind <> ''event'' AND m.id >= $6'
        '    AND to_tsvector(''simple'', crm_plain(left(m.text, 50000))) @@ $5'
        '), hits AS MATERIALIZED ('
        '  SELECT c.id, c.last_message_at FROM matched'
        '  JOIN conversations_conversation c ON c.tenant_id = %1$L AND c.id = matched.conversation_id'
        '  WHERE %3$s ORDER BY matched.id DESC LIMIT %2$s'
        ')'
        'SELECT ARRAY('
        '  SELECT id FROM hits GROUP BY id, last_message_at ORDER BY last_message_at DESC, id DESC LIMIT $4)',
        own, enough, visible
      ) INTO found USING sees, member, teams, most, query, since;
      EXIT WHEN cardinality(found) >= most;
    END LOOP;
  END IF;

  IF cardinality(found) < most AND inside <> '' THEN
    EXECUTE format(
      'SELECT ARRAY(SELECT c.id FROM conversations_conversation c WHERE c.tenant_id = %L %s'
      ' AND %s AND c.id <> ALL ($5) ORDER BY c.last_message_at DESC, c.id DESC LIMIT $4)',
      own, inside, visible
    ) INTO batch USING sees, member, teams, most - cardinality(found), found;
    found := found || batch;
  END IF;

  IF cardinality(found) < least(few, most) AND length(wanted) >= 4 THEN
    EXECUTE format(
      'SELECT ARRAY(SELECT id FROM ('
      '   SELECT c.id, word_similarity($6, %2$s) AS alike FROM conversations_conversation c'
      '   WHERE c.tenant_id = %1$L AND $6 <%% %2$s AND %3$s AND c.id <> ALL ($5) LIMIT 2000'
      ' ) AS ranked ORDER BY alike DESC, id DESC LIMIT $4)',
      own, shown, visible
    ) INTO batch USING sees, member, teams, most - cardinality(found), found, wanted;
    found := found || batch;
  END IF;

  RETURN QUERY SELECT hit FROM unnest(found) WITH ORDINALITY AS hits (hit, place) ORDER BY place;
END
$$;
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0025_articles")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
