from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chuangwei.core import clock, presets
from chuangwei.core.errors import DomainError, NotFound
from chuangwei.core.models import PresetUse
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
SERIES = """
[series.{slug}]
title = "{title}"
subject = "社区"
period = "{period}"
[[series.{slug}.parts]]
slug = "regular"
rule = "visit-mean"
rounds = ["定期督导"]
weight = {weight}
"""


def body(*series: str) -> str:
    return '[preset]\nslug = "ours"\ntitle = "我镇"\n' + "".join(series)


def series(slug: str = "weekly", *, period: str = "week", weight: str = "1", title: str = "周评比") -> str:
    return SERIES.format(slug=slug, period=period, weight=weight, title=title)


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("preset", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def town():
    return places.area("6201", kind="乡镇", name="青石镇")


@pytest.fixture
def used(tmp_path, town):
    """Use a preset of this text in the town from a day on."""

    def use(text: str, day: str) -> list[str]:
        file = tmp_path / "ours.toml"
        file.write_text(text)
        return run("use", str(file), "--area", "6201", "--from", day)

    return use


def test_list_names_the_bundled_presets():
    lines = run("list")
    assert lines[0].split() == ["预设", "名称", "说明"]
    assert [line.split()[0] for line in lines[1:]] == sorted(presets.bundled())


def test_show_before_and_after_a_preset_is_used(used):
    assert run("show") == ["还没有启用预设；请先运行 chuangwei init。"]
    document = presets.read_preset(body(), "t")
    presets.use_preset(document=document, area_code="", from_on=None, by=organisation.chief(), at=clock.now())
    used(body(series()), "2023-10-02")
    assert run("show") == [
        "区划    编码  起          预设  版本     名称",
        "全域          启用以来    ours  第 1 版  我镇",
        "青石镇  6201  2023-10-02  ours  第 2 版  我镇",
    ]


@pytest.mark.parametrize(
    ("period", "day", "first"),
    [
        ("week", "2023-10-02", "2023-W40（2023-10-02 至 2023-10-08）"),
        ("week", "2023-10-03", "2023-W41（2023-10-09 至 2023-10-15）"),
        ("fortnight", "2023-10-02", "2023-F21（2023-10-09 至 2023-10-22）"),
        ("fortnight", "2023-12-26", "2024-F01（2024-01-01 至 2024-01-14）"),
        ("month", "2023-10-01", "2023-10（2023-10-01 至 2023-10-31）"),
        ("month", "2023-10-02", "2023-11（2023-11-01 至 2023-11-30）"),
        ("day", "2023-10-02", "2023-10-02（2023-10-02 至 2023-10-02）"),
    ],
)
def test_a_series_begins_with_the_first_whole_period(used, period, day, first):
    assert used(body(series(period=period)), day) == [
        f"『青石镇』及其下级从 {day} 起用预设 我镇（ours）。",
        f"评比 weekly（周评比）从 {first}起按新规则。",
    ]
    assert PresetUse.objects.get().from_on == date.fromisoformat(day)


def test_only_series_whose_rules_change_begin_anew(used):
    used(body(series(), series("monthly", period="month", title="月评比"), series("old", title="旧评比")), "2023-09-04")
    said = used(body(series(weight="2"), series("monthly", period="month", title="月评比")), "2023-10-02")
    assert said[1:] == [
        "评比 weekly（周评比）从 2023-W40（2023-10-02 至 2023-10-08）起按新规则。",
        "评比 monthly（月评比）的规则没有变化。",
        "评比 old 在这里不再有。",
    ]


def test_a_town_that_leaves_the_countys_preset_begins_anew_even_with_the_same_rules(used):
    document = presets.read_preset(body(series()), "t")
    presets.use_preset(document=document, area_code="", from_on=None, by=organisation.chief(), at=clock.now())
    assert used(body(series()), "2023-10-02")[1].endswith("起按新规则。")


def test_notices_of_the_preset_are_printed(used):
    assert used(body("[wishes]\na = 1\n"), "2023-10-02")[0] == "预设中的『wishes』未被识别，已忽略。"


def test_two_presets_on_one_day_and_an_area_nobody_knows_are_refused(used):
    used(body(), "2023-10-02")
    with pytest.raises(DomainError, match="已经启用了一个预设"):
        used(body(series()), "2023-10-02")
    with pytest.raises(NotFound, match="没有编码为 999 的区划"):
        run("use", "town-weekly-flags", "--area", "999", "--from", "2023-10-02")


def test_a_day_nobody_can_read_is_wrong_usage(used):
    with pytest.raises((CommandError, SystemExit)):
        used(body(), "十月")


@pytest.mark.parametrize("where", [(), ("--area", "全域"), ("--area", "")])
def test_the_whole_installation_leaves_a_preset_for_demonstrations(tmp_path, where):
    show = presets.read_preset(body('[sign_in]\nsecond_factor = "never"\n'), "t")
    presets.use_preset(document=show, area_code="", from_on=None, by=organisation.chief(), at=clock.now())
    file = tmp_path / "ours.toml"
    file.write_text(body(series()))
    said = run("use", str(file), "--from", "2023-10-02", *where)
    assert said[0] == "全域从 2023-10-02 起用预设 我镇（ours）。"
    assert said[1].startswith("改变了谁可以做什么：")
    assert "登录的第二因素要求" in said[1]
    assert said[2].startswith("评比 weekly（周评比）从 2023-W40")
    assert set(PresetUse.objects.values_list("area_code", "from_on")) == {("", None), ("", date(2023, 10, 2))}


def test_a_preset_for_demonstrations_is_warned_of(used):
    assert (
        used(body('[sign_in]\nsecond_factor = "never"\n'), "2023-10-02")[0] == "本预设不要求第二因素登录，只适合演示。"
    )
