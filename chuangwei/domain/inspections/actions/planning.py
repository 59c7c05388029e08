"""Rounds planned, changed and released."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from chuangwei.core import audit, clock, notices, numbering
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, StaleState, require
from chuangwei.core.models import TransitionLog
from chuangwei.core.text import free_text
from chuangwei.core.transitions import log_change
from chuangwei.core.writes import action
from chuangwei.domain.inspections import permissions, queries
from chuangwei.domain.inspections.actions.findings import finder, tell_what_was_sealed
from chuangwei.domain.inspections.enums import Choosing, Permission, RoundKind
from chuangwei.domain.inspections.models import Draw, Round, RoundMember, RoundTarget, Visit
from chuangwei.domain.organisation.models import Account, Person, Unit
from chuangwei.domain.organisation.queries import recipients_of, sites_on
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.permissions import site_scope
from chuangwei.domain.problems import actions as ledger

SUBJECT = "inspections.round"
MOST_TARGETS = 20_000


@dataclass(frozen=True)
class RoundPlan:
    """What a round is to be. `checklists`: code of a kind of site → number of the version of its sheet.

    `sites` count where the choosing is by list, `kinds` (codes) where it is by whole kinds; a draw brings its own.
    """

    name: str
    kind: str
    starts_on: date
    ends_on: date
    hours: str = ""
    area: Area | None = None
    team: Unit | None = None
    persons: Sequence[Person] = ()
    units: Sequence[Unit] = ()
    choosing: str = Choosing.LIST
    kinds: Sequence[str] = ()
    sites: Sequence[Site] = ()
    checklists: Mapping[str, int] = field(default_factory=dict)
    is_sealed: bool = False


@action
def plan_round(*, plan: RoundPlan, by: Actor, at: datetime) -> Round:
    """Begin a round and tell its team. What is sealed is planned by those who may see it, or who join its team."""
    area = plan.area or (plan.team.area if plan.team else None)
    require(permissions.may_plan_in(by, area.path if area else None))
    _check(plan, by=by)
    made = numbering.written(Round.objects.all(), _new_codes(plan), lambda code: _begun(code, plan))
    _write_team(made, plan)
    _write_targets(made, plan, by=by)
    _record("安排轮次", made, by=by, at=at)
    _tell(made, _team_accounts(made), at=at)
    return made


@action
def change_round(*, each: Round, plan: RoundPlan, by: Actor, at: datetime) -> Round:
    """Change what was planned; each changed value is logged, and who joins the team is told.

    Whoever leaves the team of a sealed round may not know of it any more: what told them so is taken back.
    DomainError where visits that were made would fall out of it: another kind, or days that leave them out. What is
    sealed stays sealed: only its release opens it.
    """
    require(permissions.may_change(by, each))
    area = plan.area or (plan.team.area if plan.team else None)
    require(permissions.may_plan_in(by, area.path if area else None))
    if plan.is_sealed != each.is_sealed:
        raise DomainError("轮次是否密封在安排时定下，不能更改；要公开请解封。")
    _check(plan, by=by)
    _check_visits(each, plan)
    before, told = queries.round_facts(each), _team_accounts(each)
    _write(each, plan)
    each.save()
    _write_team(each, plan)
    _write_targets(each, plan, by=by)
    after = queries.round_facts(each)
    TransitionLog.objects.bulk_create(
        log_change(
            subject_kind=SUBJECT, subject_code=each.code, field=name, old=before[name], new=value, by=by, at=at, note=""
        )
        for name, value in after.items()
        if before[name] != value
    )  # fmt: skip
    team = _team_accounts(each)
    gone = notices.withdraw(subject_kind=SUBJECT, subject_code=each.code, keep=team) if each.is_hidden else []
    _record("更改轮次", each, by=by, at=at, **_taken_back(gone))
    _tell(each, team - told, at=at)
    return each


@action
def release_round(*, each: Round, by: Actor, at: datetime) -> Round:
    """Open a sealed round 解封: its visits, team and draws can be seen, and the problems found in it begin their clocks.

    StaleState where somebody was first.
    """
    if not each.is_sealed:
        raise DomainError("这个轮次没有密封，不用解封。")
    if each.released_at is not None:
        raise StaleState("这个轮次已经解封。")
    require(permissions.may_release(by, each))
    if not Round.objects.filter(pk=each.pk, released_at__isnull=True).update(released_at=at):
        raise StaleState("这个轮次已经解封。")
    each.released_at = at
    audit.record(verb="解封轮次", subject_kind=SUBJECT, subject_code=each.code, by=by, at=at)
    ledger.release_held(round_code=each.code, by=finder(by), at=at)
    tell_what_was_sealed(each, by=by, at=at)
    return each


def take_drawn(draw: Draw) -> None:
    """Give a round that waits for a draw the sites that were drawn. A trial gives none (domain §7)."""
    each = Round.objects.filter(code=draw.round_code, choosing=Choosing.DRAW).first()
    if each is None or draw.is_trial:
        return
    drawn = [code for codes in draw.drawn.values() for code in codes]
    _set_targets(each, Site.objects.filter(code__in=drawn))


def drop_drawn(draw: Draw) -> None:
    """Take back the sites of a draw that is void; DomainError where one of them was seen already."""
    each = Round.objects.filter(code=draw.round_code, choosing=Choosing.DRAW).first()
    if each is None or draw.is_trial or not draw.drawn_at:
        return
    if Visit.objects.filter(round=each).exists():
        raise DomainError("按这次抽取已经检查过点位，不能再作废。")
    _set_targets(each, Site.objects.none())


# --- Checks -----------------------------------------------------------------------------------------------------------


def _check(plan: RoundPlan, *, by: Actor) -> None:
    if not free_text(plan.name):
        raise DomainError("请填写轮次名称。")
    if plan.kind not in RoundKind.values:
        raise DomainError("请选择轮次类型。")
    if plan.ends_on < plan.starts_on:
        raise DomainError("结束日期不能早于开始日期。")
    if plan.choosing == Choosing.KINDS and not plan.kinds:
        raise DomainError("按整类点位检查的，请至少选一类点位。")
    if plan.is_sealed and not by.may(Permission.SEALED) and not _joins(plan, by):
        raise DomainError("密封的轮次由可看暗访的人安排；您不在检查组里，安排后自己也看不到。请把自己加入检查组。")
    if plan.is_sealed and not (plan.team or plan.persons or plan.units):
        raise DomainError("密封的轮次须写明检查组。")


def _joins(plan: RoundPlan, by: Actor) -> bool:
    persons = {person.code for person in plan.persons}
    units = {unit.code for unit in plan.units} | ({plan.team.code} if plan.team else set())
    return by.person_code in persons or bool(units.intersection(by.unit_codes))


def _check_visits(each: Round, plan: RoundPlan) -> None:
    made = Visit.objects.filter(round=each)
    if plan.kind != each.kind and made.exists():
        raise DomainError("这个轮次已有检查记录，不能改类型。")
    begin, end = clock.instant(plan.starts_on), clock.instant(plan.ends_on)
    outside = made.filter(Q(at__lt=begin) | Q(at__gte=end + queries.DAY))
    if outside.exists():
        raise DomainError("已有检查记录不在新的起止日期之内。")


# --- Writing ----------------------------------------------------------------------------------------------------------


def _new_codes(plan: RoundPlan) -> list[str]:
    """Numbers by the first day. A sealed round's tells nothing: a gap in the numbers would give it away."""
    if plan.is_sealed:
        return [f"LC-{secrets.token_hex(6).upper()}"]
    return numbering.next_codes(Round.objects.all(), f"LC{plan.starts_on:%Y%m%d}-", width=2)


