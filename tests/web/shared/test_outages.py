"""A full disk and a read-only database end in a sentence: 503 for a page, and a number to tell somebody."""

import errno
import re

import pytest
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from chuangwei.config.urls import handler500, urlpatterns
from chuangwei.core.models import Notice

raised: list[Exception] = []


def failing(_request: HttpRequest) -> HttpResponse:
    raise raised[-1]


def writing(_request: HttpRequest) -> HttpResponse:
    Notice.objects.update(title=models.F("title"))
    return HttpResponse("written")


urlpatterns = [path("failing/", failing), path("writing/", writing), *urlpatterns]
__all__ = ["handler500", "urlpatterns"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]
NUMBER = re.compile(r"事件编号：<strong>([0-9A-F]{4}-[0-9A-F]{4})</strong>")


def asked(address: str) -> HttpResponse:
    return Client(raise_request_exception=False).get(address)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 503, "磁盘已满，未能保存。"),
        (OSError(errno.EROFS, "Read-only file system"), 503, "磁盘为只读"),
        (OSError(errno.ENOENT, "No such file"), 500, "程序出了问题"),
        (KeyError("x"), 500, "程序出了问题"),
    ],
)
def test_a_page_says_what_is_wrong_with_the_place(error: Exception, status: int, words: str, caplog) -> None:
    raised.append(error)
    answer = asked("/failing/")
    text = answer.content.decode()
    assert (answer.status_code, words in text) == (status, True)
    found = NUMBER.search(text)
    assert found is not None
    assert found[1] == answer.headers["X-Request-ID"]
    assert "Traceback" not in text


def test_a_database_that_may_not_be_written(request) -> None:
    forbid, allow = (
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    assert asked("/writing/").content == b"written"
    with connection.cursor() as cursor:
        cursor.execute(forbid)
        try:
            answer = asked("/writing/")
        finally:
            cursor.execute(allow)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "数据库为只读，未能保存。没有保存任何半截的改动。" in answer.content.decode()
