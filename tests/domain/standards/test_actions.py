import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from chuangwei.core.actor import EVERYWHERE, Actor, system_actor
from chuangwei.core.errors import NotAllowed, Refused
from chuangwei.core.models import AuditEvent
from chuangwei.domain.places.models import SiteKind
from chuangwei.domain.standards import actions, queries
from chuangwei.domain.standards.models import (
    Category,
    Check,
    Checklist,
    Edition,
    Indicator,
    Item,
    LibraryEntry,
    ObsoletePattern,
)
from tests.domain.standards.conftest import Edit

pytestmark = pytest.mark.django_db

CHIEF = system_actor("root")
FIRST = datetime(2023, 9, 1, 2, tzinfo=UTC)
LATER = datetime(2024, 1, 31, 18, tzinfo=UTC)
"""Already 1 February in Shanghai."""


def load(folder: Path, at: datetime = FIRST) -> queries.Difference:
    return actions.load_standards(by=CHIEF, at=at, folder=folder)


def changes(difference: queries.Difference, noun: str) -> dict[str, list[tuple[str, object, object]]]:
    return {change.code: list(change.values) for change in difference.of(noun).changed}


def test_load_standards_brings_every_row(folder: Path):
    load(folder)
    item = Item.objects.select_related("edition", "indicator", "parent").get(code="T-I01")
    assert (item.edition.code, item.indicator and item.indicator.code, item.parent and item.parent.code) == (
        "TOWN-2021", "lane-hours", "T-A01",
    )  # fmt: skip
    assert (item.threshold, item.section, item.kind, item.levels) == (
        Decimal("8.5"), "市容环境卫生", "quantitative", ["township"],
    )  # fmt: skip
    assert Item.objects.get(code="T-I02").threshold is None
    edition = Edition.objects.select_related("superseded_by").get(code="TOWN-OLD")
    assert edition.superseded_by == Edition.objects.get(code="TOWN-2021")
    category = Category.objects.select_related("parent").get(code="06001")
    assert (category.parent and category.parent.code, category.allowed_amount, category.allowed_unit) == (
        "06", 160, "work_hour",
    )  # fmt: skip
    assert category.stages == [
        {"name": "停工", "amount": 4, "unit": "emergency_hour"}, {"name": "拆除", "amount": 20, "unit": "work_day"},
    ]  # fmt: skip
    assert (category.is_verified, category.is_time_verified) == (True, False)
    assert SiteKind.objects.get(code="back_lane").aliases == ["巷道"]
    assert list(Check.objects.filter(checklist__code="CK-MARKET").values_list("code", "rule", "is_veto")) == [
        ("CK-MARKET-01", "deduct", False), ("CK-MARKET-02", "grade", False), ("CK-MARKET-03", "pass", True),
    ]  # fmt: skip
    assert LibraryEntry.objects.get(kind="lines", code="市政").body == {"share": "0.10"}
    assert Indicator.objects.count() == 2
    assert ObsoletePattern.objects.get().pattern == "保洁.{0,6}不低于12"


def test_load_standards_twice_changes_nothing(folder: Path):
    load(folder)
    events = AuditEvent.objects.count()
    assert load(folder, LATER).is_empty
    assert AuditEvent.objects.count() == events


def test_load_standards_returns_what_the_difference_announced(folder: Path, edit: Edit):
    load(folder)
    edit("categories/06.toml", "amount = 160", "amount = 80")
    announced = queries.difference(folder)
    assert load(folder, LATER) == announced
    assert changes(announced, "问题类别") == {"06001": [("时限", 160, 80)]}


def test_load_standards_is_refused_to_who_may_not(folder: Path):
    clerk = Actor("c", "办事员", frozenset({"standards.view", "places.edit"}), (EVERYWHERE,))
    with pytest.raises(NotAllowed):
        actions.load_standards(by=clerk, at=FIRST, folder=folder)
    assert not Edition.objects.exists()


def test_load_standards_refused_saves_nothing(edit: Edit):
    folder = edit("checklists/market.toml", "points = 3\n", "points = 4\n")
    with pytest.raises(Refused):
        load(folder)
    assert [model.objects.count() for model in (Edition, SiteKind, AuditEvent)] == [0, 0, 0]


def test_a_changed_value_keeps_the_old_one_in_the_audit_entry(folder: Path, edit: Edit):
    load(folder)
    load(edit("editions/town-2021.toml", "threshold = 8.5", "threshold = 12"), LATER)
    assert Item.objects.get(code="T-I01").threshold == Decimal(12)
    details = json.loads(AuditEvent.objects.filter(verb="载入标准库").latest("seq").details)
    assert details == {
        "标准条目": {"added": 0, "changed": {"T-I01": [["标准值", "8.5", "12"]]}, "retired": []}
    }  # fmt: skip


