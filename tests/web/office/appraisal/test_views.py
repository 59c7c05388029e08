"""Every page of appraisal: as somebody who may, somebody who may not, and a stranger."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.domain.appraisal import actions
from chuangwei.domain.appraisal.enums import Flag, PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections.models import Answer, Round, Visit
from chuangwei.domain.places.models import Area
from chuangwei.domain.standards.models import Checklist
from chuangwei.web.office.appraisal import listing
from tests.factories import inspections, organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.conftest import WEEKS

WEEK = WEEKS[-1]
RANKING = f"/appraisal/weekly/{WEEK}/"
pytestmark = pytest.mark.django_db


def text(answer) -> str:
    """What a reader sees, without tags."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def pages(town) -> list[str]:
    last = f"{RANKING}of/{town.last}/"
    return [
        "/appraisal/", "/appraisal/weekly/trend/", "/appraisal/weekly/compute/", RANKING, f"{RANKING}step/publish/",
        last, f"{last}flag/", f"{last}part/regular/", f"{last}part/ledger/", f"{last}part/complaints/",
    ]  # fmt: skip


def test_whoever_may_opens_every_page(office, town):
    assert {address: office.get(address).status_code for address in pages(town)} == dict.fromkeys(pages(town), 200)


def test_a_stranger_and_who_may_not_get_404(signed_in, stranger, town):
    without_a_role = signed_in()
    for address in pages(town):
        assert stranger.get(address).status_code == 404, address
        assert without_a_role.get(address).status_code == 404, address


def test_what_is_not_there_is_404(office, town):
    for address in (
        "/appraisal/weekly/2023-W40/", "/appraisal/monthly/2023-W36/", "/appraisal/weekly@99/2023-W36/",
        "/appraisal/nothing/trend/", "/appraisal/nothing/compute/", f"{RANKING}of/99/", f"{RANKING}of/99/flag/",
        f"{RANKING}of/{town.last}/part/nothing/", f"{RANKING}step/nothing/", f"{RANKING}step/finalise/",
    ):  # fmt: skip
        assert office.get(address).status_code == 404, address


def test_a_community_sees_a_period_once_it_is_published(signed_in, town):
    secretary = signed_in("community", area=town.communities[0])
    first = f"/appraisal/weekly/{WEEKS[0]}/"
    assert secretary.get(first).status_code == 404
    assert "还没有可以看的评比" in text(secretary.get("/appraisal/"))
    town.publish(WEEKS[0])
    told = text(secretary.get(first))
    assert "甲社区 本社区" in told
    assert "丙社区 本社区" not in told
    assert "公示期已于11月15日届满，待定案" in told
    assert WEEKS[1] not in secretary.get("/appraisal/").content.decode()
    assert secretary.get(f"{first}step/finalise/").status_code == 404
    assert secretary.get("/appraisal/weekly/compute/").status_code == 404


def test_a_community_opens_its_own_visits_and_not_those_of_others(signed_in, town):
    secretary = signed_in("community", area=town.communities[1])
    town.publish(WEEKS[0])
    own = f"/appraisal/weekly/{WEEKS[0]}/of/{town.codes[1]}/part/regular/"
    other = f"/appraisal/weekly/{WEEKS[0]}/of/{town.last}/part/regular/"
    assert f"{town.codes[1]}-1巷" in text(secretary.get(own))
    assert f"{town.last}-1巷" not in text(secretary.get(other))
    assert secretary.get(f"/visits/{town.visits[WEEKS[0], town.codes[1]]}/").status_code == 200
    assert secretary.get(f"/visits/{town.visits[WEEKS[0], town.last]}/").status_code == 404


def test_the_ranking_shows_ranks_totals_flags_and_what_follows(office, town):
    told = text(office.get(RANKING))
    order = [told.index(f"{rank} {name}社区") for rank, name in ((1, "甲"), (2, "乙"), (3, "丙"))]
    assert order == sorted(order)
    # 丙: 0.75 × 80 + 0.25 × 0 − 0.50; 甲: 100 − 0.50.
    assert "99.50" in told
    assert "59.50" in told
    for word in ("红旗 甲社区", "黄旗 丙社区", "表态发言 丙社区", "定期督导 权重 75%", "按期整改 权重 25%"):
        assert word in told, word


