"""The drill: a backup made while the program writes comes back whole, on both engines, and nothing else does."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Event, Thread

import pytest
from django.conf import settings as live_settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from chuangwei.config import backups, targets
from chuangwei.config.targets import Target, pointed_at, target_of
from chuangwei.core import attachments, audit, clock
from chuangwei.core.backup import keys, making
from chuangwei.core.backup.keys import KeyFile, Password, WrongKey
from chuangwei.core.backup.retention import Retention
from chuangwei.core.backup.sealing import BadBackup
from chuangwei.core.errors import DomainError
from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Person
from tests.config.installed import NOON, PHONE, SYSTEM, digests, empty_places, installation, note

pytestmark = pytest.mark.django_db(transaction=True)

KEY = KeyFile(b"k" * 32)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    """A home of this test's own; the database stays where the tests have it."""
    settings.CHUANGWEI_HOME = tmp_path / "home"
    settings.BACKUPS = tmp_path / "home" / "backups"
    settings.BACKUP_RETENTION = Retention(2, 0, 0)
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


@pytest.fixture
def places(tmp_path: Path) -> Iterator[list[Target]]:
    with empty_places(tmp_path) as found:
        yield found


def backed_up(tmp_path: Path, key: keys.Key = KEY) -> Path:
    return backups.make(tmp_path / "b.cwbackup", key, by=SYSTEM, at=NOON).path


def restored(file: Path, target: Target, *, is_forced: bool = False, key: keys.Key = KEY) -> list[str]:
    contents = making.verify(file, key)
    return backups.restore(file, key, contents, target, is_forced=is_forced, at=NOON).faults


# --- The drill ----------------------------------------------------------------------------------------------------------


def test_what_was_backed_up_comes_back_the_same(tmp_path: Path, places: list[Target]) -> None:
    photo = installation()
    before, events = digests(), AuditEvent.objects.count()
    file = backed_up(tmp_path)
    for place in places:
        assert restored(file, place) == []
        with pointed_at(place):
            assert digests() == before
            # The restore itself is the entry after those the backup holds.
            assert AuditEvent.objects.count() == events + 1
            assert AuditEvent.objects.order_by("seq").last().verb == "从备份恢复"
            assert audit.verify() == []
            assert [*attachments.missing_files(), *attachments.changed_files()] == []
            assert Person.objects.get(code="P9").phone == PHONE
            assert attachments.path_of(photo).stat().st_mode & 0o777 == 0o600
            note(99)
            assert audit.verify() == []
        assert (place.home / "calendars" / "2027.toml").read_text(encoding="utf-8") == "# 本地\n"
        assert not list(place.home.glob(".*"))
        assert {file.name for file in place.home.iterdir()} <= {"attachments", "calendars", "keys", "chuangwei.sqlite3"}
        assert place.home.stat().st_mode & 0o777 == 0o700
        if place.database_file:
            assert place.database_file.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_a_restored_place_is_the_same_again(tmp_path: Path, places: list[Target]) -> None:
    """Both ways between the engines, where there are two."""
    installation()
    file = backed_up(tmp_path)
    place = places[-1]
    restored(file, place)
    with pointed_at(place):
        second = making.make(
            connection=connection,
            home=place.home,
            target=tmp_path / "second",
            key=KEY,
            at=NOON,
            without=backups.WITHOUT,
        ).contents
    first = making.verify(file, KEY)
    grown = {"core_auditevent", "core_audithead"}
    assert {name: total for name, total in first.manifest["tables"].items() if name not in grown} == {
        name: total for name, total in second.manifest["tables"].items() if name not in grown
    }
    assert second.head["engine"] == ("postgresql" if place.database else "sqlite")


