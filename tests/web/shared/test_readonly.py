import pytest
from django.core.cache import cache
from django.db import connection, transaction

from chuangwei.domain.places.models import Area
from chuangwei.web.shared.readonly import WriteOnPage, is_forgetting, is_question, no_writes
from tests.factories import places


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", True),
        ("  (SELECT 1) UNION (SELECT 2)", True),
        ("EXPLAIN SELECT 1", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("WITH a AS (SELECT 'please DELETE') SELECT \"update\" FROM a", True),
        ('SAVEPOINT "s1"', True),
        ('ROLLBACK TO SAVEPOINT "s1"', True),
        ("WITH a AS (SELECT 1) DELETE FROM b", False),
        ("INSERT INTO a VALUES (1)", False),
        ("update a set b = 1", False),
        ("DELETE FROM a", False),
        ("BEGIN IMMEDIATE", False),
        ("PRAGMA journal_mode=DELETE", False),
        ("CREATE TABLE a (b)", False),
        ("SELECTED", False),
    ],
)
def test_a_question_is_told_from_a_write(sql, expected):
    assert is_question(sql) is expected


@pytest.mark.django_db
def test_a_write_is_refused_and_a_question_answered():
    area = places.area("1")
    with no_writes():
        assert Area.objects.count() == 1
        with pytest.raises(WriteOnPage), transaction.atomic():
            Area.objects.filter(pk=area.pk).update(name="二")
    area.refresh_from_db()
    assert area.name != "二"


@pytest.mark.django_db
def test_many_writes_at_once_are_refused():
    with no_writes(), pytest.raises(WriteOnPage), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO places_area (code) VALUES (%s)", [("1",), ("2",)])


@pytest.mark.django_db
def test_reading_an_expired_entry_of_the_cache_is_no_write_and_nothing_else_may_be_deleted():
    cache.set("over", [1], timeout=100)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = %s", ["2001-01-01 00:00:00"])
    with no_writes():
        assert cache.get("over", "nothing") == "nothing"
        assert cache.get_many(["over"]) == {}
        with pytest.raises(WriteOnPage), transaction.atomic():
            Area.objects.filter(pk=0)._raw_delete("default")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('DELETE FROM "cache" WHERE cache_key IN (%s)', True),
        ('DELETE FROM "cache_other" WHERE 1', False),
        ('DELETE FROM "core_auditevent" WHERE "cache"', False),
        ('UPDATE "cache" SET value = 1', False),
    ],
)
def test_only_the_cache_forgets(sql, expected):
    assert is_forgetting(sql) is expected
