"""月度奖惩: settled by the office, approved by a leader, open to those who are ranked."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chuangwei.core.models import AuditEvent
from chuangwei.domain.appraisal import actions
from chuangwei.domain.appraisal.enums import SettlementState
from chuangwei.domain.appraisal.models import Period, Settlement, SettlementEntry
from tests.factories import organisation
from tests.factories.problems import MONDAY
from tests.web.office import conftest
from tests.web.office.appraisal.test_views import text
from tests.web.office.conftest import NEXT_MONDAY, WEEKS

pytestmark = pytest.mark.django_db

LIST = "/settlements/"
ONE = "/settlements/weekly/2023-09/"
PAPER = '\npaper = "云政发〔2023〕1号"\n'


@pytest.fixture
def final(make_town, monkeypatch):
    """September's weeks, all final; the preset names the paper."""
    monkeypatch.setattr(conftest, "PRESET", conftest.PRESET.rstrip() + PAPER)
    town = make_town()
    town.compute()
    at = NEXT_MONDAY.replace(year=NEXT_MONDAY.year + 1)
    for week in WEEKS:
        actions.finalise_period(period=town.publish(week), by=organisation.chief(), at=at)
    return town


@pytest.fixture
def settled(final) -> Settlement:
    return actions.settle_month(series="weekly", month="2023-09", by=organisation.chief(), at=MONDAY)


def test_a_month_whose_periods_are_final_is_offered(office, final):
    assert "可以核算。" in office.get(LIST).content.decode()
    assert office.post(f"{LIST}settle/", {"series": "weekly", "month": "2023-09"})["Location"] == ONE
    page = office.get(ONE).content.decode()
    assert "+3,000 元" in page
    assert "−3,000 元" in page
    assert "可以核算。" not in office.get(LIST).content.decode()


def test_a_month_with_an_open_period_is_not_offered_and_refused(office, final):
    Period.objects.filter(slug=WEEKS[2]).update(state="published", finalised_at=None)
    assert "可以核算。" not in office.get(LIST).content.decode()
    answer = office.post(f"{LIST}settle/", {"series": "weekly", "month": "2023-09"})
    assert answer.status_code == 422
    assert "还没有定案" in answer.content.decode()
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("given", [{"month": "2023-9"}, {"month": ""}, {"month": "2031-01"}])
def test_a_month_that_is_none_is_refused_in_words(office, final, given):
    assert office.post(f"{LIST}settle/", {"series": "weekly", **given}).status_code == 422


def test_only_a_leader_approves(office, signed_in, settled):
    leader = signed_in("leader")
    assert "批准</button>" not in office.get(ONE).content.decode()
    assert office.post(f"{ONE}approve/").status_code == 404
    assert "批准</button>" in leader.get(ONE).content.decode()
    assert leader.post(f"{ONE}approve/").status_code == 302
    settled.refresh_from_db()
    assert settled.state == SettlementState.APPROVED
    assert AuditEvent.objects.filter(verb="批准奖补").exists()
    assert leader.post(f"{ONE}approve/").status_code in (409, 422)


def test_without_a_paper_it_cannot_be_approved(signed_in, settled):
    Settlement.objects.update(paper="")
    answer = signed_in("leader").post(f"{ONE}approve/")
    assert answer.status_code == 422
    assert "依据文件" in answer.content.decode()


def test_a_community_sees_it_and_may_do_nothing(signed_in, settled, final):
    community = signed_in("community", area=final.communities[0])
    assert "每面红旗" in community.get(ONE).content.decode()
    assert community.post(f"{LIST}settle/", {"series": "weekly", "month": "2023-09"}).status_code == 404
    assert community.post(f"{ONE}export/").status_code == 404


def test_a_stranger_and_who_may_not_get_404(stranger, signed_in, settled):
    for client in (stranger, signed_in()):
        assert client.get(LIST).status_code == 404
        assert client.get(ONE).status_code == 404
        for address in (f"{LIST}settle/", f"{ONE}approve/", f"{ONE}export/"):
            assert client.post(address, {"series": "weekly", "month": "2023-09"}).status_code == 404


def test_the_export_holds_every_subject(office, settled):
    answer = office.post(f"{ONE}export/")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active]
    assert [row[1:] for row in rows] == [
        ["名称", "红旗", "黄旗", "本月奖扣（元）", "上期结转（元）", "批准后实发（元）", "结转下期（元）"],
        ["甲社区", 3, 0, 3000, 0, 3000, 0], ["乙社区", 0, 0, 0, 0, 0, 0], ["丙社区", 0, 3, -3000, 0, 0, -3000],
    ]  # fmt: skip


