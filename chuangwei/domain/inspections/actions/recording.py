"""A visit written down by whoever made it: scored, its photos kept, and one problem opened for each failed check."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from chuangwei.core import attachments, audit, clock, notices, numbering
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.exact import to_decimal, to_whole
from chuangwei.core.models import Attachment
from chuangwei.core.text import free_text
from chuangwei.core.writes import action
from chuangwei.domain.inspections import permissions, queries, sheet
from chuangwei.domain.inspections.actions.drafts import ALREADY, discard_sheet, one_at_a_time
from chuangwei.domain.inspections.actions.findings import open_problems
from chuangwei.domain.inspections.enums import Result, RoundKind
from chuangwei.domain.inspections.models import Answer, Round, Visit, VisitInspector
from chuangwei.domain.inspections.queries import POINT_PLACES
from chuangwei.domain.inspections.sheet import CheckRule, Found, Sums
from chuangwei.domain.organisation.enums import COMMITTEE_KINDS
from chuangwei.domain.organisation.models import Person, Unit
from chuangwei.domain.organisation.queries import sites_on, units_of_persons
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.standards.models import Check, Checklist
from chuangwei.domain.standards.queries import checklists_by_id

SUBJECT = "inspections.visit"
ROUND = "inspections.round"
EACH_OTHER = frozenset({RoundKind.MUTUAL, RoundKind.CONTEST})
"""Rounds in which subjects score one another: nobody scores their own (domain §7, §8)."""
NOTE_LENGTH = 1000


@dataclass(frozen=True)
class Finding:
    """What was found at one check. `category` is the code the inspector picked; the check's first without one.

    `is_fixed`: put right before the inspector's eyes 即知即改, which takes a photo before and one after.
    """

    check: str
    result: str
    occurrences: int | None = None
    deduction: Decimal | None = None
    note: str = ""
    category: str = ""
    is_fixed: bool = False
    photos: Sequence[Attachment] = ()
    after: Sequence[Attachment] = ()

    @property
    def found(self) -> Found:
        off = None if self.deduction is None else to_whole(self.deduction, POINT_PLACES)
        return Found(self.result, self.occurrences, off)

    @property
    def says_something(self) -> bool:
        """A check that passed without a word needs no answer: it keeps all its points."""
        return self.result != Result.PASS or bool(self.note or self.photos)


@action
def record_visit(
    *, each: Round, site: Site, visited_at: datetime, inspectors: Sequence[Person], findings: Sequence[Finding],
    by: Actor, at: datetime,
) -> Visit:  # fmt: skip
    """Write down a visit to a site in a round, with the version of the sheet the round scores that kind with.

    Checks not among the findings passed. Opens problems (domain §7); the draft of the sheet is gone afterwards.
    """
    require(permissions.may_record(by, each) and permissions.visible_rounds(by).filter(pk=each.pk).exists())
    require(by.covers_site(site.area.path, site.code), "这个点位不在您的管辖范围内。")
    checklist = _checklist(each, site, visited_at)
    _check_time(each, visited_at, at)
    _check_inspectors(each, site, inspectors, visited_at)
    one_at_a_time(site)
    _check_twice(each, site, inspectors, visited_at)
    scored = checked_findings(checklist, findings)
    visit = _written(each, site, visited_at, checklist, sums_of(checklist, scored), by=by, at=at)
    VisitInspector.objects.bulk_create(
        VisitInspector(visit=visit, person=person, order=order) for order, person in enumerate(inspectors)
    )
    answers = write_answers(visit, scored, by=by, at=at)
    open_problems(visit, answers, scored, by=by, at=at)
    draft = queries.draft_of(each, site, actor=by)
    if draft is not None:
        discard_sheet(draft=draft, by=by)
    record(visit, "录入检查", by=by, at=at)
    notices.mark_dealt_with(recipient=by.code, subject_kind=ROUND, subject_code=each.code, at=at)
    return visit


# --- Checks -----------------------------------------------------------------------------------------------------------


def _checklist(each: Round, site: Site, visited_at: datetime) -> Checklist:
    """By the kind the site was of that day (domain §2)."""
    day = clock.local_day(visited_at)
    there = sites_on(day, codes=[site.code])
    if site.code not in there:
        raise DomainError(f"点位 {site.name} 在 {day} 还没有设立，或已撤销。")
    return queries.checklist_for(each, there[site.code][0])


def _check_time(each: Round, visited_at: datetime, at: datetime) -> None:
    if visited_at > at:
        raise DomainError("检查时间不能晚于现在。")
    if not each.starts_on <= clock.local_day(visited_at) <= each.ends_on:
        raise DomainError(f"检查时间不在轮次的起止日期（{each.starts_on} 至 {each.ends_on}）之内。")


def _check_inspectors(each: Round, site: Site, inspectors: Sequence[Person], visited_at: datetime) -> None:
    if not inspectors:
        raise DomainError("请写明检查人。")
    day = clock.local_day(visited_at)
    if permissions.has_team(each):
        team = {person.code for person in queries.team_persons(each, day)}
        outside = [person.name for person in inspectors if person.code not in team]
        if outside:
            raise DomainError(f"{'、'.join(outside)}不在这个轮次的检查组里。")
    if each.kind in EACH_OTHER:
        own = own_units(each, site)
        serving = units_of_persons(day=day, persons=[person.code for person in inspectors])
        recused = [person.name for person in inspectors if own.intersection(serving.get(person.code, ()))]
        if recused:
            raise DomainError(f"{each.get_kind_display()}须回避本单位：{'、'.join(recused)}任职于点位所在地。")


def own_units(each: Round, site: Site) -> set[str]:
    """The committees of the areas that hold a site, up to where all who take part are at home: the round's own area."""
    top = permissions.path_of(each) or ""
    codes = [code for code in site.area.path_codes if code not in top.rstrip("/").split("/")]
    areas = Area.objects.filter(code__in=codes)
    return set(Unit.objects.filter(kind__in=COMMITTEE_KINDS, area__in=areas).values_list("code", flat=True))