def test_from_the_ranking_three_clicks_lead_to_the_failed_check(office, town):
    """总分 → 分项 → 检查; and the flag explains itself in one."""
    ranking = office.get(RANKING).content.decode()
    subject = f"{RANKING}of/{town.last}/"
    assert f'href="{subject}"' in ranking
    first = office.get(subject).content.decode()
    assert f'href="{subject}part/regular/"' in first
    second = office.get(f"{subject}part/regular/").content.decode()
    visit = f"/visits/{town.visits[WEEK, town.last]}/"
    assert f'href="{visit}?from=' in second
    assert "不合格" in text(office.get(visit))
    assert f'href="{subject}flag/"' in ranking


def test_the_total_is_explained_in_figures(office, town):
    told = text(office.get(f"{RANKING}of/{town.last}/"))
    assert "0.75 × 80.00 + 0.25 × 0.00 − 0.50 = 59.50" in told
    assert "本期到期 1 件，按期销号 0 件" in told
    assert "群众投诉 −0.50" in told
    assert "第 3 名，共 3 个参加排名" in told


def test_only_the_own_community_is_called_own(office, signed_in, town):
    town.publish(WEEKS[0])
    flag = f"/appraisal/weekly/{WEEKS[0]}/of/{town.last}/flag/"
    own = f'of/{town.codes[0]}/">甲社区</a> <span class="cw-state cw-state-strong">本社区</span>'
    page = signed_in("community", area=town.communities[0]).get(flag).content.decode()
    assert own in page
    assert page.count("本社区</span>") == 1
    assert "本社区</span>" not in office.get(flag).content.decode()


def test_a_visit_scored_in_part_shows_both_scores(office, town):
    """The ranking counts one score, the page of the visit shows another: both are told where they differ."""
    Visit.objects.filter(code=town.visits[WEEK, town.last]).update(got=Decimal(70))
    told = text(office.get(f"{RANKING}of/{town.last}/part/regular/"))
    assert "计入评比的得分" in told
    assert "80.00 全部检查项 70.00" in told
    assert "全部检查项" not in text(office.get(f"{RANKING}of/{town.codes[1]}/part/regular/"))
    assert "80.00 全部检查项 70.00" in text(office.get(f"{RANKING}of/{town.last}/flag/"))


def test_a_yellow_flag_is_explained_by_rule_and_ranks(office, town):
    told = text(office.get(f"{RANKING}of/{town.last}/flag/"))
    for word in ("为什么是黄旗", "黄旗挂给后 1 名", "第 3 名，共 3 个参加排名", "得分最低的检查", f"{town.last}-1巷"):
        assert word in told, word
    assert "为什么是红旗" in text(office.get(f"{RANKING}of/{town.codes[0]}/flag/"))
    assert "为什么没有旗" in text(office.get(f"{RANKING}of/{town.codes[1]}/flag/"))


def test_the_second_yellow_flag_in_a_row_brings_an_interview(office, town):
    second = f"/appraisal/weekly/{WEEKS[1]}/"
    told = text(office.get(second))
    assert "约谈 丙社区 （当日无人担任包社区领导）" in told
    told = text(office.get(f"{second}of/{town.last}/"))
    assert "连续 2 次黄旗：2023年第36周、2023年第37周" in told
    streak = office.get(f"{RANKING}of/{town.last}/flag/")
    assert "连续黄旗 1 次" in text(streak)


def test_the_month_is_told_in_money_before_it_is_settled(office, town):
    told = text(office.get(RANKING))
    assert "2023年9月奖惩" in told
    assert "甲社区 3 面 2023年第36周 2023年第37周 2023年第38周 0 面 +3,000 元" in told
    assert "丙社区 0 面 3 面 2023年第36周 2023年第37周 2023年第38周 −3,000 元" in told
    assert "其余 1 个社区本月没有旗" in told


def test_change_is_told_by_arrow_and_word(office, make_town):
    town = make_town(weeks=2)
    town.compute(last=WEEKS[1])
    assert "持平" in text(office.get(f"/appraisal/weekly/{WEEKS[1]}/"))
    assert "持平" not in text(office.get(f"/appraisal/weekly/{WEEKS[0]}/"))