def test_the_program_goes_on_writing_meanwhile(tmp_path: Path, places: list[Target]) -> None:
    """Four backups under a writer: each is one instant, its chain unbroken, and the writer is never refused."""
    installation()
    stop, refused, written = Event(), [], []

    def write() -> None:
        number = 1000
        try:
            while not stop.is_set():
                note(number)
                written.append(number)
                number += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            refused.append(error)
        finally:
            connection.close()

    writer = Thread(target=write)
    writer.start()
    try:
        made = []
        for number in range(4):
            begun = len(written)
            made.append(making.make(
                connection=connection, home=Path(live_settings.CHUANGWEI_HOME), target=tmp_path / f"{number}", key=KEY,
                at=NOON, without=backups.WITHOUT,
            ))  # fmt: skip
            assert len(written) > begun, "nobody wrote during the backup"
    finally:
        stop.set()
        writer.join()
    assert refused == []
    rows = [backup.contents.manifest["tables"]["core_auditevent"]["rows"] for backup in made]
    assert rows == sorted(rows)
    assert rows[-1] > rows[0]
    for backup, place in zip(made[-1:] * len(places), places, strict=True):
        assert restored(backup.path, place) == []
        with pointed_at(place):
            assert AuditEvent.objects.count() == rows[-1] + 1
            assert audit.verify() == []


