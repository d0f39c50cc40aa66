import django.db.models.deletion
from django.db import migrations, models

import crm.models.import_job
import tenants.db.constraints
import tenants.db.fields
import tenants.scoping


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0009_customer_lists"),
        ("tenants", "0005_consent_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("customers", "Customers"),
                            ("orders", "Orders"),
                            ("appointments", "Appointments"),
                            ("consents", "Consents"),
                        ],
                        max_length=20,
                        verbose_name="what it holds",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being made"),
                            ("done", "Ready"),
                            ("failed", "Failed"),
                            ("expired", "Deleted"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Excel (XLSX)")],
                        default="csv",
                        max_length=5,
                        verbose_name="format",
                    ),
                ),
                ("columns", models.JSONField(default=list)),
                ("filters", models.JSONField(default=dict, help_text="Label, identifiers, since, until.")),
                ("file", models.FileField(blank=True, max_length=200, upload_to="")),
                ("rows", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="When a worker looks at it again.", null=True),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, help_text="When its file is deleted.", null=True),
                ),
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
                    models.Index(fields=["tenant", "membership", "-id"], name="crm_export_newest"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at"],
                        name="crm_export_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_export_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_export_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="membership", name="crm_export_membership_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="api_key", name="crm_export_api_key_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(column="tenant_id", name="crm_export_isolation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("customers", "Customers"),
                            ("orders", "Orders"),
                            ("appointments", "Appointments"),
                            ("consents", "Consents"),
                        ],
                        default="customers",
                        max_length=20,
                        verbose_name="what it holds",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("ready", "Waiting for its columns"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, not imported yet"),
                            ("running", "Being imported"),
                            ("done", "Imported"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("size", models.PositiveBigIntegerField(help_text="Bytes.")),
                (
                    "file",
                    models.FileField(blank=True, max_length=200, upload_to=crm.models.import_job.import_path),
                ),
                (
                    "rows_file",
                    models.FileField(
                        blank=True, help_text="The rows as they were read.", max_length=200, upload_to=""
                    ),
                ),
                (
                    "problems_file",
                    models.FileField(
                        blank=True, help_text="The rows that were refused.", max_length=200, upload_to=""
                    ),
                ),
                (
                    "format",
                    models.JSONField(default=dict, help_text="Kind, encoding, delimiter, sheet, header."),
                ),
                ("columns", models.JSONField(default=list, help_text="The words over the columns.")),
                ("sample", models.JSONField(default=list, help_text="The first rows as they were read.")),
                (
                    "signature",
                    models.CharField(
                        blank=True, help_text="Hash of the words over the columns.", max_length=64
                    ),
                ),
                (
                    "mapping",
                    models.JSONField(
                        default=list, help_text="What each column is; empty strings are left out."
                    ),
                ),
                (
                    "options",
                    models.JSONField(
                        default=dict, help_text="Key, empty cells, conflicts, repeated rows, refusals."
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, help_text="Rows of the file.")),
                (
                    "position",
                    models.PositiveIntegerField(default=0, help_text="Rows dealt with in this state."),
                ),
                (
                    "byte_position",
                    models.PositiveBigIntegerField(default=0, help_text="The same in the file of rows."),
                ),
                (
                    "checked",
                    models.JSONField(default=dict, help_text="What the trial said would become of the rows."),
                ),
                ("counts", models.JSONField(default=dict, help_text="What became of the rows.")),
                (
                    "made",
                    models.JSONField(default=dict, help_text="Labels and facts that were defined for it."),
                ),
                ("reason", models.CharField(blank=True, help_text="Code of why it failed.", max_length=300)),
                ("made_by_label", models.CharField(blank=True, max_length=150)),
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
                    models.Index(fields=["tenant", "-id"], name="crm_import_newest"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at"],
                        name="crm_import_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_import_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_import_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="membership", name="crm_import_membership_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="api_key", name="crm_import_api_key_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(column="tenant_id", name="crm_import_isolation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_trial", models.BooleanField(default=False)),
                ("number", models.PositiveIntegerField()),
                ("counts", models.JSONField(default=dict)),
                (
                    "problems",
                    models.JSONField(
                        default=list, help_text="[row, [[code, column, value], …]] of refused rows."
                    ),
                ),
                (
                    "journal",
                    models.JSONField(default=dict, help_text="What was made and changed, from what to what."),
                ),
                (
                    "seen",
                    models.BinaryField(
                        default=bytes, help_text="Hashes of the keys of its rows, eight bytes each."
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "job",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="chunks", to="crm.import"
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
                    models.UniqueConstraint(
                        fields=("tenant", "job", "is_trial", "number"), name="crm_importchunk_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_importchunk_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_importchunk_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="job", name="crm_importchunk_job_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_importchunk_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("customers", "Customers"),
                            ("orders", "Orders"),
                            ("appointments", "Appointments"),
                            ("consents", "Consents"),
                        ],
                        max_length=20,
                    ),
                ),
                ("signature", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=list)),
                ("options", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                    models.UniqueConstraint(
                        fields=("tenant", "target", "signature"), name="crm_importmapping_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_importmapping_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_importmapping_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_importmapping_isolation"
                    ),
                ],
            },
        ),
    ]
