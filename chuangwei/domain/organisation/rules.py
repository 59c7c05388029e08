"""The calculus of duty, pure (domain §3): which tie answers, who is missing, who stands beside another, who is on duty.

A place is a code (areas and sites share one set of codes), a holder is a code (so do persons and units). Where places
are listed, they run from the nearest to the farthest: the site itself, its area, each area above.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

NEAR_METRES = 20.0
"""A bare point no farther than this from a site takes the site's chain (domain §3)."""

DAY_MINUTES = 24 * 60
CLOCK = r"(\d{1,2}):(\d{2})"
SPAN = re.compile(rf"{CLOCK}(?:[-‐‑‒–—―−─~〜]+|至|到){CLOCK}", re.ASCII)
BETWEEN_SPANS = re.compile("[、,;/和及]")
ALL_DAY = frozenset({"", "全天"})


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody answers as something for a place from the first day to the last, both included (None: still)."""

    holder: str
    role: str
    place: str
    starts_on: date
    ends_on: date | None = None
    hours: str = ""

    def held_on(self, day: date) -> bool:
        """Whatever its hours, a duty is held on its first day and on its last."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def outlasting(ends_on: date | None, *, place: str, last_day: date | None) -> str:
    """What is wrong where a duty would go on after the last day of its place; nothing where it does not."""
    if last_day is None or (ends_on is not None and ends_on <= last_day):
        return ""
    return f"『{place}』已于 {last_day} 撤销，责任须在这一天或以前结束。请改正结束日期或对象。"


@dataclass(frozen=True, slots=True)
class Role:
    """One link a preset demands of a kind of site; `single`: one holder at a time."""

    name: str
    single: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One holder in a chain: as what, by the tie to which place. `on_duty` is None where nobody asked for an hour."""

    role: str
    holder: str
    via: str
    on_duty: bool | None = None


@dataclass(frozen=True, slots=True)
class Overlap:
    role: str
    holders: tuple[str, ...]


class Ties:
    """All ties known, found by place and role without looking through them."""

    def __init__(self, ties: Iterable[Tie] = ()) -> None:
        self._at: dict[tuple[str, str], list[Tie]] = defaultdict(list)
        for tie in ties:
            self._at[tie.place, tie.role].append(tie)

    def nearest(self, role: str, places: Sequence[str], day: date) -> tuple[str, list[Tie]]:
        """The nearest place with a tie of this role held on the day, and its ties; ("", []) where there is none."""
        for place in places:
            held = [tie for tie in self._at.get((place, role), ()) if tie.held_on(day)]
            if held:
                return place, held
        return "", []

    def holders(self, role: str, places: Sequence[str], day: date) -> list[str]:
        """Who answers as this for the nearest place, each once, by code."""
        return sorted({tie.holder for tie in self.nearest(role, places, day)[1]})


def links(
    ties: Ties, roles: Sequence[Role], places: Sequence[str], day: date, *, clock: time | None = None
) -> list[Link]:
    """The chain: roles in their order, the holders of each by code; with a clock time, who is on duty then."""
    found = []
    for role in roles:
        via, held = ties.nearest(role.name, places, day)
        for holder in sorted({tie.holder for tie in held}):
            hours = [tie.hours for tie in held if tie.holder == holder]
            on_duty = None if clock is None else any(is_on_duty(text, clock) for text in hours)
            found.append(Link(role.name, holder, via, on_duty))
    return found


def missing_roles(chain: Sequence[Link], roles: Sequence[Role]) -> list[str]:
    """The roles nobody holds, in the order of the chain: a blind spot 盲区 where there is one."""
    held = {link.role for link in chain}
    return [role.name for role in roles if role.name not in held]


def overlapping(chain: Sequence[Link], roles: Sequence[Role]) -> list[Overlap]:
    """The single roles with two holders at the tie that answers."""
    by_role: dict[str, list[str]] = defaultdict(list)
    for link in chain:
        by_role[link.role].append(link.holder)
    single = [role.name for role in roles if role.single]
    return [Overlap(name, tuple(by_role[name])) for name in single if len(by_role[name]) > 1]


# --- Hours 时段 -------------------------------------------------------------------------------------------------------


def parse_hours(text: str) -> list[tuple[int, int]]:
    """The spans of "06:00-10:00、14:00-18:00" in minutes of the day; the end may lie before the start (over midnight).

    Nothing, or 全天, has no spans: it means all day. ValueError, with a sentence for the person, for anything else.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return [] if plain in ALL_DAY else [_span(part, text) for part in BETWEEN_SPANS.split(plain)]


def hours_text(text: str) -> str:
    """Hours in the one way they are kept: 06:00-10:00、14:00-18:00; all day is empty. ValueError as above."""
    return "、".join(
        f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in parse_hours(text)
    )


def _span(part: str, whole: str) -> tuple[int, int]:
    found = SPAN.fullmatch(part)
    if found is None:
        raise ValueError(f"时段“{whole.strip()}”看不懂，应形如 08:00-12:00，几段之间用顿号。")
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start >= DAY_MINUTES or end > DAY_MINUTES or max(start_minute, end_minute) > 59:
        raise ValueError(f"时段“{whole.strip()}”中的钟点须在 0:00 至 24:00 之间。")
    if start == end:
        raise ValueError(f"时段“{whole.strip()}”的起止相同；全天请留空。")
    return start, end


def is_on_duty(hours: str, clock: time) -> bool:
    """Whether a clock time lies in the hours: a span's first minute belongs to it, its last does not.

    Without hours one is on duty all day; hours nobody can read bind nobody to them, so they count as none.
    """
    try:
        spans = parse_hours(hours)
    except ValueError:
        spans = []
    minute = clock.hour * 60 + clock.minute
    return not spans or any(_lies_in(minute, start, end) for start, end in spans)


def _lies_in(minute: int, start: int, end: int) -> bool:
    return start <= minute < end if start < end else minute >= start or minute < end


# --- Places and units -------------------------------------------------------------------------------------------------


def with_heirs(chain: Callable[[str], Sequence[str]], area: str, heirs: Mapping[str, str]) -> list[str]:
    """The areas from one up to the top, where an area merged into another gives way to it and what is above it."""
    found: list[str] = []
    waiting: str | None = area
    while waiting is not None:
        steps, waiting = chain(waiting), None
        for code in steps:
            if code in found:
                break
            if code in heirs:
                waiting = heirs[code]
                break
            found.append(code)
    return found


def below(top: str, parents: Mapping[str, str | None]) -> frozenset[str]:
    """A unit and every unit below it, by the code of each unit's parent."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for code, parent in parents.items():
        children[parent].append(code)
    return frozenset(_walk(top, children))


def _walk(top: str, children: Mapping[str | None, Sequence[str]]) -> Iterator[str]:
    waiting, seen = [top], set()
    while waiting:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            yield code
            waiting += children.get(code, ())
