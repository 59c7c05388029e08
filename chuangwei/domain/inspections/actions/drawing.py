"""A draw in three steps, each a record: freeze the list, commit to a seed, draw. Never repeated (domain §7)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from chuangwei.core import audit, clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, StaleState, require
from chuangwei.core.text import code_text, free_text
from chuangwei.core.writes import action
from chuangwei.domain.inspections import rules
from chuangwei.domain.inspections.actions.planning import drop_drawn, take_drawn
from chuangwei.domain.inspections.enums import Choosing
from chuangwei.domain.inspections.models import Draw, Round
from chuangwei.domain.inspections.permissions import hand, may_change, may_plan, may_step, path_of, visible_rounds
from chuangwei.domain.inspections.queries import readable_seed
from chuangwei.domain.organisation.queries import kind_names, sites_on
from chuangwei.domain.places.permissions import site_scope

SEED_BYTES = 32


@action
def freeze_candidates(
    *, round_code: str, strata: Mapping[str, int], by: Actor, at: datetime, exclusions: Mapping[str, str] | None = None,
    word_source: str = "", is_trial: bool = False,
) -> Draw:  # fmt: skip
    """Fix the round and its list of candidates: the sites of the strata (kind codes) there are that day, in the
    actor's scope, without those excluded with a reason. `word_source` names where the public word will come from.
    """
    require(may_plan(by))
    code = code_text(round_code)
    each = _round(code, by)
    _check_round(code, is_trial)
    _check_takes_drawn(each, is_trial)
    _check_strata(strata)
    reasons = {code_text(site): free_text(reason) for site, reason in (exclusions or {}).items()}
    there = sites_on(clock.local_day(at), scope=_ground(each, by))
    _check_exclusions(reasons, there)
    listed = [(kind, site) for site, (kind, _) in there.items() if kind in strata and site not in reasons]
    candidates = rules.candidate_list(listed)
    draw = Draw.objects.create(
        round_code=code, strata=dict(strata), exclusions=reasons, candidates=candidates,
        candidates_hash=rules.digest(candidates), word_source=free_text(word_source), is_trial=is_trial,
        frozen_at=at, frozen_by=hand(by),
    )  # fmt: skip
    _record("冻结名单", draw, by=by, at=at, candidates_hash=draw.candidates_hash, count=len(listed))
    return draw


@action
def commit_seed(*, draw: Draw, by: Actor, at: datetime, seed: str | None = None) -> Draw:
    """Make the secret seed; what is shown now is its hash. Only a trial takes a seed from outside."""
    require(may_step(by, draw))
    if (seed is not None) != draw.is_trial:
        raise DomainError("正式抽取的种子由程序产生，不能指定；指定种子只用于试抽或重算。")
    if seed is not None and not rules.is_seed(seed):
        raise DomainError("种子须是 64 位小写十六进制（0–9、a–f）。")
    secret = seed or secrets.token_hex(SEED_BYTES)
    values = {"seed": secret, "seed_hash": rules.digest(secret), "committed_at": at, "committed_by": hand(by)}
    _move(draw, values, committed_at__isnull=True)
    _record("承诺种子", draw, by=by, at=at, seed_hash=draw.seed_hash)
    return draw


@action
def draw_sites(*, draw: Draw, by: Actor, at: datetime, word: str = "") -> Draw:
    """Reveal the seed and draw. By another hand than the one that committed, or with the public word named before."""
    require(may_step(by, draw))
    if not draw.word_source and hand(by) == draw.committed_by:
        raise DomainError("须由承诺种子的人以外的另一人抽取，或在冻结名单时约定公开词。")
    return _draw(draw, by=by, at=at, word=word)


@action
def draw_at_once(
    *, round_code: str, strata: Mapping[str, int], by: Actor, at: datetime, exclusions: Mapping[str, str] | None = None,
    word_source: str = "", word: str = "", seed: str | None = None,
) -> Draw:  # fmt: skip
    """All steps by one hand at one time; the record says so plainly. With a seed given it is a trial."""
    draw = freeze_candidates(
        round_code=round_code, strata=strata, exclusions=exclusions, word_source=word_source, is_trial=seed is not None,
        by=by, at=at,
    )  # fmt: skip
    commit_seed(draw=draw, seed=seed, by=by, at=at)
    return _draw(draw, by=by, at=at, word=word)


@action
def void_draw(*, draw: Draw, reason: str, by: Actor, at: datetime) -> Draw:
    """A void draw stays, with its reason; only then may the round be drawn for again."""
    require(may_step(by, draw))
    if not free_text(reason):
        raise DomainError("作废须写明理由。")
    drop_drawn(draw)
    _move(draw, {"void_reason": free_text(reason), "voided_at": at})
    _record("作废抽取", draw, by=by, at=at, note=draw.void_reason)
    return draw


def _draw(draw: Draw, *, by: Actor, at: datetime, word: str) -> Draw:
    public = free_text(word)
    if bool(public) != bool(draw.word_source):
        raise DomainError(
            f"请给出公开词（{draw.word_source}）。" if draw.word_source else "冻结名单时没有约定公开词，现在不能用。"
        )
    found = rules.drawn(
        seed=rules.seed_used(readable_seed(draw), public), round_code=draw.round_code, candidates=draw.candidates,
        strata=draw.strata,
    )  # fmt: skip
    values = {
        "word": public, "drawn": found.sites, "shortfalls": found.shortfalls, "drawn_at": at, "drawn_by": hand(by),
    }  # fmt: skip
    _move(draw, values, committed_at__isnull=False, drawn_at__isnull=True)
    take_drawn(draw)
    _record("抽取", draw, by=by, at=at, drawn=draw.drawn, word=draw.word)
    return draw


def _move(draw: Draw, values: Mapping[str, Any], **still: bool) -> None:
    """Save what the step sets, if nobody was first."""
    if not Draw.objects.filter(pk=draw.pk, voided_at__isnull=True, **still).update(**values):
        raise StaleState(f"轮次 {draw.round_code} 的抽取已不在这一步，请重新查看。")
    for name, value in values.items():
        setattr(draw, name, value)


def _round(code: str, by: Actor) -> Round | None:
    """The round of this code, where it was planned here; DomainError where it is not the actor's to plan."""
    each = Round.objects.select_related("area", "team__area").filter(code=code).first()
    if each is not None and not (may_change(by, each) and visible_rounds(by).filter(pk=each.pk).exists()):
        raise DomainError(f"轮次 {code} 不能由您抽取。")
    return each


