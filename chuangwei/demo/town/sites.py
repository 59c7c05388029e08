"""The places that are looked at: streets, lanes, courts, markets, toilets, shops, reaches of the river …"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from chuangwei.core.geo import Datum, Position, convert
from chuangwei.demo.town import names
from chuangwei.demo.town.ground import BROOK, RIVER, Area, Ground, beside, somewhere_in
from chuangwei.demo.town.records import Site

STREETS = (
    ("渡口大街", "北渡社区"), ("鼓楼东路", "鼓楼社区"), ("鼓楼西路", "柳荫社区"), ("书院路", "书院社区"),
    ("盐仓街", "盐仓社区"), ("澄河北路", "望河社区"), ("澄河南路", "织锦社区"), ("织锦路", "织锦社区"),
    ("百合大道", "百合社区"), ("望河路", "望河社区"), ("铁炉路", "铁炉社区"), ("白塔路", "白塔社区"),
    ("南渡街", "南渡社区"), ("杜家湾路", "杜家湾社区"), ("沈家坪路", "沈家坪社区"),
    ("南环路", ""), ("迎宾大道", ""), ("云渡大桥引线", ""),
)  # fmt: skip
"""Each in one community; the last three belong to the town itself."""
MARKETS = (
    ("鼓楼农贸市场", "鼓楼社区"), ("南渡农贸市场", "南渡社区"), ("百合菜市场", "百合社区"),
    ("织锦农贸市场", "织锦社区"), ("白塔集贸市场", "白塔社区"),
)  # fmt: skip
EVENING_MARKETS = (
    ("铁炉早市", "铁炉社区"), ("书院便民摊点", "书院社区"), ("望河夜市", "望河社区"), ("沈家坪集市", "沈家坪社区"),
)  # fmt: skip
BANKS = (
    ("柳荫社区", "织锦社区"), ("鼓楼社区", "盐仓社区"), ("北渡社区", "南渡社区"), ("望河社区", "铁炉社区"),
)  # fmt: skip
"""The pairs that face each other across the river."""
BROOK_BORDERS = (("白塔社区", "书院社区"), ("书院社区", "鼓楼社区"), ("北渡社区", "书院社区"), ("百合社区", "北渡社区"))
"""The brook comes down from the north along these borders."""
WITHOUT_PLACE = 3
"""So many sites were never measured: a register has such rows."""


class Spot(NamedTuple):
    """What a site's name may be made of: the community, its number of the kind in the town and in the community."""

    short: str
    number: int
    here: int
    random: Random


class Lot(NamedTuple):
    """How many of a kind there are, how their codes begin, and what one of them is called."""

    kind: str
    prefix: str
    total: int
    name: Callable[[Spot], str]
    where: str = ""
    """Only in communities of this quarter."""


def _called(stem: str) -> Callable[[Spot], str]:
    return lambda spot: f"{spot.short}{stem}{spot.here}"


def _shop_of(trades: Sequence[str]) -> Callable[[Spot], str]:
    return lambda spot: names.shop(spot.random.choice(trades), spot.random)


def _one_of(words: str | Sequence[str]) -> Callable[[Spot], str]:
    listed = words.split() if isinstance(words, str) else words
    return lambda spot: listed[(spot.number - 1) % len(listed)]


def _sort_of(words: str) -> Callable[[Spot], str]:
    """The first in a community is of the first sort, the second of the second: 白塔小学, 白塔幼儿园."""
    listed = words.split()
    return lambda spot: spot.short + listed[(spot.here - 1) % len(listed)]


def _front(spot: Spot) -> str:
    street = spot.random.choice([name for name, community in STREETS if community == f"{spot.short}社区"])
    return f"{street}{spot.random.randrange(2, 180)}号{names.shop(spot.random.choice(names.SHOPS), spot.random)}门前"


LOTS = (
    Lot("frontage", "MQ", 86, _front),
    Lot("residential_managed", "WY", 32, _one_of(names.COURTS_NEW)),
    Lot("residential_unmanaged", "SW", 47, _one_of(names.COURTS_OLD)),
    Lot("urban_village", "CZ", 7, _called("城中村片区"), "城中村"),
    Lot("public_toilet", "GC", 25, _called("公厕")),
    Lot("waste_point", "LJ", 58, _called("垃圾收集点")),
    Lot("transfer_station", "ZZ", 2, _called("垃圾压缩站")),
    Lot("catering", "CY", 42, _shop_of(names.EATERIES)),
    Lot("food_shop", "SP", 19, _shop_of(names.FOOD_SHOPS)),
    Lot("hair_beauty", "LF", 14, _shop_of(names.HAIR)),
    Lot("hotel", "LD", 8, _one_of("云渡宾馆 渡口客栈 平安旅社 澄河宾馆 老车站旅社 福来宾馆 学府宾馆 金桥旅社")),
    Lot("bath", "YC", 4, _one_of("清泉浴池 大众浴池 温玉浴池 康乐浴池")),
    Lot("entertainment", "WB", 5, _one_of("星空网吧 海天歌厅 追梦网吧 极速网吧 金嗓子歌厅")),
    Lot("construction_site", "GD", 8, _one_of("澄河壹号 棚改二期 云渡商贸城 百合三期 老粮库地块 汽修厂地块 南环安置区 雨污管网")),
    Lot("school", "XX", 11, _sort_of("小学 幼儿园 中学")),
    Lot("clinic", "WS", 9, _called("卫生服务站")),
    Lot("park_square", "GY", 8, _sort_of("公园 广场 游园")),
    Lot("station", "CK", 3, _one_of("云渡客运站 渡口商城 岚川购物中心")),
    Lot("waterworks", "GS", 1, _one_of("云渡水厂"), "村转社区"),
    Lot("scrap_station", "FP", 5, _called("废品收购站")),
    Lot("public_institution", "YL", 2, _called("养老服务中心")),
)  # fmt: skip


