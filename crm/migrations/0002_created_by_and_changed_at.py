import tenants.db.constraints
import tenants.db.fields
from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0001_initial'),
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='created_by',
            field=tenants.db.fields.TenantForeignKey(blank=True, db_on_delete='set_null', null=True, related_name='+', to='tenants.membership'),
        ),
        migrations.AddField(
            model_name='order',
            name='changed_at',
            field=models.DateTimeField(default=timezone.now, help_text='By the clock of the system it comes from.', verbose_name='status since'),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['tenant', 'updated_at', 'id'], name='crm_customer_changed'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('created_by__isnull', False)), fields=['tenant', 'created_by'], name='crm_customer_creator'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=tenants.db.constraints.TenantKey(field='created_by', name='crm_customer_created_by_key', on_delete='set_null'),
        ),
    ]
