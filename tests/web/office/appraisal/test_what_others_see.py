"""Once published, every subject sees all totals, parts and flags of its series; visits and problems only its own (§8)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chuangwei.domain.organisation.models import Account
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation

pytestmark = pytest.mark.django_db
FIRST, LAST = "2023-W36", "2023-W38"
ROLE = ["community", "inspector"]
"""Between them they may see visits, problems and rankings."""


@pytest.fixture
def come(town: Any) -> Callable[[str], Client]:
    """`come("area")` is somebody of 甲社区 by that scope; 丙社区 is the one that is last."""
    own, lane = town.communities[0], town.lanes[0]
    committee = organisation.unit("W-1", kind="社区", area=own)
    worker, keeper = organisation.person("P-worker"), organisation.person("P-keeper")
    organisation.duty(worker, "网格员", own)
    organisation.duty(keeper, "保洁员", lane)
    scopes = {
        "area": {"area": own}, "duty-area": {"person": worker, "by_duty": True}, "committee": {"unit": committee},
        "duty-site": {"person": keeper, "by_duty": True}, "department": {"unit": organisation.unit("U-roads", area=own)},
        "nowhere": {},
    }  # fmt: skip

    def sign_in(scope: str) -> Client:
        client, values = Client(), {"is_everywhere": False, **scopes[scope]}
        client.force_login(organisation.account(f"a{Account.objects.count()}", roles=ROLE, **values))
        return client

    return sign_in


RANKED = ["area", "duty-area", "committee", "duty-site"]


@pytest.mark.parametrize("scope", RANKED)
def test_once_published_everybody_ranked_sees_all_totals_parts_and_flags(scope, town, come):
    town.publish(FIRST)
    client = come(scope)
    ranking = client.get(f"/appraisal/weekly/{FIRST}/").content.decode()
    for name in ("甲社区", "乙社区", "丙社区", "红旗", "黄旗"):
        assert name in ranking
    last = client.get(f"/appraisal/weekly/{FIRST}/of/{town.last}/")
    assert [part.title for part in last.context["parts"]]
    assert all(part.value is not None for part in last.context["parts"])
    assert client.get(f"/appraisal/weekly/{FIRST}/of/{town.last}/flag/").status_code == 200


@pytest.mark.parametrize("scope", RANKED)
def test_before_it_is_published_nobody_ranked_sees_anything(scope, town, come):
    client = come(scope)
    assert client.get(f"/appraisal/weekly/{FIRST}/").status_code == 404
    assert client.get(f"/appraisal/weekly/{FIRST}/of/{town.codes[0]}/").status_code == 404
    assert "第36周" not in client.get("/appraisal/").content.decode()


@pytest.mark.parametrize("scope", ["department", "nowhere"])
def test_who_is_not_ranked_sees_nothing_of_it(scope, town, come):
    town.publish(FIRST)
    assert come(scope).get(f"/appraisal/weekly/{FIRST}/").status_code == 404


@pytest.mark.parametrize("scope", RANKED)
def test_nobody_sees_the_visits_and_problems_of_others(scope, town, come):
    town.publish(FIRST)
    client, visit = come(scope), town.visits[FIRST, town.last]
    problem = Problem.objects.filter(area__code=town.last).first().code
    for page in ("", "flag/", "part/regular/", "part/ledger/"):
        shown = client.get(f"/appraisal/weekly/{FIRST}/of/{town.last}/{page}").content.decode()
        assert visit not in shown
        assert problem not in shown
        assert town.lanes[-1].name not in shown
    assert client.get(f"/visits/{visit}/").status_code == 404
    assert client.get(f"/problems/{problem}/").status_code == 404


@pytest.mark.parametrize(
    ("scope", "opens"), [("area", 200), ("duty-area", 200), ("duty-site", 200), ("committee", 404)]
)
def test_ones_own_visits_open_where_the_scope_holds_their_place(scope, opens, town, come):
    town.publish(FIRST)
    client, visit = come(scope), town.visits[FIRST, town.codes[0]]
    assert client.get(f"/visits/{visit}/").status_code == opens
    shown = client.get(f"/appraisal/weekly/{FIRST}/of/{town.codes[0]}/part/regular/").content.decode()
    assert (visit in shown) is (opens == 200 and scope != "duty-site"), "of one lane one does not see the whole part"


@pytest.mark.parametrize("scope", RANKED)
def test_the_trend_ends_with_what_is_published(scope, town, come):
    town.publish(FIRST)
    trend = come(scope).get("/appraisal/weekly/trend/")
    assert len(trend.context["trend"].titles) == 1
    assert LAST not in trend.content.decode()
