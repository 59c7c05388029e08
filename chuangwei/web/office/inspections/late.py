"""迟报: visits that arrived after the figures of their days were published; they count only through an objection.

What counts is decided by the cut-off of a period (domain §8); here it is only shown.
"""

from datetime import timedelta

from django.db.models import Q

from chuangwei.core import clock
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.appraisal.queries import series_of
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.places.models import Area

ONE_DAY = timedelta(days=1)


def late_condition() -> Q:
    """A condition on visits: recorded after a period that holds their day, in the area it ranks, was published."""
    closed = Period.objects.filter(published_at__isnull=False, is_history=False)
    paths = dict(Area.objects.filter(code__in=closed.values("area_code")).values_list("code", "path"))
    found = Q(pk__in=[])
    rows = closed.order_by().values_list("area_code", "from_on", "to_on", "published_at").distinct()
    for area, first, last, published_at in rows:
        days = Q(at__gte=clock.instant(first), at__lt=clock.instant(last + ONE_DAY), recorded_at__gt=published_at)
        found |= days & _inside(paths.get(area, area)) if area else days
    return found


def _inside(path: str) -> Q:
    return Q(site__area__path__startswith=path) | Q(area__path__startswith=path)


def is_late(visit: Visit) -> bool:
    """Whether some published ranking that looks at such rounds does not know the visit because it came too late."""
    day = clock.local_day(visit.at)
    area = visit.site.area if visit.site else visit.area
    codes = ["", *(area.path_codes if area else [])]
    missed = Period.objects.filter(
        from_on__lte=day, to_on__gte=day, published_at__lt=visit.recorded_at, is_history=False, area_code__in=codes
    )
    return any(visit.round.kind in series_of(period).series.round_kinds for period in missed)
