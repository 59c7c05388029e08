"""Why a subject has its total, its flag and what follows: the explanation of the noun, cut into what each page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chuangwei.core.errors import NotFound
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.models import Consequence
from chuangwei.domain.organisation import queries as organisation
from chuangwei.web.office.appraisal import wording
from chuangwei.web.office.appraisal.reading import PeriodReading

AROUND = 3
"""How many ranks beyond a line are shown."""


@dataclass(frozen=True)
class Item:
    """A part or an adjustment of a total."""

    slug: str
    title: str
    value: int | None
    share: str
    words: str
    address: str
    steps: Sequence[Any] = ()

    @property
    def rows(self) -> bool:
        return bool(self.steps)


@dataclass(frozen=True)
class Reason:
    """All that is told of one subject."""

    tree: Any
    parts: list[Item]
    adjustments: list[Item]
    total_words: str
    rank_words: str
    flag_words: str
    streak: list[str]
    """Slugs of the periods of the running streak of yellow flags, this one included."""

    def item(self, slug: str) -> Item:
        found = next((item for item in (*self.parts, *self.adjustments) if item.slug == slug), None)
        if found is None:
            raise NotFound(f"没有名为 {slug} 的分项。")
        return found


def reason_of(reading: PeriodReading, code: str) -> Reason:
    """NotFound for a subject the period does not know."""
    if reading.period.is_history:
        return _from_paper(reading, code)
    tree = queries.explanation(actor=reading.actor, period=reading.period, subject=code)
    steps = {kind: [step for step in tree.steps if step.kind == kind] for kind in ("rank", "flag", "streak")}
    return Reason(
        tree=tree,
        parts=list(_parts(reading, code, tree)),
        adjustments=list(_adjustments(reading, code, tree)),
        total_words=wording.with_titles(tree.words, reading.series),
        rank_words=_told(steps["rank"], reading, with_value=True),
        flag_words=_told(steps["flag"], reading),
        streak=[below.code for step in steps["streak"] for below in step.steps],
    )


def _from_paper(reading: PeriodReading, code: str) -> Reason:
    """Of an old table nothing is kept but its result: what it rests on is the paper."""
    told = f"按『{reading.period.paper}』录入，没有明细"
    standing = reading.told.standings[code]
    rank = f"第 {standing.rank} 名" if standing.rank is not None else standing.reason
    return Reason(None, [], [], told, rank, told, [])


def _told(steps: Sequence[Any], reading: PeriodReading, *, with_value: bool = False) -> str:
    """The words of a step, after what it comes to where the words do not repeat it."""
    told = [f"{step.value}，{step.words}" if with_value else step.words for step in steps]
    return wording.with_titles("；".join(told), reading.series)


def _parts(reading: PeriodReading, code: str, tree: Any) -> Iterator[Item]:
    told = {step.code: step for step in tree.steps if step.kind == "part"}
    standing = reading.told.standings[code]
    for part in reading.series.parts:
        step = told[part.slug]
        # The explanation begins with the weight, which has a column of its own here.
        words = step.words.partition("；")[2] or step.words
        yield Item(
            part.slug, wording.part_title(part), standing.parts.get(part.slug),
            wording.weight_share(part, reading.series), words, reading.address.part(code, part.slug), step.steps,
        )  # fmt: skip


def _adjustments(reading: PeriodReading, code: str, tree: Any) -> Iterator[Item]:
    told = {step.code: step for step in tree.steps if step.kind == "adjustment"}
    standing = reading.told.standings[code]
    for extra in reading.series.adjustments:
        step = told[extra.slug]
        yield Item(
            extra.slug, wording.part_title(extra), standing.adjustments.get(extra.slug, 0), "", step.words,
            reading.address.part(code, extra.slug), step.steps,
        )  # fmt: skip


@dataclass(frozen=True)
class At:
    """A period that is pointed at, with the page of the subject in it where it can be opened."""

    title: str
    address: str


def periods_named(reading: PeriodReading, slugs: Sequence[str], code: str) -> list[At]:
    """The periods of a streak, in time."""
    known = {told.period.slug: told for told in reading.course}
    key = reading.address
    return [
        At(known[slug].title if slug in known else slug, type(key)(key.key, slug).flag(code)) for slug in slugs
    ]  # fmt: skip


@dataclass(frozen=True)
class Follows:
    """One consequence for a subject."""

    slug: str
    title: str
    person: str
    state: str
    words: str
    periods: list[At]


def follows(reading: PeriodReading, code: str, reason: Reason) -> list[Follows]:
    """What follows for a subject; once published, with the state of carrying it out."""
    kept = {
        one.trigger: one for one in Consequence.objects.filter(period=reading.period, subject_code=code)
    }  # fmt: skip
    steps = [step for step in reason.tree.steps if step.kind == "consequence"] if reason.tree else []
    persons = organisation.names_of_holders({step.value for step in steps if step.value})
    found = []
    for step in steps:
        row = kept.get(step.code)
        found.append(
            Follows(
                step.code, step.label, persons.get(step.value, step.value), row.get_state_display() if row else "",
                wording.with_titles(step.words, reading.series),
                periods_named(reading, [below.code for below in step.steps if below.kind == "period"], code),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Rung:
    """One line of the ladder of ranks; `is_line` where a flag's line lies below it."""

    code: str
    name: str
    rank: int
    total: int
    flag: str | None
    address: str
    is_self: bool
    """The one the page is about."""
    is_own: bool
    """Whoever looks works here."""
    is_line: bool


