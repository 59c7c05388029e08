"""The offices and the people in them: 1 leading group + 3 task forces + 3 quarter groups, departments, committees …"""

from itertools import count
from random import Random
from typing import NamedTuple

from chuangwei.demo.town import names
from chuangwei.demo.town.ground import COUNTY_CODE, COUNTY_NAME, TOWN_CODE, TOWN_NAME, Ground
from chuangwei.demo.town.records import Person, Unit

GROUP, OFFICE = "DW001", "DW002"
SQUADS = ("DW009", "DW010", "DW011")
ROADS, CABLES, MARKETS, ORDER = "DW020", "DW021", "DW013", "DW012"
"""Who answers for road surfaces, for cables, for food and markets, for order in the streets."""

TOWN_UNITS = (
    ("DW001", f"{TOWN_NAME}创建国家卫生县城工作领导小组", "领导小组", ""),
    ("DW002", f"{TOWN_NAME}创卫办公室", "办公室", GROUP),
    ("DW003", "综合工作专班", "专班", GROUP),
    ("DW004", "督导工作专班", "专班", GROUP),
    ("DW005", "宣传工作专班", "专班", GROUP),
    ("DW006", "城市片区推进组", "片区推进组", GROUP),
    ("DW007", "城中村片区推进组", "片区推进组", GROUP),
    ("DW008", "村转社区片区推进组", "片区推进组", GROUP),
    ("DW009", "督查一组", "督查组", "DW004"),
    ("DW010", "督查二组", "督查组", "DW004"),
    ("DW011", "督查三组", "督查组", "DW004"),
    ("DW012", f"{TOWN_NAME}综合行政执法队", "部门", ""),
    ("DW013", f"{TOWN_NAME}市场监督管理所", "部门", ""),
    ("DW014", f"{TOWN_NAME}纪律检查委员会", "部门", ""),
    ("DW015", f"{TOWN_NAME}村镇建设办公室", "部门", ""),
    ("DW016", f"{TOWN_NAME}水利工作站", "部门", ""),
    ("DW017", f"{TOWN_NAME}卫生院", "部门", ""),
    ("DW018", f"{TOWN_NAME}社会事务办公室", "部门", ""),
    ("DW019", f"{COUNTY_NAME}公安局交警二中队", "部门", ""),
)
COUNTY_UNITS = (
    ("DW020", f"{COUNTY_NAME}市政设施服务中心", "部门"),
    ("DW021", f"{COUNTY_NAME}通信电力线缆整治办公室", "部门"),
    ("DW022", f"{COUNTY_NAME}环境卫生服务中心", "部门"),
    ("DW023", f"{COUNTY_NAME}教育局", "成员单位"),
    ("DW024", f"{COUNTY_NAME}财政局", "成员单位"),
    ("DW025", f"{COUNTY_NAME}文体广电和旅游局", "成员单位"),
    ("DW026", f"{COUNTY_NAME}自然资源局", "成员单位"),
    ("DW027", f"{COUNTY_NAME}交通运输局", "成员单位"),
    ("DW028", f"{COUNTY_NAME}农业农村局", "成员单位"),
    ("DW029", f"{COUNTY_NAME}商务局", "成员单位"),
    ("DW030", f"{COUNTY_NAME}司法局", "成员单位"),
    ("DW031", f"{COUNTY_NAME}医疗保障局", "成员单位"),
    ("DW032", f"{COUNTY_NAME}税务局", "成员单位"),
    ("DW033", f"{COUNTY_NAME}气象局", "成员单位"),
    ("DW034", f"{COUNTY_NAME}图书馆", "成员单位"),
    ("DW035", f"{COUNTY_NAME}新华书店", "成员单位"),
    ("DW036", "洁澄环卫有限责任公司", "企业"),
    ("DW037", "安居物业服务有限公司", "企业"),
    ("DW038", "云锦物业服务有限公司", "企业"),
    ("DW039", "金桂物业服务有限公司", "企业"),
    ("DW040", "和顺物业服务有限公司", "企业"),
)
HELPERS = tuple(code for code, _, kind in COUNTY_UNITS if kind == "成员单位")
"""The member units that each take streets and courts in hand."""
SWEEPERS, PROPERTY = "DW036", ("DW037", "DW038", "DW039", "DW040")
LEADER_TITLES = (
    "党委书记", "镇长", "人大主席", "党委副书记", "纪委书记", "组织委员", "宣传委员", "统战委员", "武装部部长",
    "副镇长", "副镇长", "副镇长", "综合行政执法队队长", "四级调研员", "党建办主任",
)  # fmt: skip
COMMITTEE_TITLES = ("党支部书记", "主任", "副书记", "副主任", "委员", "委员", "公益性岗位")
SWEEPER_COUNT, GRID_WORKER_COUNT = 120, 150


