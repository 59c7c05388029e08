import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chuangwei.core import clock, presets
from chuangwei.core.errors import NotFound
from tests.domain.organisation.test_duty_day import DAY, LANE_CHAIN
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    """A lane with two grid workers and no cleaner, and a market whose kind has no chain."""
    document = presets.read_preset(f'[preset]\nslug = "t"\ntitle = "试"\n{LANE_CHAIN}', "t.toml")
    presets.use_preset(
        document=document, area_code="", from_on=None, by=organisation.chief(), at=clock.instant(DAY)
    )  # fmt: skip
    community = places.area("c1")
    lane = places.site("BL-1", in_area=community, name="竹篮巷")
    places.site("M-1", in_area=community, kind="market", name="东关市场")
    organisation.duty(organisation.person("P2", name="李华"), "网格员", lane, hours="08:00-12:00")
    organisation.duty(organisation.unit("U1", name="环卫站"), "网格员", lane)
    return community


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("duties", *arguments, stdout=out)
    return out.getvalue()


def test_the_json_has_the_shape_of_the_cases_with_every_site(tmp_path):
    run("--at", "2023-10-15", "--json", str(tmp_path / "duties.json"))
    assert json.loads((tmp_path / "duties.json").read_text()) == {
        "at": "2023-10-15",
        "gaps": [{"site": "BL-1", "missing": ["保洁员"]}],
        "overlaps": [{"site": "BL-1", "role": "网格员", "holders": ["P2", "U1"]}],
        "chains": {
            "BL-1": [
                {"role": "网格员", "holder": "P2", "via": "BL-1"},
                {"role": "网格员", "holder": "U1", "via": "BL-1"},
            ],
            "M-1": [],
        },
    }


def test_the_json_holds_the_chains_of_the_sites_named_alone(tmp_path):
    run("--at", "2023-10-15", "--sites", "Ｍ-1", "--json", str(tmp_path / "duties.json"))
    found = json.loads((tmp_path / "duties.json").read_text())
    assert (found["chains"], len(found["gaps"])) == ({"M-1": []}, 1)


def test_the_output_names_gaps_and_overlaps():
    assert run("--at", "2023-10-15").splitlines() == [
        "2023年10月15日：点位 2 个，其中须有责任链的 1 个。",
        "盲区 1 处：",
        "点位  名称    缺",
        "BL-1  竹篮巷  保洁员",
        "重叠 1 处：",
        "点位  名称    角色    责任人",
        "BL-1  竹篮巷  网格员  P2 李华、U1 环卫站",
    ]


@pytest.mark.parametrize(
    ("at", "marks"), [("2023-10-15T09:00", ["在岗", "在岗"]), ("2023-10-15 13:00", ["不在岗", "在岗"])]
)
def test_with_an_hour_the_chain_says_who_is_on_duty(at, marks):
    lines = run("--at", at, "--sites", "BL-1", "M-1").splitlines()
    start = lines.index("BL-1 竹篮巷：")
    assert lines[start + 1] == "角色    责任人  姓名    依据  在岗"
    assert [line.split()[-1] for line in lines[start + 2 : start + 4]] == marks
    assert lines[-1] == "M-1 东关市场：没有责任链。"


def test_without_an_hour_it_does_not():
    assert "角色    责任人  姓名    依据\n" in run("--at", "2023-10-15", "--sites", "BL-1")


def test_before_anybody_began_everything_is_a_gap():
    assert run("--at", "2022-10-15").splitlines()[-2:] == ["BL-1  竹篮巷  网格员、保洁员", "重叠 0 处。"]


def test_a_site_that_was_not_there_is_refused():
    with pytest.raises(NotFound, match="2023-10-15 没有编码为 X-1、X-2 的点位"):
        run("--at", "2023-10-15", "--sites", "BL-1", "X-1", "X-2")


@pytest.mark.parametrize("at", ["昨天", "2023-13-01", "2023-10-15T25:00"])
def test_a_day_nobody_can_read_is_wrong_usage(at):
    with pytest.raises(CommandError, match="看不懂，应形如 2023-10-15"):
        run("--at", at)
