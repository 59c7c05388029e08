import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chuangwei.core import audit, clock, daily_roots
from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.models import AuditEvent, Installation, JobRun
from chuangwei.core.writes import action
from chuangwei.domain.inspections.models import Round
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import Permission
from tests.factories import inspections, organisation, places
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
PAGES = ("/audit/", "/audit/readings/", "/audit/roots/")


@pytest.fixture
def auditor(signed_in):
    return signed_in("audit-administrator")


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    body = re.sub(r"(?s)<header.*?</header>", "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@action
def deed(code: str, *, verb="登记", kind="places.site", at=MONDAY, by=None, **values) -> None:
    with clock.frozen(at):
        audit.record(verb=verb, subject_kind=kind, subject_code=code, by=by or system_actor("root"), at=at, **values)


def verbs(response) -> list[str]:
    return re.findall(r'<a href="/audit/\d+/">([^<]+)</a>', response.content.decode())


def test_who_may_not_audit_finds_no_page(signed_in, stranger, office):
    deed("1")
    daily_roots.close_days(at=MONDAY + timedelta(days=2))
    for page in (*PAGES, "/audit/1/", "/audit/roots/2023-09-04/"):
        for client in (stranger, office, signed_in("community"), signed_in("security-administrator"), signed_in()):
            assert client.get(page).status_code == 404, page
        assert signed_in("audit-administrator").get(page).status_code == 200, page
    for page in ("/audit/export/", "/audit/readings/export/"):
        assert office.post(page).status_code == 404
        assert stranger.post(page).status_code == 404


def test_an_auditor_of_one_area_finds_neither_page_nor_word(signed_in):
    narrow, auditor = (
        signed_in("audit-administrator", area=area).get for area in (places.area("6201", kind="社区"), None)
    )
    for page in ("/audit/", "/audit/readings/", "/audit/roots/"):
        assert (narrow(page).status_code, auditor(page).status_code) == (404, 200)
    assert "/audit/" not in narrow("/desk/").content.decode()
    assert "/audit/" in auditor("/desk/").content.decode()


def test_the_newest_entry_is_first_and_told_in_words(auditor):
    deed("S-1", verb="变更点位", details={"from": "2023-09-04"})
    deed("P-1", verb="派遣", kind="problems.problem", note="请尽快", by=Actor(code="li", name="小李"))
    response = auditor.get("/audit/")
    assert verbs(response) == ["派遣", "变更点位"]
    told = text(response)
    assert "2023-09-04 09:00 小李 页面" in told
    assert "问题 P-1 请尽快" in told
    assert "系统（root） 命令行" in told
    assert "点位 S-1 起 2023-09-04" in told
    assert "{" not in told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["丁", "丙", "乙", "甲"]),
        ("sort=oldest", ["甲", "乙", "丙", "丁"]),
        ("verb=丙", ["丙"]),
        ("verb=没有的", []),
        ("kind=problems.problem", ["丙", "乙"]),
        ("kind=problems.problem&code=P-2", ["丙"]),
        ("code=P-1", ["丁", "乙"]),
        ("who=li", ["乙"]),
        ("who=小李", ["乙"]),
        ("who=系统", ["丁", "丙", "甲"]),
        ("who=系统（root）", ["丁", "丙", "甲"]),
        ("who=nobody", []),
        ("since=2023-09-05", ["丁", "丙"]),
        ("until=2023-09-05", ["丙", "乙", "甲"]),
        ("since=2023-09-05&until=2023-09-05", ["丙"]),
        ("since=gestern", []),
    ],
)
def test_the_address_narrows_the_list(auditor, query, found):
    organisation.account("li", name="小李")
    deed("S-1", verb="甲")
    deed("P-1", verb="乙", kind="problems.problem", by=Actor(code="li", name="小李"))
    deed("P-2", verb="丙", kind="problems.problem", at=MONDAY + timedelta(days=1))
    deed("P-1", verb="丁", kind="places.area", at=MONDAY + timedelta(days=2))
    assert verbs(auditor.get(f"/audit/?{query}")) == found


def test_two_accounts_of_one_name_are_both_shown(auditor):
    for code in ("li", "li2"):
        organisation.account(code, name="小李")
        deed("1", verb=code, by=Actor(code=code, name="小李"))
    deed("1")
    assert verbs(auditor.get("/audit/?who=小李")) == ["li2", "li"]


