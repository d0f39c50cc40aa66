import django.db.models.deletion
from django.db import migrations, models

import tenants.db.constraints
import tenants.db.fields
import tenants.scoping


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0010_imports"),
        ("tenants", "0004_assignment"),
    ]

    operations = [
        migrations.CreateModel(
            name="LikenessKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "customer",
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
                "indexes": [models.Index(fields=["tenant", "customer"], name="crm_likenesskey_customer")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "key", "customer"), name="crm_likenesskey_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_likenesskey_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_likenesskey_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="customer", name="crm_likenesskey_customer_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_likenesskey_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LikenessScan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "changed_until",
                    models.DateTimeField(help_text="When the last who was looked at had changed."),
                ),
                (
                    "started_at",
                    models.DateTimeField(blank=True, help_text="When looking at all began.", null=True),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "after_id",
                    models.UUIDField(blank=True, help_text="Which of those that changed then.", null=True),
                ),
                ("looked", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("found", models.PositiveIntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("tenant",), name="crm_likenessscan_one"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_likenessscan_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_likenessscan_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_likenessscan_isolation"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="customermerge",
            name="consents",
            field=models.JSONField(default=dict, help_text="What stood for both: crm/actions/consents.py."),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="batch",
            field=models.UUIDField(
                blank=True, help_text="Those that one press of a button made one.", null=True
            ),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="fields",
            field=models.JSONField(default=dict, help_text="Whose value was chosen, where somebody chose."),
        ),
        migrations.AddField(
            model_name="customermerge",
            name="swapped",
            field=models.JSONField(
                default=list,
                help_text="Preferences of both about one topic: the source's, and the target's it got for it.",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="is_certain",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="They share an address that was shown to be theirs.",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="score",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How sure it is, from 0 to 100."
            ),
        ),
        migrations.AddIndex(
            model_name="customermerge",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["tenant", "batch"],
                name="crm_merge_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="likeness",
            index=models.Index(fields=["tenant", "state", "-score", "-id"], name="crm_likeness_best"),
        ),
    ]
