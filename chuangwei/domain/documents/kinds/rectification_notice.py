"""整改通知单: one dispatched problem, to the unit that must put it right, with the slip it sends back."""

from collections.abc import Iterator

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotFound
from chuangwei.core.models import Attachment
from chuangwei.core.text import code_text
from chuangwei.domain.documents.blocks import (
    Block,
    Column,
    Figure,
    Paragraph,
    Photo,
    Photos,
    Run,
    Table,
    Text,
    Words,
    text_of,
)
from chuangwei.domain.documents.kinds._findings import FULL_WIDTH
from chuangwei.domain.documents.registry import Ask, Asked, Composed, kind
from chuangwei.domain.documents.rules import day_text
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.problems import queries as ledger
from chuangwei.domain.problems.enums import SUBJECT
from chuangwei.domain.problems.models import Problem

PHRASES = {
    "title": "环境卫生问题整改通知单",
    "opening": "经查，{place}存在以下问题。请按要求整改，并于{due}前将整改情况报{office}。",
    "standard": "{closes}",
    "closing": "逾期未整改或整改不到位的，将予以督办通报。",
}
FORM = (Column("", 4), Column("", 15, "left"))
PHOTO_COUNT = 4
SLIP = {"整改措施及结果": 32, "完成时间": 11, "整改单位负责人（签字）": 16, "核查意见": 22, "核查人（签字）": 16}
"""What the slip asks for, and how many millimetres there are to write in."""


@kind(
    "rectification-notice",
    name="整改通知单",
    about="台账里一件已经派遣的问题",
    asks=(Ask("problem", "问题编号", "TZ-2026-1113"),),
    phrases=PHRASES,
    needs=("problems.view",),
)
def rectification_notice(asked: Asked) -> Composed:
    code = code_text(asked.about["problem"])
    problem = ledger.problems(actor=asked.actor).filter(code=code).first()
    if problem is None or _is_sealed(problem):
        raise NotFound(f"台账里没有编号为 {code} 的问题。")
    if problem.unit is None or problem.due_at is None:
        raise DomainError(f"问题 {code} 还没有派遣，没有责任单位和整改期限，不能下达整改通知单。")
    if not ledger.is_in_hand(problem):
        raise DomainError(f"问题 {code} 现为“{problem.get_state_display()}”，不用再下达整改通知单。")
    letterhead = asked.letterhead(problem.area.path_codes)
    place = _place(problem, asked)
    due = clock.local(problem.due_at)
    due_run = _run(problem, "due", f"{day_text(due.date())}{due.hour}时", "整改期限")
    opening = letterhead.says("opening", place=place, due=due_run, office=letterhead.issuer)
    blocks: list[Block] = [Paragraph(opening), _form(problem, place, due_run, asked)]
    if asked.is_inner:
        blocks += _photos(problem)
    blocks.append(Paragraph(letterhead.says("closing")))
    return Composed(
        title="".join(run.text for run in letterhead.says("title")),
        letterhead=letterhead,
        blocks=blocks,
        annex=list(_slip()) if asked.is_inner else [],
        area_code=problem.area.code,
        recipients=problem.unit.name,
        subject_kind=SUBJECT,
        subject_code=problem.code,
        units=[problem.unit.code],
    )


def _is_sealed(problem: Problem) -> bool:
    """What a sealed round found is in no paper before its release, whoever asks."""
    visits = Visit.objects.filter(code=problem.origin_code, round__is_sealed=True, round__released_at__isnull=True)
    return bool(problem.held_by_round) or (bool(problem.origin_code) and visits.exists())


def _place(problem: Problem, asked: Asked) -> Text:
    """Where it is. The name of a household 农户 is personal data: only the inner edition has it."""
    if problem.site is None or not problem.site.kind.is_household:
        return text_of(f"{problem.area.name}{problem.site.name if problem.site else ''}")
    name = Run(problem.site.name, is_person=True) if asked.is_inner else problem.site.kind.name
    return text_of(problem.area.name, name)


def _run(problem: Problem, what: str, value: str, label: str) -> Run:
    return Run(value, Figure(f"problems.{what}", value, f"问题{problem.code}{label}", subject=problem.code))


def _form(problem: Problem, place: Text, due: Run, asked: Asked) -> Table:
    rows: list[tuple[str, Words]] = [
        ("问题编号", problem.code),
        ("问题类别", problem.category.name.translate(FULL_WIDTH)),
        ("问题地点", place),
        ("发现时间", day_text(clock.local_day(problem.found_at))),
    ]
    if asked.is_inner:
        # What an inspector or a resident wrote may name anybody.
        rows.append(("问题描述", problem.description))
    rows += [("责任单位", problem.unit.name if problem.unit else ""), ("整改期限", due)]
    if problem.category.closes_when:
        rows.append(("整改标准", problem.category.closes_when))
    if asked.is_inner:
        rows += [("点位责任人", text)] if (text := _answering(problem)) else []
    return Table(FORM, tuple((text_of(name), text_of(words)) for name, words in rows), has_head=False)


def _answering(problem: Problem) -> Text:
    """Who answers for the place on the day it was found: 巷长某某、网格员某某."""
    if problem.site is None:
        return ()
    try:
        links = organisation.who_answers(at=problem.found_at, site=problem.site.code).links
    except NotFound:
        return ()
    names = organisation.names_of_holders({link.holder for link in links})
    parts: list[Words] = []
    for link in links:
        parts += ["、" if parts else "", link.role, Run(names.get(link.holder, ""), is_person=True)]
    return text_of(*parts)


def _photos(problem: Problem) -> list[Block]:
    kept = Attachment.objects.filter(
        subject_kind=SUBJECT, subject_code=problem.code, content_type__startswith="image/"
    ).order_by("pk")[:PHOTO_COUNT]
    found = tuple(Photo(one.digest, f"现场照片{place}") for place, one in enumerate(kept, 1))
    return [Photos(found)] if found else []


def _slip() -> Iterator[Block]:
    """回执: filled in by hand and sent back."""
    rows = tuple((text_of(name), text_of(" ")) for name in SLIP)
    yield Table(FORM, rows, caption="整改情况回执", has_head=False, heights=tuple(SLIP.values()))
