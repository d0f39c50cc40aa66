"""Storing an event in one statement whose plan PostgreSQL keeps: a vendor waits for it.

It runs as whoever calls it, inside the business that is set, below row-level security. `version` is the
channel's row as the caller read it (`xmin`) and `token` what its door asks for: null is returned when
either is different now, and nothing is stored.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION conversations_accept(
  its_tenant uuid, its_channel uuid, token text, version text,
  new_id uuid, digest text, its_body bytea, its_type text
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE kept uuid;
BEGIN
  PERFORM FROM tenants_directoryentry d
  JOIN conversations_channel c ON c.tenant_id = d.tenant_id AND c.id = d.target_id
  WHERE d.kind = 'channel' AND d.key = its_channel::text AND d.tenant_id = its_tenant
    AND d.target_id = its_channel AND d.label = token AND c.xmin::text = version;
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO conversations_inboundevent
    (id, tenant_id, channel_id, body_hash, body, content_type, outcome, reason, attempts, due_at, received_at)
  VALUES (new_id, its_tenant, its_channel, digest, its_body, its_type, 'pending', '', 0, now(), now())
  ON CONFLICT (tenant_id, channel_id, body_hash) DO NOTHING RETURNING id INTO kept;
  IF kept IS NULL THEN
    SELECT id INTO kept FROM conversations_inboundevent
    WHERE tenant_id = its_tenant AND channel_id = its_channel AND body_hash = digest;
  END IF;
  RETURN kept;
END
$$;
"""
BACKWARD = "DROP FUNCTION conversations_accept(uuid, uuid, text, text, uuid, text, bytea, text);"


class Migration(migrations.Migration):
    dependencies = [("conversations", "0006_delivery_unknown_index"), ("tenants", "0003_directory_isolation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
