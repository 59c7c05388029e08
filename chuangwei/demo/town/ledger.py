"""The ledger: what of the findings was filed, what residents reported, and how far each problem has come."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from chuangwei.core.calendar import TimeUnit
from chuangwei.core.clock import SHANGHAI
from chuangwei.demo.town import story
from chuangwei.demo.town.people import CABLES, MARKETS, ORDER, ROADS
from chuangwei.demo.town.records import Problem, Site
from chuangwei.demo.town.scene import Scene
from chuangwei.demo.town.sheets import Finding
from chuangwei.demo.town.standards import Check, Standards, bare

LINES = {"市政": ROADS, "通信电力": CABLES}
FILED_SHARE = 0.1
"""Of ten failed checks about one is written into the ledger; the others are mended on the way."""
SOURCES = {"日巡查": "日常巡查", "互查": "督查发现", "带队检查": "领导交办"}
PATROLLED, SUPERVISED, RESIDENTS = "日常巡查", "督查发现", ("群众举报", "热线转办")
COMPLAINTS = {
    "back_lane": ("巷子里{what}，请尽快处理", "{what}好几天没人管", "反映{what}，味道大"),
    "residential_unmanaged": ("院里{what}，没有物业管", "反映{what}，老人出行不便"),
}
COMPLAINT = ("反映{what}", "{what}，影响居民生活", "请处理{what}")


class Clerk:
    """Writes the ledger as it stands on the morning of the day."""

    def __init__(self, scene: Scene, standards: Standards, random: Random) -> None:
        self.scene, self.standards = scene, standards
        self.random, self.salt = random, random.getrandbits(64)
        self.now = datetime.combine(scene.today, time(9), tzinfo=SHANGHAI)
        self.first = story.weeks(scene.today)[0]
        self.names = {area.code: area.name for area in scene.ground.communities}
        self.committees = {area: scene.people.committee_of(area) for area in self.names}

    def _begin(self, *about: str) -> None:
        """A source for each thing: what is changed in one week or community leaves all others as they were."""
        self.random = Random(":".join((str(self.salt), *about)))  # noqa: S311  (a town, not a secret)

    # --- What is written down -----------------------------------------------------------------------------------------

    def findings(self, findings: list[Finding]) -> Iterator[Problem]:
        for finding in findings:
            self._begin(finding.visit.code, finding.check.code)
            source = SOURCES.get(finding.round.kind, SUPERVISED)
            always = finding.check.is_veto or finding.times >= 10
            if not always and self.random.random() > FILED_SHARE:
                continue
            # People write down what they saw when they are back from it.
            words = f"{finding.visit.site.name}：{finding.words}（{finding.visit.code}）"
            found = finding.visit.at + timedelta(minutes=self.random.randrange(2, 25))
            yield self._problem(source, finding.visit.site, (finding.category, finding.check), words, found)

    def complaints(self) -> Iterator[Problem]:
        """More where it is dirtier: residents see what the sweepers leave."""
        for week, monday in enumerate(story.weeks(self.scene.today)):
            for community in self.scene.ground.communities:
                self._begin(RESIDENTS[0], community.code, str(week))
                expected = story.lost(community.name, week) / 5.5
                for _ in range(self._poisson(expected)):
                    day = monday + timedelta(days=self.random.randrange(7))
                    clock = time(self.random.randrange(7, 22), self.random.randrange(60))
                    yield self._complaint(community.code, datetime.combine(day, clock, tzinfo=SHANGHAI))

    def others(self) -> Iterator[Problem]:
        """Self-checks of the communities, and what a newspaper found."""
        for monday in story.weeks(self.scene.today):
            for community in self.scene.ground.communities:
                self._begin("自查", community.code, str(monday))
                if self.random.random() < 0.75:
                    day = monday + timedelta(days=self.random.randrange(5))
                    found = datetime.combine(day, time(self.random.randrange(9, 17), 30), tzinfo=SHANGHAI)
                    yield self._seen(community.code, "自查", "自查发现{what}", found)
        for week in (3, 6):
            self._begin("媒体曝光", str(week))
            day = story.weeks(self.scene.today)[week] + timedelta(days=2)
            community = self.random.choice(self.scene.ground.communities)
            found = datetime.combine(day, time(19, 40), tzinfo=SHANGHAI)
            yield self._seen(community.code, "媒体曝光", "县融媒体中心曝光{what}", found)

    def _complaint(self, community: str, found: datetime) -> Problem:
        site = self._site(community)
        return self._about(site, self.random.choice(RESIDENTS), COMPLAINTS.get(site.kind, COMPLAINT), found)

    def _seen(self, community: str, source: str, words: str, found: datetime) -> Problem:
        return self._about(self._site(community), source, (words,), found)

    def _about(self, site: Site, source: str, phrases: tuple[str, ...], found: datetime) -> Problem:
        check = self.random.choice([check for check in self.standards.checks[site.kind] if not check.is_veto])
        category = check.categories[0]
        what = bare(self.standards.categories[category].name)
        words = f"{site.name}：{self.random.choice(phrases).format(what=what)}"
        return self._problem(source, site, (category, check), words, found)

    def _site(self, community: str) -> Site:
        wanted = (
            "back_lane",
            "residential_unmanaged",
            "frontage",
            "waste_point",
            "market",
            "public_toilet",
            "catering",
        )
        return self.random.choice([s for s in self.scene.sites if s.community == community and s.kind in wanted])

    def _poisson(self, expected: float) -> int:
        """A whole number around the expected one; the sum of many small chances."""
        return sum(self.random.random() < expected / 20 for _ in range(20))

    # --- How far it has come ------------------------------------------------------------------------------------------

    def _problem(self, source: str, site: Site, about: tuple[str, Check], words: str, found: datetime) -> Problem:
        category, check = about
        # Some rows name the site, some the area too; residents often only know where.
        area = site.area if self.random.random() < 0.4 else ""
        row = Problem("", source, site.code, area, category, words, found, "待核实")
        if source in RESIDENTS and self.random.random() < 0.13:
            return row._replace(state=self.random.choice(("不予立案", "不予立案", "并案")))
        if source == PATROLLED and self.random.random() < 0.06:
            mended = found + timedelta(minutes=self.random.randrange(10, 40))
            return row._replace(state="已销号", words=words + "，当场清理", fixed=mended, closed=mended)
        return self._dispatched(row, self._unit(site, check, category), self._diligence(site, found))

    def _unit(self, site: Site, check: Check, category: str) -> str:
        """The community's committee, unless it is for a department."""
        if check.line:
            return LINES[check.line]
        if (category[:2] == "09" and self.random.random() < 0.3) or not site.community:
            return ORDER
        if category[:2] in {"W1", "W2", "W7"} and self.random.random() < 0.35:
            return MARKETS
        return self.committees[site.community]

    def _diligence(self, site: Site, found: datetime) -> float:
        """How likely it is put right in time: dirty communities are late, too."""
        week = (found.date() - self.first) // timedelta(weeks=1)
        name = self.names.get(site.community, "")
        return 1.0 - 0.009 * story.lost(name, week) if name else 0.9

    def _dispatched(self, row: Problem, unit: str, diligence: float) -> Problem:
        dispatched = self._later(row.found, 0.2, 3.0)
        if dispatched > self.now:
            return row._replace(state="已立案" if row.source not in RESIDENTS else "待核实")
        allowed = self.standards.categories[row.category].allowed
        due = self.scene.calendar.add(dispatched, allowed).astimezone(SHANGHAI)
        row = row._replace(unit=unit, dispatched=dispatched, due=due, state="已派遣")
        draw = self.random.random()
        if draw < 0.012:
            return row._replace(state="挂账")
        if draw < 0.018:
            return row._replace(state="退回")
        in_time = self.random.random() < diligence
        share = self.random.uniform(0.25, 0.97) if in_time else self.random.uniform(1.05, 3.5)
        is_round_the_clock = allowed.unit is TimeUnit.EMERGENCY_HOUR
        passed = self.now - dispatched
        needed = (due - dispatched) * share
        if not is_round_the_clock:
            passed = self.scene.calendar.working_time(dispatched, self.now)
            needed = self.scene.calendar.working_time(dispatched, due) * share
        if needed >= passed:
            return row
        fixed = dispatched + needed if is_round_the_clock else self.scene.calendar.add_time(dispatched, needed)
        return self._fixed(row, _to_the_minute(fixed.astimezone(SHANGHAI)))

    def _fixed(self, row: Problem, fixed: datetime) -> Problem:
        row = row._replace(state="待核查", fixed=fixed)
        verified = self._later(fixed, 0.5, 7.0)
        if verified > self.now:
            return row
        closed = verified + timedelta(minutes=self.random.randrange(5, 90))
        if closed > self.now:
            return row
        state = "反弹" if self.random.random() < 0.008 else "已销号"
        return row._replace(state=state, verified=verified, closed=closed)

    def _later(self, start: datetime, low: float, high: float) -> datetime:
        """So many office hours after an instant, to the minute."""
        span = timedelta(minutes=round(self.random.uniform(low, high) * 60))
        return _to_the_minute(self.scene.calendar.add_time(start, span).astimezone(SHANGHAI))


def _to_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def keep(scene: Scene, findings: list[Finding], standards: Standards, random: Random) -> list[Problem]:
    """All problems by the time they were found, numbered."""
    clerk = Clerk(scene, standards, random)
    rows = [*clerk.findings(findings), *clerk.complaints(), *clerk.others()]
    rows = sorted((row for row in rows if row.found < clerk.now), key=lambda row: (row.found, row.site, row.category))
    return [row._replace(code=f"TZ-{row.found.year}-{number:04d}") for number, row in enumerate(rows, 1)]
