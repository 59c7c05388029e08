"""Keys changed while the program runs: a new one, every value moved over to it, the old one put aside.

Columns are found through the models: every SealedField, and every BlindIndexField beside one. Values move in batches,
each an action with its audit entry; a batch takes only what still bears another key, so work that was stopped is simply
begun again, and a value somebody changes meanwhile is left to them. Values that lie elsewhere, sealed by a library
inside columns of its own, are named by whoever knows them (`seal_elsewhere`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex, Substr

from chuangwei.core import audit
from chuangwei.core.actor import ALL, Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.keyring import INDEXING, SEALING, SETTLING, KeyRing
from chuangwei.core.rows import Progress, silent
from chuangwei.core.secrets import BlindIndexField, CannotUnseal, SealedField, key_number, seal, unseal
from chuangwei.core.writes import action

BATCH = 500
SUBJECT = "core.key"
TOLD = 20
"""So many values that do not open are told one by one."""


@dataclass(frozen=True)
class KeyedColumn:
    """A column of a table whose values begin with the number of a key. Asked for as the database has them."""

    model: type[models.Model]
    field: "SealedField | BlindIndexField"

    @property
    def ring(self) -> KeyRing:
        return SEALING if isinstance(self.field, SealedField) else INDEXING

    def __str__(self) -> str:
        return f"{self.model._meta.verbose_name}·{self.field.verbose_name}"

    def rows(self) -> QuerySet[Any]:
        """Every row with the value as it is stored."""
        return self.model._base_manager.annotate(stored=Cast(F(self.field.name), TextField()))

    def counts(self) -> dict[int, int]:
        """Number of a key → how many values need it."""
        number = Substr("stored", 1, StrIndex("stored", Value(":")) - 1)
        found = self.rows().exclude(stored="").order_by().values(number=number).annotate(many=Count("*"))
        return {int(row["number"]) if str(row["number"]).isdecimal() else 0: row["many"] for row in found}


def columns(ring: KeyRing) -> list[KeyedColumn]:
    kind: type[models.Field[Any, Any]] = SealedField if ring is SEALING else BlindIndexField
    return [
        KeyedColumn(model, cast("Any", one))
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, kind)
    ]


class SealedPlace(Protocol):
    """Where further sealed values lie; as text, what it is called."""

    def values(self) -> Iterable[tuple[int, str]]:
        """Key of the row and sealed value, of every value, in the order of the rows."""

    def replace(self, pk: int, old: str, new: str) -> bool:
        """Put a value in the place of another of the same row; whether that was still there. Called within a write."""


_elsewhere: list[SealedPlace] = []


def seal_elsewhere(place: SealedPlace) -> None:
    """Name a place of sealed values outside SealedFields; called when the program starts."""
    if place not in _elsewhere:
        _elsewhere.append(place)


def places(ring: KeyRing) -> list[SealedPlace]:
    return list(_elsewhere) if ring is SEALING else []


def counts_of(place: SealedPlace) -> dict[int, int]:
    return dict(Counter(key_number(value) for _, value in place.values()))


def needed(ring: KeyRing) -> dict[int, int]:
    """Number of a key → how many values need it, over all tables."""
    found: Counter[int] = Counter()
    for column in columns(ring):
        found.update(column.counts())
    for place in places(ring):
        found.update(counts_of(place))
    return dict(found)


# --- Moving over ------------------------------------------------------------------------------------------------------


@dataclass
class Moved:
    """What a rotation did: how many values bear the new key now, and which could not be opened."""

    number: int
    count: int = 0
    closed: list[str] = field(default_factory=list)


def rotate(*, ring: KeyRing, by: Actor, at: datetime, progress: Progress = silent) -> Moved:
    """Move every value over to the newest key of the ring."""
    require(ALL in by.permissions)
    moved = Moved(ring.newest()[0])
    for column in columns(ring):
        waiting = _unsealed_rows(column, moved.number) if ring is SEALING else _unindexed_rows(column)
        total, last, done = waiting.count(), 0, 0
        while batch := list(waiting.filter(pk__gt=last).order_by("pk")[:BATCH]):
            last = batch[-1][0]
            _move_batch(column=column, batch=batch, moved=moved, by=by, at=at)
            done += len(batch)
            progress(done, total)
    for place in places(ring):
        others = [one for one in place.values() if key_number(one[1]) != moved.number]
        for begin in range(0, len(others), BATCH):
            _move_elsewhere(place=place, batch=others[begin : begin + BATCH], moved=moved, by=by, at=at)
            progress(min(begin + BATCH, len(others)), len(others))
    return moved


def _unsealed_rows(column: KeyedColumn, newest: int) -> QuerySet[Any]:
    """Key of the row and stored value, where another key sealed it."""
    others: QuerySet[Any] = column.rows().exclude(stored="").exclude(stored__startswith=f"{newest}:")
    return others.values_list("pk", "stored", "stored")


def _unindexed_rows(column: KeyedColumn) -> QuerySet[Any]:
    """Key of the row, its sealed value, its index: whether the index is right is known only by making it anew."""
    beside = Cast(F(_of(column)), TextField())
    found: QuerySet[Any] = column.rows().annotate(sealed=beside)
    return found.exclude(Q(sealed="") & Q(stored="")).values_list("pk", "sealed", "stored")


def _of(column: KeyedColumn) -> str:
    return cast("BlindIndexField", column.field).of


@action
def _move_batch(
    *, column: KeyedColumn, batch: Sequence[tuple[int, str, str]], moved: Moved, by: Actor, at: datetime
) -> None:
    count = 0
    for pk, sealed, stored in batch:
        try:
            text = unseal(sealed) if sealed else ""
        except CannotUnseal as refusal:
            moved.closed.append(f"{column} {pk}：{refusal.message}")
            continue
        count += _move(column, pk, sealed, stored, text)
    verb = "换用密钥" if column.ring is SEALING else "换用索引密钥"
    _record_moved(verb, str(column), count, moved, by=by, at=at)


@action
def _move_elsewhere(
    *, place: SealedPlace, batch: Sequence[tuple[int, str]], moved: Moved, by: Actor, at: datetime
) -> None:  # fmt: skip
    count = 0
    for pk, sealed in batch:
        try:
            count += place.replace(pk, sealed, seal(unseal(sealed)))
        except CannotUnseal as refusal:
            moved.closed.append(f"{place} {pk}：{refusal.message}")
    _record_moved("换用密钥", str(place), count, moved, by=by, at=at)


def _record_moved(verb: str, column: str, count: int, moved: Moved, *, by: Actor, at: datetime) -> None:
    moved.count += count
    if count:
        audit.record(
            verb=verb, subject_kind=SUBJECT, subject_code=str(moved.number), by=by, at=at,
            details={"column": column, "count": count},
        )  # fmt: skip


def _move(column: KeyedColumn, pk: int, sealed: str, stored: str, text: str) -> int:
    """Write the value under the newest key, if the row is still what was read."""
    if isinstance(column.field, SealedField):
        return int(column.rows().filter(pk=pk, stored=stored).update(**{column.field.name: text}))
    index = column.field.index_of(text)
    if index == stored:
        return 0
    still = column.rows().annotate(sealed=Cast(F(_of(column)), TextField())).filter(pk=pk, sealed=sealed)
    return int(still.update(**{column.field.name: index}))


# --- Keys come and go -------------------------------------------------------------------------------------------------


@action
def make_key(*, ring: KeyRing, by: Actor, at: datetime) -> int:
    """Make the next key, written with from now on; its number."""
    require(ALL in by.permissions)
    number = ring.add()
    audit.record(verb=f"新建{ring.label}", subject_kind=SUBJECT, subject_code=str(number), by=by, at=at)
    return number


@action
def retire_key(*, ring: KeyRing, number: int, by: Actor, at: datetime) -> str:
    """Put a key aside that nothing needs any more; where it lies now. DomainError while something may need it."""
    require(ALL in by.permissions)
    files = {file.number: file for file in ring.files()}
    if number not in files:
        raise DomainError(f"没有{ring.label} {number}。现有：{'、'.join(map(str, files)) or '无'}。")
    newest = files[max(files)]
    if number == newest.number:
        raise DomainError(f"{ring.label} {number} 正在使用，不能停用。请先新建一把并换用。")
    if at - newest.made_at < SETTLING:
        minutes = SETTLING.seconds // 60
        raise DomainError(
            f"{ring.label} {newest.number} 建立还不到 {minutes} 分钟，可能还有写入在用旧的。请稍后再停用。"
        )
    many = needed(ring).get(number, 0)
    if many:
        rotate = "chuangwei keys rotate" + (" --index" if ring is INDEXING else "")
        raise DomainError(f"还有 {many} 个值要用{ring.label} {number}，不能停用。请先换用（{rotate}）。")
    audit.record(verb=f"停用{ring.label}", subject_kind=SUBJECT, subject_code=str(number), by=by, at=at)
    return str(ring.put_aside(number))


# --- Nightly ----------------------------------------------------------------------------------------------------------


def faults() -> Iterator[str]:
    """Values whose key is missing or another, and indexes that are not their value's; one sentence for each column."""
    for column in columns(SEALING):
        yield from _closed(column)
    for place in places(SEALING):
        yield from _closed_elsewhere(place)
    for column in columns(INDEXING):
        yield from _stale(column)


