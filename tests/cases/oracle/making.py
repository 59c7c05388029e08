"""Building blocks of the towns made by hand: a community that gets exactly the score wanted, in the week wanted."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.cases.oracle import library
from tests.cases.oracle.spans import DAY, spans
from tests.cases.oracle.town import Answer, Area, Duty, Person, Problem, Round, Site, Town, Unit, Visit

COUNTY, TOWN = "6200", "620001"
LEVELS = ["县", "乡镇", "社区", "村", "网格", "自然村", "村民小组"]
REGULAR = {"slug": "regular", "rule": "visit-mean", "rounds": ["定期督导"], "weight": 1}
LEDGER = {"slug": "ledger", "rule": "on-time-closure", "weight": 1}


def series(*parts: dict[str, Any], period: str = "week", subject: str = "社区", **options: Any) -> dict[str, Any]:
    return {
        "title": "评比",
        "subject": subject,
        "period": period,
        "parts": [dict(part) for part in parts or [REGULAR]],
    } | options


class Maker:
    """A town with communities A, B, C …; every community has a lane, a market and a committee."""

    def __init__(self, slug: str, communities: str, all_series: dict[str, Any], **preset: Any) -> None:
        self.town = Town(
            slug, {"preset": {"slug": slug, "title": slug}, "levels": LEVELS, "series": all_series} | preset
        )
        self.town.areas = [Area(COUNTY, "县", "县"), Area(TOWN, "镇", "乡镇", COUNTY)]
        self.town.persons = [Person("P1", "王芳"), Person("P2", "王芳"), Person("P3", "李伟")]
        for kind in ("定期督导", "日巡查", "随机抽查", "互查", "暗访"):
            self.town.rounds.append(Round(kind, kind, kind, date(2020, 1, 1), date(2020, 1, 1)))
        for code in communities:
            self.community(code)

    def community(self, code: str) -> None:
        self.town.areas.append(Area(code, f"{code}社区", "社区", TOWN))
        self.town.units.append(Unit(f"U{code}", f"{code}社区", "社区", None, code))
        self.site(f"{code}-lane", "back_lane", code)
        self.site(f"{code}-market", "market", code)

    def site(self, code: str, kind: str, area: str) -> None:
        self.town.sites.append(Site(code, code, kind, area))

    def ask(self, name: str, first: str, last: str) -> None:
        self.town.asked.append((name, first, last))

    def visit(self, site: str, at: datetime, *answers: Answer, kind: str = "定期督导") -> None:
        self.town.visits.append(Visit(f"V{len(self.town.visits) + 1}", kind, site, at, ["P1"], list(answers)))

    def score(self, site: str, at: datetime, score: str | int, kind: str = "定期督导") -> None:
        """A visit with this score: what is lacking to 100 is taken off check by check."""
        left, answers = 100 - Decimal(score), []
        for check in library.checks()[self.town.site(site).kind]:
            if left > 0:
                answers.append(Answer(check.code, "不合格", None, min(left, check.points)))
                left -= min(left, check.points)
        self.visit(site, at, *answers, kind=kind)

    def scores(self, period: str, name: str, text: str) -> None:
        """`A 95 B 90.5 …`: one visit of each lane named, in the middle of the period."""
        words = text.split()
        (span,) = spans(period, name, name)
        at = datetime.combine(span.first + (span.last - span.first) // 2, time(9))
        for code, score in zip(words[::2], words[1::2], strict=True):
            self.score(f"{code}-lane", at, score)

    def duty(self, *row: Any) -> None:
        """Holder, role, place, first day; perhaps last day and hours."""
        self.town.duties.append(Duty(*row))

    def problem(self, area: str, due: datetime | None, state: str = "已销号", **values: Any) -> Problem:
        """Dispatched, put right in its last second and closed, unless told otherwise."""
        found = values.get("found", (due or datetime(2023, 9, 5, 9)) - timedelta(days=2))
        one = Problem(
            f"W{len(self.town.problems) + 1}", "督查发现", None, area, library.categories()[0][0], found, state
        )
        if due is not None:
            one.unit, one.dispatched, one.due = "UA", found + timedelta(hours=1), due
        if due is not None and state in {"已销号", "待核查", "反弹"}:
            one.fixed = due
        if one.fixed is not None and state in {"已销号", "反弹"}:
            one.verified = one.fixed + DAY
        if state == "已销号":
            one.closed = one.verified
        for name, value in values.items():
            setattr(one, name, value)
        self.town.problems.append(one)
        return one
