"""周通报: a reckoned week, told line by line."""

import pytest

from chuangwei.core import attachments
from chuangwei.core.models import PresetUse
from chuangwei.domain.appraisal import actions as appraisal
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.documents import queries
from chuangwei.domain.documents.blocks import Chart, Head, Heading, Items, Sheet, Table, figures, photos, plain, texts
from chuangwei.domain.documents.enums import Edition
from chuangwei.domain.documents.kinds import _findings
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.problems.models import Problem
from tests.domain.appraisal import world
from tests.domain.appraisal.world import date, here
from tests.domain.documents.office import NAMES, NOW, PRESET, Office, drafter
from tests.factories import inspections, organisation
from tests.factories.photos import saved, street

DAY = date(2023, 10, 9)


def sheet(office: Office, edition: str = Edition.INNER, **more: str) -> Sheet:
    about = office.about(**more)
    return queries.compose(kind="weekly-bulletin", about=about, actor=drafter(), day=DAY, edition=edition).sheet


def headings(found: Sheet) -> list[str]:
    return [block.text for block in found.blocks if isinstance(block, Heading)]


def lines(found: Sheet) -> list[str]:
    return [plain(text) for text in texts(found)]


def tables(found: Sheet) -> list[list[list[str]]]:
    return [[[plain(cell) for cell in row] for row in block.rows] for block in found.blocks if isinstance(block, Table)]


def test_the_inner_edition_has_every_section(office: Office) -> None:
    found = sheet(office)
    assert found.title == "关于2023年第39周社区周评比情况的通报"
    assert headings(found) == [
        "一、总体情况", "二、排名情况", "三、红旗、黄旗", "四、表态发言和约谈", "五、典型问题", "六、工作要求",
    ]  # fmt: skip


def test_the_ranking_is_that_of_the_period(office: Office) -> None:
    (ranking,) = tables(sheet(office))
    assert [row[:3] + row[-1:] for row in ranking] == [
        ["1", "A社区", "96.00", "红旗"], ["2", "B社区", "91.00", ""], ["3", "C社区", "84.00", ""], ["4", "D社区", "48.80", "黄旗"],
    ]  # fmt: skip


def test_what_is_said_is_reckoned(office: Office) -> None:
    said = "\n".join(lines(sheet(office)))
    assert "2023年第39周（9月25日至10月1日）" in said
    assert "本期计入评比的检查共4次，其中定期督导4次。" in said
    assert "到期的问题1件，截至2023年12月1日按期整改销号0件，按期销号率0.0%。" in said
    assert "4个社区平均得分79.95分，比上周下降2.55分；最高96.00分，最低48.80分。" in said
    assert "D社区列第4名，由其负责人在干部大会上作表态发言。" in said
    assert f"由镇纪委对包社区领导王{NAMES}进行提醒约谈。" in said
    assert "各社区抓好落实，青山镇创卫办公室将跟踪督办。" in said


def test_the_public_edition_leaves_out_consequences_and_descriptions(office: Office) -> None:
    found = sheet(office, Edition.PUBLIC)
    assert headings(found) == ["一、总体情况", "二、排名情况", "三、红旗、黄旗", "四、问题较多的方面", "五、工作要求"]
    assert not [line for line in lines(found) if "张三丰" in line or "约谈" in line]


def test_every_figure_says_where_it_comes_from(office: Office) -> None:
    found = {figure.label: figure for figure in figures(sheet(office))}
    total = found["A社区总分"]
    assert (total.indicator, total.series, total.period, total.subject, total.value) == (
        "appraisal.total", "weekly", "2023-W39", "A", "96.00",
    )  # fmt: skip
    assert total.rule == "town 第 2 版"
    assert len(total.digest) == 64
    assert total.digest != found["B社区总分"].digest


def test_the_trend_shows_mean_first_and_last(office: Office) -> None:
    (chart,) = [block for block in sheet(office).blocks if isinstance(block, Chart)]
    assert chart.labels == ("第38周", "第39周")
    assert [(line.name, line.values) for line in chart.lines] == [
        ("社区平均", ("82.50", "79.95")), ("A社区", ("95.00", "96.00")), ("D社区", ("60.00", "48.80")),
    ]  # fmt: skip


