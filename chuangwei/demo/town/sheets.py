"""What was found on each visit, check by check."""

import math
from datetime import timedelta
from random import Random
from typing import NamedTuple

from chuangwei.demo.town import story
from chuangwei.demo.town.records import Mark, Round, Site, Visit
from chuangwei.demo.town.scene import Scene
from chuangwei.demo.town.standards import Check, Standards, bare

FAIL, PASS, NOT_HERE = "不合格", "合格", "不适用"
LINE_FACTOR = 1.25
"""Roads, drains, cables and lamps are in a worse state than what a broom can mend."""
TOWN_STREETS = 9.0
"""What a visit of the town's own streets loses."""
KIND_FACTOR = {"residential_unmanaged": 1.35, "back_lane": 1.1, "office": 0.6, "community_office": 0.7, "school": 0.7,
               "residential_managed": 0.85, "market": 1.15, "urban_village": 1.2, "construction_site": 1.1}  # fmt: skip
WHERE = {
    "back_lane": ("巷口", "中段", "拐角处", "墙根", "巷尾", "电杆旁"),
    "main_street": ("公交站旁", "路口", "人行道上", "树池边", "辅道"),
    "market": ("东区", "西区", "水产区", "熟食区", "入口处", "通道"),
    "residential_unmanaged": ("1号楼前", "楼道内", "院落角", "大门口", "车棚旁"),
    "residential_managed": ("3号楼", "地下车库", "单元门口", "中心绿地", "北门"),
    "river_section": ("左岸", "右岸", "桥下", "排水口旁", "护坡"),
}
ELSEWHERE = ("门口", "室内", "后院", "东侧", "西侧", "显眼处")


class Finding(NamedTuple):
    """A failed check, for the ledger."""

    visit: Visit
    round: Round
    check: Check
    category: str
    times: int
    words: str


class Desk:
    """Where the sheets are filled in: what a site, a check and the day have in common with all others."""

    def __init__(self, scene: Scene, standards: Standards, random: Random) -> None:
        self.standards = standards
        self.random, self.salt = random, random.getrandbits(64)
        self.first = story.weeks(scene.today)[0]
        self.names = {area.code: area.name for area in scene.ground.communities}
        self.luck = {site.code: random.lognormvariate(0, 0.2) for site in scene.sites}
        self.habits = {check.code: random.uniform(0.4, 1.6) for sheet in standards.checks.values() for check in sheet}

    def fill(self, visit: Visit, round_: Round) -> list[tuple[Mark, Finding | None]]:
        """The rows of a visit: what failed, and now and then what was remarked on or did not apply."""
        # A source for each visit: what is changed in one week or community leaves all others as they were.
        self.random = Random(f"{self.salt}:{visit.code}")  # noqa: S311  (a town, not a secret)
        week = (visit.at.date() - self.first) // timedelta(weeks=1)
        checks = self.standards.checks[visit.site.kind]
        lost = self._lost(visit.site, week)
        weights = {check.code: check.points * self.habits[check.code] for check in checks if not check.is_veto}
        rows = []
        for check in checks:
            if check.is_veto:
                rows += self._veto(visit, round_, check, week)
                continue
            share = weights[check.code] / sum(weights.values())
            expected = lost * share * (LINE_FACTOR if check.line else 1) / check.deduct_per
            times = min(self._poisson(expected), math.ceil(check.points / check.deduct_per))
            rows += self._failed(visit, round_, check, times) if times else self._remarked(visit, check)
        return rows

    def _lost(self, site: Site, week: int) -> float:
        """The points a visit of this site is likely to lose in a week."""
        community = self.names.get(site.community)
        usual = story.lost(community, week) if community else TOWN_STREETS
        return usual * self.luck[site.code] * KIND_FACTOR.get(site.kind, 1.0) * self.random.gammavariate(12, 1 / 12)

    def _poisson(self, expected: float) -> int:
        limit, product, count = math.exp(-expected), self.random.random(), 0
        while product > limit:
            product *= self.random.random()
            count += 1
        return count

    def _failed(self, visit: Visit, round_: Round, check: Check, times: int) -> list[tuple[Mark, Finding | None]]:
        category = check.categories[0] if self.random.random() < 0.7 else self.random.choice(check.categories)
        words = self._words(visit.site, category, times)
        note = words if self.random.random() < 0.7 else ""
        if self.random.random() < 0.05:
            # Some inspectors write the points at once.
            points = min(check.points, times * check.deduct_per)
            mark = Mark(visit.code, check.code, FAIL, None, points, note)
        else:
            is_plain = times == 1 and self.random.random() < 0.2
            mark = Mark(visit.code, check.code, FAIL, None if is_plain else times, None, note)
        return [(mark, Finding(visit, round_, check, category, times, words))]

    def _remarked(self, visit: Visit, check: Check) -> list[tuple[Mark, Finding | None]]:
        draw = self.random.random()
        if draw < 0.012:
            return [(Mark(visit.code, check.code, NOT_HERE, note="现场无此项"), None)]
        if draw < 0.020:
            return [(Mark(visit.code, check.code, PASS, note="较上次有改进"), None)]
        return []

    def _veto(self, visit: Visit, round_: Round, check: Check, week: int) -> list[tuple[Mark, Finding | None]]:
        """Live poultry where the story has it, and the records that were almost enough."""
        name = visit.site.name
        if story.Poultry(week, name, round_.kind) in story.POULTRY:
            words = "东区两个摊位现场宰杀活禽，未隔离，无休市消毒记录"
            return [(Mark(visit.code, check.code, FAIL, 1, None, words), self._poultry(visit, round_, check, words))]
        if (week, name) == story.ALMOST and round_.kind == "定期督导":
            words = "活禽区消毒记录缺三天"
            return [(Mark(visit.code, check.code, FAIL, None, 4, words), self._poultry(visit, round_, check, words))]
        return []

    @staticmethod
    def _poultry(visit: Visit, round_: Round, check: Check, words: str) -> Finding:
        return Finding(visit, round_, check, check.categories[0], 1, words)

    def _words(self, site: Site, category: str, times: int) -> str:
        where = self.random.choice(WHERE.get(site.kind, ELSEWHERE))
        what = bare(self.standards.categories[category].name)
        return f"{where}{what}" + (f"，{times}处" if times > 1 else "")


def score(
    scene: Scene, rounds: list[Round], visits: list[Visit], standards: Standards, random: Random
) -> tuple[list[Mark], list[Finding]]:
    """The rows of 评分, and the failed checks behind them."""
    desk = Desk(scene, standards, random)
    by_code = {one.code: one for one in rounds}
    filled = [row for visit in visits for row in desk.fill(visit, by_code[visit.round])]
    return [mark for mark, _ in filled], [finding for _, finding in filled if finding]