def _check_twice(each: Round, site: Site, inspectors: Sequence[Person], visited_at: datetime) -> None:
    """A button pressed twice, or the page sent again."""
    there = Visit.objects.filter(round=each, site=site, at=visited_at, inspectors__person__in=inspectors)
    if there.exists():
        raise DomainError(ALREADY)


Scored = list[tuple[Finding, Check, CheckRule]]


def checked_findings(checklist: Checklist, findings: Sequence[Finding]) -> Scored:
    """The findings that say something, each with its check; DomainError with the check's words for one that cannot be."""
    rules = queries.check_rules(checklists_by_id([checklist.pk])[checklist.pk])
    checks = {check.code: check for check in checklist.checks.all()}
    scored: Scored = []
    for finding in findings:
        check = checks.get(finding.check)
        if check is None:
            raise DomainError("检查表已换了版本，请重新打开检查表。")
        if finding.result not in Result.values:
            raise DomainError(f"『{check.text}』还没有填结果。请选合格、不合格或不适用。")
        wrong = sheet.fault(rules[check.code], finding.found)
        if wrong is not None:
            raise DomainError(f"『{check.text}』{wrong}")
        if len(finding.note) > NOTE_LENGTH:
            raise DomainError(f"『{check.text}』说明最多 {NOTE_LENGTH} 字。")
        if finding.says_something:
            scored.append((finding, check, rules[check.code]))
    return scored


def sums_of(checklist: Checklist, scored: Scored) -> Sums:
    rules = queries.check_rules(checklists_by_id([checklist.pk])[checklist.pk])
    return sheet.sums(rules, [(check.code, finding.found) for finding, check, _ in scored])


# --- Writing ----------------------------------------------------------------------------------------------------------


def sums_values(kept: Sums) -> dict[str, Any]:
    points = {name: to_decimal(getattr(kept, name), POINT_PLACES) for name in kept._fields[:4]}
    return points | {name: getattr(kept, name) for name in kept._fields[4:]}


def _written(
    each: Round, site: Site, visited_at: datetime, checklist: Checklist, kept: Sums, *, by: Actor, at: datetime
) -> Visit:  # fmt: skip
    values = {
        "round": each, "site": site, "at": visited_at, "checklist": checklist, "recorded_at": at,
        "recorded_by": by.code, **sums_values(kept),
    }  # fmt: skip
    visits = Visit.objects.all()
    return numbering.written(visits, _numbers(each, visited_at), lambda code: Visit.objects.create(code=code, **values))


def _numbers(each: Round, visited_at: datetime) -> Sequence[str]:
    """The next numbers of the day: whoever is second takes the one behind. A sealed visit's tells nothing of it."""
    if each.is_hidden:
        return [f"JC-{secrets.token_hex(8).upper()}"]
    start = f"JC{clock.local_day(visited_at):%Y%m%d}-"
    return numbering.next_codes(Visit.objects.all(), start, width=4)


def write_answers(visit: Visit, scored: Scored, *, by: Actor, at: datetime) -> dict[str, Answer]:
    """The answers by the code of the check, with the photos that came with them."""
    rows = {}
    for finding, check, rule in scored:
        points: Any = {
            "deduction": finding.deduction, "lost": to_decimal(sheet.lost(rule, finding.found), POINT_PLACES)
        }  # fmt: skip
        rows[check.code] = Answer(
            visit=visit, check_item=check, result=finding.result, occurrences=finding.occurrences,
            note=free_text(finding.note), **points,
        )  # fmt: skip
    Answer.objects.bulk_create(rows.values())
    for finding, check, _ in scored:
        for photo in (*finding.photos, *finding.after):
            attachments.attach_again(
                attachment=photo, subject_kind=queries.PHOTO_KIND,
                subject_code=queries.photo_subject(visit.code, check.code), by=by, at=at,
            )  # fmt: skip
    return rows


def record(visit: Visit, verb: str, *, by: Actor, at: datetime, note: str = "") -> None:
    """Who reads the record of deeds need not be in on what is sealed (domain §7)."""
    told = {"round": visit.round.code, "site": visit.site.code if visit.site else "", "got": str(visit.got)}
    audit.record(
        verb=verb, subject_kind=SUBJECT, subject_code=visit.code, by=by, at=at, note="" if visit.round.is_hidden else note,
        details={} if visit.round.is_hidden else told,
    )  # fmt: skip
