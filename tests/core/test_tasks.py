"""The port to background work: plain arguments, one path, and a transaction that fails takes its task along."""

import json

import pytest
from django.db import transaction
from django_q.models import OrmQ

from chuangwei.core import tasks

CALLS: list[dict[str, object]] = []


def remember(**arguments: object) -> None:
    CALLS.append(arguments)


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    CALLS.clear()


PATH = f"{__name__}.remember"


def test_here_and_now_with_the_arguments_as_json() -> None:
    assert tasks.enqueue(PATH, code="甲", count=3, hook="a name of the queue's own") == ""
    assert CALLS == [{"code": "甲", "count": 3, "hook": "a name of the queue's own"}]


def test_an_error_here_and_now_is_the_caller_s() -> None:
    with pytest.raises(FileNotFoundError):
        tasks.enqueue("os.rmdir", path="/no/such/folder")


def test_a_thing_instead_of_its_code_is_refused_at_once() -> None:
    with pytest.raises(TypeError):
        tasks.enqueue(PATH, thing=object())


@pytest.mark.django_db
def test_a_task_waits_in_our_own_database(settings) -> None:
    settings.SYNC_TASKS = False
    ticket = tasks.enqueue(PATH, code="甲")
    waiting = OrmQ.objects.get()
    assert (waiting.task["id"], waiting.task["func"]) == (ticket, "chuangwei.core.tasks.run")
    assert (waiting.task["args"][0], json.loads(waiting.task["args"][1])) == (PATH, {"code": "甲"})
    assert CALLS == []


@pytest.mark.django_db
def test_a_transaction_that_fails_takes_its_task_along(settings) -> None:
    settings.SYNC_TASKS = False
    with pytest.raises(RuntimeError), transaction.atomic():
        tasks.enqueue(PATH, code="甲")
        raise RuntimeError
    assert not OrmQ.objects.exists()
