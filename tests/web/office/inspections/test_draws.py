import json
import re
import subprocess
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.domain.inspections.models import Draw
from tests.factories import inspections, organisation, places
from tests.web.office.appraisal.test_views import text
from tests.web.office.inspections.conftest import NOON, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "ground")]


@pytest.fixture
def other(signed_in):
    return signed_in("office")


def frozen(office, **values):
    sent = {"round_code": "R-36", "n_back_lane": "1", **values}
    assert office.post("/draws/freeze/", sent).status_code == 302
    return Draw.objects.order_by("-pk").first()


def stored_seed(draw):
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM inspections_draw WHERE id = %s", [draw.pk])
        return cursor.fetchone()[0]


def test_a_draw_step_by_step_with_the_seed_hidden_until_it_is_drawn(office, other):
    draw = frozen(office, exclusions="BL-2 正在施工")
    told = text(office.get(f"/draws/{draw.pk}/"))
    assert draw.candidates_hash in told
    assert "BL-2巷（BL-2）：正在施工" in told
    assert "已承诺种子，它的摘要已经公布。" in text(office.post(f"/draws/{draw.pk}/commit/", follow=True))
    draw.refresh_from_db()
    assert len(draw.seed) == 64
    assert draw.seed not in stored_seed(draw)
    page = office.get(f"/draws/{draw.pk}/").content.decode()
    assert draw.seed_hash in page
    assert draw.seed not in page
    for name in ("result.json", "record.json"):
        assert office.get(f"/draws/{draw.pk}/{name}").status_code == 404
    refused = office.post(f"/draws/{draw.pk}/draw/")
    assert refused.status_code == 422
    assert "须由承诺种子的人以外的另一人抽取" in words(refused)
    drawn = other.post(f"/draws/{draw.pk}/draw/", follow=True)
    assert re.search(
        r'<li><a href="/sites/BL-1/">BL-1巷</a> <span class="cw-faint">BL-1</span></li>', drawn.content.decode()
    )
    told = text(drawn)
    assert "第36周定期督导 抽取" in told
    assert "已抽取 1 处点位，种子已经公布。" in told
    assert f"公布的种子： {draw.seed}" in told
    assert "BL-1巷" in told


