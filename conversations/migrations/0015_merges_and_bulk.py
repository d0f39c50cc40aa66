import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import tenants.db.constraints
import tenants.db.fields
import tenants.scoping


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0014_notifications_and_rules"),
        ("crm", "0004_merges"),
        ("tenants", "0003_directory_isolation"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("action", models.CharField(max_length=20)),
                ("parameters", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Under way"),
                            ("done", "Hechos"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="When a worker looks at it again.", null=True),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "api_key",
                    tenants.db.fields.TenantForeignKey(
                        blank=True, db_on_delete="set_null", null=True, related_name="+", to="tenants.apikey"
                    ),
                ),
                (
                    "membership",
                    tenants.db.fields.TenantForeignKey(
                        blank=True,
                        db_on_delete="set_null",
                        null=True,
                        related_name="+",
                        to="tenants.membership",
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
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="conv_bulk_newest"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at"],
                        name="conv_bulk_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="conversations_bulkrun_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_bulkrun_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="membership", name="conversations_bulkrun_membership_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="api_key", name="conversations_bulkrun_api_key_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_bulkrun_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("pending", "En espera"),
                            ("changed", "Changed"),
                            ("same", "Already so"),
                            ("refused", "Not possible"),
                            ("gone", "No longer visible"),
                            ("undone", "Taken back"),
                            ("kept", "Changed meanwhile"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("before", models.JSONField(blank=True, default=dict)),
                ("after", models.JSONField(blank=True, default=dict)),
                (
                    "conversation",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="+", to="conversations.conversation"
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
                (
                    "run",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="items", to="conversations.bulkrun"
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "run", "outcome", "id"], name="conv_bulk_item_page")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "run", "conversation"), name="conv_bulk_item_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="conversations_bulkitem_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_bulkitem_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="run", name="conversations_bulkitem_run_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="conversation",
                        name="conversations_bulkitem_conversation_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_bulkitem_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConversationMerge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=[("merge", "Merged"), ("split", "Split")], max_length=10)),
                ("before", models.JSONField(default=dict, help_text="Both as they were.")),
                ("after", models.JSONField(default=dict, help_text="Both as they were made.")),
                (
                    "moved",
                    models.JSONField(
                        default=dict, help_text="Identifiers of what changed its place, by kind."
                    ),
                ),
                ("made_by_label", models.CharField(blank=True, max_length=150)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    tenants.db.fields.TenantForeignKey(
                        blank=True,
                        db_on_delete="set_null",
                        null=True,
                        related_name="+",
                        to="tenants.membership",
                    ),
                ),
                (
                    "source",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="merges_away", to="conversations.conversation"
                    ),
                ),
                (
                    "target",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="merges_here", to="conversations.conversation"
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
                "indexes": [
                    models.Index(fields=["tenant", "target", "-id"], name="conv_merge_target"),
                    models.Index(fields=["tenant", "source", "-id"], name="conv_merge_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="conversations_conversationmerge_tenant_id"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="tenant",
                        name="conversations_conversationmerge_tenant_key",
                        on_delete="no_action",
                    ),
                    tenants.db.constraints.TenantKey(
                        field="source", name="conversations_conversationmerge_source_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="target", name="conversations_conversationmerge_target_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="made_by",
                        name="conversations_conversationmerge_made_by_key",
                        on_delete="set_null",
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_conversationmerge_isolation"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="answers_by",
            field=tenants.db.fields.TenantForeignKey(
                blank=True,
                db_on_delete="set_null",
                help_text="The merged one by whose channel and address replies go; null for the own.",
                null=True,
                related_name="+",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="merged_into",
            field=tenants.db.fields.TenantForeignKey(
                blank=True,
                db_on_delete="set_null",
                help_text="Where its messages stand now; it stays as the way by which they come and go.",
                null=True,
                related_name="legs",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="came_by",
            field=tenants.db.fields.TenantForeignKey(
                blank=True,
                db_on_delete="set_null",
                help_text="The merged conversation it belongs to; null for the one it stands in.",
                null=True,
                related_name="+",
                to="conversations.conversation",
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "Abierta"),
                    ("waiting", "Esperando al cliente"),
                    ("snoozed", "Pospuesta"),
                    ("closed", "Cerrada"),
                    ("merged", "Merged"),
                ],
                default="open",
                max_length=10,
                verbose_name="estado",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["tenant", "merged_into"],
                name="conv_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("came_by__isnull", False)),
                fields=["tenant", "came_by", "-id"],
                name="conv_message_came_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=tenants.db.constraints.TenantKey(
                field="merged_into", name="conversations_conversation_merged_into_key", on_delete="set_null"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=tenants.db.constraints.TenantKey(
                field="answers_by", name="conversations_conversation_answers_by_key", on_delete="set_null"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=tenants.db.constraints.TenantKey(
                field="came_by", name="conversations_message_came_by_key", on_delete="set_null"
            ),
        ),
    ]