def _earlier(settled: Settlement, month: str, amounts: dict[str, int], *, approved: datetime | None) -> Settlement:
    """A settlement of an earlier month in the same pool."""
    one = Settlement.objects.create(
        code=month, series="weekly", month=month, month_red=1, month_yellow=-1, settled_at=MONDAY, paper=settled.paper,
        pool=settled.pool, state="approved" if approved else "computed", approved_at=approved,
    )  # fmt: skip
    for code, amount in amounts.items():
        SettlementEntry.objects.create(
            settlement=one, subject_code=code, subject_name=code, red_count=0, yellow_count=0, amount=amount
        )
    return one


def test_an_award_first_meets_what_earlier_months_carried_on(office, settled):
    first, _, last = settled.entries.order_by("subject_code").values_list("subject_code", flat=True)
    before = _earlier(settled, "2023-07", {first: -250000, last: -100000}, approved=MONDAY)
    _earlier(settled, "2023-08", {first: 50000}, approved=MONDAY + timedelta(days=1))

    told = text(office.get(ONE))

    # 甲: −2,500 + 500 = −2,000 brought, 3,000 earned, 1,000 paid; 丙: −1,000 brought, −3,000 more, nothing paid.
    assert "+3,000 元 −2,000 元 +1,000 元 0 元" in told
    assert "−3,000 元 −1,000 元 0 元 −4,000 元" in told
    assert f"/settlements/weekly/{before.month}/" in office.get(ONE).content.decode()


def test_a_month_nobody_approved_is_in_no_account_and_is_named(office, settled):
    first = settled.entries.order_by("subject_code").values_list("subject_code", flat=True)[0]
    _earlier(settled, "2023-08", {first: -250000}, approved=None)
    told = text(office.get(ONE))
    assert "+3,000 元 0 元 +3,000 元 0 元" in told
    assert "2023年8月 还没有批准，未计入上期结转" in told


def test_a_month_approved_late_changes_no_payment_made_before(signed_in, office, settled):
    signed_in("leader").post(f"{ONE}approve/")
    settled.refresh_from_db()
    first = settled.entries.order_by("subject_code").values_list("subject_code", flat=True)[0]
    _earlier(settled, "2023-08", {first: -250000}, approved=settled.approved_at + timedelta(days=1))
    assert "+3,000 元 0 元 +3,000 元 0 元" in text(office.get(ONE))


def test_a_deduction_of_another_pool_is_not_set_off(office, settled):
    first = settled.entries.order_by("subject_code").values_list("subject_code", flat=True)[0]
    other = _earlier(settled, "2023-08", {first: -250000}, approved=MONDAY)
    Settlement.objects.filter(pk=other.pk).update(pool="另一笔资金")
    assert "+3,000 元 0 元 +3,000 元 0 元" in text(office.get(ONE))


def test_each_flag_opens_its_reason_and_each_amount_its_weeks(office, settled):
    page = office.get(ONE).content.decode()
    codes = settled.entries.order_by("subject_code").values_list("subject_code", flat=True)
    for week in WEEKS:
        for code in (codes[0], codes[2]):
            assert f'href="/appraisal/weekly/{week}/of/{code}/flag/"' in page
        assert f'href="/appraisal/weekly/{week}/of/{codes[1]}/flag/"' not in page
    for code in codes:
        assert f'href="/appraisal/weekly/trend/?subject={code}"' in page


def test_the_page_asks_the_same_after_one_month_and_after_three(office, settled):
    first = settled.entries.order_by("subject_code").values_list("subject_code", flat=True)[0]
    _earlier(settled, "2023-06", {first: -1}, approved=MONDAY)
    office.get(ONE)
    before = _asked(office, ONE)
    for month in ("2023-07", "2023-08"):
        _earlier(settled, month, {first: -1}, approved=MONDAY)
    assert _asked(office, ONE) == before


def test_one_month_and_three_ask_the_same(office, settled):
    office.get(LIST)
    before = _asked(office)
    for month in ("2023-07", "2023-08"):
        Settlement.objects.create(
            code=month, series="weekly", month=month, month_red=1, month_yellow=-1, settled_at=MONDAY
        )
    assert _asked(office) == before


def _asked(client, address: str = LIST) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)
