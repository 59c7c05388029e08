"""Every number of a bulletin opens the rows it counts: as many as it says, and the same again after a later count."""

import pytest

from chuangwei.domain.appraisal import actions as appraisal
from chuangwei.domain.documents import queries, tracing
from chuangwei.domain.documents.blocks import Figure, figures
from chuangwei.domain.documents.enums import Edition
from chuangwei.domain.documents.queries import Behind
from tests.domain.appraisal import world
from tests.domain.appraisal.world import here
from tests.domain.documents.kinds.test_weekly_bulletin import DAY, october
from tests.domain.documents.office import Office, drafter
from tests.factories import organisation


def printed(edition: str, **about: str) -> list[Figure]:
    found = queries.compose(kind="weekly-bulletin", about=about, actor=drafter(), day=DAY, edition=edition)
    return [one for one in figures(found.sheet) if tracing.counts_rows(one)]


def behind(figure: Figure) -> Behind:
    return tracing.rows_behind(figure, actor=drafter())


def size(found: Behind) -> int:
    return len(found.codes or found.standings or found.flags)


def figure_of(indicator: str, office: Office) -> Figure:
    return next(one for one in printed(Edition.INNER, **office.about()) if one.indicator == indicator)


@pytest.mark.parametrize("edition", Edition.values)
def test_every_count_has_as_many_rows_as_it_says(office: Office, edition: str) -> None:
    about = october(office)
    counts = [one for week in (office.about(), about) for one in printed(edition, **week) if one.value.isdigit()]
    assert len(counts) > (14 if edition == Edition.INNER else 8)
    assert {one.label: size(behind(one)) for one in counts} == {one.label: int(one.value) for one in counts}


def test_a_rate_opens_what_fell_due(office: Office) -> None:
    found = behind(figure_of("problems.on-time-rate", office))
    assert (found.noun, list(found.codes)) == ("problem", ["WT-7"])
    assert "到期 1 件，其中按期整改销号 0 件" in found.words


def test_a_mean_opens_the_ranked(office: Office) -> None:
    mean, change = behind(figure_of("appraisal.mean", office)), behind(figure_of("appraisal.mean-change", office))
    assert [row.name for row in mean.standings] == ["A社区", "B社区", "C社区", "D社区"]
    assert change.words == "上周平均 82.50 分，本期平均 79.95 分。"


def test_a_printed_count_keeps_its_rows_when_the_week_is_counted_again(office: Office) -> None:
    office.town.week("2023-W40", A="95", B="90", C="85", D="60")
    world.compute("2023-W40")
    figure = next(
        one for one in printed(Edition.INNER, series="weekly", period="2023-W40") if one.indicator == "appraisal.visits"
    )
    before = list(behind(figure).codes)
    office.town.visit("A", "10", "2023-10-04 08:00")
    world.compute("2023-W40")
    later = next(
        one for one in printed(Edition.INNER, series="weekly", period="2023-W40") if one.indicator == "appraisal.visits"
    )
    assert (len(before), list(behind(figure).codes)) == (int(figure.value), before)
    assert size(behind(later)) == len(before) + 1


def test_an_amount_opens_the_flags_it_is_added_up_from(office: Office) -> None:
    about = october(office)
    amount = next(one for one in printed(Edition.INNER, **about) if one.label == "D社区2023年10月奖补金额")
    assert [(one.name, one.title, one.flag) for one in behind(amount).flags] == [
        ("D社区", f"2023年第{week}周", "yellow") for week in range(39, 44)
    ]


def test_a_subjects_own_number_counts_no_rows(office: Office) -> None:
    total = Figure("appraisal.total", "96.00", series="weekly", period="2023-W39", subject="A")
    assert not tracing.counts_rows(total)
    assert not tracing.counts_rows(Figure("problems.state", "已派遣", subject="WT-7"))
    with pytest.raises(ValueError, match="counts no rows"):
        behind(total)


def test_what_was_settled_is_traced_too(office: Office) -> None:
    about = october(office)
    appraisal.settle_month(series="weekly", month="2023-10", by=organisation.chief(), at=here("2023-12-01 09:00"))
    red = next(one for one in printed(Edition.INNER, **about) if one.label == "合计2023年10月红旗")
    assert (red.value, size(behind(red))) == ("5", 5)
