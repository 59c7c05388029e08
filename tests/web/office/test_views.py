"""The front door."""

import pytest

from tests.factories import organisation


def test_a_stranger_is_shown_the_way_in(stranger):
    answer = stranger.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")


@pytest.mark.parametrize("role", ["office", "discipline", "department"])
def test_a_member_begins_at_her_desk(signed_in, role):
    answer = signed_in(role).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def test_who_was_given_no_role_is_told_whom_to_ask(signed_in):
    answer = signed_in().get("/")
    assert (answer.status_code, "还没有分配权限" in answer.content.decode()) == (403, True)


def test_a_first_password_comes_first(client, db):
    client.force_login(organisation.account(roles=["office"], must_change_password=True))
    assert client.get("/")["Location"] == "/account/password/"


def test_the_door_only_opens_by_looking(office):
    assert office.post("/").status_code == 405
