"""Messages to people, by the channels of core/channels/ (one file each).

Recipients are accounts' codes: core knows no person. The channel kept in this database is part of the write that sends;
any other runs only once the write is safe, and its failure is logged, never the writer's trouble.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet

from chuangwei.core.models import Notice
from chuangwei.core.registry import Registry

log = logging.getLogger(__name__)

TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, to whom, and about which thing."""

    recipients: tuple[str, ...]
    kind: str
    title: str
    body: str
    subject_kind: str
    subject_code: str
    sent_at: datetime


class Channel(Protocol):
    """A way to reach people. `after_commit`: it leaves this database, so it must wait until the write is safe."""

    name: str
    after_commit: bool

    def deliver(self, message: Message) -> None: ...


CHANNELS: Registry[type[Channel]] = Registry("chuangwei.core.channels", label="消息渠道")


def send(
    *,
    to: Iterable[str],
    kind: str,
    title: str,
    at: datetime,
    body: str = "",
    subject_kind: str = "",
    subject_code: str = "",
) -> int:
    """Tell the accounts of these codes, each once; how many they are.

    `kind` is a slug (problem-dispatched); the subject is what the message leads to. A title too long is cut.
    """
    recipients = tuple(dict.fromkeys(code for code in to if code))
    if not recipients:
        return 0
    short = title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"
    message = Message(recipients, kind, short, body, subject_kind, subject_code, at)
    for make in CHANNELS.all().values():
        channel = make()
        if channel.after_commit:
            transaction.on_commit(partial(_deliver_outside, channel, message))
        else:
            channel.deliver(message)
    return len(recipients)


def _deliver_outside(channel: Channel, message: Message) -> None:
    try:
        channel.deliver(message)
    except Exception:  # the write is done; whatever a gateway says now must not undo what the page answers
        log.exception("channel %s failed for %s", channel.name, message.kind)


def notices_of(recipient: str, *, unread_only: bool = False) -> QuerySet[Notice]:
    """The messages to an account, the newest first."""
    found = Notice.objects.filter(recipient_code=recipient).order_by("-sent_at", "-pk")
    return found.filter(read_at=None) if unread_only else found


def unread_count(recipient: str) -> int:
    return Notice.objects.filter(recipient_code=recipient, read_at=None).count()


def mark_read(*, recipient: str, at: datetime, ids: Iterable[int] | None = None) -> int:
    """Note that an account has read these messages (all of them where none are named); how many were new.

    Not in the audit chain: who reads when is nobody's business but the reader's (减负, domain §11).
    """
    unread = Notice.objects.filter(recipient_code=recipient, read_at=None)
    return (unread if ids is None else unread.filter(pk__in=list(ids))).update(read_at=at)


def withdraw(*, subject_kind: str, subject_code: str, keep: Iterable[str] = ()) -> list[str]:
    """Take back the messages about a thing from everybody but the accounts of these codes; whose each of them was.

    For what somebody may not know any more. It leaves no trace by itself: whoever takes back says so in the audit. A
    message that left by another channel cannot be taken back.
    """
    about = Notice.objects.filter(subject_kind=subject_kind, subject_code=subject_code)
    gone = dict(about.exclude(recipient_code__in=list(keep)).values_list("pk", "recipient_code"))
    Notice.objects.filter(pk__in=gone).delete()
    return sorted(gone.values())


def mark_dealt_with(*, recipient: str, subject_kind: str, subject_code: str, at: datetime) -> int:
    """Note as read what told an account of a thing, now that it has done something about it; how many were new."""
    about = Notice.objects.filter(subject_kind=subject_kind, subject_code=subject_code)
    return about.filter(recipient_code=recipient, read_at=None).update(read_at=at)
