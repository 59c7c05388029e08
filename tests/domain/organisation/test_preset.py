import pytest

from chuangwei.core import presets
from chuangwei.core.errors import Refused
from chuangwei.domain.organisation import preset
from chuangwei.domain.organisation.rules import Role
from chuangwei.domain.places.kinds import KindNames, NamedKind

NAMES = KindNames(
    [
        NamedKind("back_lane", "背街小巷", ("巷道",)),
        NamedKind("residential_unmanaged", "三无小区(老旧无物业)"),
        NamedKind("market", "农(集)贸市场"),
        NamedKind("old_market", "市场/集市"),
        NamedKind("new_market", "市场/商场"),
    ]
)
WORKER = '{name = "网格员", single = true}'


def read(body: str) -> presets.PresetDocument:
    return presets.read_preset(f'[preset]\nslug = "t"\ntitle = "试"\n{body}', "t.toml")


def refusals(body: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        read(body)
    return [mistake.message for mistake in refused.value.mistakes]


def test_chains_are_found_by_the_code_of_the_kind_however_it_is_written():
    body = f"""
    [areas]
    levels = ["县", "社区", "网格"]
    [chains."巷 道"]
    roles = [{{name = " 网格员"}}, {{name = "保洁员", single = true}}]
    [chains."三无小区"]
    roles = [{WORKER}]
    [chains."网格"]
    roles = [{WORKER}]
    """
    assert preset.chains_by_kind(read(body), NAMES) == {
        "back_lane": (Role("网格员"), Role("保洁员", single=True)),
        "residential_unmanaged": (Role("网格员", single=True),),
        "网格": (Role("网格员", single=True),),
    }


def test_a_kind_that_is_no_longer_in_the_standards_leaves_the_other_chains_alone():
    document = read(f'[chains."游泳馆"]\nroles = [{WORKER}]\n[chains."背街小巷"]\nroles = [{WORKER}]')
    assert list(preset.chains_by_kind(document, NAMES)) == ["back_lane"]


def test_a_preset_without_any_of_our_tables_demands_nothing():
    assert preset.chains_by_kind(read(""), NAMES) == {}
    assert preset.checked_preset(read(""), NAMES).slug == "t"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('[chains."背街小巷"]\nroles = []', "『chains.背街小巷.roles』至少要有 1 项。"),
        ('[chains."背街小巷"]\nroles = [{name = " "}]', "『chains.背街小巷.roles[1].name』不能为空。"),
        ('[chains."背街小巷"]\nroles = [{single = true}]', "『chains.背街小巷.roles[1].name』缺少这一项。"),
        (
            '[chains."背街小巷"]\nroles = [{name = "网格员"}, {name = "网 格员"}]',
            "『chains.背街小巷.roles』“网格员”出现了不止一次。",
        ),
        ("[chains]\nbad = 3", "『chains.bad』须为一张表。"),
        ('[areas]\nlevels = ["县", "县"]', "『areas.levels』“县”出现了不止一次。"),
        ('[areas]\nlevels = ["县", ""]', "『areas.levels[2]』不能为空。"),
        ("[roles.a]\ndescription = 'x'", "『roles.a.title』缺少这一项。"),
        ("[roles.a]\ntitle = ''", "『roles.a.title』不能为空。"),
        ("[roles.Boss]\ntitle = 'x'", "『roles.Boss.[key]』写法不对。"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_path(body, sentence):
    assert refusals(body) == [sentence]


def test_unknown_keys_are_noticed_and_ignored():
    document = read('[chains."背街小巷"]\nroles = [{name = "网格员", hours = "8"}]\nnote = "x"')
    assert [notice.split("』")[0] for notice in document.notices] == [
        "预设中的『chains.背街小巷.note",
        "预设中的『chains.背街小巷.roles[1].hours",
    ]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            f'[chains."游泳馆"]\nroles = [{WORKER}]',
            "『chains.游泳馆』标准库中没有这种点位类型，也没有这一级区划。",
        ),
        (
            f'[chains."市场"]\nroles = [{WORKER}]',
            "『chains.市场』可能是 new_market、old_market，请写明其中一个。",
        ),
        (
            f'[chains."背街小巷"]\nroles = [{WORKER}]\n[chains.back_lane]\nroles = [{WORKER}]',
            "『chains.back_lane』与『chains.背街小巷』是同一种点位类型，只能留一个。",
        ),
        (
            "[roles.a]\ntitle = '甲'\npermissions = ['problems.view', 'problems.eat']",
            "『roles.a.permissions』没有名为 problems.eat 的权限。",
        ),
        (
            "[trade_groups.small]\nkinds = ['游泳馆']",
            "『trade_groups.small.kinds[1]』标准库中没有点位类型“游泳馆”。",
        ),
    ],
)
def test_a_checked_preset_names_nothing_this_installation_does_not_have(body, sentence):
    with pytest.raises(Refused) as refused:
        preset.checked_preset(read(body), NAMES)
    assert [mistake.message for mistake in refused.value.mistakes] == [sentence]


def test_every_fault_is_told_at_once():
    body = f"[chains.x]\nroles = [{WORKER}]\n[chains.y]\nroles = [{WORKER}]\n[roles.a]\ntitle='a'\npermissions=['b']"
    with pytest.raises(Refused, match="3 处错误"):
        preset.checked_preset(read(body), NAMES)


def test_bundles_of_a_preset_add_to_the_bundled_ones_or_take_their_place():
    document = read("[roles.leader]\ntitle = '组长'\n[roles.chief]\ntitle = '总河长'\npermissions = ['places.view']")
    found = preset.bundles_of(document)
    assert (found["leader"].title, found["chief"].title, found["admin"].title) == ("组长", "总河长", "管理员")
    assert preset.bundles_of(None) == preset.default_bundles()


def test_the_bundled_roles_name_only_permissions_the_code_knows():
    named = {name for bundle in preset.default_bundles().values() for name in bundle.permissions}
    assert named <= set(preset.permission_names())


def test_every_permission_is_in_some_bundled_role():
    named = {name for bundle in preset.default_bundles().values() for name in bundle.permissions}
    assert set(preset.permission_names()) == named