def test_what_is_downloaded_satisfies_the_verifier_that_is_downloaded(office, other, tmp_path):
    draw = frozen(office, n_back_lane="2")
    office.post(f"/draws/{draw.pk}/commit/")
    other.post(f"/draws/{draw.pk}/draw/")
    for address in (
        "draws/verifier.py",
        *(f"draws/{draw.pk}/{name}" for name in ("result.json", "record.json", "candidates.txt")),
    ):
        answer = office.get(f"/{address}")
        name = answer["Content-Disposition"].split('"')[1]
        (tmp_path / name).write_bytes(answer.content)
    told = subprocess.run(
        [sys.executable, "verify_draw.py", f"draw-{draw.pk}.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    result = json.loads((tmp_path / f"draw-{draw.pk}.json").read_text())
    result["drawn"]["back_lane"].reverse()
    (tmp_path / f"draw-{draw.pk}.json").write_text(json.dumps(result))
    again = subprocess.run(
        [sys.executable, "verify_draw.py", f"draw-{draw.pk}.json"], cwd=tmp_path, capture_output=True, check=False
    )
    assert again.returncode == 1


def test_with_a_public_word_the_same_hand_may_draw(office):
    draw = frozen(office, word_source="开奖号码")
    office.post(f"/draws/{draw.pk}/commit/")
    assert office.post(f"/draws/{draw.pk}/draw/").status_code == 422
    office.post(f"/draws/{draw.pk}/draw/", {"word": "07 12"})
    assert Draw.objects.get().word == "07 12"


def test_a_void_draw_stays_with_its_reason(office):
    draw = frozen(office)
    assert office.post(f"/draws/{draw.pk}/void/", {"reason": ""}).status_code == 422
    told = text(office.post(f"/draws/{draw.pk}/void/", {"reason": "名单漏了一条巷"}, follow=True))
    assert "已作废这次抽取，记录和理由保留。" in told
    assert "作废：名单漏了一条巷" in told
    assert office.post(f"/draws/{draw.pk}/commit/").status_code == 404
    frozen(office)
    assert "名单漏了一条巷" in text(office.get("/draws/"))
    assert [row["draw"] for row in office.get("/draws/?step=void").context["rows"]] == [draw]


WRONG = [
    ({"n_back_lane": ""}, "请至少写明一层"),
    ({"round_code": ""}, "请填写轮次。"),
    ({"exclusions": "BL-2"}, "排除 BL-2 须写明理由"),
    ({"exclusions": "X-9 没有"}, "要排除的 X-9 不是现有的点位"),
]


@pytest.mark.parametrize(("wrong", "why"), WRONG)
def test_a_list_that_cannot_be_frozen_comes_back(office, wrong, why):
    answer = office.post("/draws/freeze/", {"round_code": "R-36", "n_back_lane": "1", **wrong})
    assert answer.status_code == 422
    assert why in words(answer)
    assert not Draw.objects.exists()


def test_the_list_asks_as_many_questions_for_three_draws_as_for_one(office):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/draws/").status_code == 200
        return len(asked)

    frozen(office)
    questions()
    one = questions()
    for code in ("R-A", "R-B"):
        frozen(office, round_code=code)
    assert questions() == one


def test_a_draw_is_listed_under_the_name_of_its_round_where_one_may_see_that(office, inspector, ground):
    frozen(office)
    assert "第36周定期督导 R-36" in text(office.get("/draws/"))
    inspections.round_("R-S", kind="undercover", is_sealed=True, team=ground.squad, name="第36周暗访")
    Draw.objects.create(round_code="R-S", is_trial=True, frozen_at=NOON, frozen_by="x", candidates="")
    assert "第36周暗访" in text(inspector.get("/draws/"))
    assert "第36周暗访" not in text(office.get("/draws/"))


def test_the_round_of_a_draw_is_picked_by_its_name(office):
    page = office.get("/draws/new/?round=R-36").content.decode()
    assert re.search(r'<cw-picker kind="rounds">\s*<input[^>]* name="round_code" value="R-36"', page)


def test_an_empty_list_tells_each_what_comes_next(office, inspector):
    assert "先冻结候选名单" in text(office.get("/draws/"))
    told = text(inspector.get("/draws/"))
    assert "由创卫办抽取" in told
    assert "先冻结候选名单" not in told


def test_who_may_not_plan_takes_no_step(signed_in, stranger, office, ground):
    draw = frozen(office)
    for client in (stranger, signed_in("inspector"), signed_in("discipline")):
        assert client.get("/draws/new/").status_code == 404
        assert client.post("/draws/freeze/", {"round_code": "R-9", "n_back_lane": "1"}).status_code == 404
        for step in ("commit", "draw", "void"):
            assert client.post(f"/draws/{draw.pk}/{step}/", {"reason": "x"}).status_code == 404
    assert stranger.get(f"/draws/{draw.pk}/").status_code == 404
    assert stranger.get("/draws/verifier.py").status_code == 404
    assert signed_in("inspector").get(f"/draws/{draw.pk}/").status_code == 200
    assert Draw.objects.get().committed_at is None
    inspections.round_("R-S", kind="undercover", is_sealed=True, team=ground.squad)
    assert office.post("/draws/freeze/", {"round_code": "R-S", "n_back_lane": "1"}).status_code == 422


def test_a_community_reads_only_the_names_and_reasons_of_its_own_places(office, other, signed_in, ground):
    draw = frozen(office, exclusions="BL-2 户主住院")
    office.post(f"/draws/{draw.pk}/commit/")
    other.post(f"/draws/{draw.pk}/draw/")
    first, second = (signed_in("community", area=area) for area in ground.communities)
    told = text(first.get(f"/draws/{draw.pk}/"))
    assert "BL-1巷" in told
    assert "BL-2" in told
    record = first.get(f"/draws/{draw.pk}/record.json").json()
    assert record["exclusions"] == {"BL-2": "不在您的范围内，理由不显示"}
    assert "BL-2巷" not in told
    assert "住院" not in told
    told = text(second.get(f"/draws/{draw.pk}/"))
    assert "BL-2巷（BL-2）：户主住院" in told
    assert "BL-1巷" not in told
    assert second.get(f"/draws/{draw.pk}/record.json").json()["exclusions"] == {"BL-2": "户主住院"}


def test_a_draw_names_no_household_to_who_sees_no_persons(office, other, looker, ground):
    home = places.site_kind("household", name="农户庭院", is_household=True)
    places.site("NH-1", in_area=ground.communities[0], kind=home.code, name="王家院")
    draw = frozen(office, exclusions="NH-1 无人居住")
    assert "王家院（NH-1）" in text(other.get(f"/draws/{draw.pk}/"))
    told = text(looker.get(f"/draws/{draw.pk}/"))
    assert "户名不显示（NH-1）" in told
    assert "王家院" not in told


def test_who_plans_elsewhere_is_shown_no_step(office, signed_in, ground):
    draw = frozen(office)
    elsewhere = signed_in("office", area=ground.communities[0])
    page = elsewhere.get(f"/draws/{draw.pk}/")
    assert (page.context["next"], page.context["may_void"]) == (None, False)
    assert elsewhere.post(f"/draws/{draw.pk}/commit/").status_code == 404
    assert office.get(f"/draws/{draw.pk}/").context["may_void"]


def test_freezing_says_who_else_may_draw_and_what_is_too_few(office, ground):
    assert "除您以外没有别的账号可以抽取" in text(office.get("/draws/new/?round=R-36"))
    organisation.account("bert", roles=["office"], name="柏")
    assert "须由另一个账号抽取：柏。" in text(office.get("/draws/new/?round=R-36"))
    sent = {"round_code": "R-36", "n_back_lane": "9"}
    told = text(office.post("/draws/freeze/", sent, follow=True))
    assert "只有 2 处，全部抽取。" in told
    assert "须由另一个账号抽取：柏。" in told