def test_htmx_gets_the_list_alone_and_the_next_page_goes_on(auditor):
    for number in range(60):
        deed(str(number), verb=f"第{number}")
    response = auditor.get("/audit/?kind=places.site", headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert verbs(response)[0] == "第59"
    after = re.search(r'href="(/audit/\?[^"]*after=[^"]*)"', response.content.decode())[1].replace("&amp;", "&")
    assert verbs(auditor.get(after)) == [f"第{number}" for number in range(9, -1, -1)]


@pytest.mark.parametrize("page", ["/audit/", "/audit/readings/"])
def test_the_list_asks_as_often_for_three_entries_as_for_one(auditor, page):
    counts = []
    for more in (1, 2):
        for number in range(more):
            deed(f"P{number}", verb="查阅手机号", kind="organisation.person")
        auditor.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert auditor.get(page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_says_whether_the_chain_is_whole(auditor):
    assert "链还没有核验过" in text(auditor.get("/audit/"))
    run = JobRun.objects.create(
        slug="organisation-verify-audit", due_at=MONDAY, started_at=MONDAY, finished_at=MONDAY, is_ok=True, message="好"
    )
    assert "链完好，最后核验 2023-09-04 09:00" in text(auditor.get("/audit/"))
    JobRun.objects.filter(pk=run.pk).update(is_ok=False, message="1 处不符")
    assert "链有不符" in text(auditor.get("/audit/"))


def test_an_empty_list_and_one_narrowed_to_nothing_say_so(auditor):
    assert "还没有记录" in text(auditor.get("/audit/"))
    deed("1")
    assert "这样筛没有记录" in text(auditor.get("/audit/?who=nobody"))


def test_what_is_sealed_is_in_no_list_count_page_or_export(auditor, signed_in):
    inspections.round_("AF-1", is_sealed=True)
    deed("AF-1", kind="inspections.round", verb="安排暗访")
    assert verbs(auditor.get("/audit/")) == []
    assert "还没有记录" in text(auditor.get("/audit/"))
    assert "安排暗访" not in text(auditor.get("/audit/?code=AF-1"))
    assert auditor.get("/audit/1/").status_code == 404
    exported = load_workbook(BytesIO(b"".join(auditor.post("/audit/export/").streaming_content)))
    assert [row[5] for row in exported.active.iter_rows(values_only=True)] == ["动作"]
    Round.objects.update(released_at=clock.now())
    assert verbs(auditor.get("/audit/?code=AF-1")) == ["安排暗访"]


# --- One entry --------------------------------------------------------------------------------------------------------


def test_an_entry_shows_its_place_in_the_chain(auditor):
    deed("1")
    deed("S-1", verb="变更点位", note="改名", details={"files": [{"file": "底册.xlsx", "sha256": "ab"}], "count": 3})
    event = AuditEvent.objects.get(seq=2)
    told = text(auditor.get("/audit/2/"))
    assert daily_roots.in_groups(event.hash) in told
    assert daily_roots.in_groups(event.previous_hash) in told
    assert "与前一条相连，没有改动" in told
    assert "理由或说明 改名" in told
    assert "数量 3 文件 文件 底册.xlsx，SHA-256 ab" in told
    AuditEvent.objects.filter(seq=1).update(hash="0" * 64)
    assert "被改动过" in text(auditor.get("/audit/2/"))
    AuditEvent.objects.filter(seq=2).update(note="改过")
    assert "被改动过" in text(auditor.get("/audit/2/"))
    assert auditor.get("/audit/3/").status_code == 404


def test_a_thing_is_linked_for_whoever_may_look_at_such_things(signed_in, auditor):
    deed("WT-1", kind="problems.problem")
    assert '<a href="/problems/WT-1/">' in signed_in("auditor").get("/audit/").content.decode()
    assert "/problems/WT-1/" not in auditor.get("/audit/").content.decode()


# --- Export -----------------------------------------------------------------------------------------------------------


def test_the_export_is_what_is_shown_and_is_recorded(auditor):
    deed("S-1", verb="甲", details={"count": 3})
    deed("S-2", verb="乙", kind="places.area")
    response = auditor.post("/audit/export/?kind=places.site")
    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.iter_rows(values_only=True))
    assert [(row[0], row[5], row[6], row[9]) for row in rows[1:]] == [(1, "甲", "点位", "数量 3")]
    assert rows[1][10] == AuditEvent.objects.get(seq=1).hash
    entry = AuditEvent.objects.latest("seq")
    assert (entry.verb, entry.subject_code, json.loads(entry.details)["rows"]) == ("导出列表", "审计记录", 1)


# --- Readings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def read() -> None:
    """小李 read 张三 and 王五, and took the whole register along."""
    may = organisation.clerk(*Permission.values, code="li", name="小李")
    for code, name in (("P1", "张三"), ("P2", "王五")):
        person = organisation.person(code, name=name, phone=f"138000000{code[1]:>02}")
        with clock.frozen(MONDAY):
            actions.reveal_phone(person=person, reason=f"联系{name}", by=may, at=MONDAY)
    with clock.frozen(MONDAY + timedelta(days=1)):
        actions.record_phone_export(count=2, reason="换届核对", by=may, at=MONDAY)


@pytest.mark.usefixtures("read")
def test_readings_say_who_whose_and_why(auditor):
    told = text(auditor.get("/audit/readings/"))
    assert "小李 导出手机号 全部人员 换届核对" in told
    assert "小李 查阅手机号 张三 P1 联系张三" in told
    assert "1380000" not in told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["导出手机号", "查阅手机号", "查阅手机号"]),
        ("whom=张三", ["查阅手机号"]),
        ("whom=P2", ["查阅手机号"]),
        ("whom=谁", []),
        ("who=li&verb=导出手机号", ["导出手机号"]),
        ("since=2023-09-05", ["导出手机号"]),
        ("until=2023-09-04", ["查阅手机号", "查阅手机号"]),
    ],
)
@pytest.mark.usefixtures("read")
def test_the_address_narrows_the_readings(auditor, query, found):
    deed("P1", verb="改正人员", kind="organisation.person", at=MONDAY + timedelta(days=2))
    assert verbs(auditor.get(f"/audit/readings/?{query}")) == found


