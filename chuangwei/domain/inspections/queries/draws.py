"""Questions about draws."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotFound
from chuangwei.core.text import Unreadable, code_text
from chuangwei.domain.inspections import permissions, rules, verifier
from chuangwei.domain.inspections.enums import Permission
from chuangwei.domain.inspections.models import Draw, Round
from chuangwei.domain.organisation import queries as organisation

verify_draw: Callable[[list[str], Callable[[str], None]], int] = verifier.main
"""The stand-alone verifier, as its command line: the paths of the result and (if it lies elsewhere) the list."""

VERIFIER_FILE = verifier.__file__
"""One file anybody can run without this program."""


def draws(*, actor: Actor) -> QuerySet[Draw]:
    """Every draw the actor may see, void ones and trials too, in the order they were begun."""
    return permissions.visible_draws(actor).order_by("pk")


def draw_of_round(*, round_code: str, actor: Actor) -> Draw:
    """The one draw of a round that stands: neither a trial nor void."""
    code = code_text(round_code)
    found = draws(actor=actor).filter(round_code=code, is_trial=False, voided_at__isnull=True).first()
    if found is None:
        raise NotFound(f"轮次 {code} 还没有冻结候选名单。")
    return found


def shortfalls(draw: Draw) -> dict[str, int]:
    """The strata that ask for more than the frozen list holds, and how many it holds: all of these will be drawn."""
    there = rules.listed(draw.candidates)
    held = {kind: len(there.get(kind, ())) for kind in draw.strata}
    return {kind: many for kind, many in held.items() if many < draw.strata[kind]}


def other_hands(each: Round | None, *, by: Actor) -> list[str]:
    """The names of the others who may draw for a round (none: one that is not here), where no public word is agreed."""
    path = permissions.path_of(each) if each else None
    codes = [code for code in organisation.holders_of(Permission.PLAN) if code != by.code]
    actors = [organisation.actor_of(organisation.account_by_code(code)) for code in codes]
    return [one.name for one in actors if permissions.may_plan_in(one, path) and _sees(one, each)]


def _sees(actor: Actor, each: Round | None) -> bool:
    return each is None or permissions.visible_rounds(actor).filter(pk=each.pk).exists()


def is_by_one_hand(draw: Draw) -> bool:
    """Whether one person did all steps at one time: 同一人一次完成."""
    return draw.drawn_at == draw.frozen_at and draw.drawn_by == draw.frozen_by == draw.committed_by


def readable_seed(draw: Draw) -> str:
    """DomainError that says why, where the seed does not open: the reason must never pass for a seed."""
    seed: str = draw.seed
    if isinstance(seed, Unreadable):
        raise DomainError(f"种子{seed}。")
    return seed


def draw_result(draw: Draw) -> dict[str, Any]:
    """What is published after the draw, in the shape of expected/draws.json; the list lies beside it as a text file.

    `word` is there only where a public word was named beforehand. Strata by kind code.
    DomainError where the seed does not open.
    """
    result: dict[str, Any] = {
        "round": draw.round_code,
        "seed": readable_seed(draw),
        "seed_hash": draw.seed_hash,
        "candidates_hash": draw.candidates_hash,
        "strata": dict(sorted(draw.strata.items())),
        "drawn": dict(sorted(draw.drawn.items())),
    }
    return result | ({"word": draw.word} if draw.word else {})


def draw_record(draw: Draw) -> dict[str, Any]:
    """The steps as far as they were made, and what goes with them; the seed itself is only in the result."""
    record: dict[str, Any] = {
        "round": draw.round_code,
        "is_trial": draw.is_trial,
        "candidates_hash": draw.candidates_hash,
        "candidates": draw.candidates.count("\n"),
        "strata": dict(sorted(draw.strata.items())),
        "exclusions": dict(sorted(draw.exclusions.items())),
        "word_source": draw.word_source,
        "seed_hash": draw.seed_hash,
        "word": draw.word,
        "shortfalls": dict(sorted(draw.shortfalls.items())),
        "by_one_hand": is_by_one_hand(draw),
        "steps": list(_steps(draw)),
    }
    void = {"at": _local_text(draw.voided_at), "reason": draw.void_reason} if draw.voided_at else None
    return record | ({"void": void} if void else {})


def _steps(draw: Draw) -> Iterator[dict[str, str]]:
    steps = [
        ("冻结名单", draw.frozen_at, draw.frozen_by),
        ("承诺种子", draw.committed_at, draw.committed_by),
        ("抽取", draw.drawn_at, draw.drawn_by),
    ]
    yield from ({"step": name, "at": _local_text(at), "by": by} for name, at, by in steps if at is not None)


def _local_text(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="seconds")
