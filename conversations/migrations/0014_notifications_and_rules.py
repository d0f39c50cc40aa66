import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import tenants.db.constraints
import tenants.db.fields
import tenants.scoping


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0013_sending"),
        ("crm", "0003_search"),
        ("tenants", "0003_directory_isolation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Macro",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("actions", models.JSONField(default=list, verbose_name="actions")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "owner",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", null=True, related_name="macros", to="tenants.membership"
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
                "ordering": ["name"],
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("owner"),
                        django.db.models.functions.text.Lower("name"),
                        name="conv_macro_name",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(fields=("tenant", "id"), name="conversations_macro_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_macro_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="owner", name="conversations_macro_owner_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_macro_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationChoice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ways", models.JSONField(blank=True, default=dict)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("hourly", "Every hour"), ("daily", "Once a day")],
                        default="daily",
                        max_length=10,
                        verbose_name="rhythm",
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=9, verbose_name="hour")),
                ("timezone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                (
                    "membership",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="notification_choices", to="tenants.membership"
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
                        fields=("tenant", "membership"), name="conv_notification_choice_once"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="conversations_notificationchoice_tenant_id"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="tenant",
                        name="conversations_notificationchoice_tenant_key",
                        on_delete="no_action",
                    ),
                    tenants.db.constraints.TenantKey(
                        field="membership",
                        name="conversations_notificationchoice_membership_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_notificationchoice_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationMail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("single", "at once"), ("digest", "digest")], max_length=10),
                ),
                (
                    "slot",
                    models.CharField(
                        help_text="Which turn it is: the same twice is one mail.", max_length=60
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("skipped", "Nothing left to tell"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                (
                    "calling_at",
                    models.DateTimeField(
                        blank=True, help_text="Handed to the mail server from here.", null=True
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "membership",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="+", to="tenants.membership"
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
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at"],
                        name="conv_notification_mail_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "membership", "slot"), name="conv_notification_mail_once"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="conversations_notificationmail_tenant_id"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="tenant",
                        name="conversations_notificationmail_tenant_key",
                        on_delete="no_action",
                    ),
                    tenants.db.constraints.TenantKey(
                        field="membership",
                        name="conversations_notificationmail_membership_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_notificationmail_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
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
                            ("mention", "Somebody mentioned me"),
                            ("assigned", "A conversation was given to me"),
                            ("answered", "A customer wrote in one of mine"),
                            ("sla", "A promised time was missed"),
                            ("unsent", "A message of mine did not go out"),
                            ("rating", "A customer rated us badly"),
                            ("channel", "A channel stopped working"),
                            ("rule", "A rule wants me to know"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "key",
                    models.CharField(help_text="What it is about: the same twice is one.", max_length=120),
                ),
                ("data", models.JSONField(blank=True, default=dict)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "conversation",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade",
                        null=True,
                        related_name="notifications",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "membership",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="notifications", to="tenants.membership"
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
                    "mail",
                    tenants.db.fields.TenantForeignKey(
                        blank=True,
                        db_on_delete="set_null",
                        null=True,
                        related_name="notifications",
                        to="conversations.notificationmail",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "membership", "-id"], name="conv_notification_page"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["tenant", "membership", "conversation", "-id"],
                        name="conv_notification_unread",
                    ),
                    models.Index(
                        condition=models.Q(("mail__isnull", False)),
                        fields=["tenant", "mail"],
                        name="conv_notification_mail",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "membership", "key"), name="conv_notification_once"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="conversations_notification_tenant_id"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_notification_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="membership",
                        name="conversations_notification_membership_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantKey(
                        field="conversation",
                        name="conversations_notification_conversation_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantKey(
                        field="mail", name="conversations_notification_mail_key", on_delete="set_null"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_notification_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="on")),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("received", "a customer writes"),
                            ("opened", "a conversation begins"),
                            ("reopened", "a conversation is reopened"),
                            ("closed", "a conversation is closed"),
                            ("assigned", "a conversation is assigned"),
                            ("labelled", "a label is added"),
                            ("waited", "a customer has waited"),
                            ("rated", "a customer rates us"),
                            ("sla", "a promised time is missed"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        blank=True, help_text="How long a customer has waited.", null=True
                    ),
                ),
                ("definition", models.JSONField(default=dict, help_text="version, when, if, then, stop")),
                (
                    "version",
                    models.PositiveIntegerField(default=1, help_text="How often it was changed, plus one."),
                ),
                ("activated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "ordering": ["position", "id"],
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "is_active", "trigger"], name="conv_rule_trigger"),
                    models.Index(
                        condition=models.Q(("is_active", True), ("minutes__isnull", False)),
                        fields=["tenant", "minutes"],
                        name="conv_rule_waited",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="conversations_rule_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_rule_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_rule_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("received", "a customer writes"),
                            ("opened", "a conversation begins"),
                            ("reopened", "a conversation is reopened"),
                            ("closed", "a conversation is closed"),
                            ("assigned", "a conversation is assigned"),
                            ("labelled", "a label is added"),
                            ("waited", "a customer has waited"),
                            ("rated", "a customer rates us"),
                            ("sla", "a promised time is missed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(help_text="What it is: the same twice is one.", max_length=150)),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "depth",
                    models.PositiveSmallIntegerField(default=0, help_text="1 when a rule brought it about."),
                ),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "conversation",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="+", to="conversations.conversation"
                    ),
                ),
                (
                    "message",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", null=True, related_name="+", to="conversations.message"
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
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at", "id"],
                        name="conv_rule_event_due",
                    ),
                    models.Index(fields=["tenant", "happened_at"], name="conv_rule_event_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key"), name="conv_rule_event_once"),
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="conversations_ruleevent_tenant_id"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_ruleevent_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="conversation",
                        name="conversations_ruleevent_conversation_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantKey(
                        field="message", name="conversations_ruleevent_message_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_ruleevent_isolation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule_version", models.PositiveIntegerField(default=1)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("acted", "Acted"),
                            ("skipped", "Did not apply"),
                            ("broken", "Names something deleted"),
                            ("refused", "Could not"),
                        ],
                        max_length=10,
                    ),
                ),
                ("data", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "conversation",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="rule_runs", to="conversations.conversation"
                    ),
                ),
                (
                    "event",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="runs", to="conversations.ruleevent"
                    ),
                ),
                (
                    "rule",
                    tenants.db.fields.TenantForeignKey(
                        db_on_delete="cascade", related_name="runs", to="conversations.rule"
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
                    models.Index(fields=["tenant", "-id"], name="conv_rule_run_page"),
                    models.Index(fields=["tenant", "rule", "-id"], name="conv_rule_run_rule"),
                    models.Index(fields=["tenant", "conversation", "-id"], name="conv_rule_run_conv"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "event", "rule"), name="conv_rule_run_once"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="conversations_rulerun_tenant_id"),
                    tenants.db.constraints.TenantKey(
                        field="tenant", name="conversations_rulerun_tenant_key", on_delete="no_action"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="rule", name="conversations_rulerun_rule_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="event", name="conversations_rulerun_event_key", on_delete="cascade"
                    ),
                    tenants.db.constraints.TenantKey(
                        field="conversation",
                        name="conversations_rulerun_conversation_key",
                        on_delete="cascade",
                    ),
                    tenants.db.constraints.TenantIsolation(
                        column="tenant_id", name="conversations_rulerun_isolation"
                    ),
                ],
            },
        ),
    ]
