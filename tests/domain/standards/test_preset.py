import pytest

from chuangwei.core.presets import discover, read_preset
from chuangwei.domain.places.kinds import KindNames, NamedKind
from chuangwei.domain.standards.preset import Frontage, TradeGroup

HEAD = '[preset]\nslug = "trial"\ntitle = "试"\n'
NAMES = KindNames([NamedKind("hotel", "旅店宾馆", ("小旅店",)), NamedKind("bath", "浴室足浴")])


def sections(text: str) -> dict[str, object]:
    discover()
    return read_preset(HEAD + text, "试.toml").sections


def test_frontage_contract():
    found = sections('[frontage]\ntitle = "门前五包"\npack = "SB-5A"\nitems = ["包卫生"]\n')["frontage"]
    assert found == Frontage(title="门前五包", pack="SB-5A", items=["包卫生"])


def test_a_preset_without_these_tables_has_empty_ones():
    found = sections("")
    assert found["frontage"] == Frontage()
    assert (found["trade_groups"].root, found["routes"].root) == ({}, {})  # type: ignore[attr-defined]


def test_trade_groups_name_kinds_as_people_write_them():
    groups = sections('[trade_groups."八小"]\nkinds = ["小旅店", "足浴店"]\n')["trade_groups"]
    assert groups.root == {"八小": TradeGroup(kinds=["小旅店", "足浴店"])}  # type: ignore[attr-defined]
    assert list(groups.faults(NAMES)) == ["『trade_groups.八小.kinds[2]』标准库中没有点位类型“足浴店”。"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ['[trade_groups."八小"]\nkinds = []\n', "[routes]\n06 = 3\n"])
def test_wrong_tables_are_refused(text: str):
    with pytest.raises(Exception, match="错误"):
        sections(text)
