from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0049_plan_ahead"),
    ]

    operations = [
        migrations.AddField(
            model_name="bot",
            name="teams",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="{category: team} that a hand-over goes to.",
            ),
        ),
        migrations.AddField(
            model_name="bot",
            name="closes_after",
            field=models.PositiveSmallIntegerField(
                blank=True,
                db_default=24,
                default=24,
                help_text="Hours after which what has gone quiet with the bot is closed; null is never.",
                null=True,
            ),
        ),
    ]
