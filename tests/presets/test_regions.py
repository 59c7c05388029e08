"""Every bundled preset: read without a complaint, fit for the bundled library, and what the seeds say of it."""

from decimal import Decimal
from typing import Any

import pytest

from chuangwei.core.presets import PresetDocument, bundled, discover, open_preset
from chuangwei.domain.organisation.preset import checked_preset
from chuangwei.domain.places.kinds import KindNames, NamedKind
from chuangwei.domain.standards.library import read_library

LIBRARY = read_library()
NAMES = KindNames(NamedKind(kind.code, kind.name, tuple(kind.aliases)) for kind in LIBRARY.kinds)
SLUGS = sorted(bundled())


def opened(slug: str) -> PresetDocument:
    discover()
    return open_preset(slug)


def test_the_bundled_presets():
    assert SLUGS == ["county-fortnight", "town-weekly-flags"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_preset_is_read_without_a_complaint(slug: str):
    document = opened(slug)
    assert (document.slug, document.notices) == (slug, [])
    assert document.sections["preset"].source.endswith(("工作汇报", "工作报告"))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_preset_names_nothing_the_library_does_not_know(slug: str):
    document = checked_preset(opened(slug), NAMES)
    packs = {entry.code: entry for file in LIBRARY.references if file.head.kind == "packs" for entry in file.entry}
    frontage = document.sections["frontage"]
    assert frontage.items == packs[frontage.pack].body["items"]
    categories = {row.code for row in [*LIBRARY.classes, *LIBRARY.categories]}
    assert set(document.sections["routes"].root) <= categories
    for series in document.sections["series"].root.values():
        series.with_kinds(NAMES.resolve)


@pytest.mark.parametrize("slug", SLUGS)
def test_nobody_wins_by_not_being_looked_at_and_communities_do_not_pay_for_departments(slug: str):
    for series in opened(slug).sections["series"].root.values():
        assert series.min_weight == Decimal("0.5")
        visits = [part for part in series.parts if part.rule == "visit-mean"]
        assert [(part.min_visits, part.checks) for part in visits] == [(2, "own")] * len(visits)
        closures = [part for part in series.parts if part.rule == "on-time-closure"]
        assert [part.unverified for part in closures] == ["skip"]
        assert sum(part.weight for part in series.parts) == 1


@pytest.mark.parametrize("slug", SLUGS)
def test_office_days_have_eight_hours_so_that_eight_hours_are_a_day(slug: str):
    for season in opened(slug).sections["office_hours"].hours():
        minutes = [closes.hour * 60 + closes.minute - opens.hour * 60 - opens.minute for opens, closes in season.shifts]
        assert sum(minutes) == 480


def roles(document: PresetDocument, kind: str) -> list[tuple[str, bool]]:
    return [(role.name, role.single) for role in document.sections["chains"].root[kind].roles]


def test_town_weekly_flags_is_what_s0_says():
    document = opened("town-weekly-flags")
    weekly: Any = document.sections["series"].root["weekly"]
    assert document.sections["areas"].levels == ["县", "乡镇", "社区", "网格"]
    assert roles(document, "背街小巷") == [
        ("包社区领导", True), ("社区党支部书记", True), ("巷长", True), ("网格员", True), ("保洁员", False),
    ]  # fmt: skip
    assert document.sections["frontage"].title == "门前三包"
    assert (weekly.subject, weekly.period, [part.slug for part in weekly.parts]) == (
        "社区", "week", ["regular", "random", "mutual", "ledger"],
    )  # fmt: skip
    assert weekly.parts[3].count == "answering"
    assert (weekly.flags.red, weekly.flags.yellow, weekly.flags.min_score) == (3, 3, 85)
    assert (weekly.interview.yellow_streak, weekly.interview.of, weekly.interview.by) == (3, "包社区领导", "镇纪委")
    assert (weekly.statement.last, weekly.statement.meeting) == (1, "干部大会")
    assert (weekly.money.month_red, weekly.money.month_yellow, weekly.money.paper) == (100000, -100000, "")


def test_county_fortnight_is_what_s2_says():
    document = opened("county-fortnight")
    series: Any = document.sections["series"].root["fortnightly"]
    assert document.sections["areas"].levels == ["县", "社区", "网格"]
    assert roles(document, "网格") == [("包保县领导", True), ("包保单位", False)]
    assert document.sections["frontage"].title == "门前五包"
    assert list(document.sections["trade_groups"].root) == ["八小"]
    assert (series.subject, series.period) == ("网格", "fortnight")
    assert (series.lead.first, series.statement.last) == (1, 1)
    assert (series.flags, series.interview, series.money) == (None, None, None)
