from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from chuangwei.core import audit, clock, daily_roots
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError
from chuangwei.core.models import AuditEvent, AuditRoot
from chuangwei.core.writes import action

pytestmark = pytest.mark.django_db
SUNDAY, MONDAY, TUESDAY, THURSDAY = (date(2026, 11, day) for day in (15, 16, 17, 19))
SYSTEM = system_actor("root")


def noon(day: date) -> datetime:
    return clock.instant(day) + timedelta(hours=12)


def after(day: date) -> datetime:
    """Five past midnight behind a day."""
    return clock.instant(day + timedelta(days=1)) + timedelta(minutes=5)


@action
def deed(code: str, *, at: datetime) -> None:
    with clock.frozen(at):
        audit.record(verb="登记", subject_kind="test.thing", subject_code=code, by=SYSTEM, at=at)


@pytest.fixture
def week() -> None:
    """Two deeds on Sunday, one on Monday, none on Tuesday and Wednesday, two on Thursday, which is not over."""
    for code, day in (("1", SUNDAY), ("2", SUNDAY), ("3", MONDAY), ("4", THURSDAY), ("5", THURSDAY)):
        deed(code, at=noon(day))


def rows() -> list[tuple[date, int, int]]:
    return [(root.day, root.count, root.last_seq) for root in AuditRoot.objects.order_by("day")]


@pytest.mark.usefixtures("week")
def test_each_day_that_is_over_is_closed_with_the_hash_of_its_last_entry():
    made = daily_roots.close_days(at=noon(THURSDAY))
    assert rows() == [(SUNDAY, 2, 2), (MONDAY, 1, 3)]
    assert made[0].hash == AuditEvent.objects.get(seq=2).hash
    assert made[0].first_seq == 1
    assert daily_roots.close_days(at=noon(THURSDAY)) == []
    daily_roots.close_days(at=after(THURSDAY))
    assert rows() == [(SUNDAY, 2, 2), (MONDAY, 1, 3), (THURSDAY, 2, 5)]


def test_an_empty_chain_has_no_roots():
    assert daily_roots.close_days(at=noon(MONDAY)) == []


def test_what_ran_over_midnight_belongs_to_the_day_it_was_chained_in():
    deed("1", at=noon(SUNDAY))
    daily_roots.close_days(at=after(SUNDAY))
    deed("late", at=clock.instant(MONDAY) - timedelta(minutes=1))
    deed("2", at=noon(MONDAY))
    daily_roots.close_days(at=after(MONDAY))
    assert rows() == [(SUNDAY, 1, 1), (MONDAY, 2, 3)]


@pytest.mark.parametrize("how", [str, daily_roots.in_groups, str.upper, lambda root: f" {root} "])
@pytest.mark.usefixtures("week")
def test_a_root_typed_from_the_paper_agrees(how):
    root = daily_roots.close_days(at=noon(THURSDAY))[0]
    assert list(daily_roots.root_faults(SUNDAY, how(root.hash))) == []


def test_a_root_is_read_with_full_width_letters_and_refused_when_it_is_none():
    assert daily_roots.printed("ＡＢ" + "0" * 62) == "ab" + "0" * 62
    for text in ("", "12", "g" * 64, "0" * 65):
        with pytest.raises(DomainError, match="日根应是 64 个"):
            daily_roots.printed(text)


def test_in_groups():
    assert daily_roots.in_groups("0123456789") == "0123 4567 89"


@pytest.mark.usefixtures("week")
def test_a_root_that_does_not_agree_says_how():
    root = daily_roots.close_days(at=noon(THURSDAY))[0]
    [wrong] = daily_roots.root_faults(SUNDAY, "0" * 64)
    assert wrong == (
        "2026 年 11 月 15 日的日根与您输入的不同：请先核对是否抄错；若无误，则这一天的记录被改动过。"
        f"现存的日根：{daily_roots.in_groups(root.hash)}。"
    )
    AuditEvent.objects.filter(seq=2).update(hash="f" * 64)
    told = list(daily_roots.root_faults(SUNDAY, root.hash))
    assert "末条（第 2 条）与现存的日根对不上，这一天或以前的记录被改动过" in told[0]
    [none] = daily_roots.root_faults(TUESDAY, root.hash)
    assert none == "2026 年 11 月 17 日没有日根：这一天还没有封存，或者没有任何记录。"


def rewrite_everything() -> None:
    """What somebody with the whole machine can do: change an entry, chain all anew, mend head and roots."""
    events = list(AuditEvent.objects.order_by("seq"))
    previous = AuditEvent.GENESIS
    for event in events:
        if event.seq == 1:
            event.note = "改过"
        event.previous_hash = previous
        previous = event.hash = event.computed_hash()
        event.save()
    audit.AuditHead.objects.update(hash=previous)
    for root in AuditRoot.objects.all():
        AuditRoot.objects.filter(pk=root.pk).update(hash=AuditEvent.objects.get(seq=root.last_seq).hash)


@pytest.mark.usefixtures("week")
def test_only_the_paper_finds_a_chain_that_was_rewritten_whole():
    paper = daily_roots.close_days(at=noon(THURSDAY))[1].hash
    rewrite_everything()
    assert audit.verify() == []
    assert list(daily_roots.faults()) == []
    [told] = daily_roots.root_faults(MONDAY, paper)
    assert "若无误，则这一天的记录被改动过" in told


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: AuditEvent.objects.filter(seq=1).update(note="改过"), "第 1 条（登记 1）被改动过"),
        (lambda: AuditEvent.objects.filter(seq=1).delete(), "这一天应有 2 条，现有 1 条。"),
        (lambda: AuditEvent.objects.filter(seq=2).delete(), "的末条（第 2 条）不见了"),
    ],
)
@pytest.mark.usefixtures("week")
def test_a_day_that_was_changed_does_not_agree_any_more(spoil, said):
    root = daily_roots.close_days(at=noon(THURSDAY))[0]
    spoil()
    assert any(said in fault for fault in daily_roots.root_faults(SUNDAY, root.hash))


@pytest.mark.usefixtures("week")
def test_a_root_that_was_changed_is_found_without_paper():
    daily_roots.close_days(at=noon(THURSDAY))
    AuditRoot.objects.filter(day=MONDAY).update(hash="0" * 64)
    assert list(daily_roots.faults()) == ["2026-11-16 的审计日根与链对不上。"]


@pytest.mark.usefixtures("week")
def test_the_command_checks_roots_from_the_paper():
    root = daily_roots.close_days(at=noon(THURSDAY))[0]
    out = StringIO()
    call_command("verify", f"--root=2026-11-15={daily_roots.in_groups(root.hash)}", stdout=out)
    assert out.getvalue().startswith("2026-11-15 的审计日根与纸上的一致。\n审计记录 5 条")
    with pytest.raises(DomainError, match="发现 1 处不符"):
        call_command("verify", f"--root=2026-11-15={'0' * 64}", stdout=out)
    for wrong in ("2026-11-15", "昨天=" + "0" * 64, "2026-11-15=12"):
        with pytest.raises(DomainError):
            call_command("verify", f"--root={wrong}", stdout=out)


def test_the_day_is_the_one_in_shanghai():
    deed("1", at=datetime(2026, 11, 15, 15, 59, tzinfo=UTC))
    deed("2", at=datetime(2026, 11, 15, 16, 1, tzinfo=UTC))
    daily_roots.close_days(at=noon(THURSDAY))
    assert rows() == [(SUNDAY, 1, 1), (MONDAY, 1, 2)]
