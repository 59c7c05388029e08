"""From what a kind writes to a whole sheet: head, sign-off and closing block are the same for every kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chuangwei.core.actor import Actor
from chuangwei.domain.documents.blocks import (
    Block,
    Head,
    Imprint,
    Paragraph,
    Sheet,
    SignOff,
    figures,
    persons,
    text_of,
    with_ordinals,
)
from chuangwei.domain.documents.enums import Edition, Layout
from chuangwei.domain.documents.registry import KINDS, Asked, Composed, DocumentKind
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Area

WISHES = {"title": "标题", "recipients": "主送机关", "closing": "补充内容"}
"""What whoever drafts may put in other words, beside what the kind must be told."""


MOST_TOLD = 3
"""How many moved figures a refusal names."""


class NamesPersons(Exception):
    """A kind names a person in its public edition: a mistake in the program."""


@dataclass(frozen=True, slots=True)
class Composition:
    """One edition of a paper as it would be today."""

    kind: DocumentKind
    about: dict[str, str]
    sheet: Sheet
    composed: Composed
    area: Area | None

    @property
    def code(self) -> str:
        """The issuer's code the number will have; "" where the preset has none."""
        return self.composed.letterhead.code


def compose(*, kind: str, about: Mapping[str, str], actor: Actor, day: date, edition: str) -> Composition:
    """What a paper of this kind says today; DomainError in Chinese where it cannot be written, NotFound for what the
    actor may not see."""
    entry = KINDS.get(kind)
    told = entry.read(about)
    wishes = {key: about[key].strip() for key in WISHES if about.get(key, "").strip()}
    composed = entry.compose(Asked(entry, actor, told, Edition(edition), day))
    sheet = _sheet(composed, wishes, edition)
    if edition == Edition.PUBLIC and persons(sheet):
        raise NamesPersons(f"{kind}: {persons(sheet)}")
    area = places.area_by_code(composed.area_code) if composed.area_code else None
    return Composition(entry, {**told, **wishes}, sheet, composed, area)


def _sheet(composed: Composed, wishes: Mapping[str, str], edition: str) -> Sheet:
    title = wishes.get("title", composed.title)
    blocks = with_ordinals([*composed.blocks, *_closing(wishes, edition)])
    return Sheet(
        composed.layout.value,
        title,
        (_head(composed, title, wishes), *blocks, *_end(composed)),
        composed.tone,
    )


def _head(composed: Composed, title: str, wishes: Mapping[str, str]) -> Head:
    is_official = composed.layout == Layout.OFFICIAL
    recipients = wishes.get("recipients") or composed.recipients or composed.letterhead.recipients
    return Head(
        title=title,
        banner=composed.banner or (composed.letterhead.banner if is_official else ""),
        recipients=recipients if is_official else "",
    )


def _closing(wishes: Mapping[str, str], edition: str) -> list[Block]:
    """What somebody wrote by hand. Only in the inner edition: nobody can tell whether it names a person."""
    lines = wishes.get("closing", "").splitlines() if edition == Edition.INNER else []
    return [Paragraph(text_of(line.strip())) for line in lines if line.strip()]


def _end(composed: Composed) -> list[Block]:
    letterhead = composed.letterhead
    if composed.layout != Layout.OFFICIAL:
        return [SignOff(letterhead.issuer), *composed.annex]
    return [SignOff(letterhead.issuer), *composed.annex, Imprint("，".join(letterhead.copies_to), letterhead.printer)]


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is not what it was when it was printed; `now` is empty where there is none any more."""

    label: str
    was: str
    now: str
    why: str


def moved(printed: Sheet, today: Sheet) -> list[Moved]:
    """Which figures of a printed sheet a later one gives otherwise, and why."""
    known = {figure.key: figure for figure in figures(today)}
    found = []
    for figure in figures(printed):
        now = known.get(figure.key)
        if now is None:
            found.append(Moved(figure.label, figure.shown, "", "现在的数据里没有这一项"))
        elif now.value != figure.value:
            why = "计算规则变了" if now.rule != figure.rule else "所依据的记录变了"
            found.append(Moved(figure.label, figure.shown, now.shown, why))
    return found


def hindrances(today: Composition, printed: Sheet) -> list[str]:
    """Why a paper that says this cannot be signed today, a sentence each: what it is about may not be told yet, the preset
    names no issuer's code, or a figure is no longer what the paper says."""
    found = list(today.composed.waits_for)
    if not found and not today.code:
        found.append("预设没有写明发文机关代字（documents.code），不能编号签发。")
    if not found and (rows := moved(printed, today.sheet)):
        told = "；".join(f"{one.label}由 {one.was} 变为 {one.now or '无'}" for one in rows[:MOST_TOLD])
        more = f"等 {len(rows)} 处" if len(rows) > MOST_TOLD else ""
        found.append(f"起草以后数据有变化：{told}{more}。请退回，按现在的数据重新生成。")
    return found
