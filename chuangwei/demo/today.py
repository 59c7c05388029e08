"""The one part of the demo that depends on the day: a round that is on today, so that an inspector's day can be walked.

Planned as the office plans any other; the eight weeks before it stay what they are, whatever the day.
"""

from datetime import datetime

from django.db.models import F, Max

from chuangwei.core import clock
from chuangwei.demo import cast
from chuangwei.demo.town.people import SQUADS
from chuangwei.domain.inspections.actions import RoundPlan, plan_round
from chuangwei.domain.inspections.enums import RoundKind
from chuangwei.domain.inspections.models import Round
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Site

WANTED = {"back_lane": 8, "market": 3}
"""How many sites of which kind: about what two people see in a day."""


def plan_today(*, at: datetime) -> Round | None:
    """A round of today for the squad of the demo's inspector; none where it has one already."""
    day, team = clock.local_day(at), Unit.objects.get(code=SQUADS[0])
    if Round.objects.filter(team=team, starts_on__lte=day, ends_on__gte=day).exists():
        return None
    plan = RoundPlan(
        name=f"{day.month}月{day.day}日督导检查", kind=RoundKind.REGULAR, starts_on=day, ends_on=day, team=team,
        sites=[site for kind, count in WANTED.items() for site in _longest_unseen(kind, count)],
    )  # fmt: skip
    return plan_round(plan=plan, by=cast.actor(cast.OFFICE), at=at)


def _longest_unseen(kind: str, count: int) -> list[Site]:
    found = places.sites(actor=cast.actor(cast.OFFICE)).filter(kind__code=kind)
    seen = found.annotate(last_at=Max("visits__at")).order_by(F("last_at").asc(nulls_first=True), "code")
    return list(seen[:count])
