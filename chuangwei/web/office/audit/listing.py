"""The lists of the audit chain: all of it, and the readings of personal data."""

from django.db.models import Q

from chuangwei.core import audit_list
from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.enums import PERSON_SUBJECT, READINGS
from chuangwei.domain.organisation.models import Account, Person
from chuangwei.web.office.audit import words
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Sort, day_of

SYSTEM = system_actor("")


def _by(who: str) -> Q:
    """By account or by name; 系统 is the program itself. Names are looked up first: the chain is indexed by account."""
    if who in ("系统", SYSTEM.code) or who.startswith("系统（"):
        return Q(actor_code=SYSTEM.code)
    codes = list(Account.objects.filter(Q(username=who) | Q(name=who)).values_list("username", flat=True))
    return Q(actor_code__in=codes) if len(codes) > 1 else Q(actor_code=codes[0] if codes else who)


def _whom(person: str) -> Q:
    """A person by code or by name."""
    codes = list(Person.objects.filter(Q(code=person) | Q(name=person)).values_list("code", flat=True))
    return Q(subject_code__in=codes or [person])


def _since(value: str) -> Q:
    day = day_of(value)
    return audit_list.since(day) if day else Q()


def _until(value: str) -> Q:
    day = day_of(value)
    return audit_list.until(day) if day else Q()


WHO = Filter("who", "谁（姓名或账号）", _by)
DAYS = (Filter("since", "从", _since, is_day=True, last_day="until"), Filter("until", "到", _until, is_day=True))
SORTS = (Sort("newest", "最近的在前", ("-seq",)), Sort("oldest", "最早的在前", ("seq",)))


def event_listing(actor: Actor) -> Listing[AuditEvent]:
    """The list of all entries, with the verbs and kinds that this actor sees to choose from."""
    verbs: Choices = [(verb, verb) for verb in audit_list.known("verb", actor=actor)]
    kinds: Choices = [(kind, words.kind_title(kind)) for kind in audit_list.known("subject_kind", actor=actor)]
    filters = [
        WHO,
        Filter("verb", "动作", lambda value: Q(verb=value), choices=verbs),
        Filter("kind", "对象类别", lambda value: Q(subject_kind=value), choices=kinds),
        Filter("code", "对象编码", lambda value: Q(subject_code=value)),
        *DAYS,
    ]
    return Listing[AuditEvent](sorts=SORTS, filters=filters, columns=EVENT_COLUMNS)


EVENT_COLUMNS: tuple[Column[AuditEvent], ...] = (
    Column("序号", lambda event: event.seq),
    Column("时间", lambda event: event.at),
    Column("账号", lambda event: event.actor_code),
    Column("谁", lambda event: event.actor_name),
    Column("渠道", lambda event: event.channel),
    Column("动作", lambda event: event.verb),
    Column("对象类别", lambda event: words.kind_title(event.subject_kind)),
    Column("对象编码", lambda event: event.subject_code),
    Column("说明", lambda event: event.note),
    Column("内容", lambda event: "；".join(f"{fact.name} {fact.value}" for fact in words.facts(event.details))),
    Column("摘要", lambda event: event.hash),
    Column("前一条摘要", lambda event: event.previous_hash),
)

READ = Q(subject_kind=PERSON_SUBJECT, verb__in=READINGS)
"""What of the chain is a reading of personal data."""

READING_LIST = Listing[AuditEvent](
    sorts=SORTS,
    filters=[
        WHO,
        Filter("whom", "谁的（姓名或编码）", _whom),
        Filter("verb", "方式", lambda value: Q(verb=value), choices=[(verb, verb) for verb in READINGS]),
        *DAYS,
    ],
    columns=[
        Column("序号", lambda event: event.seq),
        Column("时间", lambda event: event.at),
        Column("账号", lambda event: event.actor_code),
        Column("谁", lambda event: event.actor_name),
        Column("方式", lambda event: event.verb),
        Column("谁的", lambda event: event.subject_code),
        Column("理由", lambda event: event.note),
        Column("内容", lambda event: "；".join(f"{fact.name} {fact.value}" for fact in words.facts(event.details))),
    ],
)
