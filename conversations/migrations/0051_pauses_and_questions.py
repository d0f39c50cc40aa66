import django.db.models.deletion
import tenants.db.constraints
import tenants.db.fields
import tenants.scoping
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0050_bot_teams_and_quiet'),
        ('crm', '0018_products'),
        ('tenants', '0007_formality'),
    ]

    operations = [
        migrations.AddField(
            model_name='journeyplace',
            name='asked_at',
            field=models.DateTimeField(blank=True, help_text='Since when he is waited for, where the message asks him something.', null=True),
        ),
        migrations.AddField(
            model_name='journeyplace',
            name='choice',
            field=models.CharField(blank=True, db_default='', help_text='By which arm he goes on: what he answered.', max_length=10),
        ),
        migrations.AlterField(
            model_name='journeyplace',
            name='step',
            field=models.CharField(default='0', help_text='Where he stands: 2, or 2.then.0.', max_length=60),
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(default=tenants.scoping.uuid7, editable=False, primary_key=True, serialize=False)),
                ('wrote_at', models.DateTimeField(help_text='When he wrote last.')),
                ('customer', tenants.db.fields.TenantForeignKey(db_on_delete='cascade', related_name='pauses', to='crm.customer')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenants.tenant')),
            ],
            options={
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'customer', 'wrote_at'], name='conv_pause_customer'), models.Index(fields=['tenant', 'wrote_at'], name='conv_pause_lately')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'id'), name='conversations_pause_tenant_id'), tenants.db.constraints.TenantKey(field='tenant', name='conversations_pause_tenant_key', on_delete='no_action'), tenants.db.constraints.TenantKey(field='customer', name='conversations_pause_customer_key', on_delete='cascade'), tenants.db.constraints.TenantIsolation(column='tenant_id', name='conversations_pause_isolation')],
            },
        ),
    ]
