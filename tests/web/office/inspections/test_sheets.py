import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwei.core.models import Attachment
from chuangwei.domain.inspections.models import Answer, SheetDraft, Visit
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from tests.domain.inspections.conftest import check_code
from tests.factories import inspections, organisation, photos, places
from tests.web.office.appraisal.test_views import text
from tests.web.office.inspections.conftest import NOON, sheet_address, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HTMX = {"HTTP_HX-Request": "true"}
ONE, TWO, THREE, FOUR = (check_code(n) for n in range(1, 5))


def filled(ground, **more):
    return {"visited_at": "2023-09-04T09:00", "who": [ground.person.code], **more}


def whole(ground, **more):
    """A sheet on which every check is answered, passed unless said otherwise."""
    return filled(ground, **{f"r.{one}": "pass" for one in (ONE, TWO, THREE)} | {f"g.{FOUR}": "0"} | more)


def photo(bin_at=20, name="a.jpg"):
    content: BytesIO = photos.saved(photos.street(bin_at=bin_at))
    return SimpleUploadedFile(name, content.read(), content_type="image/jpeg")


# --- Where to ---------------------------------------------------------------------------------------------------------


def test_an_inspector_sees_the_rounds_of_today_and_then_the_sites(inspector, ground):
    told = text(inspector.get("/sheets/"))
    assert "第36周定期督导" in told
    assert "到 9月8日" in told
    told = text(inspector.get(f"/sheets/{ground.each.code}/"))
    assert "BL-1巷" in told
    assert "BL-2巷" in text(inspector.get(f"/sheets/{ground.each.code}/?q=BL-2"))
    assert "没有这样的点位" in text(inspector.get(f"/sheets/{ground.each.code}/?q=无此"))
    part = inspector.get(f"/sheets/{ground.each.code}/?q=BL-1", **HTMX).content.decode()
    assert 'id="sites"' in part
    assert "<html" not in part


def test_without_a_round_today_the_page_says_so(signed_in, ground):
    assert "今天没有要您录入的轮次" in text(signed_in("inspector").get("/sheets/"))
    assert "第36周定期督导" in text(signed_in("office").get("/sheets/"))
    ground.each.delete()
    assert "先安排一个轮次" in text(signed_in("office").get("/sheets/"))


# --- Filling in -------------------------------------------------------------------------------------------------------


def test_the_sheet_shows_every_check_with_its_rule(inspector, ground):
    told = text(inspector.get(sheet_address(ground.each)))
    assert "第 1 项 60 分，每处扣 1" in told
    assert "否决项" in told
    assert "中（6.5 分）" in told
    assert "马俊杰" in told
    assert "已查 0/4 项，未查完" in told


TOTALS = [
    ({}, "100.00 分"),
    ({f"r.{ONE}": "fail", f"n.{ONE}": "3"}, "97.00 分"),
    ({f"r.{ONE}": "fail", f"n.{ONE}": "x"}, "99.00 分"),
    ({f"r.{ONE}": "na"}, "得 40 分，应得 40 分，0 项不合格"),
    ({f"r.{TWO}": "fail"}, "0.00 分 一票否决"),
    ({f"g.{FOUR}": "1"}, "96.50 分"),
    ({f"g.{FOUR}": "na"}, "得 90 分，应得 90 分，0 项不合格"),
    ({f"r.{THREE}": "fail"}, "90.00 分"),
    ({f"r.{one}": "na" for one in (ONE, TWO, THREE, FOUR)}, "不计分"),
    ({f"r.{ONE}": "fail", f"n.{ONE}": "0"}, "100.00 分"),
]


@pytest.mark.parametrize(("sent", "shown"), TOTALS)
def test_the_total_on_the_page_once_everything_is_filled_in(inspector, ground, sent, shown):
    response = inspector.post(sheet_address(ground.each, step="save/"), whole(ground, **sent), **HTMX)
    assert response.status_code == 200
    assert shown in text(response)
    assert "已查完 4 项" in text(response)
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(("sent", "shown"), TOTALS[:-1])
def test_the_score_of_what_is_handed_in_is_what_the_page_said(inspector, ground, sent, shown):
    inspector.post(sheet_address(ground.each, step="hand-in/"), whole(ground, **sent))
    total = Visit.objects.get().score_hundredths
    if shown.endswith("分") and shown[0].isdigit():
        assert f"{total / 100:.2f} 分" == shown


