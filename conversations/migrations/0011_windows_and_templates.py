import conversations.models.template
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0010_inbound_settled'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='window_ends_at',
            field=models.DateTimeField(blank=True, help_text='Until when a person may write freely; null is without end.', null=True),
        ),
        migrations.AddField(
            model_name='template',
            name='is_named',
            field=models.BooleanField(db_default=False, default=False, help_text='Its places have names instead of numbers.'),
        ),
        migrations.AddField(
            model_name='template',
            name='sample',
            field=models.FileField(blank=True, db_default='', help_text="The header's file.", max_length=200, upload_to=conversations.models.template.sample_path),
        ),
        migrations.AddField(
            model_name='template',
            name='sample_name',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AlterField(
            model_name='template',
            name='status',
            field=models.CharField(choices=[('draft', 'Being submitted'), ('pending', 'In review'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('paused', 'Paused'), ('disabled', 'Disabled'), ('deleting', 'Being deleted'), ('gone', 'Deleted at the vendor')], default='pending', max_length=10, verbose_name='status'),
        ),
    ]
