"""Private phones: read with a reason, looked for by number, exported. Each reading is an entry of the audit chain.

A reading names who, whose, why and from which address; never the number itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from chuangwei.core import audit, notices, retention
from chuangwei.core.actor import ALL, Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.models import AuditEvent
from chuangwei.core.retention import Due
from chuangwei.core.secrets import BlindIndexField
from chuangwei.core.text import Unreadable, free_text, mask_phone, phone_number
from chuangwei.core.writes import action
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import (
    EVERYBODY,
    EXPORTED_PHONES,
    LOOKED_UP,
    NOBODY_FOUND,
    PERSON_SUBJECT,
    READ_PHONE,
    READINGS,
    Permission,
)
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.permissions import may_export_phones, may_look_up, may_reveal, visible_persons

SHORTEST_REASON = 4
LONGEST_REASON = 200
SHORTEST_NUMBER = 7
"""Fewer digits are no phone number; guessing by pieces is not offered."""
MOST_FOUND = 20
HOUR = timedelta(hours=1)
PHONE_INDEX: BlindIndexField = Person._meta.get_field("phone_index")


@action
def reveal_phone(*, person: Person, reason: str, by: Actor, at: datetime, address: str = "") -> str:
    """The private phone of one person. DomainError without a reason, or where there is no number to read."""
    require(may_reveal(by, person))
    why = _reason(reason)
    if not person.phone:
        raise DomainError(f"{person.name}没有登记手机号。")
    if isinstance(person.phone, Unreadable):
        raise DomainError(f"{person.name}的手机号{person.phone}。请联系系统管理员。")
    _record(READ_PHONE, person.code, by=by, at=at, why=why, address=address)
    _tell_auditors(by, at)
    return str(person.phone)


@action
def persons_by_phone(*, phone: str, reason: str, by: Actor, at: datetime, address: str = "") -> list[Person]:
    """The persons in the actor's sight who have this number, however it is written. The number is not kept."""
    require(may_look_up(by))
    why = _reason(reason)
    if len(phone_number(phone)) < SHORTEST_NUMBER:
        raise DomainError("请填写完整的号码。")
    indexes = PHONE_INDEX.indexes_of(phone)
    found = list(visible_persons(by).filter(phone_index__in=indexes).order_by("code")[:MOST_FOUND]) if indexes else []
    codes = [person.code for person in found] or [NOBODY_FOUND]
    for code in codes:
        _record(LOOKED_UP, code, by=by, at=at, why=why, address=address, masked=mask_phone(phone))
    _tell_auditors(by, at, readings=len(codes))
    return found


@action
def record_phone_export(*, count: int, reason: str, by: Actor, at: datetime, address: str = "") -> str:
    """Say that whole numbers leave in a workbook; the reason as it is kept. Call it before a number is written."""
    require(may_export_phones(by), "您没有权限导出完整手机号。")
    why = _reason(reason)
    _record(EXPORTED_PHONES, EVERYBODY, by=by, at=at, why=why, address=address, count=count)
    notices.send(
        to=queries.holders_of(Permission.AUDIT), kind="phones-exported", at=at,
        title=f"{by.name}导出了 {count} 个完整手机号", body=f"理由：{why}",
        subject_kind="organisation.account", subject_code=by.code,
    )  # fmt: skip
    return why


@action
def forget_phones(*, due: Sequence[Due], by: Actor, at: datetime) -> None:
    """Delete the phones of persons who left so long ago; each leaves a tombstone. What the history masked stays masked."""
    require(ALL in by.permissions)
    persons = Person.objects.in_bulk([one.code for one in due], field_name="code")
    for one in due:
        person = persons[one.code]
        kept = person.phone.sealed if isinstance(person.phone, Unreadable) else phone_number(person.phone)
        content = f"{kept}\t{phone_number(person.public_phone)}"
        person.phone = person.public_phone = ""
        person.public_phone_consent_on = None
        person.save(update_fields=["phone", "phone_index", "public_phone", "public_phone_consent_on"])
        retention.tombstone(due=one, content=content, title="离开全部单位和责任，保存期满", by=by, at=at)


def _reason(written: str) -> str:
    reason = free_text(written)
    if len(reason) < SHORTEST_REASON:
        raise DomainError(f"请写明理由，至少 {SHORTEST_REASON} 个字。")
    if len(reason) > LONGEST_REASON:
        raise DomainError(f"理由请写在 {LONGEST_REASON} 个字以内。")
    return reason


def _record(
    verb: str, code: str, *, by: Actor, at: datetime, why: str, address: str, **details: str | int
) -> None:  # fmt: skip
    audit.record(
        verb=verb, subject_kind=PERSON_SUBJECT, subject_code=code, by=by, at=at, note=why,
        details={**({"address": address} if address else {}), **details},
    )  # fmt: skip


def _tell_auditors(by: Actor, at: datetime, *, readings: int = 1) -> None:
    """Once for every so many readings within an hour: whoever collects numbers is noticed, whoever needs a few is not.

    `readings` are those of now, which the chain does not have yet.
    """
    limit = int(settings.CHUANGWEI_READINGS_AN_HOUR)
    earlier = AuditEvent.objects.filter(actor_code=by.code, verb__in=READINGS, recorded_at__gt=at - HOUR).count()
    later = earlier + readings
    if limit <= 0 or earlier // limit == later // limit:
        return
    notices.send(
        to=_others(queries.holders_of(Permission.AUDIT), by), kind="phones-read-often", at=at,
        title=f"{by.name}一小时内查阅了 {later} 次个人信息",
        body="请在“审计·查阅记录”中核对理由。", subject_kind="organisation.account", subject_code=by.code,
    )  # fmt: skip


def _others(codes: Sequence[str], by: Actor) -> list[str]:
    return [code for code in codes if code != by.code]
