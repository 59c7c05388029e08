import pytest

from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.errors import DomainError, NotAllowed, Refused, require
from chuangwei.core.mistakes import Mistake

CLERK = Actor(code="zhang", name="张", permissions=frozenset({"problems.view"}), area_paths=("62/6201/",))


@pytest.mark.parametrize(("permission", "may"), [("problems.view", True), ("problems.close", False), ("*", False)])
def test_actor_may_what_is_in_the_bundle(permission: str, may: bool):
    assert CLERK.may(permission) is may


@pytest.mark.parametrize(
    ("path", "covered"), [("62/6201/", True), ("62/6201/620101/", True), ("62/", False), ("62/62010/", False)]
)
def test_actor_covers_its_own_area_and_below(path: str, covered: bool):
    assert CLERK.covers(path) is covered


def test_system_actor_names_the_operating_systems_user_and_may_everything():
    system = system_actor("root")
    assert (system.name, system.channel) == ("系统（root）", "命令行")
    assert system.may("anything")
    assert system.covers("62/")


def test_require_refuses_in_words():
    require(True)
    with pytest.raises(NotAllowed, match="没有权限"):
        require(False)


def test_refused_carries_its_mistakes():
    mistake = Mistake("底册.xlsx", "区划", 3, "上级编码", "没有编码为 1 的区划。")
    refused = Refused("有 1 处错误。", [mistake])
    assert (refused.message, refused.mistakes) == ("有 1 处错误。", [mistake])
    assert DomainError().message == ""


@pytest.mark.parametrize(
    ("mistake", "text"),
    [
        (Mistake("a.xlsx", "区划", 3, "编码", "不能为空。"), "a.xlsx 『区划』 第 3 行 『编码』：不能为空。"),
        (Mistake("a.xlsx", "", None, None, "不是工作簿。"), "a.xlsx：不是工作簿。"),
        (Mistake("", "", None, None, "不是工作簿。"), "不是工作簿。"),
    ],
)
def test_mistake_says_where_and_what(mistake: Mistake, text: str):
    assert str(mistake) == text
    assert set(mistake.as_json()) == {"file", "sheet", "row", "column", "message"}
