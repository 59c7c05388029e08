import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from chuangwei.core import audit, presets
from chuangwei.core.errors import DomainError, Refused
from chuangwei.core.models import Installation, PresetUse
from chuangwei.domain.organisation.models import Account
from chuangwei.domain.organisation.queries import actor_of
from chuangwei.domain.places.models import SiteKind

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("init", *arguments, stdout=out)
    return out.getvalue()


def test_init_with_a_bundled_preset_prints_the_password_once(rf):
    said = run("--preset", "town-weekly-flags", "--county", "云岭县")
    found = re.search(r"第一个账号：admin，密码：(\S{4}(?:-\S{4}){3})（只显示这一次，首次登录须更改）。", said)
    account = authenticate(rf.get("/"), username="admin", password=found[1])
    first = ["system-administrator", "office"]
    assert (account.roles, account.is_everywhere, account.must_change_password) == (first, True, True)
    assert Installation.objects.get().county == "云岭县"
    use = PresetUse.objects.get()
    assert (use.area_code, use.from_on, use.version.slug) == ("", None, "town-weekly-flags")
    assert SiteKind.objects.filter(code="back_lane", name="背街小巷").exists()
    assert audit.verify() == []


def test_init_makes_three_administrators_apart_each_with_a_password(rf):
    said = run("--preset", "town-weekly-flags", "--county", "云岭县", "--security", "li", "--audit", "zhao")
    found = dict(re.findall(r"：(\w+)，密码：(\S+?)（只显示这一次", said))
    assert list(found) == ["admin", "li", "zhao"]
    assert len(set(found.values())) == 3
    may = {}
    for username, password in found.items():
        account = authenticate(rf.get("/"), username=username, password=password)
        assert account.must_change_password is True
        may[username] = actor_of(account).permissions
    assert may["li"] == {"organisation.accounts"}
    assert may["zhao"] == {"audit.view"}
    assert not may["admin"] & (may["li"] | may["zhao"])
    assert {"presets.edit", "standards.load", "workbooks.import", "appraisal.publish"} <= may["admin"]


def test_a_password_may_be_given_beforehand(rf, settings):
    settings.FIRST_PASSWORD = "qing-shi-zhen-7"
    said = run("--preset", "town-weekly-flags", "--county", "云岭县", "--account", "wang")
    assert settings.FIRST_PASSWORD not in said
    assert len(re.findall(r"只显示这一次", said)) == 2
    account = authenticate(rf.get("/"), username="wang", password="qing-shi-zhen-7")
    assert account.must_change_password is False


def test_a_preset_of_a_file_with_its_notices(tmp_path):
    file = tmp_path / "我县.toml"
    file.write_text('[preset]\nslug = "ours"\ntitle = "我县"\n[wishes]\na = 1\n')
    said = run("--preset", str(file), "--county", "云岭县").splitlines()
    assert said[:2] == ["预设中的『wishes』未被识别，已忽略。", "云岭县已初始化，预设：我县（ours）。"]


def test_a_second_init_is_refused_and_changes_nothing():
    run("--preset", "town-weekly-flags", "--county", "云岭县")
    with pytest.raises(DomainError, match="已经安装过了（云岭县）"):
        run("--preset", "county-fortnight", "--county", "别县", "--account", "b")
    assert (Installation.objects.get().county, Account.objects.count(), PresetUse.objects.count()) == ("云岭县", 3, 1)


@pytest.mark.parametrize(
    ("body", "arguments", "why"),
    [
        ('[chains."游泳馆"]\nroles = [{name = "馆长"}]', (), "未启用"),
        ("", ("--account", "a|b"), "账号不能为空"),
        ("", ("--county", " "), "请写明县"),
        ("", ("--security", "admin"), "账号 admin 已经有了"),
    ],
)
def test_init_does_all_or_nothing(tmp_path, body, arguments, why):
    file = tmp_path / "t.toml"
    file.write_text(f'[preset]\nslug = "t"\ntitle = "试"\n{body}')
    with pytest.raises(DomainError, match=why):
        run("--preset", str(file), "--county", "云岭县", *arguments)
    counts = [model.objects.count() for model in (Installation, PresetUse, Account, SiteKind)]
    assert counts == [0, 0, 0, 0]


def test_a_password_too_weak_is_refused(settings):
    settings.FIRST_PASSWORD = "1234"
    with pytest.raises(DomainError, match="密码不合要求"):
        run("--preset", "town-weekly-flags", "--county", "云岭县")
    assert not Installation.objects.exists()


def test_a_preset_that_is_not_there_and_one_that_cannot_be_read(tmp_path):
    with pytest.raises(DomainError, match="没有名为 nowhere 的预设"):
        run("--preset", "nowhere", "--county", "云岭县")
    file = tmp_path / "bad.toml"
    file.write_text("[preset")
    with pytest.raises(Refused):
        run("--preset", str(file), "--county", "云岭县")


@pytest.mark.parametrize("slug", sorted(presets.bundled()))
def test_every_bundled_preset_fits_the_bundled_standards(slug):
    assert f"（{slug}）" in run("--preset", slug, "--county", "云岭县")


def test_a_preset_for_demonstrations_is_warned_of(tmp_path):
    file = tmp_path / "show.toml"
    file.write_text('[preset]\nslug = "show"\ntitle = "示范"\n[sign_in]\nsecond_factor = "never"\n')
    said = run("--preset", str(file), "--county", "云岭县")
    assert said.startswith("本预设不要求第二因素登录，只适合演示。")
