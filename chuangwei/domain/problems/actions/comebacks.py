"""Problems that came back, tied to the ones they came back of: many at once, in four queries."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from chuangwei.core import clock, presets
from chuangwei.domain.places.models import Area
from chuangwei.domain.problems import queries, rules
from chuangwei.domain.problems.models import Problem

Place = tuple[int | None, int | None, int]


def tie_comebacks(problems: Sequence[Problem]) -> None:
    """Tie each problem to the last one closed at its place and of its category before it was found, in the window."""
    wanted = {_place(p.site_id, p.area_id, p.category_id) for p in problems}
    closed: dict[Place, list[tuple[datetime, int]]] = defaultdict(list)
    rows = Problem.objects.filter(closed_at__isnull=False).order_by("closed_at", "pk")
    for pk, site, area, category, closed_at in rows.values_list("pk", "site_id", "area_id", "category_id", "closed_at"):
        if (place := _place(site, area, category)) in wanted and closed_at is not None:
            closed[place].append((closed_at, pk))
    uses = presets.holdings()
    areas = {area.pk: area.path_codes for area in Area.objects.only("path")} if closed else {}
    tied = []
    for problem in problems:
        before = closed.get(_place(problem.site_id, problem.area_id, problem.category_id), [])
        last = bisect_right(before, problem.found_at, key=lambda pair: pair[0]) - 1
        # What was put right on the spot was closed the moment it was found: no problem comes back of itself.
        while last >= 0 and before[last][0] == problem.found_at and before[last][1] >= problem.pk:
            last -= 1
        if last < 0:
            continue
        codes, day = areas[problem.area_id], clock.local_day(problem.found_at)
        days = queries.recurrence_days(uses, area_codes=codes, day=day)
        if rules.comes_back(found_at=problem.found_at, closed_at=before[last][0], window_days=days):
            problem.comes_back_of_id = before[last][1]
            tied.append(problem)
    Problem.objects.bulk_update(tied, ["comes_back_of"], batch_size=500)


def _place(site: int | None, area: int | None, category: int) -> Place:
    """With a site, the site is the place, whatever area it lay in."""
    return (site, None, category) if site else (None, area, category)
