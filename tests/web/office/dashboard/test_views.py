import pytest

pytestmark = pytest.mark.django_db


def test_whoever_has_a_role_has_a_desk(office):
    page = office.get("/desk/").content.decode()
    assert "现在没有等您办的事" in page


def test_a_stranger_and_who_has_no_role_have_none(stranger, signed_in):
    assert stranger.get("/desk/").status_code == 404
    assert signed_in().get("/desk/").status_code == 404


def test_a_desk_is_only_looked_at(office):
    assert office.post("/desk/").status_code == 405


@pytest.mark.parametrize(("role", "place"), [("office", 0), ("leader", 0), ("discipline", 0), ("inspector", 0)])
def test_each_role_sees_how_the_ranking_stands(signed_in, town, role, place):
    town.publish()
    page = signed_in(role).get("/desk/").content.decode()
    assert "最近一期" in page


def test_a_community_sees_its_own_place(signed_in, town):
    town.publish()
    page = signed_in("community", area=town.communities[2]).get("/desk/").content.decode()
    assert "丙社区第 3 名" in page
    assert "甲社区第" not in page