def test_a_changed_link_is_followed(folder: Path, edit: Edit):
    load(folder)
    found = load(edit("editions/town-2021.toml", 'indicator = "lit-roads"', 'indicator = "lane-hours"'), LATER)
    assert changes(found, "标准条目") == {"T-I02": [("指标", "lit-roads", "lane-hours")]}
    item = Item.objects.select_related("indicator", "parent").get(code="T-I02")
    assert (item.indicator and item.indicator.code, item.parent and item.parent.code) == ("lane-hours", "T-A01")


def test_what_left_the_data_is_retired_and_may_come_back(folder: Path):
    load(folder)
    path = folder / "categories/06.toml"
    text = path.read_text()
    path.write_text(text[: text.index('[[category]]\ncode = "06001"')])
    sheet = folder / "checklists/back-lane.toml"
    sheet.write_text(sheet.read_text().replace(', "06001"', ""))

    assert load(folder, LATER).of("问题类别").retired == (("06001", "私搭乱建(棚)"),)
    assert Category.objects.get(code="06001").retired_on == date(2024, 2, 1)
    assert load(folder, LATER).is_empty

    path.write_text(text)
    assert changes(load(folder, LATER), "问题类别") == {"06001": [("停用", "2024-02-01", None)]}
    assert Category.objects.get(code="06001").retired_on is None


def test_a_changed_check_makes_a_new_version_of_its_checklist_alone(folder: Path, edit: Edit):
    load(folder)
    before = Checklist.objects.get(code="CK-LANE")
    found = load(edit("checklists/back-lane.toml", "deduct_per = 0.5", "deduct_per = 1"), LATER)
    assert changes(found, "检查表") == {"CK-LANE": [("检查项 CK-LANE-01 每处扣分", Decimal("0.5"), Decimal(1))]}

    before.refresh_from_db()
    now = Checklist.objects.get(code="CK-LANE", is_current=True)
    assert (before.is_current, before.version, now.version, now.loaded_at) == (False, 1, 2, LATER)
    assert before.checks.get(code="CK-LANE-01").deduct_per == Decimal("0.5")
    assert now.checks.get(code="CK-LANE-01").deduct_per == Decimal(1)
    assert Checklist.objects.filter(code="CK-MARKET").count() == 1


def test_an_added_and_a_removed_check_are_named(folder: Path, edit: Edit):
    load(folder)
    found = load(edit("checklists/market.toml", 'code = "CK-MARKET-03"', 'code = "CK-MARKET-04"'), LATER)
    assert changes(found, "检查表") == {
        "CK-MARKET": [("检查项 CK-MARKET-03", "证照", None), ("检查项 CK-MARKET-04", None, "证照")]
    }  # fmt: skip


def test_two_checklists_may_change_places(folder: Path, edit: Edit):
    load(folder)
    edit("checklists/market.toml", 'kind = "market"', 'kind = "back_lane"')
    load(edit("checklists/back-lane.toml", 'kind = "back_lane"', 'kind = "market"'), LATER)
    assert {kind: sheet.code for kind, sheet in queries.current_checklists().items()} == {
        "back_lane": "CK-MARKET", "market": "CK-LANE",
    }  # fmt: skip


def test_a_checklist_that_left_the_data_is_no_longer_in_force_and_comes_back_as_the_next_version(folder: Path):
    load(folder)
    path = folder / "checklists/market.toml"
    text = path.read_text()
    path.unlink()
    assert load(folder, LATER).of("检查表").retired == (("CK-MARKET", "市场检查表"),)
    assert set(queries.current_checklists()) == {"back_lane"}
    assert load(folder, LATER).is_empty
    path.write_text(text)
    assert load(folder, LATER).of("检查表").added == (("CK-MARKET", "市场检查表"),)
    assert queries.current_checklists()["market"].version == 2


def test_a_changed_kind_is_written_by_places(folder: Path, edit: Edit):
    load(folder)
    found = load(edit("site-kinds.toml", 'aliases = ["巷道"]', 'aliases = ["巷道", "胡同"]'), LATER)
    assert changes(found, "点位类型") == {"back_lane": [("别名", ["巷道"], ["巷道", "胡同"])]}
    assert SiteKind.objects.get(code="back_lane").aliases == ["巷道", "胡同"]
    assert AuditEvent.objects.filter(verb="载入点位类型").count() == 2