def _ground(each: Round | None, by: Actor) -> Q:
    path = path_of(each) if each else None
    return site_scope(by) & Q(area__path__startswith=path) if path else site_scope(by)


def _check_round(code: str, is_trial: bool) -> None:
    if not code or rules.SEPARATOR in code:
        raise DomainError(f"轮次编码不能为空，也不能含“{rules.SEPARATOR}”。")
    if not is_trial and Draw.objects.filter(round_code=code, is_trial=False, voided_at__isnull=True).exists():
        raise DomainError(f"轮次 {code} 已有抽取，不能重抽；原抽取写明理由作废后方可再抽。")


def _check_takes_drawn(each: Round | None, is_trial: bool) -> None:
    """A round that has its sites from elsewhere takes none from a draw."""
    if each is not None and not is_trial and each.choosing != Choosing.DRAW and each.targets.exists():
        raise DomainError(
            f"轮次『{each.name}』的点位取法是“{each.get_choosing_display()}”，抽取对它没有作用。"
            "请先把点位取法改为“随机抽取”，或选别的轮次。"
        )


def _check_strata(strata: Mapping[str, int]) -> None:
    known = {kind.code for kind in kind_names()}
    for kind, wanted in strata.items():
        if kind not in known:
            raise DomainError(f"没有编码为 {kind} 的点位类型。")
        if wanted < 1:
            raise DomainError(f"{kind} 的样本数须是不小于 1 的整数。")
    if not strata:
        raise DomainError("请至少写明一层及其样本数。")


def _check_exclusions(reasons: Mapping[str, str], there: Mapping[str, Any]) -> None:
    for site, reason in reasons.items():
        if site not in there:
            raise DomainError(f"要排除的 {site} 不是现有的点位。")
        if not reason:
            raise DomainError(f"排除 {site} 须写明理由。")


def _record(verb: str, draw: Draw, *, by: Actor, at: datetime, note: str = "", **details: Any) -> None:
    audit.record(
        verb=f"{verb}（试抽）" if draw.is_trial else verb, subject_kind="inspections.draw", subject_code=draw.round_code,
        by=by, at=at, note=note, details=details,
    )  # fmt: skip
