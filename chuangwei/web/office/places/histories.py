"""沿革: what an area or a site was from one day to another, and what was done to it, the newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from chuangwei.core.models import TransitionLog
from chuangwei.domain.places.models import Area, Designation, Site
from chuangwei.web.shared.templatetags.words import MISSING

MOST_CHANGES = 100


@dataclass(frozen=True)
class Past:
    """What held from one day to another, both included."""

    words: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True)
class Change:
    """One thing done to a record."""

    words: str
    by: str
    at: datetime
    note: str


def area_spells(area: Area) -> list[Past]:
    """Names, kinds and parents in time, the newest first; then what became of it. One query."""
    spells = area.spells.select_related("parent").order_by("-pk")
    return [
        Past(f"{spell.name}（{spell.kind}，属{spell.parent.name if spell.parent else MISSING}）", spell.from_on, spell.to_on)
        for spell in spells
    ]  # fmt: skip


def site_spells(site: Site) -> list[Past]:
    spells = site.spells.select_related("kind", "area").order_by("-pk")
    return [Past(f"{spell.kind.name}，在{spell.area.name}", spell.from_on, spell.to_on) for spell in spells]


def designations(site: Site) -> list[Past]:
    found: list[Designation] = list(site.designations.order_by("-pk"))
    return [Past(f"{one.title}{f'（{one.paper}）' if one.paper else ''}", one.from_on, one.to_on) for one in found]


def changes(subject_kind: str, code: str, *, hides: bool = False) -> list[Change]:
    """What was done to a thing, the newest first; with `hides`, without the values that tell of a household. One query."""
    rows = TransitionLog.objects.filter(subject_kind=subject_kind, subject_code=code).order_by("-pk")[:MOST_CHANGES]
    return [
        Change(row.move_name if hides else _words(row), row.by_name, row.at, "" if hides else row.note) for row in rows
    ]


def _words(row: TransitionLog) -> str:
    """变更名称：旧 → 新."""
    course = " → ".join(word for word in (row.source, row.target) if word)
    return f"{row.move_name}：{course}" if course else row.move_name
