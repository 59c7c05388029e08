"""A PostgreSQL database that is there gives way to a restored one only when that has proved right, and is kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from chuangwei.config import backups, swapping
from chuangwei.config.backups import Restored
from chuangwei.config.targets import Target, pointed_at
from chuangwei.core.backup import making
from chuangwei.core.backup.keys import KeyFile
from chuangwei.core.backup.sealing import BadBackup
from chuangwei.core.errors import DomainError
from tests.config.installed import NOON, SYSTEM, digests, empty_places, installation

pytestmark = pytest.mark.django_db(transaction=True)
KEY = KeyFile(b"k" * 32)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> None:
    settings.CHUANGWEI_HOME, settings.BACKUPS = tmp_path / "home", tmp_path / "home" / "backups"
    (tmp_path / "home").mkdir(mode=0o700)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Target]:
    """A database on the server and a folder, with something of somebody's in each."""
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL; the embedded database is one file among others")
    installation()
    with empty_places(tmp_path) as found:
        (found[-1].home / "calendars").mkdir(parents=True)
        (found[-1].home / "calendars" / "2026.toml").write_text("# 原有\n", encoding="utf-8")
        with pointed_at(found[-1]), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE remains (code text)")
        yield found[-1]


def restored(tmp_path: Path, target: Target) -> Restored:
    file = tmp_path / "b.cwbackup"
    if not file.exists():
        backups.make(file, KEY, by=SYSTEM, at=NOON)
    return backups.restore(file, KEY, making.verify(file, KEY), target, is_forced=True, at=NOON)


