"""The audit chain: who did what to which thing, each entry hashed with the one before.

Chained inside the write (docs/adr): an entry and its deed commit together, so a row put into the table by hand has
no place in the chain and is found, as are a changed, a missing and a cut-off entry.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.models import AuditEvent, AuditHead
from chuangwei.core.writes import pend

GENESIS = AuditEvent.GENESIS


def record(
    *,
    verb: str,
    subject_kind: str,
    subject_code: str,
    by: Actor,
    at: datetime,
    note: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Say that `by` did `verb` to a thing; chained when the surrounding action ends."""
    pend(
        AuditEvent(
            at=at,
            recorded_at=clock.now(),
            actor_code=by.code,
            actor_name=by.name,
            channel=by.channel,
            verb=verb,
            subject_kind=subject_kind,
            subject_code=subject_code,
            note=note,
            details=json.dumps(details or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        )
    )


def verify() -> list[str]:
    """Walk the whole chain; one sentence for each fault, none where it is whole."""
    return list(_faults())


def _faults() -> Iterator[str]:
    expected_seq, previous = 1, GENESIS
    for event in AuditEvent.objects.order_by("seq", "pk").iterator(chunk_size=2000):
        if event.seq > expected_seq:
            yield _missing(expected_seq, event.seq - 1)
        elif event.seq < expected_seq:
            yield f"审计记录第 {event.seq} 条出现不止一次，有一条是后来加进去的。"
            continue
        if event.hash != event.computed_hash():
            yield f"审计记录第 {event.seq} 条（{event.verb} {event.subject_kind} {event.subject_code}）被改动过。"
        elif event.previous_hash != previous and event.seq == expected_seq:
            yield f"审计记录第 {event.seq} 条与前一条对不上，前后有一条被换过或是后来加进去的。"
        expected_seq, previous = event.seq + 1, event.hash
    yield from _head_faults(expected_seq - 1, previous)


def _missing(first: int, last: int) -> str:
    return f"审计记录缺第 {first} 条。" if first == last else f"审计记录缺第 {first} 至 {last} 条。"


def _head_faults(last_seq: int, last_hash: str) -> Iterator[str]:
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).first()
    kept_seq, kept_hash = (head.seq, head.hash) if head else (0, GENESIS)
    if kept_seq > last_seq:
        yield f"审计记录末尾缺 {kept_seq - last_seq} 条（应有 {kept_seq} 条）。"
    elif kept_seq < last_seq:
        yield f"审计记录末尾多出 {last_seq - kept_seq} 条（应有 {kept_seq} 条）。"
    elif kept_hash != last_hash:
        yield "审计记录最后一条与留存的链头对不上。"
