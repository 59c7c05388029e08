"""The text problems are found by, brought in step with what places and categories are called now."""

from chuangwei.domain.problems.models import Problem
from chuangwei.domain.problems.searching import Words

BATCH = 2000
READ = ("pk", "code", "description", "site_id", "area_id", "category_id", "search_text")


def refresh_search() -> int:
    """Write anew what differs; how many rows did. A site that was renamed is found by its new name from then on.

    Reads the whole ledger, some half a minute for a million; writes only what differs, in small transactions.
    """
    words, count, last = Words(), 0, 0
    while rows := list(Problem.objects.filter(pk__gt=last).order_by("pk").only(*READ)[:BATCH]):
        last = rows[-1].pk
        stale = []
        for row in rows:
            text = words.of(row)
            if text != row.search_text:
                row.search_text = text
                stale.append(row)
        Problem.objects.bulk_update(stale, ["search_text"], batch_size=200)
        count += len(stale)
    return count