def place_sites(ground: Ground, lane_count: int, random: Random) -> list[Site]:
    """All sites, kind by kind, in the order of their codes."""
    # Names have a source of their own: a word more in a list moves no site.
    naming = Random(random.getrandbits(64))  # noqa: S311  (a town, not a secret)
    sites = [
        *_named(("main_street", "JD", STREETS), ground, random),
        *_lanes(ground, names.lanes(lane_count, naming), random),
        *_named(("market", "SC", MARKETS), ground, random),
        *_named(("temp_market", "LS", EVENING_MARKETS), ground, random),
        *_waters(ground),
        *_committees(ground, random),
        *(site for lot in LOTS for site in _lot(lot, ground, random, naming)),
    ]
    return _as_measured(_told_apart(sites), random)


def _named(wanted: tuple[str, str, Sequence[tuple[str, str]]], ground: Ground, random: Random) -> Iterator[Site]:
    kind, prefix, pairs = wanted
    by_name = {community.name: community for community in ground.communities}
    for number, (name, community_name) in enumerate(pairs, 1):
        community = by_name.get(community_name)
        grid = random.choice(ground.grids[community.code]) if community else ground.town
        # A street runs through many grids, so it belongs to the community; a market lies in one grid.
        area = grid if kind == "market" or not community else community
        code = community.code if community else ""
        yield Site(f"{prefix}-{number:02d}", name, kind, area.code, code, somewhere_in(grid, random))


def _lanes(ground: Ground, called: Sequence[str], random: Random) -> Iterator[Site]:
    """At least one lane for each grid; the others lie where most people live."""
    grids = [(community, grid) for community in ground.communities for grid in ground.grids[community.code]]
    more = random.choices(grids, weights=[grid.population for _, grid in grids], k=len(called) - len(grids))
    spread = sorted([*grids, *more], key=lambda pair: pair[1].code)
    for number, ((community, grid), name) in enumerate(zip(spread, called, strict=True), 1):
        example = random.random() < 0.06
        note = "示范巷道" if example else ""
        place = somewhere_in(grid, random)
        yield Site(f"XD-{number:03d}", name, "back_lane", grid.code, community.code, place, "", example, note)


def _waters(ground: Ground) -> Iterator[Site]:
    by_name = {community.name: community for community in ground.communities}
    number = 0
    for water, pairs in ((RIVER, BANKS), (BROOK, BROOK_BORDERS)):
        for first, second in pairs:
            for here, across in ((first, second), (second, first)) if water == RIVER else ((first, second),):
                number += 1
                community = by_name[here]
                border = ground.shared_border(community, by_name[across])
                bank = f"{_short(community)}段"
                place = beside(border, community, 0.5)
                yield Site(f"HD-{number:02d}", f"{water}{bank}", "river_section", community.code, community.code, place)


def _committees(ground: Ground, random: Random) -> Iterator[Site]:
    for number, community in enumerate(ground.communities, 1):
        grid = ground.grids[community.code][0]
        name = f"{community.name}居委会"
        place = somewhere_in(grid, random)
        yield Site(f"JW-{number:02d}", name, "community_office", grid.code, community.code, place)


def _lot(lot: Lot, ground: Ground, random: Random, naming: Random) -> Iterator[Site]:
    """The sites of a kind, spread over the communities by their people."""
    homes = [area for area in ground.communities if lot.where in {"", ground.quarter(area)}]
    chosen = Counter(area.code for area in random.choices(homes, weights=[a.population for a in homes], k=lot.total))
    number = 0
    for community in homes:
        for here in range(1, chosen[community.code] + 1):
            number += 1
            grid = random.choice(ground.grids[community.code])
            name = lot.name(Spot(_short(community), number, here, naming))
            example = lot.kind in {"residential_managed", "public_toilet", "catering"} and random.random() < 0.08
            note = "示范点位" if example else ""
            place = somewhere_in(grid, random)
            code = f"{lot.prefix}-{number:03d}"
            yield Site(code, name, lot.kind, grid.code, community.code, place, "", example, note)


def _short(community: Area) -> str:
    return community.name.removesuffix("社区")


def _told_apart(sites: list[Site]) -> list[Site]:
    """A second of the same name gets a number: nobody could tell them apart."""
    seen: Counter[str] = Counter()
    told = []
    for site in sites:
        seen[site.name] += 1
        times = seen[site.name]
        told.append(site if times == 1 else site._replace(name=f"{site.name}（{'一二三四五六七八九'[times - 1]}）"))
    return told


def _as_measured(sites: list[Site], random: Random) -> list[Site]:
    """As people bring positions home: most from the surveyors, some from telephones, a few not at all."""
    unmeasured = {site.code for site in random.sample([s for s in sites if s.kind == "frontage"], WITHOUT_PLACE)}
    measured = []
    for site in sites:
        if site.code in unmeasured or site.place is None:
            measured.append(site._replace(place=None, note="坐标待测"))
        elif random.random() < 0.08:
            datum = random.choice((Datum.GCJ02, Datum.GCJ02, Datum.BD09))
            moved = convert(Position(*site.place), source=Datum.WGS84, target=datum)
            place = (round(moved.longitude, 6), round(moved.latitude, 6))
            measured.append(site._replace(place=place, datum=str(datum)))
        else:
            measured.append(site)
    return measured