def databases(place: Target) -> list[str]:
    """Those on the server that are called like this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname", [swapping.name_of(place)]
        )
        return [row[0] for row in cursor.fetchall()]


def is_untouched(place: Target, name: str = "") -> bool:
    """Whether what was there is there, and nothing else."""
    database = {**(place.database or {}), "NAME": name or swapping.name_of(place)}
    with pointed_at(Target(place.home, database)):
        return connection.introspection.table_names() == ["remains"]


def test_the_old_database_is_kept_under_a_name_that_is_told(place: Target, tmp_path: Path) -> None:
    before = digests()
    done = restored(tmp_path, place)
    assert databases(place) == [swapping.name_of(place), done.old_database]
    assert done.old_database == f"{swapping.name_of(place)}_before_20260302_040000"
    assert (is_untouched(place), is_untouched(place, done.old_database)) == (False, True)
    with pointed_at(place):
        assert digests() == before
    assert done.old_files == place.home / "before-restore" / "20260302-040000"


@pytest.mark.parametrize("where", ["restoring.build", "restoring.bring_forward"])
def test_whatever_fails_the_old_one_is_untouched_and_no_half_is_left(
    place: Target, tmp_path: Path, monkeypatch, where: str
) -> None:
    files = sorted(file.name for file in place.home.iterdir())

    def fail(*_args: object, **_values: object) -> None:
        raise BadBackup("坏了。")

    module, name = where.split(".")
    monkeypatch.setattr(getattr(backups, module), name, fail)
    with pytest.raises(BadBackup):
        restored(tmp_path, place)
    assert databases(place) == [swapping.name_of(place)]
    assert is_untouched(place)
    assert sorted(file.name for file in place.home.iterdir()) == files


@pytest.fixture
def other(place: Target) -> Iterator[BaseDatabaseWrapper]:
    """Somebody else on the way to the database that is there."""
    found = connection.copy()
    found.settings_dict = {**found.settings_dict, **(place.database or {})}
    yield found
    found.close()


def test_a_database_somebody_uses_is_not_restored_over(place: Target, tmp_path: Path, other) -> None:
    other.connect()
    with pytest.raises(DomainError, match=r"还有 1 个连接在用数据库.*请先停下程序"):
        restored(tmp_path, place)
    assert databases(place) == [swapping.name_of(place)]
    other.close()
    assert is_untouched(place)


def test_what_was_restored_is_kept_and_named_where_somebody_uses_the_old_one_at_the_last_moment(
    place: Target, tmp_path: Path, monkeypatch, other
) -> None:
    before = digests()
    monkeypatch.setattr(swapping, "PATIENCE", 0)
    monkeypatch.setattr(backups.audit, "verify", lambda: other.connect() or [])
    with pytest.raises(DomainError, match=r"还有 1 个连接在用数据库.*恢复好的数据库没有换上，留作 (\S+)；") as refused:
        restored(tmp_path, place)
    other.close()
    own, kept = databases(place)
    assert f"留作 {kept}；原来的 {own} 和文件都没有动" in str(refused.value)
    assert is_untouched(place)
    with pointed_at(Target(place.home, {**(place.database or {}), "NAME": kept})):
        assert digests() == before


def test_a_connection_that_goes_while_one_waits_is_no_hindrance(
    place: Target, tmp_path: Path, monkeypatch, other
) -> None:
    monkeypatch.setattr(backups.audit, "verify", lambda: other.connect() or [])
    monkeypatch.setattr(swapping, "sleep", lambda _seconds: other.close())
    done = restored(tmp_path, place)
    assert databases(place) == [swapping.name_of(place), done.old_database]


def test_the_servers_own_workers_are_nobody(place: Target) -> None:
    """A worker that clears up belongs to no account; whoever connects between the look and the swap does."""
    name = swapping.name_of(place)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE pg_stat_activity (datname text, usesysid oid, backend_type text)")
        try:
            cursor.execute("INSERT INTO pg_stat_activity VALUES (%s, NULL, 'autovacuum worker')", [name])
            swapping._require_unused(cursor, name)
            cursor.execute("INSERT INTO pg_stat_activity VALUES (%s, 10, NULL)", [name])
            with pytest.raises(DomainError, match="还有 1 个连接"):
                swapping._require_unused(cursor, name)
        finally:
            cursor.execute("DROP TABLE pg_temp.pg_stat_activity")


ROW = {"datcollate": "C", "datctype": "C.UTF-8"}
PLAIN = {"LC_COLLATE": "C", "LC_CTYPE": "C.UTF-8"}


@pytest.mark.parametrize(
    ("row", "options"),
    [
        ({}, {}),
        ({"datlocprovider": "c", "daticulocale": None}, {"LOCALE_PROVIDER": "libc"}),
        ({"datlocprovider": "i", "daticulocale": "zh"}, {"LOCALE_PROVIDER": "icu", "ICU_LOCALE": "zh"}),
        (
            {"datlocprovider": "i", "datlocale": "zh", "daticurules": "&a < b"},
            {"LOCALE_PROVIDER": "icu", "ICU_LOCALE": "zh", "ICU_RULES": "&a < b"},
        ),
        ({"datlocprovider": "b", "datlocale": "C.UTF-8"}, {"LOCALE_PROVIDER": "builtin", "BUILTIN_LOCALE": "C.UTF-8"}),
    ],
    ids=["14", "15", "15 with ICU", "17 with ICU", "17 builtin"],
)
def test_the_locale_is_told_as_each_version_keeps_it(row: dict[str, str], options: dict[str, str]) -> None:
    assert swapping.locale_options({**ROW, **row}, name="x") == {**PLAIN, **options}


def test_a_locale_nobody_knows_is_refused() -> None:
    with pytest.raises(DomainError, match=r"数据库 x 的排序规则.*用 --into 恢复到那里"):
        swapping.locale_options({**ROW, "datlocprovider": "z"}, name="x")


def test_the_new_database_sorts_as_the_old_one_did(place: Target) -> None:
    name = swapping.name_of(place)
    if connection.cursor().connection.info.server_version < 150_000:  # type: ignore[union-attr]
        pytest.skip("databases have locale providers since PostgreSQL 15")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        cursor.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'zh-u-co-pinyin'"
            " LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    with swapping.beside(place) as fresh, pointed_at(fresh), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(one)::text FROM pg_database one WHERE datname = current_database()")
        row = json.loads(cursor.fetchone()[0])
        cursor.execute("SELECT '啊' < '北' AND '北' < '村'")
        assert cursor.fetchone()[0]
    assert (row["datlocprovider"], row.get("datlocale") or row["daticulocale"]) == ("i", "zh-u-co-pinyin")


def test_who_may_not_make_databases_is_told_another_way(place: Target, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS test_narrow")
        cursor.execute("CREATE ROLE test_narrow LOGIN")
        cursor.execute("GRANT pg_read_all_data TO test_narrow")
    narrow = Target(place.home, {**(place.database or {}), "USER": "test_narrow", "PASSWORD": ""})
    try:
        with pytest.raises(DomainError, match=r"不能建库.*用 --into 恢复到那里"):
            restored(tmp_path, narrow)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE test_narrow")
    assert databases(place) == [swapping.name_of(place)]


def test_files_that_cannot_be_moved_are_told_with_the_name_of_the_old_database(
    place: Target, tmp_path: Path, monkeypatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_move_in", full)
    with pytest.raises(DomainError, match=r"原来的改名为 .*_before_20260302_040000；但文件没有全部就位（No space"):
        restored(tmp_path, place)


def test_a_name_is_never_taken_twice_nor_too_long(place: Target) -> None:
    with connection.cursor() as cursor:
        free = swapping._free_name
        name = swapping.name_of(place)
        assert free(cursor, name) == f"{name}_2"
        assert len(free(cursor, "库" * 40).encode()) <= 63
