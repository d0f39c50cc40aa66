"""Who answered a campaign lately goes on being left alone."""

from django.db import migrations

LEAVE_ALONE = """
DO $$
DECLARE business uuid; before text := current_setting('app.tenant_id', true);
BEGIN
    FOR business IN SELECT DISTINCT tenant_id FROM tenants_directoryentry LOOP
        PERFORM set_config('app.tenant_id', business::text, true);
        INSERT INTO conversations_pause (id, tenant_id, customer_id, wrote_at)
        SELECT uuidv7(), tenant_id, customer_id, max(replied_at) FROM conversations_recipient
        WHERE tenant_id = business AND customer_id IS NOT NULL AND replied_at > now() - interval '90 days'
        GROUP BY tenant_id, customer_id;
    END LOOP;
    PERFORM set_config('app.tenant_id', coalesce(before, ''), true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0051_pauses_and_questions")]

    operations = [migrations.RunSQL(LEAVE_ALONE, migrations.RunSQL.noop)]
