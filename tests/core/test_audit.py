from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from chuangwei.core import audit
from chuangwei.core.actor import system_actor
from chuangwei.core.models import AuditEvent, AuditHead
from chuangwei.core.writes import action, is_writing, rolled_back

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SYSTEM = system_actor("root")


def note(code: str) -> None:
    audit.record(verb="登记", subject_kind="test.thing", subject_code=code, by=SYSTEM, at=NOON, details={"甲": 1})


@action
def three_notes() -> None:
    assert is_writing()
    note("1")
    two_more()


@action
def two_more() -> None:
    note("2")
    note("3")


@action
def failing() -> None:
    note("x")
    raise ValueError("the deed failed")


def codes() -> list[str]:
    return list(AuditEvent.objects.values_list("subject_code", flat=True))


def test_audit_chain_of_nested_actions_is_whole_and_in_order():
    three_notes()
    note("4")
    assert codes() == ["1", "2", "3", "4"]
    assert audit.verify() == []
    assert AuditEvent.objects.get(seq=2).previous_hash == AuditEvent.objects.get(seq=1).hash
    assert not is_writing()


def test_audit_entry_of_a_failed_action_is_not_kept():
    three_notes()
    with pytest.raises(ValueError, match="failed"):
        failing()
    note("4")
    assert codes() == ["1", "2", "3", "4"]
    assert audit.verify() == []


@action
def catches_a_failure() -> None:
    note("1")
    with pytest.raises(ValueError, match="failed"):
        failing()
    note("2")


def test_audit_entry_of_a_failed_inner_action_is_left_out_and_the_outer_ones_kept():
    catches_a_failure()
    assert codes() == ["1", "2"]
    assert audit.verify() == []


def test_audit_of_a_preview_leaves_nothing():
    assert rolled_back(lambda: three_notes() or "shown") == "shown"
    assert codes() == []
    assert audit.verify() == []


@pytest.mark.parametrize("field", ["verb", "actor_name", "note", "subject_code", "details"])
def test_audit_verify_finds_a_changed_entry(field: str):
    three_notes()
    AuditEvent.objects.filter(seq=2).update(**{field: "改过"})
    assert audit.verify() == [s for s in audit.verify() if "第 2 条" in s and "改动" in s]
    assert audit.verify()


def test_audit_verify_finds_a_missing_entry():
    three_notes()
    AuditEvent.objects.filter(seq=2).delete()
    assert audit.verify()[0] == "审计记录缺第 2 条。"


def test_audit_verify_finds_several_missing_entries():
    three_notes()
    AuditEvent.objects.filter(seq__lt=3).delete()
    assert audit.verify()[0] == "审计记录缺第 1 至 2 条。"


def test_audit_verify_finds_a_cut_off_tail():
    three_notes()
    AuditEvent.objects.filter(seq=3).delete()
    assert audit.verify() == ["审计记录末尾缺 1 条（应有 3 条）。"]


def test_audit_verify_finds_an_added_entry_even_with_a_right_hash_of_its_own():
    three_notes()
    forged = AuditEvent.objects.get(seq=3)
    forged.pk, forged.seq, forged.previous_hash = None, 4, forged.hash
    forged.hash = forged.computed_hash()
    forged.save()
    assert audit.verify() == ["审计记录末尾多出 1 条（应有 3 条）。"]


def test_audit_verify_finds_an_entry_exchanged_for_another_with_a_right_hash():
    three_notes()
    event = AuditEvent.objects.get(seq=2)
    event.note = "换过"
    event.hash = event.computed_hash()
    event.save()
    assert "第 3 条与前一条对不上" in audit.verify()[0]
    last = AuditEvent.objects.get(seq=3)
    last.previous_hash = event.hash
    last.hash = last.computed_hash()
    last.save()
    assert audit.verify() == ["审计记录最后一条与留存的链头对不上。"]


def test_audit_head_is_one_row():
    three_notes()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditHead.objects.create(pk=2)


def test_audit_entry_reads_as_a_line():
    three_notes()
    assert str(AuditEvent.objects.get(seq=1)) == "1 系统（root） 登记 1"
    assert str(AuditHead.objects.get()).startswith("3 ")
