from django.db import migrations, models

import tenants.db.constraints
import tenants.db.fields


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial"), ("crm", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="identity",
            field=tenants.db.fields.TenantForeignKey(
                blank=True,
                db_on_delete="set_null",
                null=True,
                related_name="conversations",
                to="crm.identity",
                verbose_name="customer's address",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["tenant", "identity", "-last_message_at"], name="conv_identity"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=tenants.db.constraints.TenantKey(
                field="identity", name="conversations_conversation_identity_key", on_delete="set_null"
            ),
        ),
    ]