def _begun(code: str, plan: RoundPlan) -> Round:
    made = Round(code=code, is_sealed=plan.is_sealed)
    _write(made, plan)
    made.save(force_insert=True)
    return made


def _write(each: Round, plan: RoundPlan) -> None:
    each.name, each.kind, each.hours = free_text(plan.name), plan.kind, free_text(plan.hours)
    each.starts_on, each.ends_on = plan.starts_on, plan.ends_on
    each.area, each.team = plan.area, plan.team
    each.choosing = plan.choosing
    each.site_kinds = sorted(plan.kinds) if plan.choosing == Choosing.KINDS else []
    each.checklists = dict(sorted(plan.checklists.items()))


def _write_team(each: Round, plan: RoundPlan) -> None:
    RoundMember.objects.filter(round=each).delete()
    persons = {person.pk: person for person in plan.persons}.values()
    units = {unit.pk: unit for unit in plan.units if plan.team is None or unit.pk != plan.team.pk}.values()
    RoundMember.objects.bulk_create(
        [RoundMember(round=each, person=person) for person in persons]
        + [RoundMember(round=each, unit=unit) for unit in units]
    )  # fmt: skip


def _write_targets(each: Round, plan: RoundPlan, *, by: Actor) -> None:
    if plan.choosing == Choosing.DRAW:
        return
    if plan.choosing == Choosing.LIST:
        chosen = Site.objects.filter(pk__in=[site.pk for site in plan.sites])
    else:
        there = sites_on(plan.starts_on, scope=_ground(plan, by))
        chosen = Site.objects.filter(code__in=[code for code, (kind, _) in there.items() if kind in plan.kinds])
    _set_targets(each, chosen)


