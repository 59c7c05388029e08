"""ledger.xlsx 问题台账: problems (workbooks.md)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.rows import Rows, Taking
from chuangwei.core.workbook import cells
from chuangwei.core.workbook.tables import Column, SheetSpec
from chuangwei.core.workbook.writer import SheetRows
from chuangwei.domain.problems.actions import import_problems
from chuangwei.domain.problems.enums import ProblemState, Source
from chuangwei.domain.problems.queries import problems
from chuangwei.web.office.sheets.book import Book, Occasion, Wish

PROBLEMS = SheetSpec(
    "问题",
    [
        Column("编号", "code", cells.code, required=True),
        Column("来源", "source", cells.choice({source.label: source.value for source in Source}), required=True),
        Column("点位编码", "site", cells.code),
        Column("区划编码", "area", cells.code),
        Column("类别", "category", cells.word, required=True),
        Column("描述", "description", cells.text(length=5000), required=True),
        Column("发现时间", "found_at", cells.instant, required=True),
        Column("责任单位编码", "unit", cells.code),
        Column("派遣时间", "dispatched_at", cells.instant),
        Column("整改期限", "due_at", cells.deadline),
        Column("整改时间", "fixed_at", cells.instant),
        Column("核查时间", "verified_at", cells.instant),
        Column("销号时间", "closed_at", cells.instant),
        Column("状态", "state", cells.choice({state.label: state.value for state in ProblemState}), required=True),
    ],
    key=("code",),
)


def take(rows: Mapping[str, Rows], occasion: Occasion) -> Taking:
    return import_problems(
        problems=rows["problems"], by=occasion.by, at=occasion.at, areas=occasion.unsaved("areas"),
        sites=occasion.unsaved("sites"), units=occasion.unsaved("units"), save=occasion.save,
    )  # fmt: skip


def write(actor: Actor, _wish: Wish) -> Iterator[Sequence[SheetRows]]:
    yield [SheetRows(PROBLEMS.name, [column.head for column in PROBLEMS.columns], _rows(actor))]


def _rows(actor: Actor) -> Iterator[Sequence[Any]]:
    for problem in problems(actor=actor).order_by("code").iterator(chunk_size=2000):
        site, unit = problem.site, problem.unit
        yield (
            problem.code, problem.get_source_display(), site.code if site else None,
            None if site else problem.area.code, problem.category.code, problem.description, problem.found_at,
            unit.code if unit else None, problem.dispatched_at, _deadline(problem.due_at), problem.fixed_at,
            problem.verified_at, problem.closed_at, problem.get_state_display(),
        )  # fmt: skip


def _deadline(due_at: datetime | None) -> datetime | str | None:
    """An Excel date at 00:00 would be read back as the end of that day; text with its clock says what is meant."""
    if due_at is None or clock.local(due_at).time() != time():
        return due_at
    return f"{clock.local(due_at):%Y-%m-%d %H:%M}"


LEDGER = Book(slug="ledger", title="问题台账", sheets={"problems": PROBLEMS}, take=take, write=write)
