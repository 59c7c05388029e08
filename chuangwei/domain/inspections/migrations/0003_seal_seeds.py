from django.db import migrations
from django.db.models import F, TextField
from django.db.models.functions import Cast

BATCH = 500


def seal(apps, schema_editor):
    """Seeds were kept in plain text. What is sealed already (a number, a colon, the value) is left as it is."""
    draws = apps.get_model("inspections", "Draw").objects.using(schema_editor.connection.alias)
    plain = draws.annotate(stored=Cast(F("seed"), TextField())).exclude(stored="").exclude(stored__contains=":")
    waiting = list(plain.order_by("pk").values_list("pk", "stored"))
    for start in range(0, len(waiting), BATCH):
        rows = [draws.model(pk=pk, seed=seed) for pk, seed in waiting[start : start + BATCH]]
        draws.bulk_update(rows, ["seed"])


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_rounds_planned_and_sheets")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop, elidable=True)]
