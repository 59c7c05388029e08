from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("problems", "0004_first_closed_when_closed")]

    operations = [
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin_kind", "problems.report")),
                fields=("origin_code",),
                name="problem_report_sent_once",
                violation_error_message="这份上报已经登记过。",
            ),
        ),
    ]
