"""A ranked period as papers tell it: every number with where it comes from. Shared by the kinds about a period."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries as appraisal
from chuangwei.domain.appraisal.enums import Flag, PeriodState
from chuangwei.domain.appraisal.facts import ProblemFact, VisitFact, problems_of_lines, visits_of_lines
from chuangwei.domain.appraisal.models import Computation, Period
from chuangwei.domain.documents import rules
from chuangwei.domain.documents.blocks import Figure, Run, Text, text_of
from chuangwei.domain.documents.kinds._findings import Findings
from chuangwei.domain.documents.kinds._month import Month, month_of
from chuangwei.domain.inspections.enums import RoundKind
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.places.models import Area
from chuangwei.domain.problems.enums import ProblemState

LOOK_BACK = 8
VISITS = "appraisal.visits"
DUE, ON_TIME, ON_TIME_RATE = "problems.due", "problems.on-time", "problems.on-time-rate"
SCORED, SCORED_ON_TIME, SCORED_RATE = "problems.scored", "problems.scored-on-time", "problems.scored-rate"
SUBJECTS, RANKED, MEAN, CHANGE = "appraisal.subjects", "appraisal.ranked", "appraisal.mean", "appraisal.mean-change"
NEVER_DUE = (ProblemState.REJECTED, ProblemState.MERGED)
NOUNS = {"day": "上日", "week": "上周", "fortnight": "上期", "month": "上月", "quarter": "上季", "year": "上年"}


@dataclass(frozen=True)
class Row:
    """One subject's line of the ranking; points in hundredths."""

    code: str
    name: str
    group: str
    total: int
    rank: int | None
    flag: str
    rank_run: Run
    total_run: Run
    parts: tuple[Run, ...]
    adjustment: Run
    flag_run: Run

    @property
    def flag_name(self) -> Run:
        """The subject's name, which opens why it has its flag."""
        return Run(self.name, self.flag_run.figure)


@dataclass(frozen=True)
class Course:
    """Totals of the last periods."""

    labels: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str | None, ...]], ...]


