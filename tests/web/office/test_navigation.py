import pytest

from chuangwei.domain.appraisal.enums import Permission as Appraisal
from chuangwei.domain.organisation.enums import Permission as Organisation
from chuangwei.web.office.navigation import MENU, front_page, menu, submenu
from tests.factories import organisation


@pytest.mark.parametrize(
    ("permissions", "titles"),
    [
        ([], ["工作台"]),
        ([Appraisal.VIEW], ["工作台", "评比"]),
        ([Organisation.IMPORT], ["工作台", "导入"]),
        ([Organisation.IMPORT, Appraisal.VIEW], ["工作台", "评比", "导入"]),
    ],
)
def test_the_menu_shows_what_one_may_open(permissions, titles):
    assert [link.title for link in menu(organisation.clerk(*permissions), "/")] == titles


@pytest.mark.parametrize(("permissions", "address"), [([], None), ([Appraisal.VIEW], "/desk/")])
def test_everybody_with_a_role_begins_at_the_desk(permissions, address):
    assert front_page(organisation.clerk(*permissions)) == address


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/appraisal/weekly/", "评比"),
        ("/follow-ups/1/", "评比"),
        ("/imports/x/", "导入"),
        ("/desk/", "工作台"),
        ("/", None),
    ],
)
def test_the_menu_says_where_one_is(address, here):
    links = menu(organisation.chief(), address)
    assert [link.title for link in links if link.is_here] == ([here] if here else [])


@pytest.mark.parametrize(
    ("address", "here"),
    [("/appraisal/", "评比"), ("/settlements/x/", "月度奖惩"), ("/desk/", None), ("/imports/", None)],
)
def test_the_pages_beside_one(address, here):
    links = submenu(organisation.chief(), address)
    assert [link.title for link in links if link.is_here] == ([here] if here else [])


def test_what_one_may_not_open_is_not_beside_one():
    assert submenu(organisation.clerk(Organisation.IMPORT), "/appraisal/") == []


def test_no_two_parts_stand_for_one_address():
    covers = [beginning for entry in MENU for part in entry.parts for beginning in part.covers]
    assert len(covers) == len(set(covers))