def _closed(column: KeyedColumn) -> Iterator[str]:
    for number, many in sorted(column.counts().items()):
        sample = column.rows().filter(stored__startswith=f"{number}:" if number else "").exclude(stored="")
        stored = sample.order_by("pk").values_list("stored", flat=True).first()
        why = _why_closed(stored or "")
        if why:
            yield f"{column}：{many} 个值{why}。"


def _closed_elsewhere(place: SealedPlace) -> Iterator[str]:
    whys = Counter(why for _, value in place.values() if (why := _why_closed(value)))
    for why, many in sorted(whys.items()):
        yield f"{place}：{many} 个值{why}。"


def _why_closed(stored: str) -> str:
    try:
        unseal(stored)
    except CannotUnseal as refusal:
        return refusal.message
    return ""


def _stale(column: KeyedColumn) -> Iterator[str]:
    index_of: Callable[[str], str] = cast("BlindIndexField", column.field).index_of
    numbers = set(column.ring.keys())
    lost = sum(many for number, many in column.counts().items() if number not in numbers)
    if lost:
        yield f"{column}：{lost} 个索引的密钥不在。请放回，或运行 chuangwei keys rotate --index。"
        return
    stale = 0
    for _, sealed, stored in _unindexed_rows(column).iterator(chunk_size=2000):
        if not sealed or not _why_closed(sealed):
            stale += not _is_index(column, stored, unseal(sealed) if sealed else "", index_of)
    if stale:
        yield f"{column}：{stale} 个索引与内容对不上。请运行 chuangwei keys rotate --index。"


def _is_index(column: KeyedColumn, stored: str, text: str, index_of: Callable[[str], str]) -> bool:
    """While keys are being changed, an index under an older key is right too."""
    if not stored or not text:
        return stored == (index_of(text) if text else "")
    return stored in cast("BlindIndexField", column.field).indexes_of(text)