def october(office: Office) -> dict[str, str]:
    """2023-W43 is the last week that ends in October."""
    for number in range(40, 44):
        office.town.week(f"2023-W{number}", A="90", B="80", C="70", D="60")
        world.settled_week(f"2023-W{number}")
    return {"series": "weekly", "period": "2023-W43"}


def money(found: Sheet) -> Table:
    return [block for block in found.blocks if isinstance(block, Table)][1]


def test_the_last_period_of_a_month_tells_its_settlement(office: Office) -> None:
    about = october(office)
    inner = sheet(office, **about)
    assert "2023年10月奖补" in "".join(headings(inner))
    told = tables(inner)[1]
    assert [row[0] for row in told] == ["A社区", "D社区", "合计"]
    assert told[0][1:] == ["5", "0", "5,000.00"]
    assert told[1][1:] == ["0", "5", "−5,000.00"]
    assert "奖补" not in "".join(headings(sheet(office, Edition.PUBLIC, **about)))


def test_a_month_is_called_what_it_is(office: Office) -> None:
    """Expected while a week may still change, to be settled once all are final, and settled; always with the day."""
    about = october(office)
    assert money(sheet(office, **about)).caption == "2023年10月奖补（待核算）"
    assert money(sheet(office, **about)).note.startswith("注：按截至2023年10月29日的5期计算，各期都已定案，尚未核算。")
    Period.objects.filter(slug="2023-W43").update(state="published", finalised_at=None)
    assert money(sheet(office, **about)).caption == "2023年10月奖补（预计）"
    assert "部分尚未定案，以核算结果为准。" in money(sheet(office, **about)).note
    Period.objects.filter(slug="2023-W43").update(state="final", finalised_at=NOW)
    appraisal.settle_month(series="weekly", month="2023-10", by=organisation.chief(), at=here("2023-12-01 09:00"))
    assert money(sheet(office, **about)).caption == "2023年10月奖补（已核算）"
    assert money(sheet(office, **about)).note.startswith("注：2023年12月1日核算。")


def test_one_to_speak_has_no_number(office: Office) -> None:
    alone, both = ([block for block in sheet(office).blocks if isinstance(block, Items)][place] for place in (1, 0))
    assert (len(alone.items), alone.leads) == (1, [""])
    assert (len(both.items), both.leads) == (2, ["1.", "2."])


def test_recipients_are_those_it_is_sent_to(office: Office) -> None:
    """各社区 alone while no other unit of the town answers for a problem; else the preset's words."""

    def told() -> tuple[str, list[str]]:
        found = queries.compose(
            kind="weekly-bulletin", about=office.about(), actor=drafter(), day=DAY, edition=Edition.INNER
        )
        head = found.sheet.blocks[0]
        assert isinstance(head, Head)
        return head.recipients, list(found.composed.units)

    assert told() == ("各社区", ["UA", "UB", "UC", "UD"])
    road = organisation.unit("U-ROAD", kind="部门", area=office.town.town, name="市政站")
    county = organisation.unit("U-COUNTY", kind="部门", area=None, name="县局")
    Problem.objects.filter(code="WT-7").update(unit=county)
    assert told() == ("各社区", ["UA", "UB", "UC", "UD"])
    Problem.objects.filter(code="WT-7").update(unit=road)
    world.use(
        PRESET.replace('recipients = "各社区"', 'recipients = "各社区，镇直各有关单位"'), from_on=date(2023, 10, 1)
    )
    assert told() == ("各社区，镇直各有关单位", ["UA", "UB", "UC", "UD", "U-ROAD"])


def test_typical_problems_come_with_their_photos(office: Office) -> None:
    attachments.store(
        stream=saved(street()),
        name="1.jpg",
        by=organisation.chief(),
        at=NOW,
        subject_kind="problems.problem",
        subject_code="WT-7",
    )
    found = sheet(office)
    assert [photo.caption for photo in photos(found)] == ["D社区SD巷"]
    assert any(
        "D社区SD巷：垃圾满溢，住户张三丰反映（责任单位：D社区居委会，整改期限9月28日，逾期未整改）。" in line
        for line in lines(found)
    )
    assert photos(sheet(office, Edition.PUBLIC)) == []