def test_who_was_not_looked_at_is_not_ranked_and_told_why(office, make_town):
    town = make_town(weeks=1, communities=3)
    places.area("620199", parent=Area.objects.get(code="6201"), name="无人社区")
    town.compute(last=WEEKS[0])
    told = text(office.get(f"/appraisal/weekly/{WEEKS[0]}/"))
    assert "无人社区" in told
    assert "未排名：本期各项均无得分" in told
    assert "未排名" in text(office.get(f"/appraisal/weekly/{WEEKS[0]}/of/620199/"))
    assert office.get(f"/appraisal/weekly/{WEEKS[0]}/of/620199/flag/").status_code == 404
    assert "没有可以打开的记录" in text(office.get(f"/appraisal/weekly/{WEEKS[0]}/of/620199/part/regular/"))


def test_a_week_entered_from_paper_is_shown_with_its_paper_and_no_details(office, make_town):
    town = make_town(weeks=0)
    lines = [
        actions.PastStanding(town.codes[0], Decimal("95.50"), 1, Flag.RED),
        actions.PastStanding(town.last, Decimal("70.00"), 2, Flag.YELLOW),
    ]
    actions.enter_history(
        series="weekly", slug=WEEKS[0], lines=lines, paper="第36周通报", by=organisation.chief(), at=MONDAY
    )
    ranking = f"/appraisal/weekly/{WEEKS[0]}/"
    told = text(office.get(ranking))
    assert "本期按『第36周通报』录入，没有明细" in told
    assert "95.50" in told
    assert "未排名：原表未排名" in told
    for address in (f"{ranking}of/{town.last}/", f"{ranking}of/{town.last}/flag/", f"{ranking}of/{town.codes[1]}/"):
        assert "按『第36周通报』录入" in text(office.get(address)), address
    assert office.get(f"{ranking}of/{town.last}/part/regular/").status_code == 404


def test_older_periods_are_a_page_away(office, town, monkeypatch):
    monkeypatch.setattr(listing, "SHOWN", 2)
    page = office.get("/appraisal/").content.decode()
    assert "第36周" not in page
    older = re.search(r'href="(/appraisal/\?series=weekly&amp;after=[^"]+)"', page)[1].replace("&amp;", "&")
    assert "第36周" in office.get(older).content.decode()
    assert "第36周" not in office.get("/appraisal/?series=nothing").content.decode()
    assert town.codes


# --- Steps ------------------------------------------------------------------------------------------------------------


def test_computing_is_offered_where_there_are_visits(office, make_town):
    town = make_town(weeks=2)
    assert "数据已经有了，还没有算过" in text(office.get("/appraisal/"))
    answer = office.post("/appraisal/weekly/compute/do/", {"first": WEEKS[0], "last": WEEKS[1]})
    assert (answer.status_code, answer["Location"]) == (302, f"/appraisal/weekly/{WEEKS[1]}/")
    told = text(office.get(answer["Location"]))
    assert "算了 2 期，其中 2 期有新的结果" in told
    assert Period.objects.count() == 2
    assert town.communities


