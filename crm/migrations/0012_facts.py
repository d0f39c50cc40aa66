from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0011_duplicates")]

    operations = [
        migrations.AddField(
            "attribute",
            "work",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="How far its values are looked through, and what was found.",
            ),
        ),
        migrations.AddField(
            "attribute",
            "work_due_at",
            models.DateTimeField(blank=True, help_text="When to go on; null is done.", null=True),
        ),
        migrations.AddIndex(
            "attribute",
            models.Index(
                condition=models.Q(("work_due_at__isnull", False)),
                fields=["tenant", "work_due_at"],
                name="crm_attribute_due",
            ),
        ),
        migrations.AddField(
            "preference",
            "evidence",
            models.JSONField(blank=True, default=dict, help_text="Of behaviour: {hits, of, hour}."),
        ),
        migrations.AddField(
            "preference",
            "rival",
            models.JSONField(
                blank=True,
                help_text="What speaks against what a person confirmed: value, source, …",
                null=True,
            ),
        ),
        migrations.AddField(
            "preference",
            "forgotten_at",
            models.DateTimeField(
                blank=True,
                help_text="Not shown, and not learned again while behaviour stays the same.",
                null=True,
            ),
        ),
    ]
