"""Search over customers: accents and typos forgiven, inside one business, below row-level security.

Trigram operators are not leakproof, so under row-level security they never reach an index. The
function runs as puente_search, which has no such limits, and filters the tenant itself. A later
migration that replaces it says SET ROLE puente_search before and RESET ROLE behind.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION crm_plain(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;

CREATE INDEX crm_customer_search ON crm_customer
USING gin (tenant_id, crm_plain(' ' || name || ' ' || company) gin_trgm_ops)
WITH (gin_pending_list_limit = 256);

CREATE INDEX crm_identity_search ON crm_identity
USING gin (tenant_id, crm_plain(' ' || display || ' ' || value) gin_trgm_ops)
WITH (gin_pending_list_limit = 256);

-- words: all of them must be in one text. phrase: what to compare when hardly anything has them.
-- seen: only these customers, null for all. Out: identifiers, best first.
CREATE FUNCTION crm_search_customers(words text[], phrase text, seen uuid[], most integer)
RETURNS TABLE (customer_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.5
AS $$
DECLARE
  own CONSTANT uuid := current_setting('app.tenant_id')::uuid;
  person CONSTANT text := 'crm_plain('' '' || name || '' '' || company)';
  address CONSTANT text := 'crm_plain('' '' || display || '' '' || value)';
  few CONSTANT integer := 5;
  wanted CONSTANT text := crm_plain(phrase);
  beginning text := '';
  inside text := '';
  in_address text := '';
  plain text;
  batch uuid[];
  bar numeric;
  found uuid[] := '{}';
BEGIN
  FOREACH plain IN ARRAY words LOOP
    plain := regexp_replace(crm_plain(plain), '([\\%_])', '\\\1', 'g');
    beginning := beginning || format(' AND %s LIKE %L', person, '% ' || plain || '%');
    inside := inside || format(' AND %s LIKE %L', person, '%' || plain || '%');
    in_address := in_address || format(' AND %s LIKE %L', address, '%' || plain || '%');
  END LOOP;

  -- Words of a name that begin so, the latest contacts first.
  EXECUTE format(
    'SELECT ARRAY(SELECT id FROM crm_customer WHERE tenant_id = %L %s'
    ' AND ($1 IS NULL OR id = ANY ($1)) ORDER BY last_contact_at DESC, id DESC LIMIT $2)',
    own, beginning
  ) INTO found USING seen, most;

  IF cardinality(found) < most THEN
    EXECUTE format(
      'SELECT ARRAY(SELECT DISTINCT customer_id FROM crm_identity WHERE tenant_id = %L %s'
      ' AND ($1 IS NULL OR customer_id = ANY ($1)) AND customer_id <> ALL ($3) LIMIT $2)',
      own, in_address
    ) INTO batch USING seen, most - cardinality(found), found;
    found := found || batch;
  END IF;

  IF cardinality(found) < most THEN
    EXECUTE format(
      'SELECT ARRAY(SELECT id FROM crm_customer WHERE tenant_id = %L %s'
      ' AND ($1 IS NULL OR id = ANY ($1)) AND id <> ALL ($3)'
      ' ORDER BY last_contact_at DESC, id DESC LIMIT $2)',
      own, inside
    ) INTO batch USING seen, most - cardinality(found), found;
    found := found || batch;
  END IF;

  -- Hardly anything: then what looks like it. The bar is lowered until something passes, and
  -- each time a bounded number of candidates is compared; what is much worse than the best is left out.
  FOREACH bar IN ARRAY ARRAY[0.5, 0.35, 0.25] LOOP
    EXIT WHEN cardinality(found) >= least(few, most);
    PERFORM set_config('pg_trgm.word_similarity_threshold', bar::text, true);
    EXECUTE format(
      'SELECT ARRAY(SELECT id FROM ('
      '   SELECT id, max(alike) AS alike, max(max(alike)) OVER () AS best FROM ('
      '     (SELECT id, word_similarity($4, %2$s) AS alike FROM crm_customer'
      '       WHERE tenant_id = %1$L AND $4 <%% %2$s LIMIT 2000)'
      '     UNION ALL'
      '     (SELECT customer_id, word_similarity($4, %3$s) FROM crm_identity'
      '       WHERE tenant_id = %1$L AND $4 <%% %3$s LIMIT 2000)'
      '   ) AS candidates'
      '   WHERE ($1 IS NULL OR id = ANY ($1)) AND id <> ALL ($3) GROUP BY id'
      ' ) AS ranked WHERE alike >= 0.8 * best ORDER BY alike DESC, id DESC LIMIT $2)',
      own, person, address
    ) INTO batch USING seen, most - cardinality(found), found, wanted;
    found := found || batch;
    EXIT WHEN cardinality(found) > 0;
  END LOOP;

  RETURN QUERY SELECT hit FROM unnest(found) WITH ORDINALITY AS hits (hit, place) ORDER BY place;
END
$$;

REVOKE ALL ON FUNCTION crm_search_customers(text[], text, uuid[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crm_search_customers(text[], text, uuid[], integer) TO puente_app, puente_ops;
ALTER FUNCTION crm_search_customers(text[], text, uuid[], integer) OWNER TO puente_search;
"""

BACKWARD = """
SET ROLE puente_search;
DROP FUNCTION crm_search_customers(text[], text, uuid[], integer);
RESET ROLE;
DROP INDEX crm_customer_search;
DROP INDEX crm_identity_search;
DROP FUNCTION crm_plain(text);
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_created_by_and_changed_at")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
