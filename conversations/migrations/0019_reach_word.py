from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0018_search_messages")]

    operations = [
        migrations.AddField(
            model_name="reach",
            name="word",
            field=models.CharField(
                blank=True, db_default="", help_text="What he wrote to close it.", max_length=60
            ),
        )
    ]