class People(NamedTuple):
    """Who there is, and who of them does what in the town's life."""

    units: tuple[Unit, ...]
    persons: tuple[Person, ...]
    leaders: tuple[Person, ...]
    squads: dict[str, tuple[Person, ...]]
    committees: dict[str, tuple[Person, ...]]
    """By the code of the community: secretary, director, deputies, members."""
    grid_workers: dict[str, tuple[Person, ...]]
    cleaners: dict[str, tuple[Person, ...]]

    def committee_of(self, community: str) -> str:
        return next(unit.code for unit in self.units if unit.area == community and unit.kind == "社区")


class Staff:
    """Hands out the next person of the register."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.numbers = count(1)
        # Nobody has a number that begins with 100: these reach no one.
        self.phones = iter(random.sample(range(10_000), 10_000))
        self.persons: list[Person] = []

    def person(self, title: str, unit: str, *, elder: bool = False, woman: bool | None = None) -> Person:
        name = names.person(self.random, elder=elder, woman=woman)
        person = Person(f"RY{next(self.numbers):04d}", name, title, unit, f"1000000{next(self.phones):04d}")
        self.persons.append(person)
        return person

    def team(self, titles: tuple[str, ...], unit: str, *, elder: bool = False) -> tuple[Person, ...]:
        return tuple(self.person(title, unit, elder=elder) for title in titles)


def employ(ground: Ground, random: Random) -> People:
    """All units and persons of the town."""
    units = [Unit(code, name, kind, parent, TOWN_CODE) for code, name, kind, parent in TOWN_UNITS]
    units += [Unit(code, name, kind, "", COUNTY_CODE) for code, name, kind in COUNTY_UNITS]
    committees = [
        Unit(f"SQ{number:02d}", f"{area.name}居民委员会", "社区", "", area.code)
        for number, area in enumerate(ground.communities, 1)
    ]
    staff = Staff(random)
    leaders = staff.team(LEADER_TITLES, GROUP)
    _offices(staff)
    squads = {squad: staff.team(("组长", "督查员", "督查员", "督查员"), squad) for squad in SQUADS}
    members = {unit.area: staff.team(COMMITTEE_TITLES, unit.code, elder=True) for unit in committees}
    workers = _by_community(ground, committees, GRID_WORKER_COUNT, staff, "网格员")
    cleaners = _by_community(ground, committees, SWEEPER_COUNT, staff, "保洁员")
    return People((*units, *committees), tuple(staff.persons), leaders, squads, members, workers, cleaners)


def _offices(staff: Staff) -> None:
    staff.team(("主任", "副主任", "干部", "干部", "干部"), OFFICE)
    for code, _, kind, _ in TOWN_UNITS:
        if kind in {"专班", "片区推进组"}:
            staff.team(("组长", "干部"), code)
        elif kind == "部门":
            staff.team(("负责人", "干部"), code)
    for code, _, kind in COUNTY_UNITS:
        staff.person("项目经理" if kind == "企业" else "创卫联络员", code)


def _by_community(
    ground: Ground, committees: list[Unit], total: int, staff: Staff, title: str
) -> dict[str, tuple[Person, ...]]:
    """Shared out by the number of grids; those who sweep are older, and mostly women."""
    elder = title == "保洁员"
    shared = {}
    for unit in committees:
        share = max(4, round(total * len(ground.grids[unit.area]) / 156))
        shared[unit.area] = tuple(
            staff.person(title, unit.code, elder=elder, woman=staff.random.random() < (0.7 if elder else 0.55))
            for _ in range(share)
        )
    return shared
