"""Keys changed under the persons of a register: nobody's number is lost, whatever happens meanwhile."""

import os
import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Cast

from chuangwei.core import audit, clock, resealing
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.keyring import INDEXING, SEALING
from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Person
from tests.factories import organisation

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("root")
LATER = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.CHUANGWEI_HOME = tmp_path


def now() -> datetime:
    return datetime.now(UTC)


def persons(count: int = 3) -> list[Person]:
    return [organisation.person(f"P{number}", phone=f"1380000{number:04}") for number in range(count)]


def stored(name: str = "phone") -> list[str]:
    raw = Person.objects.annotate(raw=Cast(F(name), TextField())).exclude(raw="").order_by("code")
    return [value.partition(":")[0] for value in raw.values_list("raw", flat=True)]


def phones() -> list[str]:
    return list(Person.objects.order_by("code").values_list("phone", flat=True))


def said_by(*words: str) -> str:
    out = StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def age(ring, number: int) -> None:
    """The key has been there for an hour."""
    then = time.time() - LATER.total_seconds()
    os.utime(ring.folder / f"{number}.{ring.suffix}", (then, then))


def test_rotation_moves_every_value_and_keeps_it(monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    persons(5)
    organisation.person("P9")
    assert resealing.make_key(ring=SEALING, by=SYSTEM, at=now()) == 2
    before = phones()
    moved = resealing.rotate(ring=SEALING, by=SYSTEM, at=now())
    assert (moved.number, moved.count, moved.closed) == (2, 5, [])
    assert stored() == ["2"] * 5
    assert phones() == before
    verbs = list(AuditEvent.objects.order_by("seq").values_list("verb", "subject_code"))
    assert verbs == [("新建密钥", "2")] + [("换用密钥", "2")] * 3
    assert audit.verify() == []
    assert not list(AuditEvent.objects.filter(details__contains="1380000"))


def test_rotation_that_was_stopped_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    persons(5)
    SEALING.add()
    move = resealing._move_batch

    def stop_at_the_second(**given):
        if any(pk == Person.objects.get(code="P2").pk for pk, _, _ in given["batch"]):
            raise KeyboardInterrupt
        return move(**given)

    monkeypatch.setattr(resealing, "_move_batch", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        resealing.rotate(ring=SEALING, by=SYSTEM, at=now())
    assert stored() == ["2", "2", "1", "1", "1"]
    monkeypatch.setattr(resealing, "_move_batch", move)
    assert resealing.rotate(ring=SEALING, by=SYSTEM, at=now()).count == 3
    assert resealing.rotate(ring=SEALING, by=SYSTEM, at=now()).count == 0
    assert stored() == ["2"] * 5


def test_a_number_changed_meanwhile_is_left_to_whoever_changed_it(monkeypatch):
    [person] = persons(1)
    SEALING.add()
    open_it = resealing.unseal

    def change_first(value: str) -> str:
        Person.objects.filter(pk=person.pk).update(phone="13999999999")
        return open_it(value)

    monkeypatch.setattr(resealing, "unseal", change_first)
    assert resealing.rotate(ring=SEALING, by=SYSTEM, at=now()).count == 0
    assert phones() == ["13999999999"]


def test_a_value_that_does_not_open_is_told_and_the_others_move():
    persons(2)
    sealed_elsewhere = "8:AAAA"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_person SET phone = %s WHERE code = 'P0'", [sealed_elsewhere])
    SEALING.add()
    with pytest.raises(DomainError, match="1 个值没有换成"):
        said_by("rotate")
    assert stored() == ["8", "2"]
    assert phones()[0] == "无法解密：缺少密钥 8"
    assert f"人员·手机 {Person.objects.get(code='P0').pk}：无法解密：缺少密钥 8" in str(
        resealing.rotate(ring=SEALING, by=SYSTEM, at=now()).closed
    )


def test_a_row_that_does_not_open_can_be_saved_and_stays_what_it_was():
    [person] = persons(1)
    (SEALING.folder / "1.key").rename(SEALING.folder / "away")
    (SEALING.folder / "2.key").write_bytes(b"2" * 32)
    index = Person.objects.get().phone_index
    person.refresh_from_db()
    person.title = "主任"
    person.save()
    assert (person.phone, person.phone_index) == ("无法解密：缺少密钥 1", index)
    (SEALING.folder / "away").rename(SEALING.folder / "1.key")
    assert phones() == ["13800000000"]


def test_retiring_is_refused_until_nothing_needs_the_key():
    persons(1)
    with pytest.raises(DomainError, match="密钥 1 正在使用"):
        resealing.retire_key(ring=SEALING, number=1, by=SYSTEM, at=now())
    with pytest.raises(DomainError, match="没有密钥 7。现有：1。"):
        resealing.retire_key(ring=SEALING, number=7, by=SYSTEM, at=now())
    SEALING.add()
    with pytest.raises(DomainError, match="还不到 30 分钟"):
        resealing.retire_key(ring=SEALING, number=1, by=SYSTEM, at=now())
    age(SEALING, 2)
    with pytest.raises(DomainError, match="还有 1 个值要用密钥 1"):
        resealing.retire_key(ring=SEALING, number=1, by=SYSTEM, at=now())
    resealing.rotate(ring=SEALING, by=SYSTEM, at=now())
    assert "移到" in said_by("retire", "1")
    assert list(SEALING.keys()) == [2]
    assert phones() == ["13800000000"]
    entry = AuditEvent.objects.latest("seq")
    assert (entry.verb, entry.subject_code, entry.actor_code, entry.channel) == ("停用密钥", "1", "system", "命令行")


def test_index_rotation_moves_every_index_and_look_up_works_meanwhile():
    persons(2)
    field = Person._meta.get_field("phone_index")
    resealing.make_key(ring=INDEXING, by=SYSTEM, at=now())
    assert stored("phone_index") == ["1", "1"]
    assert Person.objects.get(phone_index__in=field.indexes_of("138 0000 0001")).code == "P1"
    assert resealing.rotate(ring=INDEXING, by=SYSTEM, at=now()).count == 2
    assert stored("phone_index") == ["2", "2"]
    assert Person.objects.get(phone_index__in=field.indexes_of("138 0000 0001")).code == "P1"
    age(INDEXING, 2)
    resealing.retire_key(ring=INDEXING, number=1, by=SYSTEM, at=now())
    assert Person.objects.get(phone_index__in=field.indexes_of("+8613800000001")).code == "P1"


def test_the_nightly_check_finds_missing_keys_and_wrong_indexes():
    persons(2)
    assert list(resealing.faults()) == []
    Person.objects.filter(code="P0").update(phone="13912345678")
    assert list(resealing.faults()) == [
        "人员·手机索引：1 个索引与内容对不上。请运行 chuangwei keys rotate --index。"
    ]  # fmt: skip
    resealing.rotate(ring=INDEXING, by=SYSTEM, at=now())
    assert list(resealing.faults()) == []
    SEALING.add()
    INDEXING.add()
    assert list(resealing.faults()) == []
    for ring in (SEALING, INDEXING):
        (ring.folder / f"1.{ring.suffix}").unlink()
        ring._read = None
    assert list(resealing.faults()) == [
        "人员·手机：2 个值无法解密：缺少密钥 1。",
        "人员·手机索引：2 个索引的密钥不在。请放回，或运行 chuangwei keys rotate --index。",
    ]


def test_the_command_lists_makes_and_moves():
    persons(2)
    made = f"{clock.local(now()):%Y-%m-%d}"
    assert f"密钥 1：正在使用，2 个值，建于 {made}" in said_by("list")
    assert "已新建密钥 2。请先运行 chuangwei backup，新密钥就有了副本，再运行 chuangwei keys rotate。" in said_by("new")
    assert said_by("rotate") == "已换用密钥 2：2 个值。\n"
    listed = said_by("list")
    assert "密钥 1：只用来读旧值，0 个值" in listed
    assert "索引密钥 1：正在使用，2 个值" in listed
    assert said_by("rotate", "--index") == "已换用索引密钥 1：0 个值。\n"
    assert "再运行 chuangwei keys rotate --index。" in said_by("new", "--index")


def test_the_command_says_what_is_missing_and_fails():
    persons(1)
    assert "密钥 1：正在使用" in said_by("list")
    (SEALING.folder / "1.key").unlink()
    with pytest.raises(DomainError, match=r"^缺少密钥 1。请从备份中放回。$"):
        said_by("list")
    for words in (["retire"], ["new", "1"]):
        with pytest.raises(DomainError, match="停用须写明编号"):
            said_by(*words)


def test_before_the_first_number_there_is_no_key():
    assert said_by("list") == "密钥：还没有，第一次用到时自动建立。\n索引密钥：还没有，第一次用到时自动建立。\n"


def test_nobody_but_the_program_touches_keys():
    for step in (
        lambda by: resealing.make_key(ring=SEALING, by=by, at=now()),
        lambda by: resealing.rotate(ring=SEALING, by=by, at=now()),
        lambda by: resealing.retire_key(ring=SEALING, number=1, by=by, at=now()),
    ):
        with pytest.raises(NotAllowed):
            step(organisation.clerk("organisation.reveal", "organisation.accounts"))
