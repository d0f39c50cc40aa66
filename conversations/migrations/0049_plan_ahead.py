from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0048_ratings_and_deeds'),
    ]

    operations = [
        migrations.AddField(
            model_name='confirmationstep',
            name='plan_at',
            field=models.DateTimeField(blank=True, help_text='Since when it is to tell of what was there before, too.', null=True),
        ),
        migrations.AddIndex(
            model_name='confirmationstep',
            index=models.Index(condition=models.Q(('plan_at__isnull', False)), fields=['tenant', 'plan_at'], name='conv_confstep_plan'),
        ),
    ]
