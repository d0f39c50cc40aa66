import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import tenants.db.constraints
import tenants.db.fields
import tenants.scoping


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0003_search"),
        ("tenants", "0003_directory_isolation"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerMerge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("before", models.JSONField(default=dict, help_text="Fields of both as they were.")),
                (
                    "after",
                    models.JSONField(default=dict, help_text="Fields of the target as they were made."),
                ),
                (
                    "moved",
                    models.JSONField(default=dict, help_text="Identifiers of the rows that moved, by table."),
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
                        db_on_delete="cascade", related_name="merges_away", to="crm.customer"
                    ),
                ),
                (
                    "target",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="merges_here", to="crm.customer"
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
                    models.Index(fields=["tenant", "target", "-id"], name="crm_merge_target"),
                    models.Index(fields=["tenant", "source", "-id"], name="crm_merge_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_customermerge_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_customermerge_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="source", name="crm_customermerge_source_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="target", name="crm_customermerge_target_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="made_by", name="crm_customermerge_made_by_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_customermerge_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reasons",
                    models.JSONField(
                        default=list, help_text="Each with its `why` and the `value` they share."
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suggested", "Probably the same"),
                            ("same", "The same person"),
                            ("different", "Not the same"),
                        ],
                        default="suggested",
                        max_length=10,
                    ),
                ),
                ("decided_by_label", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "first",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="+", to="crm.customer"
                    ),
                ),
                (
                    "second",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="+", to="crm.customer"
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
                "indexes": [models.Index(fields=["tenant", "second", "state"], name="crm_likeness_second")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "first", "second"), name="crm_likeness_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="crm_likeness_ordered"
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_likeness_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_likeness_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="first", name="crm_likeness_first_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="second", name="crm_likeness_second_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantIsolation(column="tenant_id", name="crm_likeness_isolation"),
                ],
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="merged_into",
            field=tenants.db.fields.TenantForeignKey(
                blank=True,
                db_on_delete="set_null",
                help_text="Who he turned out to be.",
                null=True,
                related_name="+",
                to="crm.customer",
            ),
        ),
        migrations.AddField(
            model_name="identity",
            name="is_claimed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The customer said it is his, and nothing shows it: it joins nobody.",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["tenant", "merged_into"],
                name="crm_customer_merged_into",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=tenants.db.constraints.TenantKey(
                field="merged_into", name="crm_customer_merged_into_key", on_delete="set_null"
            ),
        ),
    ]
