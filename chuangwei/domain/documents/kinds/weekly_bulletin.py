"""周通报: what a ranked period came to, for all who were ranked (S0: 周通报制度, 红旗引路、黄旗问责)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chuangwei.core.text import code_text
from chuangwei.domain.appraisal.enums import ConsequenceKind, Flag
from chuangwei.domain.documents.blocks import (
    Block,
    Chart,
    Column,
    Heading,
    Items,
    Line,
    Paragraph,
    Photo,
    Photos,
    Run,
    Table,
    Text,
    Words,
    text_of,
)
from chuangwei.domain.documents.kinds._period import Bulletin, Course, Row, read_bulletin
from chuangwei.domain.documents.letterhead import Letterhead
from chuangwei.domain.documents.registry import Ask, Asked, Composed, kind
from chuangwei.domain.documents.rules import day_text, days_text

PHRASES = {
    "title": "关于{period}{series}情况的通报",
    "opening": "按照“日督导、周评比、月奖惩”考核机制，{period}（{days}）对{count}个{subject}的环境卫生整治工作进行了督导检查"
    "和评比。现将有关情况通报如下：",
    "visits": "本期计入评比的检查共{visits}次，其中{by_round}。",
    "ledger": "应于本期整改到期的问题{due}件，截至{as_of}按期整改销号{closed}件，按期销号率{rate}。",
    "scored": "其中计入各{subject}“{part}”得分的{due}件，按期整改销号{closed}件，占{rate}；不由各{subject}负责的和尚待核查的不计入。",
    "mean": "{ranked}个{subject}平均得分{mean}分{change}；最高{highest}分，最低{lowest}分。",
    "red": "对{names}颁发“红旗”，予以通报表扬。",
    "yellow": "对{names}悬挂“黄旗”，予以鞭策。",
    "no_flags": "本期没有颁发红旗、悬挂黄旗。",
    "statement": "{name}列第{rank}名，由{who}在{meeting}上作表态发言。",
    "lead": "{name}列第{rank}名，由{who}在{meeting}上作先进发言。",
    "interview": "{name}{reason}，由{by}对{role}{person}进行提醒约谈。",
    "settlement": "按照考核奖补办法，{month}红旗、黄旗奖补情况如下，扣减部分从以后的奖补资金中抵扣。",
    "problems": "督查中发现的下列问题（整改情况截至{as_of}），有关单位要逐条认领，限期整改，逐一销号。",
    "demands": "各{subject}要对照通报的问题举一反三，压实包保责任，巩固整治成果；排名靠后的要深入查找原因，尽快补齐短板。"
    "各责任单位要按期完成整改，{office}将继续跟踪督办，逐一销号。",
}


@kind(
    "weekly-bulletin",
    name="周通报",
    about="一个评比周期的排名、红黄旗、表态发言和约谈、奖补、典型问题",
    asks=(
        Ask("series", "评比", "weekly"),
        Ask("period", "周期", "2026-W43"),
        Ask("area", "区划编码", "", is_required=False),
    ),
    phrases=PHRASES,
    needs=("appraisal.view",),
)
def weekly_bulletin(asked: Asked) -> Composed:
    area = code_text(asked.about["area"]) if "area" in asked.about else None
    bulletin = read_bulletin(asked.actor, code_text(asked.about["series"]), code_text(asked.about["period"]), area)
    letterhead = asked.letterhead(bulletin.area_path)
    period = bulletin.period
    title = letterhead.says("title", period=bulletin.title, series=bulletin.series.name)
    return Composed(
        title="".join(run.text for run in title),
        letterhead=letterhead,
        blocks=list(Writing(bulletin, letterhead, is_inner=asked.is_inner, day=asked.day).blocks()),
        area_code=period.area_code,
        subject_kind="appraisal.period",
        subject_code=period.code,
        waits_for=[] if bulletin.is_published else [f"{bulletin.title}还没有公示，公示后方可签发通报。"],
        recipients="" if bulletin.others else f"各{bulletin.noun}",
        units=[*bulletin.committees, *bulletin.others],
    )


@dataclass(frozen=True)
class Writing:
    """The body, section by section; a section with nothing to say is left out."""

    bulletin: Bulletin
    letterhead: Letterhead
    is_inner: bool
    day: date

    def blocks(self) -> Iterator[Block]:
        yield from self.opening()
        yield from self.ranking()
        yield from self.flags()
        if self.is_inner:
            yield from self.followed()
            yield from self.settlement()
        yield from self.problems()
        yield from self.demands()

    def says(self, key: str, **values: str | Run | Text) -> Paragraph:
        return Paragraph(self.letterhead.says(key, **values))

    def opening(self) -> Iterator[Block]:
        found, subject = self.bulletin, self.bulletin.noun
        span = found.outcome.span
        yield self.says(
            "opening",
            period=found.title,
            days=days_text(span.first, span.last),
            count=found.subjects_run,
            subject=subject,
        )
        yield Heading(1, "总体情况")
        visits = self.letterhead.says("visits", visits=found.visits, by_round=found.visits_by_round)
        ledger = self.letterhead.says("ledger", **found.ledger) if found.ledger else ()
        scored = self.letterhead.says("scored", subject=subject, **found.scored) if found.scored else ()
        yield Paragraph(text_of(visits, ledger, scored, self._mean()))

    def _mean(self) -> Text:
        found = self.bulletin
        if not found.ranked:
            return ()
        highest, lowest = found.ranked[0], min(found.ranked, key=lambda row: row.total)
        return self.letterhead.says(
            "mean", ranked=found.ranked_run, subject=found.noun, mean=found.mean_run, change=found.change,
            highest=highest.total_run, lowest=lowest.total_run,
        )  # fmt: skip

    def ranking(self) -> Iterator[Block]:
        found = self.bulletin
        yield Heading(1, "排名情况")
        for title, rows in found.groups:
            yield self._ranking(title, rows)
        if found.course:
            yield self._chart(found.course)

    def _ranking(self, group: str, rows: list[Row]) -> Table:
        found = self.bulletin
        columns = [Column("名次", 3), Column(found.noun, 6), Column("总分", 4)]
        columns += [Column(part.name, 5 if len(part.name) > 3 else 4) for part in found.parts]
        if found.has_adjustments:
            columns.append(Column("加减分", 4))
        if found.has_flags:
            columns.append(Column("旗", 3))
        after = f"（{group}）" if group else ""
        return Table(
            tuple(columns),
            tuple(self._cells(row) for row in rows),
            caption=f"{found.title}{found.series.name}排名{after}",
            note=found.ranking_note,
        )

    def _cells(self, row: Row) -> tuple[Text, ...]:
        cells: list[Words] = [row.rank_run, row.name, row.total_run, *row.parts]
        if self.bulletin.has_adjustments:
            cells.append(row.adjustment)
        if self.bulletin.has_flags:
            cells.append(row.flag_run)
        return tuple(text_of(cell) for cell in cells)

    def _chart(self, course: Course) -> Chart:
        lines = tuple(Line(name, values) for name, values in course.lines)
        return Chart(f"近{len(course.labels)}期得分走势", "分", course.labels, lines)

    def flags(self) -> Iterator[Block]:
        found = self.bulletin
        if not found.has_flags:
            return
        yield Heading(1, "红旗、黄旗")
        told = [
            Paragraph(self.letterhead.says(key, names=text_of(*_joined([row.flag_name for row in rows]))))
            for key, rows in (("red", found.flagged(Flag.RED)), ("yellow", found.flagged(Flag.YELLOW)))
            if rows
        ]
        yield from told or [self.says("no_flags")]

    def followed(self) -> Iterator[Block]:
        """Persons are named here, so this section is the inner edition's."""
        found = self.bulletin
        items = [
            item
            for trigger in (ConsequenceKind.LEAD, ConsequenceKind.STATEMENT, ConsequenceKind.INTERVIEW)
            for item in found.followed(trigger)
        ]
        if not items:
            return
        yield Heading(1, "表态发言和约谈")
        yield Items(tuple(self._follow(item) for item in items))

    def _follow(self, item: dict[str, str | Run | Text]) -> Text:
        return self.letterhead.says(
            str(item["trigger"]), **{key: value for key, value in item.items() if key != "trigger"}
        )

    def settlement(self) -> Iterator[Block]:
        month = self.bulletin.month
        if month is None:
            return
        yield Heading(1, f"{month.title}奖补")
        yield self.says("settlement", month=month.title)
        columns = (
            Column(self.bulletin.noun, 5),
            Column("红旗（面）", 3),
            Column("黄旗（面）", 3),
            Column("奖补（元）", 4, "right"),
        )
        rows = [
            (text_of(due.name), text_of(due.red_run), text_of(due.yellow_run), text_of(due.amount_run))
            for due in month.dues
        ]
        total = (
            text_of(Run(month.total.name, is_strong=True)),
            text_of(month.total.red_run),
            text_of(month.total.yellow_run),
            text_of(month.total.amount_run),
        )
        yield Table(columns, (*rows, total), caption=f"{month.title}奖补（{month.state}）", note=month.note)

    def problems(self) -> Iterator[Block]:
        found = self.bulletin
        worst = found.found.worst(self.day)
        if not worst:
            return
        yield Heading(1, "典型问题" if self.is_inner else "问题较多的方面")
        if not self.is_inner:
            yield Paragraph(text_of("本期发现的问题中，", found.found.by_category, "。"))
            return
        yield self.says("problems", as_of=day_text(self.day))
        yield Items(tuple(text_of(*problem.words) for problem in worst))
        photos = [Photo(photo.digest, photo.caption) for problem in worst for photo in problem.photos]
        if photos:
            yield Photos(tuple(photos))

    def demands(self) -> Iterator[Block]:
        yield Heading(1, "工作要求")
        yield self.says("demands", subject=self.bulletin.noun, office=self.letterhead.issuer)


def _joined(names: list[Run]) -> list[str | Run]:
    found: list[str | Run] = []
    for name in names:
        found += ["、", name] if found else [name]
    return found
