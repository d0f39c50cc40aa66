import django.db.models.deletion
from django.db import migrations, models

import tenants.db.constraints
import tenants.db.fields
import tenants.scoping


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0016_sla"),
        ("crm", "0004_merges"),
        ("tenants", "0004_assignment"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reach",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_open", models.BooleanField()),
                ("happened_at", models.DateTimeField(help_text="The vendor's clock.")),
                (
                    "channel",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="+", to="conversations.channel"
                    ),
                ),
                (
                    "identity",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="reaches", to="crm.identity"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "channel", "identity"), name="conv_reach_once"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="conversations_reach_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_reach_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="channel", name="conversations_reach_channel_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="identity", name="conversations_reach_identity_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_reach_isolation"
                    ),
                ],
            },
        ),
    ]
