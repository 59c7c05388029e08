"""What sealed rounds find 暗访: held with the round, and opened with its release (domain §7, Undercover)."""

from datetime import datetime

from chuangwei.core import audit
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.models import TransitionLog
from chuangwei.core.transitions import apply_transition, log_change
from chuangwei.core.writes import action
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems import permissions, queries, states
from chuangwei.domain.problems.actions.records import numbered, recorded
from chuangwei.domain.problems.enums import SEALED, SUBJECT, Source
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Category


@action
def open_finding(
    *, category: Category, description: str, found_at: datetime, origin_kind: str, origin_code: str, by: Actor,
    at: datetime, site: Site | None = None, area: Area | None = None, source: Source = Source.INSPECTION,
    held_by_round: str = "", code: str = "",
) -> Problem:  # fmt: skip
    """A problem an inspector found, born filed: it needs no second confirmation (domain §7, Visit).

    `origin_kind` and `origin_code` say what found it ("inspections.visit" and the visit's code). With `held_by_round`,
    the code of a round that is sealed, nobody outside sees it and nothing can be done with it before `release_held`.
    Without a code it takes the next of the year.
    """
    area = site.area if site else area
    if area is None:
        raise DomainError("问题须有点位或区划。")
    require(permissions.may_report(by, area.path, site.code if site else None))
    require(not held_by_round or by.may(SEALED))
    problem = numbered(
        code or queries.next_codes(at, is_held=bool(held_by_round)), source=source, category=category,
        description=description, site=site, area=area, found_at=found_at, origin_kind=origin_kind,
        origin_code=origin_code, held_by_round=held_by_round,
        comes_back_of=queries.earlier_of(
            site_id=site.pk if site else None, area=area, category_id=category.pk, found_at=found_at
        ),
    )  # fmt: skip
    apply_transition(problem, states.FILE, by=by, at=at)
    recorded(problem, "上报问题", by=by, at=at)
    return problem


@action
def release_held(*, round_code: str, by: Actor, at: datetime) -> int:
    """Open what a sealed round found, now that it is released; how many there were. Their time begins with dispatch.

    Whoever releases the round decides that it may be done; here it takes somebody who sees sealed rounds or who files.
    """
    require(permissions.may_release(by))
    if not round_code:
        raise DomainError("须写明是哪一轮。")
    held = list(Problem.objects.filter(held_by_round=round_code).order_by("pk"))
    Problem.objects.filter(held_by_round=round_code).update(held_by_round="")
    TransitionLog.objects.bulk_create(
        log_change(
            subject_kind=SUBJECT, subject_code=problem.code, field="密封", old=round_code, new="解封",
            by=by, at=at, note="所属轮次解封",
        )
        for problem in held
    )  # fmt: skip
    audit.record(
        verb="解封问题", subject_kind="inspections.round", subject_code=round_code, by=by, at=at,
        details={"problems": len(held)},
    )  # fmt: skip
    return len(held)
