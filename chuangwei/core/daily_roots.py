"""The audit chain's daily root: the hash of a day's last entry, which stands for that day and all before it.

Printed and signed it leaves the machine, so that whoever can rewrite the whole table cannot make it fit the paper. A day
is what was chained up to the moment it was closed; what an action that ran over midnight adds belongs to the next.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.core.models import AuditEvent, AuditRoot
from chuangwei.core.writes import action

DAY = timedelta(days=1)
HASH = re.compile("[0-9a-f]{64}")
GROUP = 4


@action
def close_days(*, at: datetime) -> list[AuditRoot]:
    """Make the root of every day that is over and has none; days on which nothing was done have none."""
    made: list[AuditRoot] = []
    while (day := _next_day(at)) is not None:
        last = AuditEvent.objects.filter(recorded_at__lt=clock.instant(day + DAY)).order_by("-seq").first()
        before = AuditRoot.objects.order_by("-day").first()
        if last is None:
            break
        first = before.last_seq if before else 0
        made.append(
            AuditRoot.objects.create(day=day, last_seq=last.seq, count=last.seq - first, hash=last.hash, made_at=at)
        )
    return made


def _next_day(at: datetime) -> date | None:
    """The earliest day, over by now, with entries behind the last root."""
    before = AuditRoot.objects.order_by("-day").first()
    first = AuditEvent.objects.filter(seq__gt=before.last_seq if before else 0).order_by("seq").first()
    if first is None:
        return None
    day = clock.local_day(first.recorded_at)
    if before is not None:
        day = max(day, before.day + DAY)
    return day if day < clock.local_day(at) else None


def roots() -> QuerySet[AuditRoot]:
    return AuditRoot.objects.order_by("-day")


def in_groups(root: str) -> str:
    """As people read it out: four by four."""
    return " ".join(root[start : start + GROUP] for start in range(0, len(root), GROUP))


def printed(text: str) -> str:
    """A root as somebody typed it from the paper: groups, capitals and full-width letters do not matter."""
    found = re.sub(r"[\s\-·]", "", text.translate(FULL_WIDTH)).lower()
    if not HASH.fullmatch(found):
        raise DomainError("日根应是 64 个十六进制字符（0–9、a–f），可以带空格。")
    return found


FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)}


def root_faults(day: date, text: str) -> Iterator[str]:
    """What is wrong between a printed root and the chain; nothing where they agree and the day's entries are whole."""
    wanted = printed(text)
    named = f"{day.year} 年 {day.month} 月 {day.day} 日"
    root = AuditRoot.objects.filter(day=day).first()
    if root is None:
        yield f"{named}没有日根：这一天还没有封存，或者没有任何记录。"
        return
    if root.hash != wanted:
        yield (
            f"{named}的日根与您输入的不同：请先核对是否抄错；若无误，则这一天的记录被改动过。"
            f"现存的日根：{in_groups(root.hash)}。"
        )
    last = AuditEvent.objects.filter(seq=root.last_seq).first()
    if last is None:
        yield f"{named}的末条（第 {root.last_seq} 条）不见了。"
    elif last.hash != root.hash:
        yield f"{named}的末条（第 {root.last_seq} 条）与现存的日根对不上，这一天或以前的记录被改动过。"
    yield from _day_faults(root)


def _day_faults(root: AuditRoot) -> Iterator[str]:
    """Every entry of the day by itself and with the one before it."""
    before = AuditEvent.objects.filter(seq=root.first_seq - 1).values_list("hash", flat=True).first()
    previous, count = before or AuditEvent.GENESIS, 0
    events = AuditEvent.objects.filter(seq__range=(root.first_seq, root.last_seq)).order_by("seq")
    for event in events.iterator(chunk_size=2000):
        count += 1
        if event.hash != event.computed_hash() or event.previous_hash != previous:
            yield f"第 {event.seq} 条（{event.verb} {event.subject_code}）被改动过，或与前一条对不上。"
        previous = event.hash
    if count != root.count:
        yield f"这一天应有 {root.count} 条，现有 {count} 条。"


def faults() -> Iterator[str]:
    """Roots that no longer are what the chain says, for whoever verifies the whole chain anyway."""
    hashes = AuditEvent.objects.filter(seq__in=AuditRoot.objects.values("last_seq"))
    known = dict(hashes.values_list("seq", "hash"))
    for root in roots():
        if known.get(root.last_seq) != root.hash:
            yield f"{root.day} 的审计日根与链对不上。"
