"""The problems a visit finds: opened, tied to what stands open already, or put right before the inspector's eyes."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chuangwei.core import attachments, clock, presets
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.models import Attachment, TransitionLog
from chuangwei.domain.inspections.enums import Result, RoundKind
from chuangwei.domain.inspections.models import Answer, Round, Visit
from chuangwei.domain.inspections.preset import InspectionRules
from chuangwei.domain.places.models import Area
from chuangwei.domain.problems import actions as ledger
from chuangwei.domain.problems import queries as problems
from chuangwei.domain.problems.enums import SEALED, PhotoStage, ProblemState, Source
from chuangwei.domain.problems.enums import SUBJECT as PROBLEM
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Category, Check

if TYPE_CHECKING:
    from chuangwei.domain.inspections.actions.recording import Finding, Scored

ORIGIN = "inspections.visit"
SOURCES = {
    RoundKind.DAILY: Source.PATROL, RoundKind.RIVER: Source.PATROL, RoundKind.SELF_CHECK: Source.SELF_CHECK,
}  # fmt: skip
"""What the ledger calls a finding of these rounds; of any other it is 督查发现."""


def open_problems(
    visit: Visit, answers: Mapping[str, Answer], scored: "Scored", *, by: Actor, at: datetime
) -> None:  # fmt: skip
    """One problem for each failed check, born filed; where one stands open at that site and category, the visit is tied
    to it. Those of a sealed visit are held with it (domain §7)."""
    hand = finder(by)
    quiet = _silent_checks(visit)
    opened: list[int] = []
    for finding, check, _ in scored:
        if finding.is_fixed and finding.result == Result.FAIL:
            _check_fixed(visit, finding, check)
        category = _category(finding, check)
        if finding.result != Result.FAIL or category is None or check.code in quiet:
            continue
        problem = _standing(visit, category, opened)
        if problem is None:
            problem = _opened(visit, finding, check, category, by=hand, at=at)
            opened.append(problem.pk)
        elif not visit.round.is_hidden:
            tell_again(problem, visit, answers[check.code], by=by, at=at)
        Answer.objects.filter(pk=answers[check.code].pk).update(problem=problem)
        if problem.is_held or not visit.round.is_hidden:
            _show(problem, finding, by=hand, at=at)
        if finding.is_fixed and problem.state == ProblemState.FILED:
            ledger.close_on_the_spot(problem=problem, by=hand, at=visit.at, note="检查时当场整改")


def tell_again(problem: Problem, visit: Visit, answer: Answer, *, by: Actor, at: datetime) -> None:
    """Write into the history of an open problem that it was found again; its clock runs on as before."""
    times = f"，{answer.occurrences} 处" if answer.occurrences else ""
    TransitionLog.objects.create(
        subject_kind=PROBLEM, subject_code=problem.code, move="found-again", move_name="检查再次发现",
        source=problem.state, target=problem.state, by_code=by.code, by_name=by.name, at=at,
        note=f"检查记录 {visit.code}{times}" + (f"：{answer.note}" if answer.note else ""),
    )  # fmt: skip


def tell_what_was_sealed(each: Round, *, by: Actor, at: datetime) -> None:
    """At the release of a round: its visits enter the history of the open problems they were tied to."""
    tied = Answer.objects.filter(
        visit__round=each, result=Result.FAIL, problem__isnull=False, problem__held_by_round=""
    )
    for answer in tied.select_related("visit", "problem").order_by("pk"):
        if answer.problem is not None:
            tell_again(answer.problem, answer.visit, answer, by=by, at=at)


@dataclasses.dataclass(frozen=True)
class Tie:
    """A failed check and the problem it was tied to, as that stood before a correction."""

    check: str
    occurrences: int | None
    problem: int


def ties_of(visit: Visit) -> list[Tie]:
    """The problems a visit opened or was tied to, for `tell_corrected` once the visit is corrected."""
    rows = Answer.objects.filter(visit=visit, result=Result.FAIL, problem__isnull=False).order_by("check_item__order")
    return [Tie(*row) for row in rows.values_list("check_item__code", "occurrences", "problem_id")]


def tell_corrected(visit: Visit, before: Sequence[Tie], *, by: Actor, at: datetime) -> None:
    """Tell the ledger what a correction changed of what the visit had found: gone, or found in more or fewer places.

    A problem no visit holds to any more, and nobody but visits found, is without ground. Of a sealed visit only what is
    sealed with it is told: the rest learns of it at the release, and then of how it is.
    """
    kept = {tie.check: tie for tie in ties_of(visit)}
    problems = Problem.objects.select_related("category", "area", "site").in_bulk([tie.problem for tie in before])
    hand = finder(by)
    for tie in before:
        problem, now = problems[tie.problem], kept.get(tie.check)
        told = _changed(visit, tie, now)
        if not told or (visit.round.is_hidden and not problem.is_held):
            continue
        is_unfounded = now is None and problem.origin_kind == ORIGIN and not _is_held_to(problem)
        ledger.tell_correction(problem=problem, told=told, is_unfounded=is_unfounded, by=hand, at=at)


def _changed(visit: Visit, before: Tie, now: Tie | None) -> str:
    start = f"检查 {visit.code} 已更正"
    if now is not None:
        more = f"{start}：{before.occurrences or 1} 处改为 {now.occurrences or 1} 处"
        return more if (before.occurrences or 1) != (now.occurrences or 1) else ""
    answer = Answer.objects.filter(visit=visit, check_item__code=before.check).first()
    return f"{start}：此项改为{Result(answer.result if answer else Result.PASS).label}"


def _is_held_to(problem: Problem) -> bool:
    return Answer.objects.filter(problem=problem, result=Result.FAIL).exists()


def finder(by: Actor) -> Actor:
    """The same person, who by making the visit may open, show and close on the spot what it found, and nothing else: a
    finding needs no second confirmation (domain §7, Visit)."""
    needed = {Problems.REPORT, Problems.FILE, SEALED}
    return dataclasses.replace(by, permissions=by.permissions | needed)


def _silent_checks(visit: Visit) -> frozenset[str]:
    """The checks that open no problem by the preset that held at the place on the day."""
    path = visit.site.area.path_codes if visit.site else visit.area.path_codes if visit.area else []
    use = presets.holding(presets.holdings(), path, clock.local_day(visit.at))
    rules = use.document.sections.get("inspections") if use else None
    return frozenset(rules.no_problem) if isinstance(rules, InspectionRules) else frozenset()


def _category(finding: "Finding", check: Check) -> Category | None:
    """The one picked among the check's, else its first; none where the check names none."""
    if finding.category and finding.category not in check.categories:
        raise DomainError(f"『{check.text}』没有这个问题类别，请重新选择。")
    code = finding.category or next(iter(check.categories), "")
    return Category.objects.filter(code=code).first()


