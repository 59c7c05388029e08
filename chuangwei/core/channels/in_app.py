"""站内消息: a row for each recipient, shown on their pages."""

from chuangwei.core.models import Notice
from chuangwei.core.notices import CHANNELS, Message


@CHANNELS.register("in-app")
class InApp:
    """Part of the write that caused it: a write that is taken back takes its messages back."""

    name = "站内消息"
    after_commit = False

    def deliver(self, message: Message) -> None:
        Notice.objects.bulk_create(
            Notice(
                recipient_code=code, kind=message.kind, title=message.title, body=message.body,
                subject_kind=message.subject_kind, subject_code=message.subject_code, sent_at=message.sent_at,
            )
            for code in message.recipients
        )  # fmt: skip
