"""Handing in workbooks on the page, from the upload to the result."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.places.models import Area
from chuangwei.web.office.imports.enums import ImportState
from chuangwei.web.office.models import ImportJob
from tests.web.office.appraisal.test_views import text

pytestmark = pytest.mark.django_db
BAD_ROWS = [["62", "云岭县", "县", None], ["620101", "东关社区", "小区", "9999"]]


def hand_in(client, *files):
    """The job these files became."""
    answer = client.post("/imports/upload/", {"files": list(files)})
    assert answer.status_code == 302, answer.content.decode()
    return ImportJob.objects.latest("pk"), answer["Location"]


def test_the_whole_way(office, register):
    job, address = hand_in(office, register())
    assert job.state == ImportState.CHECKED
    assert Area.objects.count() == 0
    told = text(office.get(address))
    assert "确认后会改什么" in told
    assert "区划 3 0 0" in told

    assert office.post(f"{address}confirm/")["Location"] == address

    job.refresh_from_db()
    assert (job.state, Area.objects.count()) == (ImportState.DONE, 3)
    told = text(office.get(address))
    assert "已经导入" in told
    assert "去评比" in told
    assert "新增 3，变更 0，不变 0" in text(office.get("/imports/"))
    assert AuditEvent.objects.filter(verb="导入工作簿").count() == 1


def test_a_second_import_of_the_same_changes_nothing(office, register):
    _, address = hand_in(office, register())
    office.post(f"{address}confirm/")
    _, again = hand_in(office, register())
    told = text(office.get(again))
    assert "与现有数据完全一致" in told
    assert "确认导入" not in told


def test_what_would_change_is_shown_with_what_was_there(office, register):
    _, address = hand_in(office, register(人员=[["P1", "张三", "书记", None]]))
    office.post(f"{address}confirm/")
    _, address = hand_in(office, register(人员=[["P1", "张三", "镇长", None]]))
    told = text(office.get(address))
    assert "P1 变更职务 书记 镇长" in told
    assert Person.objects.get(code="P1").title == "书记"


def test_every_mistake_is_listed_at_once_by_sheet_row_and_column(office, register, ruined):
    job, address = hand_in(office, register(区划=BAD_ROWS), ruined)
    assert job.state == ImportState.REFUSED
    told = text(office.get(address))
    assert "3 处错误，没有导入任何内容" in told
    assert "假的.xlsx" in told
    assert "区划 3 上级编码" in told
    only = text(office.get(f"{address}?sheet=区划"))
    assert "区划 3 上级编码" in only
    assert "这不是 .xlsx 工作簿" not in only
    assert "这不是 .xlsx 工作簿" in text(office.get(f"{address}?sheet=没有这张"))
    assert "3 处错误" in text(office.get("/imports/"))


def test_the_mistakes_can_be_taken_along_as_a_workbook(office, register, ruined):
    job, address = hand_in(office, register(区划=BAD_ROWS), ruined)
    answer = office.get(f"{address}mistakes.xlsx")
    assert answer.status_code == 200
    assert job.code in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("文件", "工作表", "行", "列", "错在哪里")
    assert [row[:4] for row in rows[1:]] == [
        ("假的.xlsx", "", None, ""), ("底册.xlsx", "区划", 3, "类型"), ("底册.xlsx", "区划", 3, "上级编码"),
    ]  # fmt: skip


def test_only_what_was_refused_has_a_list_of_mistakes(office, register):
    _, address = hand_in(office, register())
    assert office.get(f"{address}mistakes.xlsx").status_code == 404


def test_a_preview_can_be_dropped(office, register):
    job, address = hand_in(office, register())
    assert office.post(f"{address}cancel/")["Location"] == "/imports/"
    job.refresh_from_db()
    assert (job.state, Area.objects.count()) == (ImportState.CANCELLED, 0)
    assert "已放弃，没有改动任何数据" in text(office.get(address))
    assert office.post(f"{address}confirm/").status_code == 409


def test_nothing_handed_in_is_told_on_the_page(office):
    answer = office.post("/imports/upload/")
    assert (answer.status_code, "请先选择工作簿" in answer.content.decode()) == (422, True)


def test_too_many_files_and_the_same_twice_are_refused(office, register):
    many = office.post(
        "/imports/upload/", {"files": [register(f"{n}.xlsx", 人员=[[f"P{n}", "甲", "", None]]) for n in range(11)]}
    )
    assert (many.status_code, "一次最多 10 个文件" in many.content.decode()) == (422, True)
    one = register()
    data = one.read()
    twice = office.post("/imports/upload/", {"files": [_again("a.xlsx", data), _again("b.xlsx", data)]})
    assert (twice.status_code, "同一个文件选了两次" in twice.content.decode()) == (422, True)


def _again(name, data):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


def test_while_the_worker_is_at_it_the_page_asks_again(office, register, monkeypatch):
    from chuangwei.core import tasks

    monkeypatch.setattr(tasks, "enqueue", lambda *_args, **_kwargs: "")
    _, address = hand_in(office, register())
    page = office.get(address).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert '<meta http-equiv="refresh"' in page
    part = office.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="work"')
    assert "正在排队" in part
    assert "<html" not in part


def test_when_the_work_is_done_the_part_stops_asking(office, register):
    _, address = hand_in(office, register())
    part = office.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "确认后会改什么" in part


@pytest.mark.parametrize("role", ["community", "leader", "inspector"])
def test_who_may_not_import_finds_no_such_page(signed_in, stranger, office, register, role):
    _, address = hand_in(office, register())
    for person in (stranger, signed_in(role)):
        for page in ("/imports/", address, f"{address}mistakes.xlsx"):
            assert person.get(page).status_code == 404, page
        for command in ("/imports/upload/", f"{address}confirm/", f"{address}cancel/"):
            assert person.post(command).status_code == 404, command


def test_one_sees_ones_own_jobs_and_the_county_sees_all(signed_in, office, register, make_town):
    town = make_town(weeks=0)
    secretary = signed_in("office", area=town.communities[0])
    _, of_the_county = hand_in(office, register())
    _, of_the_town = hand_in(secretary, register(人员=[["P1", "张三", "", None]]))
    assert secretary.get(of_the_county).status_code == 404
    assert secretary.get(of_the_town).status_code == 200
    assert office.get(of_the_town).status_code == 200


def test_the_list_asks_as_often_for_three_jobs_as_for_one(office, register):
    counts = []
    for jobs in (1, 2):
        for number in range(jobs):
            hand_in(office, register(人员=[[f"P{jobs}{number}", "张三", "", None]]))
        office.get("/imports/")
        with CaptureQueriesContext(connection) as captured:
            office.get("/imports/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_older_jobs_are_a_page_away(office, register):
    for number in range(11):
        hand_in(office, register(f"底册{number}.xlsx", 人员=[[f"P{number}", "张三", "", None]]))
    page = office.get("/imports/").content.decode()
    assert "底册0.xlsx" not in page
    address = page.split('href="/imports/?after=')[1].split('"')[0]
    assert "底册0.xlsx" in office.get(f"/imports/?after={address}").content.decode()
