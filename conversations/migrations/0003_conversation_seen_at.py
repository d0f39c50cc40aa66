from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_conversation_identity")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="seen_at",
            field=models.DateTimeField(
                blank=True, null=True, help_text="When those who answer it last looked at it."
            ),
        ),
    ]