@pytest.mark.parametrize(("first", "last", "told"), [("2023-W37", "2023-W36", "之后"), ("moon", "moon", "看不懂周期")])
def test_a_stretch_that_makes_no_sense_is_told_on_the_page(office, make_town, first, last, told):
    make_town(weeks=2)
    answer = office.post("/appraisal/weekly/compute/do/", {"first": first, "last": last})
    assert (answer.status_code, told in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("first", ["1901-W01", "2023-W35"])
def test_periods_not_offered_are_not_computed(office, make_town, first):
    make_town(weeks=2)
    answer = office.post("/appraisal/weekly/compute/do/", {"first": first, "last": WEEKS[1]})
    assert (answer.status_code, "不在这里可以计算的周期里" in answer.content.decode()) == (422, True)
    assert not Period.objects.exists()


def test_nothing_visited_leaves_nothing_to_compute(office, make_town):
    make_town(weeks=0)
    assert office.get("/appraisal/weekly/compute/").status_code == 404
    assert "还没有督查记录" in text(office.get("/appraisal/"))


def test_without_a_preset_there_is_no_series(office):
    assert "还没有可以看的评比" in text(office.get("/appraisal/"))


def test_publishing_says_what_it_does_and_does_it(office, town):
    told = text(office.get(f"/appraisal/weekly/{WEEKS[0]}/step/publish/"))
    assert "公示 3 个工作日" in told
    answer = office.post(f"/appraisal/weekly/{WEEKS[0]}/step/publish/do/")
    assert (answer.status_code, answer["Location"]) == (302, f"/appraisal/weekly/{WEEKS[0]}/")
    assert Period.objects.get(slug=WEEKS[0]).state == PeriodState.PUBLISHED
    told = text(office.get(answer["Location"]))
    assert "公示中" in told
    assert "可以提出异议" in told
    assert office.get(f"/appraisal/weekly/{WEEKS[0]}/step/compute/").status_code == 404
    assert "拟办" in text(office.get(f"/appraisal/weekly/{WEEKS[0]}/of/{town.last}/"))


def test_a_step_that_is_refused_says_why_on_its_page(office, town):
    town.publish(WEEKS[0])
    town.publish(WEEKS[1])
    answer = office.post(f"/appraisal/weekly/{WEEKS[1]}/step/finalise/do/")
    assert answer.status_code == 422
    assert "不能定案" in answer.content.decode() or "期满后方可定案" in answer.content.decode()


def test_computing_again_without_a_change_keeps_the_version(office, town):
    answer = office.post(f"{RANKING}step/compute/do/")
    assert answer.status_code == 302
    assert "第 1 次计算" in text(office.get(RANKING))


@pytest.mark.parametrize("move", ["publish", "compute", "finalise"])
def test_a_step_is_not_there_for_who_may_not_take_it(signed_in, stranger, town, move):
    leader = signed_in("leader")
    for person in (leader, stranger):
        assert person.get(f"{RANKING}step/{move}/").status_code == 404
        assert person.post(f"{RANKING}step/{move}/do/").status_code == 404
        assert person.post("/appraisal/weekly/compute/do/", {"first": WEEK, "last": WEEK}).status_code == 404


# --- Numbers of queries -----------------------------------------------------------------------------------------------


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def test_a_list_asks_as_often_for_three_weeks_as_for_two(office, make_town):
    town = make_town()
    town.compute(last=WEEKS[1])
    before = {address: queries_of(office, address) for address in ("/appraisal/", "/appraisal/weekly/trend/")}
    town.compute()
    assert {address: queries_of(office, address) for address in before} == before


@pytest.mark.parametrize("address", [RANKING, "/appraisal/", "/appraisal/weekly/trend/"])
def test_a_page_asks_as_often_for_six_communities_as_for_three(office, make_town, address):
    make_town(communities=3).compute()
    three = queries_of(office, address)
    for number in range(10, 13):
        lane = places.site(f"L{number}", in_area=places.area(f"6201{number}", parent=Area.objects.get(code="6201")))
        for week, in_round in enumerate(Round.objects.order_by("code")):
            inspections.visit(
                site=lane, sheet=Checklist.objects.get(), in_round=in_round, at=MONDAY + timedelta(days=7 * week)
            )
    office.post("/appraisal/weekly/compute/do/", {"first": WEEKS[0], "last": WEEK})
    assert queries_of(office, address) == three


def test_a_part_asks_as_often_for_three_visits_as_for_one(signed_in, make_town):
    town = make_town(communities=3, weeks=1, visits=3, problem_count=3)
    town.compute(last=WEEKS[0])
    office = signed_in("office")
    three = [
        queries_of(office, f"/appraisal/weekly/{WEEKS[0]}/of/{town.last}/part/{part}/")
        for part in ("regular", "ledger")
    ]
    Answer.objects.filter(visit__code__regex=r"-[12]$").delete()
    Visit.objects.filter(code__regex=r"-[12]$").delete()
    town.compute(last=WEEKS[0])
    one = queries_of(office, f"/appraisal/weekly/{WEEKS[0]}/of/{town.last}/part/regular/")
    assert one == three[0]
