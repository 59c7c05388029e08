from datetime import timedelta
from decimal import Decimal

import pytest

from chuangwei.domain.inspections.actions import Finding, record_visit
from chuangwei.domain.inspections.models import Visit, VisitRevision
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Check
from tests.domain.inspections.conftest import CATEGORIES, check_code
from tests.factories import inspections, places
from tests.factories.problems import MONDAY
from tests.web.office.appraisal.test_views import text
from tests.web.office.inspections.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
ONE, TWO, THREE, FOUR = (check_code(n) for n in range(1, 5))
REST = {f"r.{TWO}": "pass", f"r.{THREE}": "pass", f"g.{FOUR}": "0"}


@pytest.fixture
def visit(ground):
    found = {ONE: inspections.failed("12.5")}
    return inspections.visit(
        site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each, code="V-1", found=found, by=(ground.person,)
    )


def test_a_visit_is_corrected_and_both_versions_are_shown(inspector, visit):
    page = inspector.get("/visits/V-1/correct/").content.decode()
    assert f'name="d.{ONE}" value="12.5"' in page
    assert page.count("checked>") == 4, "a check without an answer passed"
    sent = {**REST, "version": "1", "reason": "数错了", f"r.{ONE}": "fail", f"n.{ONE}": "2", f"r.{TWO}": "na"}
    told = text(inspector.post("/visits/V-1/correct/do/", sent, follow=True))
    assert "第 1 版" in told
    assert "由 member0 更正：数错了" in told
    assert "第 1 项 不合格，扣 12.5 分 不合格，2 处" in told
    assert "第 2 项 合格 不适用" in told
    assert "得分 ÷ 应得分 87.5 ÷ 100 78 ÷ 80" in told
    assert (Visit.objects.get(pk=visit.pk).version, VisitRevision.objects.count()) == (2, 1)


@pytest.mark.usefixtures("visit")
def test_points_taken_off_stay_what_they_were_where_nothing_else_changes(inspector):
    sent = {**REST, "version": "1", "reason": "补记", f"r.{ONE}": "fail", f"d.{ONE}": "12.5", f"t.{ONE}": "墙角"}
    inspector.post("/visits/V-1/correct/do/", sent)
    assert Visit.objects.get().got == Decimal("87.5")


WRONG = [
    ({"reason": ""}, 422, "须写明理由"),
    ({f"r.{ONE}": "fail", f"d.{ONE}": "12.5"}, 422, "没有要更正的"),
    ({f"r.{ONE}": "fail", f"n.{ONE}": "0"}, 422, "处数不能是 0"),
    ({f"r.{TWO}": ""}, 422, "『第 2 项』还没有填结果"),
    ({f"g.{FOUR}": ""}, 422, "『第 4 项』还没有填结果"),
    ({"version": "7"}, 409, "已被他人更正"),
    ({"version": "x"}, 409, "已被他人更正"),
]


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize(("wrong", "status", "why"), WRONG)
def test_a_correction_that_cannot_be_is_refused(inspector, wrong, status, why):
    sent = {**REST, "version": "1", "reason": "数错了", f"r.{ONE}": "pass", **wrong}
    answer = inspector.post("/visits/V-1/correct/do/", sent)
    assert answer.status_code == status
    assert why in words(answer)
    assert Visit.objects.get().version == 1


def test_a_visit_of_a_published_week_is_corrected_by_an_objection_only(office, town):
    town.publish()
    code = town.visits["2023-W36", town.codes[0]]
    answer = office.post(f"/visits/{code}/correct/do/", {"version": "1", "reason": "数错了", "r.CK-BACK_LANE-01": "na"})
    assert answer.status_code == 422
    assert "请走异议程序" in words(answer)


def test_who_may_not_correct_has_no_page(signed_in, stranger, visit, ground):
    elsewhere = signed_in("inspector", area=places.area("99", kind="县"))
    for client in (stranger, signed_in("community", area=ground.communities[0]), signed_in("inspector"), elsewhere):
        assert client.get("/visits/V-1/correct/").status_code == 404
        assert client.post("/visits/V-1/correct/do/", {"version": "1", "reason": "x"}).status_code == 404
    assert Visit.objects.get(pk=visit.pk).version == 1


def test_a_check_that_fails_now_lets_one_choose_the_category_of_its_problem(inspector, ground):
    Check.objects.filter(code=TWO).update(categories=[CATEGORIES[0]])
    made = record_visit(
        each=ground.each, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person],
        findings=[Finding(TWO, "fail")], by=ground.inspector, at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    page = inspector.get(f"/visits/{made.code}/correct/").content.decode()
    assert f'name="c.{ONE}"' in page
    assert "立为问题：类别1" not in page, "what failed before has its problem"
    assert "照片在更正以后到问题页面上添加" in page
    sent = {**REST, "version": "1", "reason": "漏记", f"r.{ONE}": "fail", f"n.{ONE}": "1", f"c.{ONE}": CATEGORIES[1]}
    told = text(inspector.post(f"/visits/{made.code}/correct/do/", sent, follow=True))
    assert Problem.objects.get(state="filed").category.code == CATEGORIES[1]
    assert "（不予立案）" in told, "the problem the check once opened is still in view"


@pytest.mark.usefixtures("visit")
def test_a_visit_from_a_workbook_offers_no_category(inspector):
    page = inspector.get("/visits/V-1/correct/").content.decode()
    assert 'name="c.' not in page
    assert "到问题页面上添加" not in page
