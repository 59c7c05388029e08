"""The bundled standards library: what it must hold, and that every doubt in it is marked."""

import re
from decimal import Decimal

import pytest
from django.db import models

from chuangwei.domain.places.kinds import KindNames, NamedKind
from chuangwei.domain.standards import drafts
from chuangwei.domain.standards.enums import WITH_THRESHOLD, CheckRule, ItemKind
from chuangwei.domain.standards.library import FOLDER, read_library
from chuangwei.domain.standards.models import Check, Checklist
from chuangwei.domain.standards.rules import CategoryNames, obsolete_clauses

LIBRARY = read_library()
KINDS = KindNames(NamedKind(kind.code, kind.name, tuple(kind.aliases)) for kind in LIBRARY.kinds)
FILES = sorted(FOLDER.rglob("*.toml"))


def test_it_is_whole():
    assert (len(LIBRARY.editions), len(LIBRARY.items), len(LIBRARY.kinds)) == (35, 179, 31)
    assert (len(LIBRARY.classes), len(LIBRARY.categories)) == (18, 181)
    assert (len(LIBRARY.checklists), sum(len(file.check) for file in LIBRARY.checklists)) == (31, 286)


def test_every_kind_of_site_has_one_checklist_of_a_hundred_points():
    assert {file.checklist.kind for file in LIBRARY.checklists} == {kind.code for kind in LIBRARY.kinds}
    assert {file.checklist.full_points for file in LIBRARY.checklists} == {Decimal(100)}


def test_every_check_deducts_and_opens_a_category():
    checks = [check for file in LIBRARY.checklists for check in file.check]
    assert {check.rule for check in checks} == {CheckRule.DEDUCT}
    assert all(check.categories and check.items for check in checks)


def test_live_poultry_vetoes_a_market_below_seventy_per_cent():
    vetoes = [check for file in LIBRARY.checklists for check in file.check if check.veto_below_rate is not None]
    assert [(check.code, check.points, check.deduct_per, check.veto_below_rate) for check in vetoes] == [
        ("CK-MARKET-03", Decimal(20), Decimal(10), Decimal("0.7"))
    ]


def test_what_is_not_the_community_s_names_a_line():
    lines = {check.code: check.line for file in LIBRARY.checklists for check in file.check if check.line}
    assert lines == {
        "CK-MAIN-STREET-01": "市政", "CK-MAIN-STREET-08": "通信电力", "CK-MAIN-STREET-09": "市政",
        "CK-BACK-LANE-02": "市政", "CK-BACK-LANE-03": "市政", "CK-BACK-LANE-08": "通信电力", "CK-BACK-LANE-11": "市政",
        "CK-URBAN-VILLAGE-02": "市政",
    }  # fmt: skip


def test_a_threshold_nobody_found_is_left_out_not_zero():
    compared = [item for item in LIBRARY.items if item.comparator in WITH_THRESHOLD]
    assert [item.code for item in compared if item.threshold is None] == [
        "GWX21-I02", "GWX21-I03", "GWX21-I04", "GWX21-I08",
    ]  # fmt: skip
    assert all(item.threshold != 0 for item in compared)


def test_what_was_not_seen_in_the_original_is_never_called_verified():
    rows = [
        *LIBRARY.editions, *LIBRARY.items, *LIBRARY.indicators, *LIBRARY.kinds, *LIBRARY.classes, *LIBRARY.categories,
        *LIBRARY.patterns, *(file.checklist for file in LIBRARY.checklists),
        *(row.allowed for row in LIBRARY.categories if row.allowed),
        *(entry for file in LIBRARY.references for entry in file.entry),
    ]  # fmt: skip
    assert [row for row in rows if row.source == "unseen" and row.verified] == []
    assert [item.code for item in LIBRARY.items if item.threshold_source == "unseen" and item.verified] == []
    assert not any(file.checklist.points_verified for file in LIBRARY.checklists)


def test_a_verified_row_says_nothing_of_doubt():
    doubtful = re.compile("待核|待查|须核|未见原文")
    entries = [entry for file in LIBRARY.references for entry in file.entry]
    told = [(entry.code, f"{entry.name} {entry.body}") for entry in entries if entry.verified]
    told += [
        (row.code, f"{row.title} {row.paper} {row.note}")
        for row in LIBRARY.editions
        if row.verified and row.code != "GWX-2021"
    ]
    told += [(item.code, f"{item.title} {item.text} {item.threshold_text}") for item in LIBRARY.items if item.verified]
    assert [code for code, text in told if doubtful.search(text)] == []