@dataclass
class Bulletin:
    """Everything a paper may say of a period."""

    actor: Actor
    period: Period
    computation: Computation

    @cached_property
    def outcome(self) -> Any:
        return appraisal.outcome_of(self.computation)

    @cached_property
    def series(self) -> Any:
        return appraisal.series_of(self.period).series

    @property
    def title(self) -> str:
        return str(self.outcome.span.title)

    @property
    def noun(self) -> str:
        return str(self.series.unit_kind or self.series.subject)

    @property
    def before_word(self) -> str:
        return NOUNS.get(self.series.period, "上期")

    @property
    def is_published(self) -> bool:
        return self.period.state in (PeriodState.PUBLISHED, PeriodState.FINAL)

    @property
    def parts(self) -> Sequence[Any]:
        return self.series.parts  # type: ignore[no-any-return]

    @property
    def has_adjustments(self) -> bool:
        return bool(self.series.adjustments)

    @property
    def has_flags(self) -> bool:
        return self.series.flag_options is not None

    @cached_property
    def area(self) -> Area | None:
        return Area.objects.filter(code=self.period.area_code).first() if self.period.area_code else None

    @property
    def area_path(self) -> list[str]:
        return self.area.path_codes if self.area else []

    # --- Figures ------------------------------------------------------------------------------------------------------
    @cached_property
    def kept(self) -> dict[str, Any]:
        """The inputs the period was computed from; empty for one entered from paper."""
        return json.loads(self.computation.inputs) if self.computation.inputs else {}

    @cached_property
    def rule(self) -> str:
        return f"{self.computation.preset_version.slug} 第 {self.computation.preset_version.number} 版"

    @cached_property
    def visits_made(self) -> list[VisitFact]:
        return [visit for visit in visits_of_lines(self.kept.get("visits", ())) if visit.subject in self.names]

    @cached_property
    def problems_seen(self) -> list[ProblemFact]:
        return list(problems_of_lines(self.kept.get("problems", ())))

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The digest of every subject's own rows."""
        found = {code: hashlib.sha256() for code in self.names}
        for visit in self.visits_made:
            found[visit.subject].update(("|".join(map(str, visit)) + "\n").encode())
        for problem in self.problems_seen:
            for code in {problem.found_subject, problem.due_subject, problem.answering} & found.keys():
                found[code].update(("|".join(problem) + "\n").encode())
        return {code: one.hexdigest() for code, one in found.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        return {standing.code: standing.name for standing in self.outcome.standings}

    def run(self, indicator: str, value: str, label: str, *, subject: str = "", rule: str = "", shown: str = "") -> Run:
        """A number that knows where it comes from."""
        own = Figure(
            indicator=indicator, value=value, label=label, series=self.period.series, area=self.period.area_code,
            period=self.period.slug, subject=subject, rule=rule or self.rule,
            digest=self.digests.get(subject, "") if subject else self.computation.digest,
        )  # fmt: skip
        return Run(shown or rules.shown(value), own)

    # --- What was looked at -------------------------------------------------------------------------------------------
    @cached_property
    def visits(self) -> Run:
        return self.run(VISITS, f"{len(self.visits_made)}", f"{self.title}检查次数")

    def visits_in(self, kind: str) -> list[VisitFact]:
        """The visits of one kind of round."""
        return [visit for visit in self.visits_made if visit.round_kind == kind]

    @cached_property
    def visits_by_round(self) -> Text:
        told: list[str | Run] = []
        for kind in RoundKind:
            count = len(self.visits_in(kind.value))
            if count:
                label = f"{self.title}{kind.label}次数"
                told += ["、" if told else "", kind.label, self.run(f"{VISITS}.{kind.value}", f"{count}", label), "次"]
        return text_of(*told) if told else text_of("没有检查")

    @cached_property
    def fell_due(self) -> list[ProblemFact]:
        """The problems that were to be put right in the period."""
        first, last = self.outcome.span.first.isoformat(), self.outcome.span.last.isoformat()
        return [one for one in self.problems_seen if first <= one.due_at[:10] <= last and _counts(one)]

    @property
    def on_time(self) -> list[ProblemFact]:
        """Those of them put right by their deadline, and closed."""
        return [one for one in self.fell_due if one.fixed_at and one.fixed_at <= one.due_at and one.closed_at]

    @cached_property
    def ledger(self) -> dict[str, str | Run | Text]:
        """Problems that fell due in the period, put right in time and closed; empty where none did."""
        due, closed = len(self.fell_due), len(self.on_time)
        if not due:
            return {}
        return {
            "as_of": rules.day_text(clock.local_day(self.computation.computed_at)),
            "due": self.run(DUE, f"{due}", f"{self.title}到期问题"),
            "closed": self.run(ON_TIME, f"{closed}", f"{self.title}按期销号问题"),
            "rate": self.run(ON_TIME_RATE, rules.percent(closed, due), f"{self.title}按期销号率"),
        }

    @cached_property
    def closure(self) -> Any:
        """Those of them that count in somebody's score; None where the series has no such part."""
        return appraisal.closure_of(self.parts, self.fell_due, self.names)

    @cached_property
    def scored(self) -> dict[str, str | Run | Text]:
        """What of the ledger counts in the ranking; empty where all of it does, or nothing."""
        counted = self.closure
        if counted is None or not counted.due or len(counted.due) == len(self.fell_due):
            return {}
        due, closed, about = len(counted.due), len(counted.on_time), f"{self.title}计入“{counted.part}”的"
        return {
            "part": counted.part,
            "due": self.run(SCORED, f"{due}", f"{about}到期问题"),
            "closed": self.run(SCORED_ON_TIME, f"{closed}", f"{about}按期销号问题"),
            "rate": self.run(SCORED_RATE, rules.percent(closed, due), f"{about}按期销号率"),
        }

    # --- The ranking --------------------------------------------------------------------------------------------------
    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(standing) for standing in self.outcome.standings]

    def _row(self, standing: Any) -> Row:
        code, name = standing.code, standing.name

        def points(indicator: str, value: int | None, label: str, rule: str = "") -> Run:
            if value is None:
                return Run("—")
            return self.run(indicator, rules.hundredths(value), f"{name}{label}", subject=code, rule=rule)

        extra = sum(standing.adjustments.values())
        flag = Flag(standing.flag).label if standing.flag else ""
        return Row(
            code=code, name=name, group=standing.group, total=standing.total or 0, rank=standing.rank,
            flag=standing.flag or "",
            rank_run=self.run("appraisal.rank", f"{standing.rank}", f"{name}名次", subject=code) if standing.rank else Run("—"),
            total_run=points("appraisal.total", standing.total, "总分"),
            parts=tuple(
                points(f"appraisal.part.{part.slug}", standing.parts.get(part.slug), part.name, part.rule)
                for part in self.parts
            ),
            adjustment=points("appraisal.adjustment", extra, "加减分") if extra else Run("0"),
            flag_run=self.run("appraisal.flag", flag, f"{name}的旗", subject=code) if flag else Run(""),
        )  # fmt: skip

    @cached_property
    def ranked(self) -> list[Row]:
        return [row for row in self.rows if row.rank is not None]

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        rows = sorted(self.rows, key=lambda row: row.group)
        return [(group, list(own)) for group, own in groupby(rows, key=lambda row: row.group)]

    @property
    def ranking_note(self) -> str:
        reasons = [f"{one.name}{one.reason}" for one in self.outcome.standings if one.reason]
        return f"注：未参加排名的：{'；'.join(reasons)}。" if reasons else ""

    def flagged(self, flag: str) -> list[Row]:
        return [row for row in self.rows if row.flag == flag]

    @cached_property
    def mean(self) -> int:
        return rules.mean([row.total for row in self.ranked])

    @property
    def mean_run(self) -> Run:
        return self.run(MEAN, rules.hundredths(self.mean), f"{self.title}平均得分")

    @property
    def subjects_run(self) -> Run:
        """How many are ranked or would have been."""
        return self.run(SUBJECTS, f"{len(self.outcome.standings)}", f"{self.title}参评{self.noun}数")

    @property
    def ranked_run(self) -> Run:
        return self.run(RANKED, f"{len(self.ranked)}", f"{self.title}排名{self.noun}数")

    @property
    def change(self) -> Text:
        """，比上周下降0.33分; nothing where there is no mean to compare with."""
        before = self.mean_before
        if before is None:
            return ()
        if before == self.mean:
            return text_of(f"，与{self.before_word}持平")
        by = self.run(CHANGE, rules.hundredths(abs(self.mean - before)), f"{self.title}平均得分的变化")
        return text_of(f"，比{self.before_word}{'上升' if self.mean > before else '下降'}", by, "分")

    # --- What was before ----------------------------------------------------------------------------------------------
    @cached_property
    def earlier(self) -> list[Any]:
        """The outcomes of the periods before, in time."""
        rows = appraisal.periods(actor=self.actor, series=self.period.series, area=self.period.area_code).filter(
            from_on__lt=self.period.from_on
        )[: LOOK_BACK - 1]
        known = appraisal.latest_computations(row.pk for row in rows).defer("inputs").order_by("period__from_on")
        return [appraisal.outcome_of(one) for one in known]

    @property
    def mean_before(self) -> int | None:
        """The mean of the period right before; none where that was not ranked."""
        if not self.earlier or self.earlier[-1].span != self.outcome.span.previous():
            return None
        totals = _totals(self.earlier[-1])
        return rules.mean(list(totals.values())) if totals else None

    @cached_property
    def course(self) -> Course | None:
        """The mean, and this period's first and last, over the last periods; none for a first period."""
        told = [*self.earlier, self.outcome]
        if len(told) < 2 or not self.ranked:
            return None
        totals = [_totals(one) for one in told]
        means = tuple(rules.hundredths(rules.mean(list(one.values()))) if one else None for one in totals)
        lines = [(f"{self.noun}平均", means)]
        for row in dict.fromkeys((self.ranked[0].code, self.ranked[-1].code)):
            values = tuple(rules.hundredths(one[row]) if row in one else None for one in totals)
            lines.append((self.names[row], values))
        return Course(tuple(_short(one.span) for one in told), tuple(lines))

    # --- What follows -------------------------------------------------------------------------------------------------
    @cached_property
    def persons(self) -> dict[str, str]:
        return organisation.names_of_holders({one.person for one in self.outcome.consequences if one.person})

    def followed(self, trigger: str) -> list[dict[str, str | Run | Text]]:
        """The consequences of one kind, with the words a sentence about them may need."""
        options = self.series.trigger_options(trigger)
        ranks = {row.code: row.rank_run for row in self.rows}
        by, meeting = getattr(options, "by", ""), getattr(options, "meeting", "")
        role = getattr(options, "of", "")
        found: list[dict[str, str | Run | Text]] = []
        for one in self.outcome.of(trigger):
            person = self.persons.get(one.person, "") if one.person else ""
            found.append({
                "trigger": trigger, "name": self.names[one.subject], "rank": ranks[one.subject], "who": by or "其负责人",
                "meeting": meeting or "有关会议", "by": by or "有关单位", "role": role, "reason": one.reason,
                "person": Run(person, is_person=True) if person else "（当日无人担任）",
            })  # fmt: skip
        return found

    # --- The month ----------------------------------------------------------------------------------------------------
    @cached_property
    def month(self) -> Month | None:
        return month_of(self)

    @cached_property
    def found(self) -> Findings:
        """The problems the office found in the period."""
        return Findings(self.actor, self.outcome.span, self.area, self.names, self.run, self.title)

    @cached_property
    def _committees(self) -> dict[str, list[str]]:
        if self.series.unit_kind:
            return {code: [code] for code in self.names}
        return organisation.committees(areas=self.names)

    @cached_property
    def committees(self) -> list[str]:
        """The committees of those ranked."""
        return sorted(code for codes in self._committees.values() for code in codes)

    @cached_property
    def others(self) -> list[str]:
        """有关单位: who else of the place answers for a problem the paper counts or tells."""
        return self.found.other_units({one.code for one in self.fell_due}, self.committees)

    def units_of(self, subject: str) -> list[str]:
        return self._committees.get(subject, [])


def read_bulletin(actor: Actor, series: str, slug: str, area: str | None) -> Bulletin:
    """NotFound for a period the actor may not see or that was not computed."""
    period = appraisal.period_of(actor=actor, series=series, slug=slug, area=area)
    return Bulletin(actor, period, appraisal.latest_computation(period))


def _counts(problem: ProblemFact) -> bool:
    """Whether it fell due at all: not refused or merged, not pending since before its deadline."""
    if problem.state in NEVER_DUE:
        return False
    return not (problem.state == ProblemState.PENDING.value and problem.pended_at <= problem.due_at)


def _totals(outcome: Any) -> dict[str, int]:
    return {one.code: one.total for one in outcome.standings if one.rank is not None}


def _short(span: Any) -> str:
    """第43周: without the year, which the caption has."""
    return re.sub(r"^\d{4}年", "", str(span.title))
