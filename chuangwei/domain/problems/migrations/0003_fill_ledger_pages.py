"""What rows of an earlier release lack: the text they are found by, and when they were closed for the first time."""

from django.db import migrations
from django.db.models import F, Min

from chuangwei.core.search import search_text

BATCH = 2000


def fill(apps, schema_editor):
    Problem = apps.get_model("problems", "Problem")
    Problem.objects.filter(closed_at__isnull=False).update(first_closed_at=F("closed_at"))
    log = apps.get_model("core", "TransitionLog").objects.filter(
        subject_kind="problems.problem", move__in=("close", "close_on_the_spot")
    )
    first = dict(log.values_list("subject_code").annotate(at=Min("at")).values_list("subject_code", "at"))
    waiting, last = True, 0
    while waiting:
        rows = Problem.objects.filter(pk__gt=last).order_by("pk").select_related("site__kind", "area", "category")
        waiting = list(rows[:BATCH])
        for row in waiting:
            last = row.pk
            site = row.site.name if row.site and not row.site.kind.is_household else ""
            row.search_text = search_text(row.code, row.description, site, row.area.name, row.category.name)
            # Closed, opened again and closed again: the log has the first time, the row the last.
            row.first_closed_at = first.get(row.code, row.first_closed_at)
        Problem.objects.bulk_update(waiting, ["search_text", "first_closed_at"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [("problems", "0002_ledger_pages"), ("core", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