def _check_fixed(visit: Visit, finding: "Finding", check: Check) -> None:
    if visit.round.is_hidden:
        raise DomainError("暗访不当场整改：问题随轮次密封，解封后再办。")
    if not (finding.photos and finding.after):
        raise DomainError(f"『{check.text}』当场整改须有整改前和整改后照片各一张。")


def _standing(visit: Visit, category: Category, opened: Sequence[int]) -> Problem | None:
    """What stands open there and may be known here: nothing another sealed round holds, nothing this visit opened."""
    area = visit.site.area if visit.site else visit.area
    assert isinstance(area, Area)  # noqa: S101 - a constraint of the table
    found = problems.open_at(site_id=visit.site_id, area_id=area.pk, category_id=category.pk)
    own = visit.round.code if visit.round.is_hidden else ""
    return found.filter(held_by_round__in=["", own]).exclude(pk__in=opened).first()


def _opened(
    visit: Visit, finding: "Finding", check: Check, category: Category, *, by: Actor, at: datetime
) -> Problem:  # fmt: skip
    times = f"（{finding.occurrences} 处）" if finding.occurrences else ""
    note = f"：{finding.note}" if finding.note else ""
    return ledger.open_finding(
        category=category, description=f"{check.text}{times}{note}", found_at=visit.at, origin_kind=ORIGIN,
        origin_code=visit.code, site=visit.site, area=visit.area,
        source=SOURCES.get(RoundKind(visit.round.kind), Source.INSPECTION),
        held_by_round=visit.round.code if visit.round.is_hidden else "", by=by, at=at,
    )  # fmt: skip


def _show(problem: Problem, finding: "Finding", *, by: Actor, at: datetime) -> None:
    """The photos of the sheet are the problem's too."""
    for stage, photos in ((PhotoStage.BEFORE, finding.photos), (PhotoStage.AFTER, finding.after)):
        kept: list[Attachment] = [
            attachments.attach_again(
                attachment=photo, subject_kind=PROBLEM, subject_code=problem.code, by=by, at=at
            )
            for photo in photos
        ]  # fmt: skip
        if kept:
            ledger.tie_photos(problem=problem, stage=stage, kept=kept, by=by, at=at)
