"""A visit corrected by hand: with a reason, both versions kept (domain §8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, StaleState, require
from chuangwei.core.models import TransitionLog
from chuangwei.core.text import free_text
from chuangwei.core.writes import action
from chuangwei.domain.inspections import permissions
from chuangwei.domain.inspections.actions import recording
from chuangwei.domain.inspections.actions.correcting import (
    HeldAnswer,
    PublishedDays,
    answers_of,
    score_text,
    visit_content,
)
from chuangwei.domain.inspections.actions.findings import open_problems, tell_corrected, ties_of
from chuangwei.domain.inspections.actions.recording import Finding, Scored
from chuangwei.domain.inspections.actions.visit_rows import held_visits
from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.models import Answer, Visit, VisitRevision
from chuangwei.domain.places.queries import history

REASON_LENGTH = 200
PUBLISHED = "这次检查所在的周期已经公示，不能直接更正。请走异议程序。"


@action
def correct_visit(
    *, visit: Visit, version: int, findings: Sequence[Finding], reason: str, by: Actor, at: datetime,
    published: Sequence[PublishedDays] = (),
) -> Visit:  # fmt: skip
    """Put other findings in place of those of a visit; `version` is the one the person had before her.

    `published` are the days on which only an objection corrects (whoever upholds one gives none). Checks that fail now
    and did not before open their problems, where the visit was recorded here; what is found no more is told the
    ledger (`tell_corrected`). StaleState where somebody was first, DomainError without a reason or a change.
    """
    require(permissions.may_correct(by, visit) and permissions.visible_visits(by).filter(pk=visit.pk).exists())
    if not free_text(reason):
        raise DomainError("更正须写明理由。")
    if len(free_text(reason)) > REASON_LENGTH:
        raise DomainError(f"理由最多 {REASON_LENGTH} 字。")
    _check_published(visit, published)
    held = dict(held_visits([visit.code]))[visit.code]
    before = answers_of({visit.pk: 0}).get(0, {})
    scored = recording.checked_findings(visit.checklist, findings)
    if _held(before) == _said(scored):
        raise DomainError("与原来的结果相同，没有要更正的。")
    revision = VisitRevision(
        visit=visit, version=version, content=visit_content(held, visit, before), reason=free_text(reason),
        corrected_at=at, by_code=by.code, by_name=by.name,
    )  # fmt: skip
    old_score = score_text(visit)
    values = recording.sums_values(recording.sums_of(visit.checklist, scored))
    if not Visit.objects.filter(pk=visit.pk, version=version).update(version=version + 1, **values):
        raise StaleState(f"检查记录 {visit.code} 已被他人更正，请重新打开再看。")
    revision.save(force_insert=True)
    visit.refresh_from_db()
    _replace(visit, scored, frozenset(code for code, one in before.items() if one.found.result == Result.FAIL), by, at)
    TransitionLog.objects.create(
        subject_kind=recording.SUBJECT, subject_code=visit.code, move="correct", move_name="更正检查",
        source=old_score, target=score_text(visit), by_code=by.code, by_name=by.name, at=at, note=free_text(reason),
    )  # fmt: skip
    recording.record(visit, "更正检查", by=by, at=at, note=free_text(reason))
    return visit


def _held(before: Mapping[str, HeldAnswer]) -> dict[str, object]:
    """What was said before; a check that passed without a word said nothing."""
    told = {code: one for code, one in before.items() if one.found.result != Result.PASS or one.note}
    return {code: (one.found, one.note) for code, one in told.items()}


def _said(scored: Scored) -> dict[str, object]:
    return {check.code: (finding.found, free_text(finding.note)) for finding, check, _ in scored}


def _replace(visit: Visit, scored: Scored, failed_before: frozenset[str], by: Actor, at: datetime) -> None:
    """Other answers in place of the old; a check keeps the problem it opened in view, whatever it says now."""
    old, found = Answer.objects.filter(visit=visit), ties_of(visit)
    ties = list(old.filter(problem__isnull=False).values_list("check_item_id", "problem_id"))
    old.delete()
    answers = recording.write_answers(visit, scored, by=by, at=at)
    for check, problem in ties:
        Answer.objects.update_or_create(
            visit=visit, check_item_id=check, defaults={"problem_id": problem},
            create_defaults={"problem_id": problem, "result": Result.PASS, "lost": 0},
        )  # fmt: skip
    if visit.recorded_by:
        new = [one for one in scored if one[1].code not in failed_before]
        open_problems(visit, answers, new, by=by, at=at)
    tell_corrected(visit, found, by=by, at=at)


def _check_published(visit: Visit, published: Sequence[PublishedDays]) -> None:
    day, known = clock.local_day(visit.at), history()
    chain = known.site_chain(visit.site.code, day) if visit.site else []
    chain = known.area_chain(visit.area.code, day) if visit.area else chain
    if any(days.first <= day <= days.last and (not days.area or days.area in chain) for days in published):
        raise DomainError(PUBLISHED)
