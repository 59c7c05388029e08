import pytest

from chuangwei.core import clock
from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.models import Visit, VisitRevision
from chuangwei.domain.inspections.sheet import Found
from chuangwei.domain.standards.models import Check
from tests.factories import inspections, organisation, places, standards
from tests.web.office.appraisal.test_views import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane():
    _, communities = places.town()
    return places.site("BL-1", in_area=communities[0], name="康宁巷")


def test_a_visit_shows_every_check_with_what_was_lost_and_why(office, lane):
    sheet = standards.checklist(points=("60", "30", "10"))
    Check.objects.filter(code="CK-BACK_LANE-02").update(line="市政")
    found = {"CK-BACK_LANE-01": inspections.failed(times=3), "CK-BACK_LANE-03": Found(Result.NOT_APPLICABLE)}
    by = (organisation.person("P1", name="张三"), organisation.person("P2", name="李四"))
    visit = inspections.visit(site=lane, sheet=sheet, in_round=inspections.round_(), code="JC/1", found=found, by=by)
    visit.answers.filter(result=Result.FAIL).update(note="暴露垃圾")

    told = text(office.get("/visits/JC/1/"))

    assert "康宁巷" in told
    assert "张三、李四" in told
    assert "第 1 项 不合格 3 60 3 每处扣 1 分、最多扣 60 分 暴露垃圾" in told
    assert "第 2 项 市政 合格 — 30 0 每处扣 1 分、最多扣 30 分" in told
    assert "第 3 项 不适用 — 10 0 每处扣 1 分、最多扣 10 分" in told
    assert "100 × 87 ÷ 90 = 96.67" in told
    assert "不含条线部门的检查项：100 × 57 ÷ 60 = 95.00" in told
    assert "1 项，共失 3 分" in told
    assert 'href="/sites/BL-1/' in office.get("/visits/JC/1/").content.decode()


def test_the_list_tells_the_score_without_departments_where_it_differs(office, lane):
    sheet = standards.checklist(points=("60", "40"))
    Check.objects.filter(code="CK-BACK_LANE-02").update(line="市政")
    kept = {"in_round": inspections.round_(), "sheet": sheet, "site": lane}
    inspections.visit(code="JC1", found={"CK-BACK_LANE-02": inspections.failed(times=10)}, **kept)
    inspections.visit(code="JC2", **kept)
    told = text(office.get("/visits/"))
    assert "90.00 不含条线 100.00" in told
    assert told.count("不含条线 ") == 1


def test_a_vetoed_visit_says_so(office, lane):
    sheet = standards.checklist(points=("100",))
    Check.objects.update(is_veto=True)
    found = {"CK-BACK_LANE-01": inspections.failed("1")}
    inspections.visit(site=lane, sheet=sheet, in_round=inspections.round_(), code="JC1", found=found)
    told = text(office.get("/visits/JC1/"))
    assert "一票否决" in told
    assert "本次计 0 分" in told
    assert "否决项" in told


def test_a_visit_vetoed_by_a_check_of_its_own_has_no_own_score_either(office, lane):
    sheet = standards.checklist(points=("60", "40"))
    Check.objects.filter(code="CK-BACK_LANE-01").update(is_veto=True)
    Check.objects.filter(code="CK-BACK_LANE-02").update(line="市政")
    found = {"CK-BACK_LANE-01": inspections.failed("1")}
    inspections.visit(site=lane, sheet=sheet, in_round=inspections.round_(), code="JC1", found=found)
    assert "不含条线部门的检查项：有一票否决的检查项不合格" in text(office.get("/visits/JC1/"))


def test_a_visit_to_which_nothing_applies_has_no_score(office, lane):
    sheet = standards.checklist(points=("100",))
    found = {"CK-BACK_LANE-01": Found(Result.NOT_APPLICABLE)}
    inspections.visit(site=lane, sheet=sheet, in_round=inspections.round_(), code="JC1", found=found)
    assert "没有适用的检查项，本次不计分" in text(office.get("/visits/JC1/"))


def test_a_visit_without_a_loss_and_to_an_area(office, lane):
    sheet = standards.checklist()
    visit = inspections.visit(site=lane, sheet=sheet, in_round=inspections.round_(), code="JC1")
    assert "没有失分" in text(office.get("/visits/JC1/"))
    Visit.objects.filter(pk=visit.pk).update(site=None, area=lane.area)
    assert lane.area.name in text(office.get("/visits/JC1/"))


def test_a_corrected_visit_tells_its_corrections(office, lane):
    visit = inspections.visit(
        site=lane, sheet=standards.checklist(), in_round=inspections.round_(), code="JC1", version=2
    )
    VisitRevision.objects.create(
        visit=visit, version=1, content={}, reason="导入更正", corrected_at=clock.now(), by_code="li", by_name="小李"
    )
    told = text(office.get("/visits/JC1/"))
    assert "第 2 版" in told
    assert "小李 更正：导入更正" in told


def test_a_sealed_visit_is_there_only_for_the_team_until_it_is_released(signed_in, office, lane):
    sealed = inspections.round_(kind="undercover", is_sealed=True)
    inspections.visit(site=lane, sheet=standards.checklist(), in_round=sealed, code="JC1")
    assert office.get("/visits/JC1/").status_code == 404
    assert signed_in("inspector").get("/visits/JC1/").status_code == 200
    type(sealed).objects.filter(pk=sealed.pk).update(released_at=clock.now())
    assert office.get("/visits/JC1/").status_code == 200


def test_a_visit_elsewhere_is_not_there(signed_in, stranger, lane):
    inspections.visit(site=lane, sheet=standards.checklist(), in_round=inspections.round_(), code="JC1")
    elsewhere = places.area("99", kind="县")
    for person in (stranger, signed_in(), signed_in("community", area=elsewhere), signed_in("discipline")):
        assert person.get("/visits/JC1/").status_code == 404
    assert signed_in("community", area=lane.area).get("/visits/JC1/").status_code == 200
