"""Small towns by chance: few subjects, few visits, round numbers, so that ties, halves, gaps and edges are common."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from tests.cases.oracle import library
from tests.cases.oracle.random_presets import ROLES, preset_of
from tests.cases.oracle.spans import DAY, Span, span_of, spans
from tests.cases.oracle.town import Answer, Area, Draw, Duty, Person, Problem, Round, Site, Town, Unit, Visit

# Turns of years with and without week 53, a leap day, ends of months, an ordinary autumn.
BEGINNINGS = [
    date(2020, 12, 14), date(2026, 12, 14), date(2021, 12, 20), date(2023, 12, 18), date(2024, 2, 19), date(2023, 9, 4),
    date(2023, 9, 25), date(2022, 12, 26), date(2020, 1, 1), date(2024, 12, 25),
]  # fmt: skip
KINDS = ["market", "back_lane", "main_street", "public_toilet", "school", "residential_unmanaged", "river_section"]
ROUND_KINDS = ["定期督导", "日巡查", "随机抽查", "互查", "暗访", "带队检查", "自查", "专家问诊", "回头看"]
SOURCES = ["督查发现", "群众举报", "热线转办", "日常巡查", "领导交办", "媒体曝光", "自查"]
HOURS = [None, None, None, "08:00-12:00", "14:00-18:00", "06:00-10:00、14:00-18:00"]
CODES = ["{}", "S-{}", "b{}", "B{}", "é{}", "社{}", "{}区", "62990{}", "0{}", "z.{}", "_{}"]
EDGES = [time(0, 0, 0), time(23, 59, 59), time(0, 0, 1), time(9, 30), time(12, 0), time(16, 5, 30)]


class Builder:
    """Makes one town from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"town {seed}")
        self.codes: set[str] = set()
        preset, subject, length = preset_of(self.chance)
        self.subject = subject
        self.spans = self.wanted_spans(preset["series"]["main"]["period"], length)
        self.town = Town(slug=f"seed-{seed}", preset=preset)
        self.town.asked = [("main", self.spans[0].name, self.spans[-1].name)]
        self.town.day = self.chance.choice(self.spans).last

    def wanted_spans(self, period: str, length: int) -> list[Span]:
        span = span_of(self.chance.choice(BEGINNINGS), period)
        found = [span]
        while len(found) < length:
            found.append(span_of(found[-1].last + DAY, period))
        return found

    def code(self) -> str:
        while (code := self.chance.choice(CODES).format(self.chance.randint(1, 999))) in self.codes:
            pass
        self.codes.add(code)
        return code

    def some(self, chance: float) -> bool:
        return self.chance.random() < chance

    def build(self) -> Town:
        self.areas()
        self.units()
        self.sites()
        self.duties()
        self.rounds()
        self.visits()
        self.problems()
        self.monthly()
        self.draw()
        return self.town

    # --- Who and where ------------------------------------------------------------------------------------------------
    def area(self, kind: str, parent: str | None) -> Area:
        # Names may be equal: only codes tell areas apart.
        area = Area(self.code(), f"{self.chance.choice('东西南北')}{kind}", kind, parent)
        self.town.areas.append(area)
        return area

    def areas(self) -> None:
        county = self.area("县", None)
        for kind in self.chance.choice([["乡镇"], ["乡镇", "街道"]]):
            town = self.area(kind, county.code)
            for _ in range(self.chance.randint(1, 6)):
                community = self.area("社区", town.code)
                for _ in range(self.chance.randint(0, 2)):
                    self.area("网格", community.code)
            for _ in range(self.chance.randint(0, 2)):
                village = self.area("村", town.code)
                hamlet = self.area("自然村", village.code)
                self.area("村民小组", hamlet.code)
        if not any(area.kind == self.subject for area in self.town.areas):
            self.area(self.subject, self.town.areas[1].code)

    def units(self) -> None:
        units = self.town.units
        units.append(Unit(self.code(), "创卫办", "办公室"))
        units.append(Unit(self.code(), "城管局", "部门", units[0].code))
        for area in self.town.areas:
            if area.kind in {"社区", "村"} and self.some(0.9):
                committee = Unit(self.code(), f"{area.name}居委会", area.kind, None, area.code)
                units += [committee, Unit(self.code(), "物业公司", "企业", committee.code, area.code)]
        for _ in range(self.chance.randint(4, 8)):
            self.town.persons.append(
                Person(
                    self.code(),
                    self.chance.choice(["王芳", "李伟", "张丽"]),
                    self.chance.choice([None, self.chance.choice(units).code]),
                    f"199{self.chance.randint(0, 99999999):08}" if self.some(0.5) else None,
                )
            )

    def sites(self) -> None:
        for _ in range(self.chance.randint(6, 24)):
            site = Site(self.code(), "点位", self.chance.choice(KINDS), self.chance.choice(self.town.areas).code)
            if self.some(0.6):
                site.point = (self.chance.randint(104_900, 104_950) / 1000, self.chance.randint(33_370, 33_400) / 1000)
                site.datum = self.chance.choice([None, "WGS84", "GCJ02", "BD09"])
            self.town.sites.append(site)
        # Every subject has somewhere to be visited.
        for area in self.town.areas:
            if area.kind == self.subject:
                self.town.sites.append(Site(self.code(), "点位", self.chance.choice(KINDS[:3]), area.code))

    def duties(self) -> None:
        holders = [one.code for one in self.town.persons + self.town.units]
        places = [one.code for one in self.town.areas + self.town.sites]
        days = [day for span in self.spans for day in (span.first, span.last, span.last + DAY, span.first - DAY)]
        taken = set()
        for _ in range(self.chance.randint(10, 60)):
            first = self.chance.choice([date(2019, 3, 1), *days])
            last = self.chance.choice([None, None, first, *[day for day in days if day >= first]])
            duty = Duty(
                self.chance.choice(holders), self.chance.choice(ROLES), self.chance.choice(places), first, last,
                self.chance.choice(HOURS),
            )  # fmt: skip
            key = (duty.holder, duty.role, duty.place, duty.first, duty.hours)
            if key not in taken:
                taken.add(key)
                self.town.duties.append(duty)

    # --- Visits -------------------------------------------------------------------------------------------------------
    def rounds(self) -> None:
        first, last = self.spans[0].first, self.spans[-1].last
        for kind in ROUND_KINDS:
            for begins, ends in ((first, last), (first + 3 * DAY, first + 4 * DAY)):
                self.town.rounds.append(Round(self.code(), f"{kind}轮", kind, begins, ends))

    def visits(self) -> None:
        busy = self.chance.choice([0.3, 1, 2, 4])
        every = [span_of(self.spans[0].first - DAY, "day"), *self.spans, span_of(self.spans[-1].last + DAY, "day")]
        regular = self.some(0.5)
        for span in every:
            for site in self.town.sites:
                for _ in range(self.times(busy / 4)):
                    self.visit(site, self.instant(span), regular)
        self.twins()

    def times(self, rate: float) -> int:
        return sum(self.some(rate / 4) for _ in range(4))

    def instant(self, span: Span) -> datetime:
        day = self.chance.choice([span.first, span.last, span.first + (span.last - span.first) // 2])
        return datetime.combine(day, self.chance.choice(EDGES))

    def visit(self, site: Site, at: datetime, regular: bool) -> None:
        one = self.chance.choice(self.town.rounds[:6] if regular else self.town.rounds)
        inspectors = self.chance.sample([person.code for person in self.town.persons], self.chance.choice([1, 1, 2]))
        self.town.visits.append(Visit(self.code(), one.code, site.code, at, inspectors, self.answers(site.kind)))

    def answers(self, kind: str) -> list[Answer]:
        checks = library.checks()[kind]
        if self.some(0.03):
            return [Answer(check.code, "不适用") for check in checks]
        picked = self.chance.sample(checks, min(self.chance.choice([0, 0, 1, 1, 2, 3, 5]), len(checks)))
        return [self.answer(check) for check in picked]

    def answer(self, check: library.Check) -> Answer:
        result = self.chance.choice(["不合格", "不合格", "不合格", "合格", "不适用"])
        if result != "不合格":
            return Answer(check.code, result, self.chance.choice([None, 0]))
        half = check.points * Decimal("0.3") + self.chance.choice(
            [Decimal("0.05"), Decimal("0.125"), Decimal(0), Decimal(1)]
        )
        deduction = self.chance.choice([None, None, None, Decimal("0.1"), Decimal("0.005"), half, check.points])
        return Answer(
            check.code, result, self.chance.choice([None, 1, 2, 3, 40]), deduction and min(deduction, check.points)
        )

    def twins(self) -> None:
        """Two subjects seen alike: what stands in one is seen again in the other."""
        subjects = [area.code for area in self.town.areas if area.kind == self.subject]
        if len(subjects) < 2 or self.some(0.5):
            return
        left, right = self.chance.sample(subjects, 2)
        homes = {site.code: site for site in self.town.sites}
        own = [visit for visit in self.town.visits if right not in self.town.upwards(homes[visit.site].area)]
        self.town.visits = list(own)
        copies: dict[str, str] = {}
        for visit in own:
            site = homes[visit.site]
            if left in self.town.upwards(site.area):
                if site.code not in copies:
                    copies[site.code] = self.code()
                    self.town.sites.append(Site(copies[site.code], site.name, site.kind, right))
                self.town.visits.append(
                    Visit(self.code(), visit.round, copies[site.code], visit.at, visit.inspectors, visit.answers)
                )

    # --- Problems -----------------------------------------------------------------------------------------------------
    def problems(self) -> None:
        for span in self.spans:
            for _ in range(self.chance.choice([0, 1, 4, 12])):
                self.problem(span)

    def problem(self, span: Span) -> None:
        site, area = self.chance.choice(self.town.sites), self.chance.choice(self.town.areas)
        both = self.chance.choice(["site", "area", "both"])
        due = self.chance.choice([self.instant(span), datetime.combine(span.last, time(23, 59, 59))])
        found = due - self.chance.choice([timedelta(hours=2), timedelta(days=1), timedelta(days=9)])
        problem = Problem(
            self.code(), self.chance.choice(SOURCES), None if both == "area" else site.code,
            None if both == "site" else area.code, self.chance.choice(library.categories())[0], found, "待核实",
        )  # fmt: skip
        move(problem, due, self.chance, [unit.code for unit in self.town.units])
        self.town.problems.append(problem)

    # --- What else is asked -------------------------------------------------------------------------------------------
    def monthly(self) -> None:
        """A second series that takes the mean of the first, over the months its periods end in."""
        if "monthly" in self.town.preset["series"]:
            months = spans("month", self.spans[0].month, self.spans[-1].month)
            self.town.asked.append(("monthly", months[0].name, months[-1].name))

    def draw(self) -> None:
        kinds = self.chance.sample(KINDS, 2)
        excluded = [site.code for site in self.town.sites if site.kind in kinds and self.some(0.2)]
        seed = f"{self.chance.getrandbits(256):064x}"
        strata = {kind: self.chance.choice([1, 2, 50]) for kind in kinds}
        self.town.draw = Draw(self.code(), seed, strata, dict.fromkeys(excluded, "施工封闭"))


def move(problem: Problem, due: datetime, chance: Random, units: list[str]) -> None:
    """Give a problem one of the states a ledger knows, with the times that lead there."""
    problem.state = chance.choice(
        [
            "待核实",
            "已立案",
            "已派遣",
            "待核查",
            "已销号",
            "已销号",
            "已销号",
            "不予立案",
            "并案",
            "退回",
            "挂账",
            "反弹",
        ]
    )
    if problem.state in {"待核实", "已立案", "不予立案"} or (problem.state == "并案" and chance.random() < 0.5):
        return
    if problem.state == "已销号" and chance.random() < 0.1:
        problem.fixed = problem.closed = problem.found  # put right on the spot: no clock
        return
    problem.unit, problem.dispatched, problem.due = chance.choice(units), problem.found + timedelta(minutes=30), due
    again = chance.random() < 0.2
    if problem.state in {"待核查", "已销号", "反弹"} or (problem.state == "已派遣" and again):
        second = timedelta(seconds=1)
        problem.fixed = chance.choice([due, due, due - second, due + second, due + timedelta(hours=5)])
    if problem.state in {"已销号", "反弹"} or (problem.state == "已派遣" and again):
        problem.verified = (problem.fixed or due) + timedelta(hours=1)
    if problem.state == "已销号" and problem.verified:
        problem.closed = problem.verified + chance.choice([timedelta(0), timedelta(days=3)])


def random_town(seed: int) -> Town:
    return Builder(seed).build()
