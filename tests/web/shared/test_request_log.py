"""A line for each request: who, what, how long; never what was typed."""

import logging

import pytest
from django.test import Client

from tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="chuangwei.request")
    return lambda: [record for record in caplog.records if record.name == "chuangwei.request"]


def test_a_request_is_told_without_what_was_asked(client, lines):
    answer = client.get("/nothing/here/?phone=13800000000&page=2")
    (line,) = lines()
    assert (line.method, line.path, line.query, line.status, line.account) == (
        "GET", "/nothing/here/", ["page", "phone"], 404, "",
    )  # fmt: skip
    assert line.ms >= 0
    assert "13800000000" not in str(vars(line))
    assert len(answer.headers["X-Request-ID"]) == 9


def test_whoever_asked_is_told_by_account(lines):
    account = organisation.account()
    client = Client()
    client.force_login(account)
    client.get("/")
    assert lines()[-1].account == account.code


def test_two_requests_have_two_numbers(client):
    assert client.get("/healthz").headers["X-Request-ID"] != client.get("/healthz").headers["X-Request-ID"]


def test_what_machines_ask_all_day_is_told_only_when_it_fails(client, lines, monkeypatch):
    monkeypatch.setattr("chuangwei.web.shared.health._faults", lambda: iter([]))
    client.get("/healthz")
    assert lines() == []
    monkeypatch.setattr("chuangwei.web.shared.health._faults", lambda: iter(["磁盘空间不足"]))
    client.get("/healthz")
    assert [line.status for line in lines()] == [503]
