"""Pure rules of standards: is a demand met, what is meant by a category, which clause is out of date."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from chuangwei.core.text import code_text, without_brackets
from chuangwei.domain.standards.enums import TO_CHECK_LABEL, Alternative, Comparator, Outcome

LEVELS = {"A": 1, "B": 2, "C": 3, "D": 4, "01": 1, "02": 2, "03": 3, "04": 4}
"""Density levels, best first; the national reporting system writes them 01–04."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a quantitative item asks. `threshold` None is unknown and never counts as zero (domain §4)."""

    comparator: str
    threshold: Decimal | None = None
    threshold_level: str = ""
    alternative: str = ""
    alternative_text: str = ""
    series_years: int = 1
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of an indicator. `series` runs from the oldest year to the year judged."""

    value: Decimal | None = None
    series: tuple[Decimal, ...] = ()
    plan: Decimal | None = None
    reference: Decimal | None = None
    level: str = ""
    holds: bool | None = None

    @property
    def current(self) -> Decimal | None:
        return self.value if self.value is not None else (self.series[-1] if self.series else None)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Met, not met or 待核, and why in words."""

    outcome: Outcome
    reason: str


def judge(demand: Demand, reading: Reading) -> Judgement:
    """Hold a reading against a demand. Whatever is missing gives 待核; an alternative may rescue what is not met.

    A verdict by an unverified threshold says so in its reason.
    """
    verdict = COMPARISONS[Comparator(demand.comparator)](demand, reading)
    if verdict.outcome is not Outcome.MET and demand.alternative:
        verdict = _with_alternative(verdict, demand, reading)
    if verdict.outcome is Outcome.TO_CHECK or demand.is_verified:
        return verdict
    return Judgement(verdict.outcome, f"{verdict.reason}（标准{TO_CHECK_LABEL}）")


def judge_parts(demand: Demand, readings: Mapping[str, Reading]) -> Judgement:
    """An indicator reported in parts (鼠、蚊、蝇、蟑螂) is met when each part is; one failure settles it."""
    verdicts = {part: judge(demand, reading) for part, reading in readings.items()}
    if not verdicts:
        return _to_check("没有填报值")
    order = [Outcome.UNMET, Outcome.TO_CHECK, Outcome.MET]
    worst = min((verdict.outcome for verdict in verdicts.values()), key=order.index)
    return Judgement(worst, "；".join(f"{part}：{verdict.reason}" for part, verdict in verdicts.items()))


def _with_alternative(verdict: Judgement, demand: Demand, reading: Reading) -> Judgement:
    if demand.alternative == Alternative.BY_PERSON:
        return _to_check(f"{verdict.reason}，另有替代条件“{demand.alternative_text}”，须由人判定")
    other = _trend(reading, demand.series_years, rising=demand.alternative == Alternative.RISING)
    if other.outcome is Outcome.MET:
        return Judgement(Outcome.MET, f"{verdict.reason}；但{other.reason}")
    if other.outcome is Outcome.TO_CHECK or verdict.outcome is Outcome.TO_CHECK:
        return _to_check(f"{verdict.reason}；{other.reason}")
    return Judgement(Outcome.UNMET, f"{verdict.reason}；{other.reason}")


def _to_check(reason: str) -> Judgement:
    return Judgement(Outcome.TO_CHECK, reason)


def _decided(met: bool, reason: str) -> Judgement:
    return Judgement(Outcome.MET if met else Outcome.UNMET, reason)


def plain(value: Decimal) -> str:
    """A decimal as people write it: 90, 38.5; never 9E+1."""
    return f"{value.normalize():f}"


def _against(sign: str, value: Decimal | None, limit: Decimal | None, limit_name: str) -> Judgement:
    if limit is None:
        return _to_check(f"{limit_name}{TO_CHECK_LABEL}")
    if value is None:
        return _to_check("没有填报值")
    met = {">=": value >= limit, "<=": value <= limit, ">": value > limit, "<": value < limit}[sign]
    return _decided(met, f"填报 {plain(value)}，应 {sign} {limit_name} {plain(limit)}")


def _threshold(sign: str) -> Callable[[Demand, Reading], Judgement]:
    return lambda demand, reading: _against(sign, reading.current, demand.threshold, "标准值")


def _holds(_: Demand, reading: Reading) -> Judgement:
    if reading.holds is None:
        return _to_check("没有填报")
    return _decided(reading.holds, "已具备" if reading.holds else "不具备")


def _level(demand: Demand, reading: Reading) -> Judgement:
    wanted, found = LEVELS.get(demand.threshold_level), LEVELS.get(code_text(reading.level).upper())
    if wanted is None:
        return _to_check(f"标准等级{TO_CHECK_LABEL}")
    if found is None:
        return _to_check("没有填报等级")
    return _decided(found <= wanted, f"填报 {'ABCD'[found - 1]} 级，应不低于 {'ABCD'[wanted - 1]} 级")