def test_nothing_of_it_is_left_lying_about_in_the_clear(tmp_path: Path, home: Path) -> None:
    installation()
    file = backed_up(tmp_path)
    content = file.read_bytes()
    assert not any(plain in content for plain in ("镕喆".encode(), b"core_auditevent", b"calendars"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(found.name for found in tmp_path.iterdir()) == ["b.cwbackup", "home"]
    assert not list((home / "backups").glob("*"))


def test_what_is_true_of_the_minute_is_left_out_and_what_opens_it_too(tmp_path: Path, home: Path, client) -> None:
    installation()
    backups.own_key()
    (home / "logs").mkdir()
    (home / "logs" / "chuangwei.log").write_text("{}")
    (home / "attachments" / ".draft-1").write_text("half")
    names = {file.relative_to(home).as_posix() for file in making.files_of(home)}
    assert "calendars/2027.toml" in names
    assert "keys/1.key" in names
    assert not any(name.startswith(("logs", "backups", "attachments/copies")) or "draft" in name for name in names)
    assert making.OWN_KEY not in names
    head = making.verify(backed_up(tmp_path), KEY).head
    assert not {table["name"] for table in head["tables"]} & set(backups.WITHOUT)


def test_a_backup_is_kept_in_the_audit_and_is_made_without_where_nothing_can_be_written(tmp_path, monkeypatch) -> None:
    made = backups.make(tmp_path / "one", KEY, by=SYSTEM, at=NOON)
    event = AuditEvent.objects.order_by("seq").last()
    assert (event.verb, event.subject_code, made.sha256 in event.details) == ("备份", "one", True)

    def refuse(**_values: object) -> None:
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(audit, "record", refuse)
    assert backups.make(tmp_path / "two", KEY, by=SYSTEM, at=NOON).path.exists()


# --- Refusals -----------------------------------------------------------------------------------------------------------


def test_a_damaged_backup_is_refused_and_touches_nothing(tmp_path: Path) -> None:
    installation()
    file = backed_up(tmp_path)
    whole = file.read_bytes()
    place = Target(tmp_path / "place")
    turned = bytearray(whole)
    turned[len(whole) // 2] ^= 1
    for bad in (whole[: len(whole) // 2], whole[:-1], bytes(turned), whole + b"more", b"", b"%PDF-1.7"):
        file.write_bytes(bad)
        with pytest.raises(BadBackup) as caught:
            restored(file, place)
        assert caught.value.message.endswith("。")
    file.write_bytes(whole)
    with pytest.raises(WrongKey, match="另一把密钥"):
        restored(file, place, key=KeyFile(b"x" * 32))
    assert not place.home.exists()


def test_a_place_in_use_is_refused_unless_it_may_be_put_aside(tmp_path: Path, places: list[Target]) -> None:
    installation()
    file = backed_up(tmp_path)
    place = places[-1]
    restored(file, place)
    with pointed_at(place):
        note(7)
    with pytest.raises(DomainError, match=r"已有内容（数据库中有 .* 张表，目录中有 .* 个文件）.*--force"):
        restored(file, place)
    with pointed_at(place):
        assert AuditEvent.objects.filter(subject_code="7").exists()
    assert restored(file, place, is_forced=True) == []
    with pointed_at(place):
        assert not AuditEvent.objects.filter(subject_code="7").exists()
    (aside,) = (place.home / "before-restore").iterdir()
    assert (aside / "calendars" / "2027.toml").exists()
    assert (aside / "chuangwei.sqlite3").exists() is (place.database is None)


def test_a_restore_that_fails_leaves_the_place_as_it_was(tmp_path: Path, places: list[Target], monkeypatch) -> None:
    installation()
    file = backed_up(tmp_path)
    monkeypatch.setattr("chuangwei.core.backup.restoring.differences", lambda *_: ["core_auditevent"])
    place = places[-1]
    with pytest.raises(BadBackup, match="与备份不符：core_auditevent"):
        restored(file, place)
    assert targets.what_is_there(place) == []
    assert not list(place.home.iterdir())


def test_a_backup_of_a_later_release_is_refused(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        insert = (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', '2030-01-01 00:00:00+00')"
        )
        cursor.execute(insert)
        try:
            file = backed_up(tmp_path)
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    with pytest.raises(BadBackup, match="含有本程序没有的更新（core 9999_later）。请先升级程序"):
        restored(file, Target(tmp_path / "place"))


def test_faults_the_backup_brought_along_are_told(tmp_path: Path) -> None:
    photo = installation()
    AuditEvent.objects.filter(seq=2).delete()
    attachments.path_of(photo).unlink()
    faults = restored(backed_up(tmp_path), Target(tmp_path / "place"))
    assert any("缺第 2 条" in fault for fault in faults)
    assert any("街面.jpg" in fault for fault in faults)


def test_a_file_already_there_is_not_overwritten(tmp_path: Path) -> None:
    file = backed_up(tmp_path)
    with pytest.raises(DomainError, match="已经存在"):
        backed_up(tmp_path)
    making.verify(file, KEY)


def test_too_little_space_is_said_before_anything_is_written(tmp_path: Path, monkeypatch) -> None:
    file = backed_up(tmp_path)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1000))
    with pytest.raises(DomainError, match="磁盘空间不足"):
        backups.make(tmp_path / "two", KEY, by=SYSTEM, at=NOON)
    with pytest.raises(DomainError, match="磁盘空间不足"):
        restored(file, Target(tmp_path / "place"))
    assert not (tmp_path / "two").exists()


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path, home: Path, monkeypatch) -> None:
    installation()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        backups.make(tmp_path / "two", KEY, by=SYSTEM, at=NOON)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["home"]
    assert not list((home / "backups").glob("*"))


def test_a_damaged_database_is_no_backup(tmp_path: Path, home: Path) -> None:
    if connection.vendor != "sqlite":
        return
    broken = home / "chuangwei.sqlite3"
    shutil.copy(connection.settings_dict["NAME"], broken)
    with broken.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    with pointed_at(Target(home)), pytest.raises((DomainError, DatabaseError), match=r"已损坏|malformed"):
        making.make(connection=connection, home=home, target=tmp_path / "b", key=KEY, at=NOON)
    assert not (tmp_path / "b").exists()


# --- Day by day ---------------------------------------------------------------------------------------------------------


def test_the_daily_backup_keeps_what_the_retention_says(home: Path) -> None:
    for day in range(4):
        line = backups.daily(at=NOON + timedelta(days=day))
    assert "清理旧备份 1 个" in line
    (home / "backups" / "manual-20200101-000000.cwbackup").write_text("somebody's own")
    assert sorted(file.name for file in (home / "backups").iterdir()) == [
        "daily-20260304-040000.cwbackup", "daily-20260305-040000.cwbackup", "manual-20200101-000000.cwbackup",
    ]  # fmt: skip
    making.verify(home / "backups" / "daily-20260305-040000.cwbackup", backups.own_key())


def test_what_a_killed_backup_left_behind_is_cleared_away(home: Path) -> None:
    folder = home / "backups"
    folder.mkdir()
    for name, hours in ((".daily-1.cwbackup.77-ab", 13), (".daily-2.cwbackup.78-cd", 1), ("mine.cwbackup", 99)):
        (folder / name).write_text("half")
        os.utime(folder / name, times=(0, (NOON - timedelta(hours=hours)).timestamp()))
    backups.forget_halves(folder, at=NOON)
    assert sorted(file.name for file in folder.iterdir()) == [".daily-2.cwbackup.78-cd", "mine.cwbackup"]


def said_by(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_commands_tell_what_they_did(tmp_path: Path, places: list[Target]) -> None:
    installation()
    file = tmp_path / "甲 乙.cwbackup"
    with clock.frozen(NOON):
        said = said_by("backup", "--out", str(file))
    assert f"备份已写入并核对：{file}" in said
    assert f"编号 {backups.own_key().id} 的密钥文件" in said
    assert said_by("restore", str(file), "--check").startswith("备份完好：2026-03-02 12:00 由程序")
    said = said_by("restore", str(file), "--into", str(tmp_path / "place"))
    assert f"已恢复到 {tmp_path / 'place'}（内置数据库）：各表内容与备份一致，审计链完整。" in said


def test_a_backup_with_a_password_needs_no_file_of_ours(tmp_path: Path, home: Path, monkeypatch) -> None:
    monkeypatch.setattr(keys, "COST", {"n": 2**4, "r": 1, "p": 1})
    password = tmp_path / "password"
    password.write_text("青山绿水 共为邻里 和睦一家", encoding="utf-8")
    said = said_by("backup", "--out", str(tmp_path / "b"), "--password-file", str(password))
    assert "密钥" not in said
    assert not (home / "keys" / "backup.key").exists()
    with pytest.raises(DomainError, match="--password-file"):
        said_by("restore", str(tmp_path / "b"), "--check")
    assert "备份完好" in said_by("restore", str(tmp_path / "b"), "--check", "--password-file", str(password))


def test_which_key_opens_a_file(tmp_path: Path, home: Path) -> None:
    file, own = tmp_path / "b", tmp_path / "kept.key"
    backups.make(file, backups.own_key(), by=SYSTEM, at=NOON)
    (home / "keys" / "backup.key").rename(own)
    with pytest.raises(DomainError, match=r"需要密钥文件（编号 [0-9a-f]{8}），请用 --key 给出"):
        backups.key_for(file, password_file=None, key_file=None)
    assert backups.key_for(file, password_file=None, key_file=own) == keys.key_file(own)


def test_a_restore_of_a_broken_chain_ends_badly(tmp_path: Path) -> None:
    installation()
    AuditEvent.objects.filter(seq=2).delete()
    said_by("backup", "--out", str(tmp_path / "b"))
    with pytest.raises(CommandError, match="有 1 处不符，备份时即如此"):
        said_by("restore", str(tmp_path / "b"), "--into", str(tmp_path / "place"))


@pytest.mark.parametrize(
    ("into", "home_is", "engine"),
    [
        ([], "", ""),
        (["/x/y"], "/x/y", "embedded"),
        (["postgresql://u@h/town"], "", "town"),
        (["postgresql://u@h/town", "/x/y"], "/x/y", "town"),
    ],
)
def test_where_a_backup_goes(into: list[str], home_is: str, engine: str, settings) -> None:
    settings.DATABASE_URL = ""
    target = target_of(into)
    assert target.home == Path(home_is or settings.CHUANGWEI_HOME)
    assert (target.database or {"NAME": "embedded"})["NAME"] == (engine or "embedded")


@pytest.mark.parametrize("into", [["/x", "/y"], ["postgresql://u@h/a", "postgresql://u@h/b"]])
def test_a_backup_goes_to_one_place(into: list[str]) -> None:
    with pytest.raises(DomainError, match="最多给一个"):
        target_of(into)


def test_a_place_of_its_own_has_its_own_database(settings) -> None:
    settings.DATABASE_URL = "postgresql://u@h/town"
    assert target_of([]).database is not None
    assert target_of(["/x"]).database is None


def test_a_password_that_is_wrong_is_said(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(keys, "COST", {"n": 2**4, "r": 1, "p": 1})
    file = backed_up(tmp_path, Password("correct horse battery"))
    with pytest.raises(WrongKey, match="密码不对"):
        making.verify(file, Password("wrong horse battery"))


def test_a_short_password_that_is_wrong_is_said_to_be_wrong(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(keys, "COST", {"n": 2**4, "r": 1, "p": 1})
    file = backed_up(tmp_path, Password("correct horse battery"))
    (tmp_path / "words").write_text("short", encoding="utf-8")
    with pytest.raises(WrongKey, match="密码不对"):
        said_by("restore", str(file), "--check", "--password-file", str(tmp_path / "words"))
