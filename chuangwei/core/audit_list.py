"""Reading the audit chain: what somebody may see of it, narrowed in ways that stay quick at ten million entries.

What is sealed stays sealed here too. A noun that seals things says so in a file `sealing.py` in its app:

    def sealed_subjects(actor: Actor) -> Iterable[Sealed]: ...
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.module_loading import module_has_submodule

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.models import AuditEvent, AuditHead

NO_WRITE_IS_LONGER = timedelta(hours=1)
"""An entry is recorded when the deed is done and chained when its action ends; between lies no more than this."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Things of one kind whose entries an actor must not see: their codes, as a query of one column or a list.

    None stands for all of the kind, where what is gone can no longer be told apart.
    """

    kind: str
    codes: QuerySet[Any] | Sequence[str] | None


Sealing = Callable[[Actor], Iterable[Sealed]]


@cache
def _sealings() -> tuple[Sealing, ...]:
    found = [config for config in apps.get_app_configs() if module_has_submodule(config.module, "sealing")]
    return tuple(
        sealing for config in found if (sealing := getattr(import_module(f"{config.name}.sealing"), SEALED, None))
    )


SEALED = "sealed_subjects"


def events(*, actor: Actor) -> QuerySet[AuditEvent]:
    """The entries an actor may read. Whether they may read any at all is the page's question."""
    return _without(sealed_from(actor))


def sealed_from(actor: Actor) -> list[Sealed]:
    """What all nouns together hide from an actor; mostly nothing."""
    return [sealed for sealing in _sealings() for sealed in sealing(actor)]


def _without(hidden: Iterable[Sealed]) -> QuerySet[AuditEvent]:
    found = AuditEvent.objects.all()
    for sealed in hidden:
        some = Q() if sealed.codes is None else Q(subject_code__in=sealed.codes)
        found = found.exclude(Q(subject_kind=sealed.kind) & some)
    return found


def length() -> int:
    """How many entries the chain has, those included that an actor may not read."""
    return AuditHead.objects.filter(pk=AuditHead.ONLY).values_list("seq", flat=True).first() or 0


def length_at(at: datetime) -> int:
    """How many it had for certain at an instant: the number before the lowest of those recorded later.

    Entries are not chained in the order they were recorded in: of two later ones the lower may be recorded last.
    """
    before = _seq(AuditEvent.objects.filter(recorded_at__lt=at - NO_WRITE_IS_LONGER).order_by("-recorded_at"))
    first = _seq(AuditEvent.objects.filter(recorded_at__gt=at, seq__gt=before or 0).order_by("seq"))
    return length() if first is None else first - 1


def since(day: date) -> Q:
    """Recorded on this day or later."""
    start = clock.instant(day)
    before = _seq(AuditEvent.objects.filter(recorded_at__lt=start - NO_WRITE_IS_LONGER).order_by("-recorded_at"))
    return Q(recorded_at__gte=start, seq__gt=before or 0)


def until(day: date) -> Q:
    """Recorded on this day or earlier."""
    end = clock.instant(day + DAY)
    behind = _seq(AuditEvent.objects.filter(recorded_at__gte=end + NO_WRITE_IS_LONGER).order_by("recorded_at"))
    return Q(recorded_at__lt=end) & (Q(seq__lt=behind) if behind else Q())


def _seq(found: QuerySet[AuditEvent]) -> int | None:
    """The list runs by number; the time of an entry only bounds where in it a day can lie."""
    return found.values_list("seq", flat=True).first()


def _columns() -> list[tuple[str, str | None]]:
    return [(one.name, one.column) for one in AuditEvent._meta.concrete_fields]


def known(column: str, *, actor: Actor) -> list[str]:
    """Every value of a narrow column, in order, as far as the actor sees entries with it: a verb alone would tell."""
    values = _values(column)
    hidden = sealed_from(actor)
    if not hidden:
        return values
    seen = _without(hidden)
    return [value for value in values if seen.filter(**{column: value}).exists()]


def _values(column: str) -> list[str]:
    """Hops from one value to the next in the column's index, however many rows there are."""
    name = connection.ops.quote_name(str(dict(_columns())[column]))
    table = connection.ops.quote_name(AuditEvent._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE hop(value) AS (SELECT min({name}) FROM {table}"  # noqa: S608 - names come from the model
            f" UNION ALL SELECT (SELECT min({name}) FROM {table} WHERE {name} > hop.value) FROM hop"
            " WHERE hop.value IS NOT NULL) SELECT value FROM hop WHERE value IS NOT NULL"
        )
        return [str(value) for (value,) in cursor.fetchall()]