def _average(demand: Demand, reading: Reading) -> Judgement:
    """The average as filed, else that of the years filed; the year judged is one of them (附表：填五年及均值)."""
    value, years = reading.current, max(2, demand.series_years)
    if reading.reference is not None or value is None:
        return _against("<=", value, reading.reference, "多年平均值")
    if len(reading.series) < years:
        return _to_check(f"须有 {years} 年数据，现有 {len(reading.series)} 年")
    mean = sum(map(Fraction, reading.series[-years:]), Fraction(0)) / years
    return _decided(
        Fraction(value) <= mean,
        f"填报 {plain(value)}，近 {years} 年平均 {Decimal(mean.numerator) / mean.denominator:.2f}",
    )


def _trend(reading: Reading, series_years: int, *, rising: bool) -> Judgement:
    years, word = max(2, series_years), "提高" if rising else "降低"
    if len(reading.series) < years:
        return _to_check(f"须有 {years} 年数据，现有 {len(reading.series)} 年")
    steps = [later - earlier for earlier, later in pairwise(reading.series[-years:])]
    met = all(step > 0 if rising else step < 0 for step in steps)
    return _decided(met, f"近 {years} 年{'逐年' if met else '未逐年'}{word}")


def _decreasing(demand: Demand, reading: Reading) -> Judgement:
    return _trend(reading, demand.series_years, rising=False)


def _declining(demand: Demand, reading: Reading) -> Judgement:
    """呈下降趋势: clear where every year falls or nothing fell on the whole; a wavering series is for a person."""
    verdict = _trend(reading, demand.series_years, rising=False)
    if verdict.outcome is not Outcome.UNMET:
        return verdict
    series = reading.series[-max(2, demand.series_years) :]
    return verdict if series[-1] >= series[0] else _to_check(f"{verdict.reason}，总体下降，是否呈下降趋势须由人判定")


COMPARISONS: Mapping[Comparator, Callable[[Demand, Reading], Judgement]] = {
    Comparator.AT_LEAST: _threshold(">="),
    Comparator.AT_MOST: _threshold("<="),
    Comparator.ABOVE: _threshold(">"),
    Comparator.BELOW: _threshold("<"),
    Comparator.EXISTS: _holds,
    Comparator.MEETS: _holds,
    Comparator.DECREASING: _decreasing,
    Comparator.DECLINING: _declining,
    Comparator.NOT_ABOVE_AVERAGE: _average,
    Comparator.AT_LEAST_PLAN: lambda _, reading: _against(">=", reading.current, reading.plan, "规划值"),
    Comparator.AT_LEAST_REFERENCE: lambda _, reading: _against(">=", reading.current, reading.reference, "参照值"),
    Comparator.AT_LEAST_LEVEL: _level,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure and what it is worth in the base unit of its quantity: 吨 = 1000 千克, 亩 = 2000/3 平方米."""

    name: str
    base: str
    factor: Fraction


def in_unit(value: Decimal | Fraction, *, given: str, wanted: str, units: Mapping[str, Unit]) -> Fraction:
    """The value in another unit, exactly. ValueError where the units measure different things or are unknown."""
    if given == wanted:
        return Fraction(value)
    one, other = units.get(given), units.get(wanted)
    if one is None or other is None or one.base != other.base:
        raise ValueError(f"『{given}』不能换算为『{wanted}』。")
    return Fraction(value) * one.factor / other.factor


class CategoryNames:
    """Finds the category of problem somebody means: by code, name, or name without its bracketed words."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        rows = [(code, (code_text(code), code_text(name), without_brackets(code_text(name)))) for code, name in names]
        self._codes: dict[str, tuple[str, ...]] = {}
        for way in range(3):
            found: dict[str, set[str]] = {}
            for code, words in rows:
                found.setdefault(words[way], set()).add(code)
            for word, codes in found.items():
                self._codes.setdefault(word, tuple(sorted(codes)))

    def resolve(self, text: str) -> str | None:
        """The code meant; None where there is none or more than one."""
        found = self.candidates(text)
        return found[0] if len(found) == 1 else None

    def candidates(self, text: str) -> tuple[str, ...]:
        return self._codes.get(code_text(text), ())


@dataclass(frozen=True, slots=True)
class ObsoleteClause:
    """A clause of a superseded edition found in a text, where it stands and what to cite instead."""

    code: str
    found: str
    start: int
    why: str
    use_instead: str


def obsolete_clauses(text: str, patterns: Iterable[tuple[str, str, str, str]]) -> list[ObsoleteClause]:
    """Every match of the patterns (code, regular expression, why, use instead), in the order of the text."""
    clauses = [
        ObsoleteClause(code, match.group(), match.start(), why, use_instead)
        for code, pattern, why, use_instead in patterns
        for match in re.finditer(pattern, text)
    ]
    return sorted(clauses, key=lambda clause: (clause.start, clause.code))
