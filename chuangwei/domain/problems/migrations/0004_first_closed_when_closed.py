from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('problems', '0003_fill_ledger_pages')]

    operations = [
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('first_closed_at__isnull', False), _connector='OR'), name='problem_first_closed_when_closed', violation_error_message='已销号的问题须有首次销号时间。'),
        ),
    ]