@pytest.mark.usefixtures("read")
def test_readings_are_exported(auditor):
    response = auditor.post("/audit/readings/export/?whom=张三")
    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.iter_rows(values_only=True))
    assert [row[4:7] for row in rows] == [("方式", "谁的", "理由"), ("查阅手机号", "P1", "联系张三")]


@pytest.mark.usefixtures("read")
def test_a_person_sees_who_read_her_own_number_and_no_other(signed_in, stranger):
    from chuangwei.domain.organisation.models import Person

    told = text(signed_in("grid-worker", person=Person.objects.get(code="P1")).get("/my/readings/"))
    assert "联系张三" in told
    assert "整册，可能含您" in told
    assert "联系王五" not in told
    assert "您的账号没有对应的人员" in text(signed_in("office").get("/my/readings/"))
    assert stranger.get("/my/readings/").status_code == 404


def test_nobody_read_it_is_told_too(signed_in):
    assert "没有人查阅过" in text(signed_in(person=organisation.person()).get("/my/readings/"))


# --- Daily roots ------------------------------------------------------------------------------------------------------


@pytest.fixture
def root():
    for number in range(3):
        deed(str(number))
    return daily_roots.close_days(at=MONDAY + timedelta(days=1))[0]


def test_roots_are_listed_and_one_is_printed(auditor, root):
    Installation.objects.create(county="示范县", started_at=MONDAY)
    assert "2023年9月4日 3 " in text(auditor.get("/audit/roots/"))
    told = text(auditor.get("/audit/roots/2023-09-04/"))
    assert "示范县创卫管理系统" in told
    assert "3（第 1 至 3 条）" in told
    assert " ".join(re.findall("[0-9a-f]{4}", root.hash)) in told
    for day in ("2023-09-05", "heute"):
        assert auditor.get(f"/audit/roots/{day}/").status_code == 404


def test_a_root_from_the_paper_is_checked(auditor, root):
    agreed = auditor.get("/audit/roots/", {"day": "2023-09-04", "root": daily_roots.in_groups(root.hash)})
    assert "2023年9月4日的日根与纸上的一致" in text(agreed)
    mistyped = text(auditor.get("/audit/roots/", {"day": "2023-09-04", "root": "0" * 64}))
    assert "与您输入的不同：请先核对是否抄错；若无误，则这一天的记录被改动过" in mistyped
    assert mistyped.count("被改动过") == 1
    assert "日根应是 64 个" in text(auditor.get("/audit/roots/", {"day": "2023-09-04", "root": "12"}))
    assert "请选择纸上的日期" in text(auditor.get("/audit/roots/", {"root": root.hash}))
    AuditEvent.objects.filter(seq=2).update(note="改过")
    told = text(auditor.get("/audit/roots/", {"day": "2023-09-04", "root": root.hash}))
    assert "第 2 条（登记 1）被改动过" in told


def test_before_the_first_day_is_over_there_is_no_root(auditor):
    assert "还没有封存的日子" in text(auditor.get("/audit/roots/"))


def test_the_list_says_how_long_the_chain_is_and_what_it_leaves_out(auditor):
    organisation.unit("SQ01", name="星火社区居委会")
    deed("W-1", verb="督办", kind="problems.problem", details={"told": 0, "unit": "SQ01"})
    JobRun.objects.create(
        slug="organisation-verify-audit", due_at=MONDAY, started_at=MONDAY, finished_at=MONDAY + timedelta(hours=1),
        is_ok=True, message="审计记录 1 条，前后相连。",
    )  # fmt: skip
    told = text(auditor.get("/audit/"))
    assert "告知人数 0；单位 星火社区居委会（SQ01）" in told
    assert "没有解封的暗访不列在下面" in told
    deed("while it was verified", at=MONDAY + timedelta(minutes=30))
    deed("W-2", at=MONDAY + timedelta(hours=2))
    length = AuditEvent.objects.count()
    assert f"链上现有 {length} 条，其中 {length - 1} 条是最近一次核验以后记下的" in text(auditor.get("/audit/"))