def test_what_a_sealed_round_found_is_in_no_edition(office: Office) -> None:
    sealed = inspections.round_("AF-1", kind="undercover", is_sealed=True)
    office.town.rounds["undercover"] = sealed
    visit = office.town.visit("D", "10", "2023-09-26 08:00", kind="undercover")
    office.problem.origin_code = visit.code
    office.problem.save()
    seer = drafter(permissions=drafter().permissions | {"inspections.sealed"})
    for edition in Edition:
        found = queries.compose(
            kind="weekly-bulletin", about=office.about(), actor=seer, day=DAY, edition=edition
        ).sheet
        assert "问题" not in "".join(headings(found))
        assert "满溢" not in "".join(lines(found))


def test_a_series_without_flags_speaks_of_none(office: Office) -> None:
    text = PresetUse.objects.order_by("pk").last().version.body  # type: ignore[union-attr]
    begin, end = text.index("[series.weekly.flags]"), text.index("[series.weekly.statement]")
    interview = text[text.index("[series.weekly.interview]") : text.index("[series.weekly.money]")]
    world.use((text[:begin] + text[end:]).replace(interview, ""), from_on=date(2023, 10, 2))
    office.town.week("2023-W40", A="95", B="90", C="85", D="60")
    world.compute("2023-W40")
    found = sheet(office, series="weekly", period="2023-W40")
    assert "红旗" not in "".join(headings(found))
    assert [column.title for block in found.blocks if isinstance(block, Table) for column in block.columns][-1] != "旗"


def test_a_household_is_in_no_bulletin_by_name_or_photo(office: Office) -> None:
    office.at_home("张家院")
    office.problem.description = "张家院：门前堆放柴草，张家院已答应清理"
    office.problem.save()
    store = {"by": organisation.chief(), "at": NOW, "subject_kind": "problems.problem", "subject_code": "WT-7"}
    attachments.store(stream=saved(street()), name="1.jpg", **store)
    found = sheet(office)
    told = "\n".join(lines(found))
    assert "D社区农户庭院：门前堆放柴草，农户庭院已答应清理（" in told
    assert "张家院" not in told
    assert photos(found) == []


def test_the_worst_are_looked_for_among_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_findings, "CANDIDATES", 1)
    again = {"found_at": "2023-09-26 09:00", "due_at": "2023-09-28 09:00", "fixed_at": None, "closed_at": None}
    again |= {"state": "dispatched", "dispatched_at": "2023-09-26 10:00"}
    office.town.problem("A", code="WT-8", rework_count=2, unit=office.units["A"], description="反复堆放", **again)
    told = "\n".join(lines(sheet(office)))
    assert "反复堆放" in told
    assert "满溢" not in told


def test_the_worst_first(office: Office) -> None:
    """Late, then sent back, then open, then the newest."""
    fixed = {"due_at": "2023-09-28 09:00", "fixed_at": "2023-09-27 09:00"}
    rows = {
        "CLOSED": {**fixed, "closed_at": "2023-09-27 10:00"},
        "CLOSED-NEWER": {**fixed, "closed_at": "2023-09-27 10:00"},
        "OPEN": {**fixed, "closed_at": None},
        "SENT-BACK": {**fixed, "closed_at": "2023-09-27 10:00", "rework_count": 1},
        "DUE-LATER": {"due_at": "2023-10-09 09:00", "fixed_at": None, "closed_at": None},
        "NO-DEADLINE": {"due_at": None, "fixed_at": None, "closed_at": None},
        "FIXED-LATE": {"due_at": "2023-09-28 09:00", "fixed_at": "2023-09-29 09:00", "closed_at": "2023-09-30 09:00"},
    }
    sent = {"state": "dispatched", "dispatched_at": "2023-09-26 10:00", "unit": office.units["A"]}
    for code, values in rows.items():
        stage = {} if values["closed_at"] else sent if values["due_at"] else {"state": "filed"}
        office.town.problem("A", code=code, found_at="2023-09-26 09:00", **values, **stage)
    ordered = Problem.objects.filter(code__in=rows).order_by(*_findings._gravity(here("2023-10-02 00:00")))
    assert [row.code for row in ordered] == [
        "FIXED-LATE", "SENT-BACK", "NO-DEADLINE", "DUE-LATER", "OPEN", "CLOSED-NEWER", "CLOSED",
    ]  # fmt: skip


