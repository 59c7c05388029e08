"""What happens in the eight weeks: how clean each community is, where poultry is slaughtered, which road is closed.

望河 climbs from the bottom to the top, 沈家坪 slides and gets its leader an interview, 鼓楼 and 南渡 have live poultry in
their markets, 杜家湾 is cut off for a week. Nothing here is a score: these are the points a typical visit loses, and
chance does the rest; who is first and last comes out of the same arithmetic that a real town's visits go through.
"""

from datetime import date, timedelta
from typing import NamedTuple

WEEKS = 8
LOST = {
    "鼓楼社区": (7.4, 7.0, 6.8, 7.2, 7.0, 7.4, 7.0, 6.8),
    "书院社区": (5.8, 6.2, 5.6, 6.4, 6.0, 6.2, 5.8, 6.2),
    "北渡社区": (8.4, 8.2, 7.8, 8.2, 8.6, 8.2, 8.0, 7.8),
    "南渡社区": (8.8, 8.4, 8.0, 8.2, 8.6, 8.8, 8.2, 9.0),
    "盐仓社区": (9.2, 9.4, 9.0, 8.8, 9.4, 9.0, 9.2, 8.8),
    "柳荫社区": (6.6, 6.8, 6.4, 7.0, 6.6, 6.8, 7.2, 6.8),
    "织锦社区": (7.8, 8.0, 8.4, 7.8, 8.2, 7.6, 8.0, 8.2),
    "百合社区": (6.2, 6.6, 6.4, 6.0, 6.8, 6.4, 6.6, 6.4),
    "望河社区": (15.0, 15.5, 6.8, 7.0, 7.6, 7.2, 4.6, 4.2),
    "铁炉社区": (9.6, 11.2, 9.4, 11.0, 9.4, 9.6, 10.0, 10.4),
    "白塔社区": (10.4, 6.2, 10.6, 9.4, 11.2, 8.2, 11.2, 10.0),
    "杜家湾社区": (9.2, 9.6, 9.0, 8.8, 9.4, 9.4, 9.8, 9.2),
    "沈家坪社区": (8.8, 9.6, 16.5, 18.0, 17.5, 10.5, 9.4, 8.8),
}
"""Points that a visit of a usual site loses on average, by week."""


class Poultry(NamedTuple):
    """Live poultry slaughtered among the stalls: the sheet of the market fails (活禽, a veto)."""

    week: int
    market: str
    round_kind: str


POULTRY = (Poultry(2, "鼓楼农贸市场", "定期督导"), Poultry(7, "南渡农贸市场", "随机抽查"))
ALMOST = (4, "织锦农贸市场")
"""Records of disinfection incomplete: four points, no veto."""
CUT_OFF = (5, "杜家湾社区")
"""A landslide closes the only road; nobody goes there in that week."""


def weeks(today: date) -> list[date]:
    """The Mondays of the last eight full weeks before a day."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=WEEKS - week) for week in range(WEEKS)]


def lost(community: str, week: int) -> float:
    return LOST[community][min(max(week, 0), WEEKS - 1)]