HALF_WAY = [
    ({}, "已查 0/4 项，未查完 已扣 0 分，0 项不合格", ONE),
    ({f"r.{ONE}": "pass"}, "已查 1/4 项，未查完 已扣 0 分，0 项不合格", TWO),
    ({f"r.{ONE}": "nonsense", f"r.{THREE}": "na"}, "已查 1/4 项，未查完 已扣 0 分", ONE),
    ({f"r.{ONE}": "fail", f"n.{ONE}": "3"}, "已查 1/4 项，未查完 已扣 3 分，1 项不合格", TWO),
    ({f"r.{TWO}": "fail"}, "已查 1/4 项，未查完 一票否决 已扣 1 分，1 项不合格", ONE),
    ({f"g.{FOUR}": "1"}, "已查 1/4 项，未查完 已扣 3.5 分，1 项不合格", ONE),
    ({f"g.{FOUR}": "9", f"r.{FOUR}": "pass"}, "已查 0/4 项，未查完", ONE),
    ({f"r.{one}": "pass" for one in (ONE, TWO, THREE)}, "已查 3/4 项，未查完", FOUR),
]


@pytest.mark.parametrize(("sent", "shown", "unset"), HALF_WAY)
def test_no_score_is_shown_before_everything_is_filled_in(inspector, ground, sent, shown, unset):
    response = inspector.post(sheet_address(ground.each, step="save/"), filled(ground, **sent), **HTMX)
    assert shown in text(response)
    assert "100.00" not in text(response)
    assert f'href="#check-{unset}"' in response.content.decode()


def chosen(response):
    """The answers a page shows as chosen: the name of the field and its value."""
    found = re.findall(r'<input class="cw-check-[^>]*>', response.content.decode())
    return {
        (re.search(r'name="([^"]+)"', one)[1], re.search(r'value="([^"]+)"', one)[1])
        for one in found
        if "checked" in one
    }


def test_a_new_sheet_answers_nothing_and_a_draft_only_what_was_answered(inspector, ground):
    assert chosen(inspector.get(sheet_address(ground.each))) == set()
    inspector.post(
        sheet_address(ground.each, step="save/"), filled(ground, **{f"r.{TWO}": "na", f"g.{FOUR}": "2"}), **HTMX
    )
    assert chosen(inspector.get(sheet_address(ground.each))) == {(f"r.{TWO}", "na"), (f"g.{FOUR}", "2")}


def test_the_rest_is_passed_only_where_nothing_was_said(inspector, ground):
    sent = filled(ground, rest="pass", **{f"r.{ONE}": "fail", f"n.{ONE}": "2", f"t.{ONE}": "垃圾", f"r.{TWO}": "na"})
    told = text(inspector.post(sheet_address(ground.each, step="save/"), sent, follow=True))
    assert "其余 2 项已填为合格，请核对后交表。" in told
    assert "97.50 分" in told
    assert chosen(inspector.get(sheet_address(ground.each))) == {
        (f"r.{ONE}", "fail"), (f"r.{TWO}", "na"), (f"r.{THREE}", "pass"), (f"g.{FOUR}", "0"),
    }  # fmt: skip
    assert not Visit.objects.exists()
    again = inspector.post(sheet_address(ground.each, step="save/"), whole(ground, rest="pass"), follow=True)
    assert "各项都已填过，没有改动。" in text(again)


def test_a_grade_below_the_points_of_the_check_is_never_taken_for_full_marks(inspector, ground):
    ground.sheet.checks.filter(order=4).update(grades=[{"name": "中", "points": "6.5"}])
    inspector.post(sheet_address(ground.each, step="hand-in/"), whole(ground, **{f"g.{FOUR}": "full"}))
    assert Visit.objects.get().score_hundredths == 10000


