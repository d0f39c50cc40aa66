from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0052_pauses_of_answers")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="unreachable_since",
            field=models.DateTimeField(
                blank=True,
                help_text="Since when a mail server of it takes nothing; null while one does.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="confirmation",
            name="any_hour",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Somebody said: now, also in quiet hours."
            ),
        ),
    ]
