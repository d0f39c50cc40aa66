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
            ],
            options={
                "base_manager_name": "objects",
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
            ],
            options={
                "base_manager_name": "objects",
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
        migrations.AddField(
            model_name="customermerge",
            name="made_by",
            field=tenants.db.fields.TenantForeignKey(
                blank=True, db_on_delete="set_null", null=True, related_name="+", to="tenants.membership"
            ),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="source",
            field=tenants.db.fields.TenantForeignKey(
                db_on_delete="cascade", related_name="merges_away", to="crm.customer"
            ),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="target",
            field=tenants.db.fields.TenantForeignKey(
                db_on_delete="cascade", related_name="merges_here", to="crm.customer"
            ),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="first",
            field=tenants.db.fields.TenantForeignKey(
                db_on_delete="cascade", related_name="+", to="crm.customer"
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="second",
            field=tenants.db.fields.TenantForeignKey(
                db_on_delete="cascade", related_name="+", to="crm.customer"
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddIndex(
            model_name="customermerge",
            index=models.Index(fields=["tenant", "target", "-id"], name="crm_merge_target"),
        ),
        migrations.AddIndex(
            model_name="customermerge",
            index=models.Index(fields=["tenant", "source", "-id"], name="crm_merge_source"),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="crm_customermerge_tenant_id"),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=tenants.db.constraints.TenantKey(
                field="tenant", name="crm_customermerge_tenant_key", on_delete="no_action"
            ),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=tenants.db.constraints.TenantKey(
                field="source", name="crm_customermerge_source_key", on_delete="cascade"
            ),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=tenants.db.constraints.TenantKey(
                field="target", name="crm_customermerge_target_key", on_delete="cascade"
            ),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=tenants.db.constraints.TenantKey(
                field="made_by", name="crm_customermerge_made_by_key", on_delete="set_null"
            ),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=tenants.db.constraints.TenantIsolation(
                column="tenant_id", name="crm_customermerge_isolation"
            ),
        ),
        migrations.AddIndex(
            model_name="likeness",
            index=models.Index(fields=["tenant", "second", "state"], name="crm_likeness_second"),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.UniqueConstraint(
                fields=("tenant", "first", "second"), name="crm_likeness_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="crm_likeness_ordered"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="crm_likeness_tenant_id"),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=tenants.db.constraints.TenantKey(
                field="tenant", name="crm_likeness_tenant_key", on_delete="no_action"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=tenants.db.constraints.TenantKey(
                field="first", name="crm_likeness_first_key", on_delete="cascade"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=tenants.db.constraints.TenantKey(
                field="second", name="crm_likeness_second_key", on_delete="cascade"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=tenants.db.constraints.TenantIsolation(
                column="tenant_id", name="crm_likeness_isolation"
            ),
        ),
    ]