def test_a_sheet_with_unset_checks_is_refused_and_says_which(inspector, ground):
    sent = whole(ground, **{f"r.{ONE}": "fail", f"t.{ONE}": "垃圾", f"r.{TWO}": "", f"g.{FOUR}": ""})
    response = inspector.post(sheet_address(ground.each, step="hand-in/"), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "还有 2 项没有填，不能交表" in words(response)
    assert re.findall(r'<li><a href="#(check-[^"]+)">([^<]+)</a></li>', page) == [
        (f"check-{TWO}", "第 2 项"), (f"check-{FOUR}", "第 4 项"),
    ]  # fmt: skip
    assert all(f'id="check-{one}"' in page for one in (TWO, FOUR))
    assert 'value="垃圾"' in page
    assert (Visit.objects.exists(), SheetDraft.objects.count()) == (False, 1)


def test_a_sheet_left_half_way_is_there_again(inspector, ground):
    inspector.post(sheet_address(ground.each, step="save/"), filled(ground, **{f"r.{ONE}": "fail", f"t.{ONE}": "垃圾"}))
    page = inspector.get(sheet_address(ground.each)).content.decode()
    assert 'value="垃圾"' in page
    assert "没交的草稿" in text(inspector.get("/sheets/"))
    inspector.post(sheet_address(ground.each, step="discard/"))
    assert not SheetDraft.objects.exists()


def test_a_photo_goes_up_at_once_and_comes_back_as_its_own_part(inspector, ground):
    address = sheet_address(ground.each, step=f"save/?photos={ONE}")
    part = inspector.post(address, {**filled(ground), f"p.{ONE}": photo()}, **HTMX).content.decode()
    digest = Attachment.objects.get().digest
    assert f"/photos/{digest}/small/" in part
    assert f'id="photos-{ONE}"' in part
    assert "<html" not in part


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_a_sheet_handed_in_is_a_visit_with_its_problems_and_photos(inspector, ground):
    inspector.post(sheet_address(ground.each, step="save/"), {**filled(ground), f"p.{ONE}": photo()}, **HTMX)
    sent = {f"r.{ONE}": "fail", f"n.{ONE}": "2", f"c.{ONE}": "09007", f"t.{ONE}": "垃圾", f"r.{TWO}": "na"}
    response = inspector.post(sheet_address(ground.each, step="hand-in/"), whole(ground, **sent), follow=True)

    told, problem = text(response), Problem.objects.get()
    assert "已录入“BL-1巷”的检查，得分 97.50。" in told
    assert (problem.category.code, problem.state) == ("09007", ProblemState.FILED)
    assert f"问题 {problem.code}（已立案）" in told
    assert f"/photos/{Attachment.objects.first().digest}/small/" in response.content.decode()
    assert not SheetDraft.objects.exists()


def test_what_is_put_right_on_the_spot(inspector, ground):
    sent = {f"r.{ONE}": "fail", f"f.{ONE}": "1", f"p.{ONE}": photo(10), f"a.{ONE}": photo(80, "b.jpg")}
    inspector.post(sheet_address(ground.each, step="hand-in/"), {**whole(ground), **sent})
    assert Problem.objects.get().state == ProblemState.CLOSED


REFUSED = [
    ({"visited_at": ""}, "请填写检查时间"),
    ({"visited_at": "gestern"}, "请填写检查时间"),
    ({"visited_at": "2023-09-04T23:00"}, "检查时间不能晚于现在"),
    ({"who": []}, "请写明检查人"),
    ({"who": ["P-NOBODY"]}, "没有编码为 P-NOBODY 的人员"),
    ({f"r.{ONE}": "fail", f"n.{ONE}": "0"}, "处数不能是 0"),
]


@pytest.mark.parametrize(("wrong", "why"), REFUSED)
def test_what_cannot_be_handed_in_stays_on_the_page(inspector, ground, wrong, why):
    sent = whole(ground, **{f"t.{TWO}": "写了很久"} | wrong)
    response = inspector.post(sheet_address(ground.each, step="hand-in/"), sent)
    assert response.status_code == 422
    assert why in words(response)
    assert 'value="写了很久"' in response.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.parametrize("more", ["P-9、", "李四"])
def test_in_a_round_without_a_team_anybody_may_be_written_down(signed_in, ground, more):
    free = inspections.round_("R-FREE", kind="leader")
    other = organisation.person("P-9", name="李四")
    client = signed_in("inspector", person=ground.person)
    sent = {**whole(ground), "more": more}
    client.post(sheet_address(free, step="save/"), sent, **HTMX)
    page = client.get(sheet_address(free)).content.decode()
    assert f">{more}</textarea>" in page
    assert (client.get(sheet_address(ground.each)).content.decode()).count("其他检查人") == 0
    client.post(sheet_address(free, step="hand-in/"), sent)
    assert [one.person for one in Visit.objects.get().inspectors.order_by("order")] == [ground.person, other]


def test_who_is_nobody_is_said_by_the_name_that_was_written(inspector, ground):
    free = inspections.round_("R-FREE", kind="leader")
    answer = inspector.post(sheet_address(free, step="hand-in/"), {**whole(ground), "more": "王五"})
    assert answer.status_code == 422
    assert "没有名称或编码是“王五”的人员" in words(answer)


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_who_may_not_record_has_no_sheet(stranger, signed_in, ground):
    elsewhere = places.area("99", kind="县")
    outside = signed_in("inspector", area=elsewhere, person=organisation.person("P-Y", of=ground.squad))
    for client in (stranger, signed_in("community", area=ground.communities[0]), signed_in("inspector"), outside):
        for step in ("save/", "hand-in/", "discard/"):
            assert client.post(sheet_address(ground.each, step=step), filled(ground)).status_code == 404
        assert client.get(sheet_address(ground.each)).status_code == 404
    assert not SheetDraft.objects.exists()
    assert not Visit.objects.exists()
    for client in (stranger, signed_in("community", area=ground.communities[0])):
        assert client.get("/sheets/").status_code == 404


def test_the_sheet_asks_as_many_questions_for_four_checks_as_for_one(inspector, ground, django_assert_max_num_queries):
    inspector.get(sheet_address(ground.each))
    with django_assert_max_num_queries(45) as first:
        inspector.get(sheet_address(ground.each))
    ground.sheet.checks.filter(order__gt=1).delete()
    with django_assert_max_num_queries(len(first)):
        inspector.get(sheet_address(ground.each))
    assert not Answer.objects.exists()


def test_a_page_whose_sheet_was_handed_in_saves_nothing_more(inspector, ground, frozen_clock):
    frozen_clock(NOON - timedelta(minutes=9))
    page = inspector.get(sheet_address(ground.each)).content.decode()
    opened = re.search(r'name="opened" value="([0-9]+)"', page).group(1)
    frozen_clock(NOON)
    sent = whole(ground, opened=opened)
    inspector.post(sheet_address(ground.each, step="save/"), sent, **HTMX)
    assert SheetDraft.objects.exists()
    inspector.post(sheet_address(ground.each, step="hand-in/"), sent)
    late = inspector.post(sheet_address(ground.each, step="save/"), sent, **HTMX)
    again = inspector.post(sheet_address(ground.each, step="hand-in/"), sent)
    assert (late.status_code, again.status_code) == (422, 422)
    assert "这次检查已经录入" in words(again)
    assert (SheetDraft.objects.exists(), Visit.objects.count()) == (False, 1)


@pytest.mark.parametrize("opened", ["", "x", "9" * 17, "-1", "²"])
def test_what_is_no_moment_a_page_was_opened_is_passed_over(inspector, ground, opened):
    inspector.post(sheet_address(ground.each, step="save/"), filled(ground, opened=opened), **HTMX)
    assert SheetDraft.objects.exists()
