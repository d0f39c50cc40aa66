"""Versions name the files they went out with so far: all those of their answer."""

from django.db import migrations

NAME_FILES = """
DO $$
DECLARE business uuid; before text := current_setting('app.tenant_id', true);
BEGIN
    FOR business IN SELECT DISTINCT tenant_id FROM tenants_directoryentry LOOP
        PERFORM set_config('app.tenant_id', business::text, true);
        UPDATE conversations_articleversion AS version
        SET file_ids = kept.ids
        FROM (
            SELECT tenant_id, article_id, array_agg(id ORDER BY id) AS ids
            FROM conversations_articlefile WHERE tenant_id = business GROUP BY tenant_id, article_id
        ) AS kept
        WHERE version.tenant_id = kept.tenant_id AND version.article_id = kept.article_id;
    END LOOP;
    PERFORM set_config('app.tenant_id', coalesce(before, ''), true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0036_version_files")]

    operations = [migrations.RunSQL(NAME_FILES, migrations.RunSQL.noop)]