def test_times_allowed_with_a_source():
    sourced = {row.code: row.allowed.amount for row in LIBRARY.categories if row.allowed and row.allowed.verified}
    assert sourced == {"06001": 160, "06010": 4, "06011": 16, "06012": 2, "06017": 4}
    assert all(row.allowed is not None for row in LIBRARY.categories)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("背街小巷", "back_lane"), ("巷道", "back_lane"), ("back_lane", "back_lane"), ("门前三包", "frontage"),
        ("门前责任段", "frontage"), ("垃圾收集点", "waste_point"), ("waste_point", "waste_point"),
        ("三无小区(老旧无物业)", "residential_unmanaged"), ("三无小区", "residential_unmanaged"), ("河段", "river_section"),
        ("餐饮店(含小餐饮、食堂)", "catering"), ("餐饮店", "catering"), ("物业小区", "residential_managed"),
        ("居民小区", "residential_managed"), ("公厕", "public_toilet"), ("公共厕所", "public_toilet"),
        ("社区居委会", "community_office"), ("food_shop", "food_shop"), ("小食品店", "food_shop"), ("理发店", "hair_beauty"),
        ("美容美发店", "hair_beauty"), ("旅店宾馆", "hotel"), ("工地", "construction_site"), ("建筑工地", "construction_site"),
        ("主要街道", "main_street"), ("主次干道", "main_street"), ("main_street", "main_street"),
        ("学校、托幼机构", "school"), ("学校", "school"), ("机关企事业单位", "office"), ("医疗卫生机构", "clinic"),
        ("诊所", "clinic"), ("公园广场绿地", "park_square"), ("浴室足浴", "bath"), ("废品收购站", "scrap_station"),
        ("城中村", "urban_village"), ("网吧", "entertainment"), ("车站", "station"), ("农贸市场", "market"),
        ("垃圾转运站", "transfer_station"), ("农户庭院", "household"),
    ],
)  # fmt: skip
def test_kinds_are_found_as_offices_write_them(text: str, code: str):
    assert KINDS.resolve(text) == code


def test_no_word_for_a_kind_or_a_category_is_ambiguous():
    words = [word for kind in LIBRARY.kinds for word in (kind.code, kind.name, *kind.aliases)]
    assert [word for word in words if len(KINDS.candidates(word)) != 1] == []
    pairs = [(row.code, row.name) for row in [*LIBRARY.classes, *LIBRARY.categories]]
    names = CategoryNames(pairs)
    assert [(code, name) for code, name in pairs if (names.resolve(code), names.resolve(name)) != (code, code)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("离创建国家卫生城市“主要街道保洁县城不低于12小时”的标准有差距", ["OB-1"]),
        ("使居民健康知识知晓率、健康行为形成率达到国家规定标准", ["OB-2", "OB-2"]),
        ("按照 GB/T 30428.2 编码", ["OB-3"]),
        ("根据全爱卫发〔2014〕3号", ["OB-4"]),
        ("根据全爱卫发〔2021〕6号", []),
    ],
)
def test_obsolete_clauses_the_papers_of_offices_still_cite(text: str, found: list[str]):
    patterns = [(row.code, row.pattern, row.why, row.use_instead) for row in LIBRARY.patterns]
    assert [clause.code for clause in obsolete_clauses(text, patterns)] == found


def test_every_text_fits_its_column():
    """SQLite does not mind a text too long for its column; PostgreSQL refuses it."""
    tables = [*drafts.tables(LIBRARY), drafts.kind_table(LIBRARY)]
    rows = [(table.model, {**values, "code": code}) for table in tables for code, values in table.drafts.items()]
    for sheet in drafts.checklists(LIBRARY).values():
        rows += [(Checklist, {**sheet.values, "code": sheet.code}), *((Check, check) for check in sheet.checks)]
    too_long = [
        (model.__name__, values["code"], path)
        for model, values in rows
        for path, value in values.items()
        if "__" not in path
        and isinstance(field := model._meta.get_field(path), models.CharField)
        and len(value) > (field.max_length or 0)
    ]
    assert too_long == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_file_says_in_chinese_what_it_is_and_names_no_machine(path):
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith("# ")
    assert re.search("[一-鿿]", first)
    assert not re.search(r"\.\./|/work|seed|localhost|127\.0\.0\.1", text)


def test_quantitative_items_cite_indicators_that_are_used_by_one_name():
    cited = {item.indicator for item in LIBRARY.items if item.indicator}
    assert cited <= {indicator.code for indicator in LIBRARY.indicators}
    kinds = {values["kind"] for values in drafts.tables(LIBRARY)[3].drafts.values()}
    assert kinds == set(ItemKind.values)
