import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import crm.models.suppression
import tenants.db.constraints
import tenants.db.fields
import tenants.scoping


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0006_records"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentPolicy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "confirmed_media",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("email", "E-mail"),
                                ("whatsapp", "WhatsApp"),
                                ("sms", "SMS"),
                                ("phone", "Phone calls"),
                                ("messenger", "Messenger"),
                                ("instagram", "Instagram"),
                                ("telegram", "Telegram"),
                                ("web", "Web chat"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        verbose_name="ask twice",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="runs out after (months)",
                    ),
                ),
                (
                    "surveys_need_consent",
                    models.BooleanField(default=False, verbose_name="send surveys only with consent"),
                ),
                (
                    "promotion_text",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="what customers agree to for offers"
                    ),
                ),
                (
                    "survey_text",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="what customers agree to for surveys"
                    ),
                ),
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
                    models.UniqueConstraint(fields=("tenant",), name="crm_consentpolicy_one"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_consentpolicy_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_consentpolicy_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_consentpolicy_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExclusionList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "Phone numbers"), ("email", "E-mail addresses")],
                        default="phone",
                        max_length=10,
                        verbose_name="what is in it",
                    ),
                ),
                (
                    "covers",
                    models.CharField(
                        choices=[
                            ("all", "Everything"),
                            ("unasked", "Offers and surveys"),
                            ("promotion", "Offers"),
                        ],
                        default="promotion",
                        max_length=10,
                        verbose_name="is not sent",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
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
                "indexes": [models.Index(fields=["tenant", "-id"], name="crm_exclusionlist_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_exclusionlist_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_exclusionlist_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_exclusionlist_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExclusionVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "file",
                    models.FileField(blank=True, max_length=200, upload_to=crm.models.suppression.list_path),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("reading", "Being read"),
                            ("done", "Read"),
                            ("failed", "Not readable"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("is_current", models.BooleanField(default=False)),
                (
                    "layout",
                    models.JSONField(
                        blank=True, default=dict, help_text="Encoding, delimiter and column, once known."
                    ),
                ),
                ("lines", models.PositiveIntegerField(default=0)),
                ("bytes_read", models.PositiveBigIntegerField(default=0)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("doubled", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                (
                    "refused_lines",
                    models.JSONField(
                        blank=True, default=list, help_text="The first lines not understood: number and text."
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True)),
                ("uploaded_by_label", models.CharField(blank=True, max_length=150)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "exclusion_list",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="versions", to="crm.exclusionlist"
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
                    models.Index(
                        fields=["tenant", "exclusion_list", "-id"], name="crm_exclusionversion_newest"
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at"],
                        name="crm_exclusionversion_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("tenant", "exclusion_list"),
                        name="crm_exclusionversion_current",
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_exclusionversion_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_exclusionversion_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="exclusion_list",
                        name="crm_exclusionversion_exclusion_list_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_exclusionversion_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExclusionEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("value", models.CharField(max_length=255)),
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
                    "version",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="entries", to="crm.exclusionversion"
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "version", "value"), name="crm_exclusionentry_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_exclusionentry_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_exclusionentry_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="version", name="crm_exclusionentry_version_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_exclusionentry_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
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
                        help_text="email, phone, telegram, instagram, messenger",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=255, verbose_name="address")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("bounce", "Mail to it comes back"),
                            ("complaint", "Reported a mail as spam"),
                            ("unsubscribed", "Unsubscribed"),
                            ("by_hand", "Added by a colleague"),
                        ],
                        max_length=15,
                        verbose_name="why",
                    ),
                ),
                (
                    "covers",
                    models.CharField(
                        choices=[
                            ("all", "Everything"),
                            ("unasked", "Offers and surveys"),
                            ("promotion", "Offers"),
                        ],
                        max_length=10,
                        verbose_name="is not sent",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("added_by_label", models.CharField(blank=True, max_length=150)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_by_label", models.CharField(blank=True, max_length=150)),
                ("lifted_why", models.CharField(blank=True, max_length=300)),
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
                    models.Index(
                        condition=models.Q(("lifted_at", None)),
                        fields=["tenant", "-id"],
                        name="crm_suppression_newest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("tenant", "kind", "value", "reason"),
                        name="crm_suppression_once",
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="crm_suppression_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="crm_suppression_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="crm_suppression_isolation"
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="consent",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Asked, not confirmed yet"),
                    ("given", "Given"),
                    ("withdrawn", "Withdrawn"),
                    ("expired", "Ran out"),
                ],
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="consentevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Asked, not confirmed yet"),
                    ("given", "Given"),
                    ("withdrawn", "Withdrawn"),
                    ("expired", "Ran out"),
                ],
                max_length=10,
            ),
        ),
    ]
