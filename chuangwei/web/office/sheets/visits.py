"""visits.xlsx 督查记录: rounds, visits, answers (workbooks.md)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from chuangwei.core.actor import Actor
from chuangwei.core.rows import Rows, Taking
from chuangwei.core.workbook import cells
from chuangwei.core.workbook.tables import Column, SheetSpec
from chuangwei.core.workbook.writer import SheetRows
from chuangwei.domain.appraisal.enums import PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections.actions import PublishedDays, import_visits
from chuangwei.domain.inspections.enums import Permission, Result, RoundKind
from chuangwei.domain.inspections.models import Answer, Round, Visit, VisitInspector
from chuangwei.domain.inspections.permissions import unsealed, visible_visits
from chuangwei.web.office.sheets.book import Book, Occasion, Wish

PLACES_AFTER_THE_POINT = 4
ANSWERS_A_FILE = 200_000
"""So many answers stay well within the 20 MB and 200 MB a workbook may have when it is read back."""
BATCH = 500

ROUNDS = SheetSpec(
    "轮次",
    [
        Column("编码", "code", cells.code, required=True),
        Column("名称", "name", cells.text(length=100), required=True),
        Column("类型", "kind", cells.choice({kind.label: kind.value for kind in RoundKind}), required=True),
        Column("开始日期", "starts_on", cells.day, required=True),
        Column("结束日期", "ends_on", cells.day, required=True),
        Column("督查组", "team", cells.code),
    ],
    key=("code",),
)
VISITS = SheetSpec(
    "检查",
    [
        Column("编号", "code", cells.code, required=True),
        Column("轮次编码", "round", cells.code, required=True),
        Column("点位编码", "site", cells.code, required=True),
        Column("检查时间", "at", cells.instant, required=True),
        Column("检查人", "inspectors", cells.codes, required=True),
    ],
    key=("code",),
)
ANSWERS = SheetSpec(
    "评分",
    [
        Column("检查编号", "visit", cells.code, required=True),
        Column("检查项", "check", cells.code, required=True),
        Column("结果", "result", cells.choice({result.label: result.value for result in Result}), required=True),
        Column("处数", "occurrences", cells.count),
        Column("扣分", "deduction", cells.amount(places=PLACES_AFTER_THE_POINT)),
        Column("说明", "note", cells.text(length=5000), empty=""),
    ],
    key=("visit", "check"),
)


def take(rows: Mapping[str, Rows], occasion: Occasion) -> Taking:
    return import_visits(
        rounds=rows["rounds"], visits=rows["visits"], answers=rows["answers"], by=occasion.by, at=occasion.at,
        published=published_days(), sites=occasion.unsaved("sites"), persons=occasion.unsaved("persons"),
        units=occasion.unsaved("units"), save=occasion.save, progress=occasion.progress,
    )  # fmt: skip


def published_days() -> list[PublishedDays]:
    """The days on which no visit may be corrected by an import, and in which area."""
    closed = Period.objects.filter(state__in=[PeriodState.PUBLISHED, PeriodState.FINAL], is_history=False)
    return [PublishedDays(*row) for row in closed.values_list("area_code", "from_on", "to_on")]


# --- Out --------------------------------------------------------------------------------------------------------------


def write(actor: Actor, _wish: Wish) -> Iterator[Sequence[SheetRows]]:
    """One workbook, or several where there are more answers than one may hold; each names all its rounds."""
    visits = _visible_visits(actor).order_by("at", "code")
    part: list[tuple[Any, ...]] = []
    answers = 0
    columns = ("pk", "code", "round_id", "round__code", "site__code", "at")
    counts = _answer_counts(visits)
    for visit in visits.values_list(*columns).iterator(chunk_size=5000):
        if part and answers + counts.get(visit[0], 0) > ANSWERS_A_FILE:
            yield _workbook(actor, part, is_only=False)
            part, answers = [], 0
        part.append(visit)
        answers += counts.get(visit[0], 0)
    yield _workbook(actor, part, is_only=len(part) == len(counts) or not part)


def _visible_visits(actor: Actor) -> QuerySet[Visit]:
    """The visits the actor may open, as far as a workbook can hold them: a visit to an area has no site to name."""
    return visible_visits(actor).filter(site__isnull=False)


def _answer_counts(visits: QuerySet[Visit]) -> dict[int, int]:
    counts = dict.fromkeys(visits.order_by().values_list("pk", flat=True), 0)
    for visit in Answer.objects.order_by().values_list("visit_id", flat=True).iterator(chunk_size=20_000):
        if visit in counts:
            counts[visit] += 1
    return counts


def _workbook(actor: Actor, visits: Sequence[tuple[Any, ...]], *, is_only: bool) -> Sequence[SheetRows]:
    rounds = Round.objects.filter(unsealed(actor)).order_by("starts_on", "code")
    if not is_only:
        rounds = rounds.filter(pk__in={visit[2] for visit in visits})
    columns = [column.head for column in ROUNDS.columns]
    return [
        SheetRows(ROUNDS.name, columns, _round_rows(rounds if actor.may(Permission.VIEW) else Round.objects.none())),
        SheetRows(VISITS.name, [column.head for column in VISITS.columns], _visit_rows(visits)),
        SheetRows(ANSWERS.name, [column.head for column in ANSWERS.columns], _answer_rows(visits)),
    ]


def _round_rows(rounds: QuerySet[Round]) -> Iterator[Sequence[Any]]:
    for each in rounds.select_related("team"):
        team = each.team.code if each.team else None
        yield each.code, each.name, each.get_kind_display(), each.starts_on, each.ends_on, team


def _visit_rows(visits: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(visits), BATCH):
        part = visits[start : start + BATCH]
        seen: dict[int, list[str]] = {}
        links = VisitInspector.objects.filter(visit_id__in=[visit[0] for visit in part]).order_by("visit_id", "order")
        for visit_key, person in links.values_list("visit_id", "person__code"):
            seen.setdefault(visit_key, []).append(person)
        for pk, code, _, round_code, site, at in part:
            yield code, round_code, site, at, seen.get(pk, ())


def _answer_rows(visits: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    labels = {result.value: result.label for result in Result}
    columns = ("visit_id", "check_item__code", "result", "occurrences", "deduction", "note")
    for start in range(0, len(visits), BATCH):
        codes = {visit[0]: visit[1] for visit in visits[start : start + BATCH]}
        rows = Answer.objects.filter(visit_id__in=list(codes)).order_by("visit_id", "check_item__order")
        for visit, check, result, occurrences, deduction, note in rows.values_list(*columns):
            yield codes[visit], check, labels[result], occurrences, deduction, note


VISIT_BOOK = Book(
    slug="visits",
    title="督查记录",
    sheets={"rounds": ROUNDS, "visits": VISITS, "answers": ANSWERS},
    take=take,
    write=write,
)
