import pytest

from chuangwei.domain.places.kinds import KindNames, NamedKind

NAMES = KindNames(
    [
        NamedKind("back_lane", "背街小巷", ("巷道", "街巷")),
        NamedKind("market", "农(集)贸市场", ("集贸市场", "菜市场")),
        NamedKind("school", "学校、托幼机构"),
        NamedKind("waste_point", "垃圾收集点/分类亭", ("垃圾桶点", "")),
        NamedKind("residential_unmanaged", "三无小区(老旧无物业)", ("无主管、无物业、无人防物防",)),
        NamedKind("construction_site", "建筑(拆迁、待建)工地"),
    ]
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("back_lane", "back_lane"), ("ｂａｃｋ_ｌａｎｅ", "back_lane"), (" back_lane ", "back_lane"), ("Back_Lane", None),
        ("背街小巷", "back_lane"), ("背街 小巷", "back_lane"), ("巷道", "back_lane"), ("小巷", None),
        ("农(集)贸市场", "market"), ("农（集）贸市场", "market"), ("农贸市场", "market"), ("集贸市场", "market"), ("集", None),
        ("学校、托幼机构", "school"), ("学校", "school"), ("托幼机构", "school"),
        ("垃圾收集点", "waste_point"), ("分类亭", "waste_point"), ("垃圾收集点／分类亭", "waste_point"),
        ("三无小区", "residential_unmanaged"), ("老旧无物业", None), ("无物业", None),
        ("无主管、无物业、无人防物防", "residential_unmanaged"),
        ("建筑工地", "construction_site"), ("待建", None), ("", None), ("　", None),
    ],
)  # fmt: skip
def test_a_kind_is_found_as_people_write_it(text: str, code: str | None):
    assert NAMES.resolve(text) == code


def test_an_ambiguous_word_names_none_of_its_kinds():
    names = KindNames([NamedKind("bath", "浴室/足浴"), NamedKind("spa", "足浴、按摩")])
    assert (names.resolve("足浴"), names.candidates("足浴")) == (None, ("bath", "spa"))
    assert names.candidates("没有") == ()


@pytest.mark.parametrize(
    ("surer", "looser"),
    [
        (NamedKind("车站", "甲"), NamedKind("b", "车站")),
        (NamedKind("a", "车站"), NamedKind("b", "车站(客运)")),
        (NamedKind("a", "车站(客运)"), NamedKind("b", "车站、码头")),
        (NamedKind("a", "车站、码头"), NamedKind("b", "乙", ("车站",))),
        (NamedKind("a", "车站"), NamedKind("b", "乙", ("车站",))),
    ],
)
def test_a_surer_way_of_writing_wins(surer: NamedKind, looser: NamedKind):
    for kinds in ([surer, looser], [looser, surer]):
        assert KindNames(kinds).resolve("车站") == surer.code


def test_the_kinds_can_be_read_again():
    assert [kind.code for kind in NAMES][:2] == ["back_lane", "market"]