ANSWERING = PRESET.replace(
    'rule = "on-time-closure"\n', 'rule = "on-time-closure"\ncount = "answering"\nunverified = "skip"\n'
)


def a_week_with_a_department(office: Office) -> dict[str, str]:
    """D's committee closes one in time and has one still to be looked at; a department of the town is late with a third."""
    world.use(ANSWERING, from_on=date(2023, 10, 2))
    department = organisation.unit("MARKET", kind="部门", area=office.town.town, name="市场监管所")
    times = {"found_at": "2023-10-02 09:00", "due_at": "2023-10-05 09:00", "fixed_at": "2023-10-04 09:00"}
    office.town.problem("D", code="WT-8", unit=office.units["D"], **times, closed_at="2023-10-05 10:00")
    office.town.problem("D", code="WT-9", unit=office.units["D"], state="fixed", **times, closed_at=None)
    late = {**times, "fixed_at": None, "closed_at": None}
    office.town.problem("D", code="WT-10", unit=department, state="dispatched", **late)
    office.town.week("2023-W40", A="95", B="90", C="85", D="60")
    world.compute("2023-W40")
    return {"series": "weekly", "period": "2023-W40"}


def test_what_counts_in_no_score_is_said_apart(office: Office) -> None:
    about = a_week_with_a_department(office)
    made = queries.compose(kind="weekly-bulletin", about=about, actor=drafter(), day=DAY, edition=Edition.INNER).sheet
    said = "\n".join(lines(made))
    assert "到期的问题3件，截至2023年12月1日按期整改销号1件，按期销号率33.3%。" in said
    assert "其中计入各社区“按期销号”得分的1件，按期整改销号1件，占100.0%；不由各社区负责的和尚待核查的不计入。" in said
    scored = [one for one in figures(made) if one.indicator.startswith("problems.scored")]
    rows = [list(queries.rows_behind(one, actor=drafter()).codes) for one in scored]
    assert rows == [["WT-8"], ["WT-8"], ["WT-8"]]


def test_where_every_problem_counts_nothing_is_said_apart(office: Office) -> None:
    assert not [line for line in lines(sheet(office)) if "其中计入" in line]


@pytest.mark.parametrize(
    ("state", "due", "told"),
    [
        ("dispatched", "2023-10-08 23:59", "逾期未整改"),
        ("returned", "2023-10-08 23:59", "逾期未整改"),
        # What falls due on the day of the paper still has its hours.
        ("dispatched", "2023-10-09 08:00", "已派遣"),
        ("pending", "2023-10-08 23:59", "挂账"),
    ],
)
def test_a_problem_is_told_as_it_stands_on_the_day_of_the_paper(
    office: Office, state: str, due: str, told: str
) -> None:  # fmt: skip
    Problem.objects.filter(pk=office.problem.pk).update(state=state, due_at=here(due))
    (line,) = [line for line in lines(sheet(office)) if "垃圾满溢" in line]
    assert line.rstrip("。").rstrip("）").endswith(told)


def test_what_was_found_where_a_visit_was_vetoed_comes_first(office: Office) -> None:
    """The late one of D would else come before what was closed in time."""
    times = {"found_at": "2023-09-26 09:00", "due_at": "2023-09-28 09:00", "fixed_at": "2023-09-27 09:00"}
    office.town.problem("B", **times, closed_at="2023-09-27 10:00", description="活禽宰杀")
    listed = [block for block in sheet(office).blocks if isinstance(block, Items) and "满溢" in str(block)]
    assert ["活禽宰杀" in plain(listed[0].items[place]) for place in (0, 1)] == [False, True]
    Visit.objects.filter(site=office.town.sites["B"], at__gte=here("2023-09-25 00:00")).update(
        is_vetoed=True, is_own_vetoed=True
    )
    listed = [block for block in sheet(office).blocks if isinstance(block, Items) and "满溢" in str(block)]
    assert ["活禽宰杀" in plain(listed[0].items[place]) for place in (0, 1)] == [True, False]
