"""Messages: to whom, by which channels, and when they may leave."""

from datetime import UTC, datetime, timedelta

import pytest

from chuangwei.core import notices
from chuangwei.core.models import Notice
from chuangwei.core.notices import CHANNELS, Message

NOON = datetime(2023, 9, 4, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def tell(*to: str, title: str = "问题已派遣", at: datetime = NOON) -> int:
    return notices.send(
        to=to, kind="problem-dispatched", title=title, body="请在周五前整改。", at=at,
        subject_kind="problems.problem", subject_code="P-1",
    )  # fmt: skip


def test_send_tells_each_recipient_once():
    assert tell("zhang", "li", "zhang", "") == 2
    (notice,) = notices.notices_of("zhang")
    assert (notice.kind, notice.title, notice.body, notice.subject_kind, notice.subject_code) == (
        "problem-dispatched", "问题已派遣", "请在周五前整改。", "problems.problem", "P-1",
    )  # fmt: skip
    assert (notice.sent_at, notice.read_at) == (NOON, None)
    assert notices.unread_count("li") == 1


def test_nobody_to_tell_is_no_message():
    assert tell() == 0
    assert not Notice.objects.exists()


def test_a_title_too_long_is_cut():
    tell("zhang", title="长" * 300)
    assert notices.notices_of("zhang").get().title == "长" * 199 + "…"
    tell("li", title="长" * 200)
    assert notices.notices_of("li").get().title == "长" * 200


def test_the_newest_comes_first():
    for hour, title in ((1, "第二"), (0, "第一"), (2, "第三")):
        tell("zhang", title=title, at=NOON + hour * HOUR)
    assert [notice.title for notice in notices.notices_of("zhang")] == ["第三", "第二", "第一"]


def test_read_messages_are_no_longer_counted():
    for hour in range(3):
        tell("zhang", at=NOON + hour * HOUR)
    tell("li")
    newest, *older = notices.notices_of("zhang")
    assert notices.mark_read(recipient="zhang", at=NOON + 4 * HOUR, ids=[newest.pk]) == 1
    assert list(notices.notices_of("zhang", unread_only=True)) == older
    assert notices.mark_read(recipient="zhang", at=NOON + 5 * HOUR) == 2
    newest.refresh_from_db()
    assert newest.read_at == NOON + 4 * HOUR
    assert (notices.unread_count("zhang"), notices.unread_count("li")) == (0, 1)


def test_nobody_reads_for_somebody_else():
    tell("zhang")
    notice = notices.notices_of("zhang").get()
    assert notices.mark_read(recipient="li", at=NOON, ids=[notice.pk]) == 0


def test_what_may_not_be_known_any_more_is_taken_back_from_all_but_those_who_may():
    tell("zhang", "li")
    notices.send(to=["li"], kind="other", title="别的", at=NOON, subject_kind="problems.problem", subject_code="P-2")
    assert notices.withdraw(subject_kind="problems.problem", subject_code="P-1", keep=["zhang"]) == ["li"]
    assert sorted(Notice.objects.values_list("recipient_code", "subject_code")) == [("li", "P-2"), ("zhang", "P-1")]
    assert notices.withdraw(subject_kind="problems.problem", subject_code="P-1") == ["zhang"]
    assert notices.withdraw(subject_kind="problems.problem", subject_code="P-1") == []


class Outward:
    """A channel that leaves this database."""

    name = "短信"
    after_commit = True
    delivered: list[Message]

    def deliver(self, message: Message) -> None:
        self.delivered.append(message)


@pytest.fixture
def outward(monkeypatch):
    channel = type("Recorded", (Outward,), {"delivered": []})
    CHANNELS.discover()
    monkeypatch.setitem(CHANNELS._entries, "sms", channel)
    return channel


def test_other_channels_wait_until_the_write_is_safe(outward, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        tell("zhang", "li")
    assert outward.delivered == []
    for callback in waiting:
        callback()
    assert [message.recipients for message in outward.delivered] == [("zhang", "li")]


class Dead(Outward):
    def deliver(self, message: Message) -> None:
        raise ConnectionError(f"短信网关没有回应：{message.title}")


def test_the_failure_of_another_channel_is_not_the_writers(monkeypatch, django_capture_on_commit_callbacks, caplog):
    CHANNELS.discover()
    monkeypatch.setitem(CHANNELS._entries, "dead", Dead)
    with django_capture_on_commit_callbacks(execute=True):
        tell("zhang")
    assert notices.unread_count("zhang") == 1
    assert "短信网关没有回应" in caplog.text


def test_what_was_dealt_with_is_read_by_who_dealt_with_it_alone():
    for subject in ("P-1", "P-2"):
        notices.send(
            to=["li", "zhang"], kind="problem-dispatched", title="派给您", at=NOON, subject_kind="problems.problem",
            subject_code=subject,
        )  # fmt: skip
    given = {"subject_kind": "problems.problem", "subject_code": "P-1", "at": NOON}
    assert notices.mark_dealt_with(recipient="li", **given) == 1
    assert notices.mark_dealt_with(recipient="li", **given) == 0
    unread = Notice.objects.filter(read_at=None).values_list("recipient_code", "subject_code")
    assert sorted(unread) == [("li", "P-2"), ("zhang", "P-1"), ("zhang", "P-2")]
