"""Presets on pages: as words, with versions and what they change; kept first, taken up by those who may."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core import clock, presets
from chuangwei.core.models import AuditEvent, PresetUse, PresetVersion
from tests.factories import organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.conftest import PRESET

pytestmark = pytest.mark.django_db

LIST = "/presets/"
CHANGED = PRESET.replace("min_score = 60", "min_score = 80").replace("last = 1", "last = 2")


@pytest.fixture
def admin(signed_in):
    return signed_in("system-administrator")


@pytest.fixture
def version() -> PresetVersion:
    places.site_kind()
    document = presets.read_preset(PRESET, "town")
    use = presets.use_preset(document=document, area_code="", from_on=None, by=organisation.chief(), at=MONDAY)
    return use.version


def upload(client, text: str | bytes, name: str = "town.toml"):
    content = text.encode() if isinstance(text, str) else text
    return client.post(f"{LIST}upload/", {"file": SimpleUploadedFile(name, content)})


def test_the_list_says_what_holds_where(admin, version):
    page = admin.get(LIST).content.decode()
    assert "周评比（第 1 版）" in page
    assert "启用以来" in page
    assert page.count("现用") == 1
    assert "乡镇·周评比红黄旗" in page


def test_a_version_is_told_in_words(admin, version):
    page = admin.get(f"{LIST}town/1/").content.decode()
    for sentence in (
        "区划由大到小：县、乡镇、社区。",
        "须有网格员（一人）。",
        "总分须不低于 60 分",
        "连续 2 次黄旗，由镇纪委约谈包社区领导",
    ):
        assert sentence in page


@pytest.mark.parametrize("slug", sorted(presets.bundled()))
def test_every_bundled_preset_is_told_in_words(admin, slug):
    page = admin.get(f"{LIST}bundled/{slug}/").content.decode()
    assert "责任链" in page
    assert "总分由这几项加权得出" in page
    assert not PresetVersion.objects.exists()


def test_a_new_version_shows_what_it_changes(admin, version):
    assert upload(admin, CHANGED)["Location"] == f"{LIST}town/2/"
    page = admin.get(f"{LIST}town/2/").content.decode()
    assert "第 1 版到第 2 版改了什么" in page
    assert '<del><span class="visually-hidden">删去：</span>红旗发给前 1 名，总分须不低于 60 分' in page
    assert '<ins><span class="visually-hidden">新增：</span>红旗发给前 1 名，总分须不低于 80 分' in page
    assert "-min_score = 60" in page
    assert PresetUse.objects.count() == 1
    assert AuditEvent.objects.filter(verb="存预设版本").count() == 1


def test_the_same_file_twice_is_one_version(admin, version):
    assert upload(admin, PRESET)["Location"] == f"{LIST}town/1/"
    assert PresetVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "请先选择预设文件"),
        (b"\xff\xfe", "不是 UTF-8"),
        ("[preset", "不是有效的 TOML"),
        (PRESET.replace("red = 1", "red = -1"), "处错误，未启用"),
        (PRESET.replace("back_lane", "no_such_kind"), "no_such_kind"),
        ("a = 1\n" * 200_000, "文件太大"),
    ],
)
def test_a_bad_file_is_refused_with_every_mistake_and_keeps_nothing(admin, version, content, says):
    answer = upload(admin, content)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert PresetVersion.objects.count() == 1


def test_no_file_at_all(admin, version):
    assert admin.post(f"{LIST}upload/").status_code == 422


def test_a_version_is_taken_up_in_an_area_from_a_day(admin, version):
    town, _ = places.town(communities=1)
    day = clock.today() + timedelta(days=7)
    answer = admin.post(f"{LIST}town/1/adopt/", {"area": town.code, "from_on": f"{day}"})
    assert answer["Location"] == LIST
    use = PresetUse.objects.get(area_code=town.code)
    assert (use.version, use.from_on) == (version, day)
    assert admin.get(LIST).content.decode().count("现用") == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "请填写从哪一天起启用。"),
        ({"from_on": "soon"}, "请填写从哪一天起启用。"),
        ({"from_on": "2026-01-01", "area": "99"}, "没有编码为 99 的区划。"),
    ],
)
def test_what_is_missing_is_said(admin, version, given, says):
    answer = admin.post(f"{LIST}town/1/adopt/", given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert PresetUse.objects.count() == 1


def test_one_day_one_preset(admin, version):
    given = {"from_on": f"{clock.today()}"}
    assert admin.post(f"{LIST}town/1/adopt/", given).status_code == 302
    assert "已经启用了一个预设" in admin.post(f"{LIST}town/1/adopt/", given).content.decode()


def test_who_keeps_presets_gives_herself_nothing_by_one(admin, version):
    more = (
        f'{PRESET}\n[roles.system-administrator]\ntitle = "系统管理员"\npermissions = ["presets.edit", "audit.view"]\n'
    )
    assert upload(admin, more)["Location"] == f"{LIST}town/2/"
    refused = admin.post(f"{LIST}town/2/adopt/", {"from_on": f"{clock.today()}"})
    assert refused.status_code == 422
    assert "角色『系统管理员』（system-administrator）的权限" in refused.content.decode()
    assert admin.get("/audit/").status_code == 404
    assert PresetUse.objects.count() == 1


def test_a_bundled_one_is_kept_before_it_is_taken_up(admin, version, monkeypatch, tmp_path):
    (tmp_path / "mine.toml").write_text(PRESET.replace('slug = "town"', 'slug = "mine"'), encoding="utf-8")
    monkeypatch.setattr(presets, "REGIONS", tmp_path)
    assert admin.post(f"{LIST}bundled/mine/keep/")["Location"] == f"{LIST}mine/1/"
    assert admin.get(f"{LIST}bundled/mine/")["Location"] == f"{LIST}mine/1/"
    assert admin.get(f"{LIST}bundled/none/").status_code == 404
    assert admin.post(f"{LIST}bundled/none/keep/").status_code == 404


def test_the_file_itself_can_be_had(admin, version):
    answer = admin.get(f"{LIST}town/1/text/")
    assert answer.content.decode() == PRESET
    assert answer["Content-Disposition"] == 'attachment; filename="town-1.toml"'


@pytest.mark.parametrize("asked", ["1", "2", "9", "x", "²", "99999999999999999999"])
def test_which_version_it_is_held_against(admin, version, asked):
    upload(admin, CHANGED)
    assert admin.get(f"{LIST}town/2/?with={asked}").status_code == 200


def test_a_stranger_and_who_may_not_get_404(signed_in, stranger, version):
    for client in (stranger, signed_in(), signed_in("community")):
        for address in (LIST, f"{LIST}town/1/", f"{LIST}town/1/text/", f"{LIST}bundled/county-fortnight/"):
            assert client.get(address).status_code == 404
        for address in (f"{LIST}upload/", f"{LIST}town/1/adopt/", f"{LIST}bundled/county-fortnight/keep/"):
            assert client.post(address, {"from_on": "2026-01-05"}).status_code == 404
    assert PresetUse.objects.count() == 1


def test_one_use_and_three_ask_the_same(admin, version):
    admin.get(LIST)
    before = _asked(admin)
    for day in (1, 2):
        PresetUse.objects.create(version=version, from_on=f"2026-01-0{day}", recorded_at=MONDAY, by_name="a")
    assert _asked(admin) == before


def _asked(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    return len(queries)


ROLE = '[roles.office]\ntitle = "创卫办"\npermissions = [{}]\nexcludes = ["leader"]\n'


@pytest.mark.parametrize(
    ("added", "says"),
    [
        (
            '[sign_in]\nsecond_factor = "never"\n',
            ["新增：</span>本预设不要求第二因素登录，只适合演示。", "须有第二因素才能登录"],
        ),
        (
            ROLE.format('"audit.view"'),
            ["创卫办（office）：查看审计。", "创卫办不能兼任领导。", "创卫办登录不要求第二因素。"],
        ),
        ("[retention]\nphone_months = 6\n", ["新增：</span>离开全部单位和责任满 6 个月"]),
        ('[documents.kinds.weekly-bulletin.phrases]\nred = "好"\n', ["[documents]", "这一节有改动"]),
    ],
)
def test_who_may_what_and_how_people_sign_in_is_told_before_it_is_taken_up(admin, version, added, says):
    assert upload(admin, f"{PRESET}\n{added}")["Location"] == f"{LIST}town/2/"
    page = admin.get(f"{LIST}town/2/").content.decode()
    assert [one for one in says if one not in page] == []
    assert "规矩没有变" not in page


def test_a_version_that_differs_in_its_remarks_only_says_so(admin, version):
    upload(admin, f"{PRESET}\n# 说明\n")
    assert "规矩没有变" in admin.get(f"{LIST}town/2/").content.decode()
