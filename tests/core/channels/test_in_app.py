from datetime import UTC, datetime

import pytest
from django.db import transaction

from chuangwei.core.models import Notice
from chuangwei.core.notices import CHANNELS, Message

NOON = datetime(2023, 9, 4, 4, tzinfo=UTC)
MESSAGE = Message(("zhang", "li"), "flag-given", "黄牌", "第 36 周", "appraisal.period", "2023-W36", NOON)

pytestmark = pytest.mark.django_db


def test_a_message_is_a_row_for_each_recipient():
    CHANNELS.get("in-app")().deliver(MESSAGE)
    assert list(Notice.objects.order_by("pk").values_list("recipient_code", "kind", "title", "body")) == [
        ("zhang", "flag-given", "黄牌", "第 36 周"),
        ("li", "flag-given", "黄牌", "第 36 周"),
    ]
    assert set(Notice.objects.values_list("subject_kind", "subject_code", "sent_at", "read_at")) == {
        ("appraisal.period", "2023-W36", NOON, None)
    }


def test_a_write_taken_back_takes_its_messages_back():
    with transaction.atomic():
        CHANNELS.get("in-app")().deliver(MESSAGE)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_it_is_part_of_the_write_and_has_a_name():
    channel = CHANNELS.get("in-app")
    assert (channel.name, channel.after_commit) == ("站内消息", False)