def ladder(reading: PeriodReading, code: str) -> list[Rung]:
    """The ranks around the lines of the flags and around the subject itself."""
    own = reading.told.standings[code]
    ranked = [
        one for one in reading.told.outcome.standings if one.rank is not None and one.group == own.group
    ]  # fmt: skip
    lines = [place for place in range(len(ranked) - 1) if ranked[place].flag != ranked[place + 1].flag]
    here = next((place for place, one in enumerate(ranked) if one.code == code), 0)
    nearest = [line for line in lines if _concerns(ranked, line, own)] or lines
    wanted = {place for line in [*nearest, here] for place in range(line - AROUND + 1, line + AROUND + 1)}
    wanted |= {place for place, one in enumerate(ranked) if own.flag and one.flag == own.flag}
    return [
        Rung(
            one.code, one.name, one.rank, one.total, one.flag, reading.address.subject(one.code),
            is_self=one.code == code, is_own=reading.is_own(one.code), is_line=place in lines,
        )
        for place, one in enumerate(ranked)
        if place in wanted
    ]  # fmt: skip


def _concerns(ranked: Sequence[Any], line: int, own: Any) -> bool:
    """Whether a line has the subject's own flag on one of its sides."""
    return own.flag in (ranked[line].flag, ranked[line + 1].flag)


@dataclass(frozen=True)
class Weakest:
    """The part that lies farthest below the mean of all subjects, weighed."""

    title: str
    value: int
    mean: int
    short: int
    address: str


def weakest(reading: PeriodReading, code: str) -> Weakest | None:
    """Where most points were lost against the others; none where the subject is nowhere below the mean."""
    own = reading.told.standings[code]
    found: list[tuple[Any, Weakest]] = []
    for part in reading.series.parts:
        values = [
            one.parts[part.slug]
            for one in reading.told.outcome.standings
            if one.group == own.group and one.parts.get(part.slug) is not None
        ]
        value = own.parts.get(part.slug)
        if value is None or len(values) < 2:
            continue
        mean = (2 * sum(values) + len(values)) // (2 * len(values))  # half up, as every figure of a ranking
        if mean > value:
            lost = Weakest(
                wording.part_title(part), value, mean, mean - value, reading.address.part(code, part.slug)
            )  # fmt: skip
            found.append((part.weight * (mean - value), lost))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def why_title(flag: str | None) -> str:
    name = wording.flag_name(flag)
    return f"为什么是{name}" if name else "为什么没有旗"
