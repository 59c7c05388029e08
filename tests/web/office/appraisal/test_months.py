"""The month on the page: as settled, or so far."""

from datetime import timedelta

import pytest

from chuangwei.domain.appraisal import actions
from chuangwei.domain.appraisal.models import Period
from tests.factories import organisation
from tests.factories.problems import MONDAY
from tests.web.office.appraisal.test_views import text
from tests.web.office.conftest import WEEKS

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=90)


def test_a_settled_month_is_shown_as_settled(office, make_town):
    town = make_town()
    town.compute()
    for slug in WEEKS:
        town.publish(slug)
        actions.finalise_period(period=Period.objects.get(slug=slug), by=organisation.chief(), at=LATER)
    actions.settle_month(series="weekly", month="2023-09", by=organisation.chief(), at=LATER)
    page = office.get(f"/appraisal/weekly/{WEEKS[1]}/")
    told = text(page)
    assert "2023年9月奖惩 已核算" in told
    assert "甲社区 3 面 2023年第36周 2023年第37周 2023年第38周 0 面 +3,000 元" in told
    code = Period.objects.get(slug=WEEKS[0]).computations.get().standings.get(name="甲社区").code
    assert f'href="/appraisal/weekly/{WEEKS[0]}/of/{code}/flag/"' in page.content.decode()
    assert "已定案" in told


def test_a_week_left_out_leaves_the_month_untold(office, make_town):
    town = make_town()
    town.compute(first=WEEKS[0], last=WEEKS[0])
    town.compute(first=WEEKS[2], last=WEEKS[2])
    assert "月奖惩" not in text(office.get(f"/appraisal/weekly/{WEEKS[2]}/"))