def _ground(plan: RoundPlan, by: Actor) -> Q:
    area = plan.area or (plan.team.area if plan.team else None)
    return site_scope(by) & Q(area__path__startswith=area.path) if area else site_scope(by)


def _set_targets(each: Round, chosen: Any) -> None:
    wanted = set(chosen.values_list("pk", flat=True))
    if len(wanted) > MOST_TARGETS:
        raise DomainError(f"一个轮次最多 {MOST_TARGETS:,} 个点位，现有 {len(wanted):,} 个。请分成几个轮次。")
    there = set(RoundTarget.objects.filter(round=each).values_list("site_id", flat=True))
    RoundTarget.objects.filter(round=each, site_id__in=there - wanted).delete()
    RoundTarget.objects.bulk_create(
        (RoundTarget(round=each, site_id=pk) for pk in sorted(wanted - there)), batch_size=500
    )  # fmt: skip


def _team_accounts(each: Round) -> set[str]:
    """The accounts of those of the team, as persons or by a unit they serve in when it begins."""
    units = [each.team.code] if each.team else []
    units += each.members.filter(unit__isnull=False).values_list("unit__code", flat=True)
    persons = each.members.filter(person__isnull=False).values("person")
    found = set(Account.objects.filter(is_active=True, person__in=persons).values_list("username", flat=True))
    return found.union(*(recipients_of(unit, day=each.starts_on) for unit in units))


def _tell(each: Round, accounts: set[str], *, at: datetime) -> None:
    days = f"{each.starts_on}" if each.ends_on == each.starts_on else f"{each.starts_on} 至 {each.ends_on}"
    hours, many = f"，{each.hours}" if each.hours else "", each.targets.count()
    notices.send(
        to=sorted(accounts), kind="round-planned", at=at, title=f"检查轮次：{each.name}",
        body=f"{each.name}：{days}{hours}，{f'应查 {many} 处' if many else '点位待定'}",
        subject_kind=SUBJECT, subject_code=each.code,
    )  # fmt: skip


def _taken_back(recipients: Sequence[str]) -> dict[str, Any]:
    """What the audit says of messages that are gone."""
    return {"taken_back": len(recipients), "taken_from": sorted(set(recipients))} if recipients else {}


def _record(verb: str, each: Round, *, by: Actor, at: datetime, **more: Any) -> None:
    """Who reads the record of deeds need not be in on what is sealed: it says nothing of what the round is (domain §7)."""
    audit.record(
        verb=verb, subject_kind=SUBJECT, subject_code=each.code, by=by, at=at,
        details=({} if each.is_hidden else queries.round_facts(each)) | more,
    )  # fmt: skip


__all__ = ["RoundPlan", "change_round", "drop_drawn", "plan_round", "release_round", "take_drawn"]
