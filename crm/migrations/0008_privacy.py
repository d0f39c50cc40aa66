"""Privacy notices, requests, archives, erasures, tombstones, totals and retention rules.

A published notice stands: people agreed to those words. The database refuses any change of it, with the
code of a missing privilege.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import crm.models.privacy
import tenants.db.constraints
import tenants.db.fields
import tenants.scoping

NOTICE_STANDS = """
CREATE FUNCTION crm_notice_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'a published notice never changes' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER crm_notice_stands BEFORE UPDATE ON crm_privacynotice
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION crm_notice_stands();
"""
NOTICE_MAY_CHANGE = """
DROP TRIGGER crm_notice_stands ON crm_privacynotice;
DROP FUNCTION crm_notice_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0007_suppressions"),
        ("tenants", "0004_assignment"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrivacyRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "right",
                    models.CharField(
                        choices=[
                            ("access", "Access"),
                            ("rectification", "Rectification"),
                            ("cancellation", "Cancellation or erasure"),
                            ("opposition", "Opposition"),
                            ("portability", "Portability"),
                            ("withdrawal", "Withdrawal of consent"),
                        ],
                        max_length=15,
                        verbose_name="what is asked",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "contact",
                    models.CharField(
                        help_text="Where to answer.", max_length=255, verbose_name="e-mail or phone"
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=5000, verbose_name="in his own words")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("form", "Form on the privacy page"),
                            ("agent", "Written down by a colleague"),
                            ("api", "Another system"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("checking", "Identity to be checked"),
                            ("working", "In work"),
                            ("answered", "Answered"),
                            ("refused", "Refused"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("country", models.CharField(help_text="Whose law counts the days.", max_length=2)),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="received"),
                ),
                (
                    "answer_by",
                    models.DateField(help_text="The last day the law gives.", verbose_name="answer by"),
                ),
                ("identity_checked_at", models.DateTimeField(blank=True, null=True)),
                ("identity_checked_by_label", models.CharField(blank=True, max_length=150)),
                (
                    "identity_note",
                    models.CharField(blank=True, max_length=500, verbose_name="how the identity was checked"),
                ),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, help_text="Answered or refused.", null=True)),
                ("answer", models.TextField(blank=True, max_length=10000, verbose_name="answer")),
                (
                    "answer_file",
                    models.FileField(blank=True, max_length=200, upload_to=crm.models.privacy.answer_path),
                ),
                ("answer_file_name", models.CharField(blank=True, max_length=200)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_holder", "Not the person concerned, or without proof of standing for him"),
                            ("not_held", "Nothing is kept about him"),
                            ("others", "Would harm the rights of somebody else"),
                            ("duty", "A law or an authority obliges to keep it"),
                            ("done", "Was done before"),
                        ],
                        max_length=12,
                        verbose_name="legal reason",
                    ),
                ),
                ("carry_out_by", models.DateField(blank=True, null=True, verbose_name="carry out by")),
                ("carried_out_at", models.DateTimeField(blank=True, null=True)),
                (
                    "customer",
                    tenants.db.fields.TenantForeignKey(
                        blank=True,
                        db_on_delete="set_null",
                        null=True,
                        related_name="privacy_requests",
                        to="crm.customer",
                    ),
                ),
                (
                    "responsible",
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
                    models.Index(fields=["tenant", "-id"], name="crm_privacyrequest_newest"),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["tenant", "answer_by", "id"],
                        name="crm_privacyrequest_due",
                    ),
                    models.Index(fields=["tenant", "customer", "-id"], name="crm_privacyrequest_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state__in", ["answered", "refused"])),
                            models.Q(
                                models.Q(("state__in", ["answered", "refused"]), _negated=True),
                                ("closed_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="crm_privacyrequest_closed",
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_privacyrequest_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_privacyrequest_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="customer", name="crm_privacyrequest_customer_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="responsible", name="crm_privacyrequest_responsible_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_privacyrequest_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("conversations", "What was said in closed conversations"),
                            ("files", "Files of messages"),
                            ("inbound", "Raw messages as they arrived"),
                            ("customers", "Customers without contact"),
                        ],
                        max_length=15,
                    ),
                ),
                ("is_on", models.BooleanField(default=False)),
                ("days", models.PositiveIntegerField(verbose_name="days")),
                (
                    "run_at",
                    models.DateTimeField(blank=True, help_text="When it was last applied.", null=True),
                ),
                (
                    "removed",
                    models.PositiveBigIntegerField(default=0, help_text="How much it has removed so far."),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
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
                    models.UniqueConstraint(fields=("tenant", "kind"), name="crm_retention_kind"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_retentionrule_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_retentionrule_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_retentionrule_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "digest",
                    models.CharField(help_text="HMAC-SHA-256 of kind and address in hex.", max_length=64),
                ),
                ("erased_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    models.UniqueConstraint(fields=("tenant", "digest"), name="crm_tombstone_once"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_tombstone_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_tombstone_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_tombstone_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerArchive",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being put together"),
                            ("ready", "Ready"),
                            ("failed", "Could not be made"),
                            ("expired", "No longer kept"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "file",
                    models.FileField(blank=True, max_length=200, upload_to=crm.models.privacy.archive_path),
                ),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes.")),
                ("done", models.PositiveIntegerField(default=0, help_text="Rows written so far.")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When to try next; null is settled.",
                        null=True,
                    ),
                ),
                ("made_by_label", models.CharField(blank=True, max_length=150)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "customer",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="archives", to="crm.customer"
                    ),
                ),
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
                    models.Index(fields=["tenant", "customer", "-id"], name="crm_archive_customer"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at"],
                        name="crm_archive_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "ready")),
                        fields=["tenant", "expires_at"],
                        name="crm_archive_expiry",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_customerarchive_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_customerarchive_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="customer", name="crm_customerarchive_customer_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="made_by", name="crm_customerarchive_made_by_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_customerarchive_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasedTotal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(help_text="The table, as `app.model`.", max_length=60)),
                ("month", models.DateField(help_text="Its first day.")),
                ("number", models.PositiveBigIntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("tenant", "what", "month"), name="crm_erasedtotal_once"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_erasedtotal_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_erasedtotal_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_erasedtotal_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("asked", "The customer asked for it"),
                            ("retention", "No contact for longer than the rule allows"),
                            ("again", "Erased before and came back with old data"),
                            ("other", "Decided by the business"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="why",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Being erased"),
                            ("done", "Erased"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("asked_by_label", models.CharField(blank=True, max_length=150)),
                (
                    "due_at",
                    models.DateTimeField(help_text="From when on it cannot be taken back.", null=True),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("removed", models.JSONField(default=dict, help_text="How many rows went, by table.")),
                (
                    "customer",
                    tenants.db.fields.TenantForeignKey(
                        blank=True,
                        db_on_delete="set_null",
                        null=True,
                        related_name="erasures",
                        to="crm.customer",
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
                    "request",
                    tenants.db.fields.TenantForeignKey(
                        blank=True,
                        db_on_delete="set_null",
                        null=True,
                        related_name="erasures",
                        to="crm.privacyrequest",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="crm_erasure_newest"),
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "running"])),
                        fields=["tenant", "due_at"],
                        name="crm_erasure_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["planned", "running"])),
                        fields=("tenant", "customer"),
                        name="crm_erasure_one",
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_erasure_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_erasure_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="customer", name="crm_erasure_customer_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="request", name="crm_erasure_request_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(column="tenant_id", name="crm_erasure_isolation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivacyNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                (
                    "texts",
                    models.JSONField(
                        default=dict, help_text="The words by language: es, pt-br, en.", verbose_name="text"
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, help_text="Null is a draft.", null=True)),
                ("published_by_label", models.CharField(blank=True, max_length=150)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                    models.UniqueConstraint(fields=("tenant", "version"), name="crm_notice_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("tenant",),
                        name="crm_notice_one_draft",
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_privacynotice_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_privacynotice_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_privacynotice_isolation"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="consentevent",
            name="notice",
            field=tenants.db.fields.TenantForeignKey(
                blank=True,
                db_on_delete="set_null",
                help_text="The version of the privacy notice that held.",
                null=True,
                related_name="+",
                to="crm.privacynotice",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=tenants.db.constraints.TenantKey(
                field="notice", name="crm_consentevent_notice_key", on_delete="set_null"
            ),
        ),
        migrations.RunSQL(NOTICE_STANDS, NOTICE_MAY_CHANGE),
    ]
