from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from chuangwei.core.actor import system_actor
from chuangwei.domain.standards import actions, queries
from chuangwei.domain.standards.models import Item
from chuangwei.domain.standards.queries import CheckLine, KnownCategory
from chuangwei.domain.standards.rules import Demand, Unit
from tests.domain.standards.conftest import Edit

pytestmark = pytest.mark.django_db

CHIEF = system_actor("root")
AT = datetime(2023, 9, 1, 2, tzinfo=UTC)


@pytest.fixture
def loaded(folder: Path) -> Path:
    actions.load_standards(by=CHIEF, at=AT, folder=folder)
    return folder


def test_difference_writes_nothing_and_counts_by_noun(folder: Path):
    found = queries.difference(folder)
    assert {noun.noun: (len(noun.added), len(noun.changed), len(noun.retired)) for noun in found.nouns} == {
        "资料": (7, 0, 0), "点位类型": (2, 0, 0), "标准版本": (2, 0, 0), "指标": (2, 0, 0), "标准条目": (3, 0, 0),
        "问题类别": (5, 0, 0), "过期条款": (1, 0, 0), "检查表": (2, 0, 0),
    }  # fmt: skip
    assert not found.is_empty
    assert queries.difference(folder) == found


def test_current_checklists(loaded: Path, django_assert_num_queries):
    with django_assert_num_queries(2):
        sheets = queries.current_checklists()
    lane = sheets["back_lane"]
    assert (lane.code, lane.version, lane.full_points, list(lane.checks)) == (
        "CK-LANE", 1, Decimal(10), ["CK-LANE-01", "CK-LANE-02"],
    )  # fmt: skip
    first = lane.checks["CK-LANE-01"]
    assert first == CheckLine(
        first.id, "CK-LANE-01", 0, "路面平整", Decimal(4), "deduct", Decimal("0.5"), (), False, None, "市政", ("06010",), ("T-A01",),
    )  # fmt: skip
    market = sheets["market"].checks
    assert market["CK-MARKET-01"].veto_below_rate == Decimal("0.7")
    assert market["CK-MARKET-02"].grades == (("好", Decimal(3)), ("差", Decimal("0.5")))
    assert market["CK-MARKET-03"].is_veto


def test_checklists_by_id_finds_versions_no_longer_in_force(loaded: Path, edit: Edit, django_assert_num_queries):
    old = queries.current_checklists()["back_lane"]
    actions.load_standards(
        by=CHIEF, at=AT, folder=edit("checklists/back-lane.toml", "deduct_per = 2", "deduct_per = 3")
    )
    new = queries.current_checklists()["back_lane"]
    with django_assert_num_queries(2):
        found = queries.checklists_by_id([old.id, new.id])
    assert found == {old.id: old, new.id: new}
    assert (old.version, new.version) == (1, 2)


def test_categories_with_the_time_they_allow(loaded: Path, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.categories()
    assert list(found) == ["06", "06001", "06010", "W5", "W5001"]
    assert found["06010"] == KnownCategory(
        found["06010"].id, "06010", "暴露垃圾", "06", 4, "work_hour", is_time_verified=True, is_retired=False
    )
    for code in ("06", "W5001"):
        assert (found[code].allowed_amount, found[code].allowed_unit) == (None, "")
    assert (found["06"].parent_code, found["W5001"].parent_code) == (None, "W5")


def test_category_names_leave_a_retired_one_its_code_only(loaded: Path, edit: Edit):
    assert queries.category_names().resolve("私搭乱建") == "06001"
    path = loaded / "categories/06.toml"
    path.write_text(path.read_text().replace('code = "06001"', 'code = "06002"'))
    folder = edit("checklists/back-lane.toml", "06001", "06002")
    actions.load_standards(by=CHIEF, at=AT, folder=folder)
    names = queries.category_names()
    assert (names.resolve("私搭乱建"), names.resolve("06001"), names.resolve("06002")) == ("06002", "06001", "06002")


def test_demand_of_an_item(loaded: Path):
    items = {item.code: item for item in Item.objects.select_related("indicator")}
    assert queries.demand_of(items["T-I01"]) == Demand(">=", Decimal("8.5"))
    assert queries.demand_of(items["T-I02"]) == Demand(">=", None, series_years=3, is_verified=False)
    assert queries.demand_of(items["T-A01"]) == Demand("")


def test_units_facts_and_sources(loaded: Path):
    assert queries.units()["亩"] == Unit("亩", "平方米", Fraction(2000, 3))
    assert [entry.name for entry in queries.entries("lines")] == ["市政"]
    assert queries.entries("nothing") == []
    assert queries.source_titles() == {"paper": "某文件", "unseen": "未见原文"}


def test_obsolete_clauses_in_a_text(loaded: Path):
    (clause,) = queries.obsolete_clauses_in("主要街道保洁时间不低于12小时")
    assert (clause.code, clause.found, clause.use_instead) == ("OB-1", "保洁时间不低于12", "T-I01")
