import itertools
import json
from datetime import date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate

from chuangwei.core import clock, presets
from chuangwei.core.errors import DomainError, NotAllowed, Refused
from chuangwei.core.models import AuditEvent, Installation, Notice, PresetUse, TransitionLog
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account, Duty
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
AT = datetime(2023, 10, 15, 9, 0, tzinfo=clock.SHANGHAI)
DAY = date(2023, 10, 15)
PASSWORD = "qing-shi-zhen-7"


def last_entry() -> tuple[str, str, str]:
    entry = AuditEvent.objects.latest("seq")
    return entry.verb, entry.subject_kind, entry.subject_code


# --- Duties ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def grid():
    return places.area("g1", kind="网格")


def begin(grid, **values):
    given = {"holder": organisation.person(), "role": "网格员", "place": grid, "starts_on": DAY, **values}
    return actions.begin_duty(**{"by": organisation.clerk(Permission.EDIT), "at": AT, **given})


def test_begin_duty_of_a_person_for_an_area(grid):
    duty = begin(grid, role=" 网 格员", hours=" 8:00—12:00 ", ends_on=DAY)
    duty.refresh_from_db()
    assert (duty.person.code, duty.unit, duty.area, duty.site) == (duty.person.code, None, grid, None)
    assert (duty.role, duty.hours, duty.starts_on, duty.ends_on) == ("网格员", "08:00-12:00", DAY, DAY)
    assert last_entry() == ("开始责任", "organisation.duty", str(duty.pk))


def test_begin_duty_of_a_unit_for_a_site(grid):
    site, unit = places.site(in_area=grid), organisation.unit()
    duty = begin(grid, holder=unit, place=site)
    assert (duty.person, duty.unit, duty.area, duty.site) == (None, unit, None, site)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"role": "　"}, "请填写角色"),
        ({"ends_on": date(2023, 10, 14)}, "结束日期不能早于开始日期"),
        ({"hours": "早班"}, "时段“早班”看不懂"),
    ],
)
def test_begin_duty_refuses(grid, values, why):
    with pytest.raises(DomainError, match=why):
        begin(grid, **values)
    assert not Duty.objects.exists()


def test_begin_duty_twice_is_refused_but_at_other_hours_it_is_another(grid):
    person = organisation.person("P1", name="李华")
    begin(grid, holder=person, hours="08:00-12:00")
    begin(grid, holder=person, hours="14:00-18:00")
    with pytest.raises(DomainError, match="李华从 2023-10-15 起在『g1网格』任网格员已经登记过了"):
        begin(grid, holder=person, hours="08:00-12:00")


@pytest.mark.parametrize(
    "by",
    [organisation.stranger(), organisation.clerk(Permission.EDIT, area_paths=("elsewhere/",))],
    ids=["without the permission", "in another area"],
)
def test_duties_are_not_for_everybody_to_change(grid, by):
    site = places.site(in_area=grid)
    duty = begin(grid)
    for refused in (
        lambda: begin(grid, by=by),
        lambda: begin(grid, place=site, by=by),
        lambda: actions.end_duty(duty=duty, ends_on=DAY, by=by, at=AT),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert Duty.objects.count() == 1


def test_end_duty_keeps_what_was_before(grid):
    duty = begin(grid, place=places.site(in_area=grid))
    by = organisation.clerk(Permission.EDIT)
    actions.end_duty(duty=duty, ends_on=date(2023, 10, 20), by=by, at=AT, note="调离")
    actions.end_duty(duty=duty, ends_on=date(2023, 10, 18), by=by, at=AT)
    duty.refresh_from_db()
    assert duty.ends_on == date(2023, 10, 18)
    logs = TransitionLog.objects.filter(subject_kind="organisation.duty", subject_code=str(duty.pk))
    assert list(logs.values_list("source", "target", "note")) == [
        ("", "2023-10-20", "调离"),
        ("2023-10-20", "2023-10-18", ""),
    ]
    assert last_entry()[0] == "结束责任"


def test_end_duty_before_it_began_is_refused(grid):
    duty = begin(grid)
    with pytest.raises(DomainError, match="结束日期不能早于开始日期 2023-10-15"):
        actions.end_duty(duty=duty, ends_on=date(2023, 10, 14), by=organisation.chief(), at=AT)


# --- Accounts ----------------------------------------------------------------------------------------------------------


def create(**values):
    given = {"username": "lihua", "name": "李华", "password": PASSWORD, "roles": ["office"], **values}
    return actions.create_account(**{"by": organisation.clerk(Permission.ACCOUNTS), "at": AT, **given})


def test_create_account_may_sign_in_and_must_choose_a_password(rf):
    account = create(username=" ｌｉhua", roles=["office", "inspector", "office"], is_everywhere=True)
    assert authenticate(rf.get("/"), username="lihua", password=PASSWORD) == account
    assert (account.roles, account.must_change_password, account.created_at) == (["office", "inspector"], True, AT)
    assert last_entry() == ("建立账号", "organisation.account", "lihua")
    assert PASSWORD not in str(list(AuditEvent.objects.values()))


def test_create_account_without_a_name_takes_its_code():
    assert create(name=" ").name == "lihua"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"username": " "}, "账号不能为空"),
        ({"username": "a|b"}, "不能含“|”"),
        ({"username": "system"}, "不能是 system"),
        ({"roles": ["king"]}, "没有名为 king 的角色；可用：system-administrator（系统管理员）、security-administrator"),
        ({"password": "1234"}, "密码不合要求：太短，至少 10 个字符；太常见，容易被猜到。"),
        ({"username": "qingshizhen", "password": "qingshizhen1"}, "密码不合要求：与账号或姓名太相近。"),
    ],
)
def test_create_account_refuses(values, why):
    with pytest.raises(DomainError, match=why.replace("|", r"\|")):
        create(**values)
    assert not Account.objects.exists()


def test_one_account_a_name_and_one_a_person():
    person = organisation.person("P1", name="李华")
    create(person=person)
    with pytest.raises(DomainError, match="账号 lihua 已经有了"):
        create()
    with pytest.raises(DomainError, match="李华已经有账号了"):
        create(username="lihua2", person=person)


def test_nobody_hands_out_a_scope_wider_than_their_own(grid):
    narrow = organisation.clerk(Permission.ACCOUNTS, area_paths=(grid.path,))
    account = create(area=grid, by=narrow)
    for refused in (
        lambda: create(username="b", by=narrow),
        lambda: create(username="b", area=places.area(), by=narrow),
        lambda: create(username="b", area=grid, is_everywhere=True, by=narrow),
        lambda: actions.set_scope(account=account, is_everywhere=True, by=narrow, at=AT),
        lambda: actions.set_roles(account=create(username="c"), roles=[], by=narrow, at=AT),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_set_roles_and_scope(grid):
    account, by = create(), organisation.clerk(Permission.ACCOUNTS)
    actions.set_roles(account=account, roles=["leader"], by=by, at=AT)
    assert json.loads(AuditEvent.objects.latest("seq").details) == {"before": ["office"], "roles": ["leader"]}
    actions.set_scope(account=account, area=grid, by=by, at=AT)
    assert json.loads(AuditEvent.objects.latest("seq").details) == {"before": "", "scope": "g1"}
    unit = organisation.unit("U1")
    actions.set_scope(account=account, area=grid, unit=unit, by_duty=True, by=by, at=AT)
    assert json.loads(AuditEvent.objects.latest("seq").details) == {"before": "g1", "scope": "g1，单位 U1，按责任"}
    account.refresh_from_db()
    assert (account.area, account.unit, account.by_duty) == (grid, unit, True)
    actions.set_scope(account=account, is_everywhere=True, by=by, at=AT)
    account.refresh_from_db()
    assert (account.roles, account.area, account.is_everywhere, account.unit) == (["leader"], None, True, None)


def test_set_rights_records_only_what_differs(grid):
    account, by = create(area=grid), organisation.clerk(Permission.ACCOUNTS)
    before = AuditEvent.objects.count()
    actions.set_rights(account=account, roles=["office"], area=grid, by=by, at=AT)
    assert AuditEvent.objects.count() == before
    actions.set_rights(account=account, roles=["leader"], area=grid, by=by, at=AT)
    assert (AuditEvent.objects.count(), last_entry()[0]) == (before + 1, "更改账号角色")
    actions.set_rights(account=account, roles=["leader"], by_duty=True, by=by, at=AT)
    assert last_entry()[0] == "更改账号范围"
    account.refresh_from_db()
    assert (account.roles, account.area, account.by_duty) == (["leader"], None, True)


APART = ("system-administrator", "security-administrator", "audit-administrator", "admin")


@pytest.mark.parametrize(
    "roles",
    [*itertools.permutations(APART, 2), ("audit-administrator", "office"), ("office", "leader", "audit-administrator")],
)
def test_the_administrators_are_never_one_account(roles):
    with pytest.raises(DomainError, match="不能由一个账号兼任"):
        create(roles=roles)
    account = create()
    with pytest.raises(DomainError, match="不能由一个账号兼任"):
        actions.set_roles(account=account, roles=roles, by=organisation.chief(), at=AT)
    account.refresh_from_db()
    assert account.roles == ["office"]


@pytest.mark.parametrize(
    "roles", [("system-administrator", "office"), ("security-administrator", "office"), ("admin", "office")]
)
def test_in_a_small_town_one_clerk_is_office_and_one_administrator(roles):
    assert create(roles=roles).roles == list(roles)


def test_switching_off_needs_a_reason():
    account = create()
    with pytest.raises(DomainError, match="停用账号须写明原因"):
        actions.switch_account(account=account, is_active=False, by=organisation.chief(), at=AT, note=" ")
    account.refresh_from_db()
    assert account.is_active is True


def test_reset_second_factor():
    account, by = create(), organisation.clerk(Permission.ACCOUNTS)
    with pytest.raises(DomainError, match="没有设置第二因素"):
        actions.reset_second_factor(account=account, by=by, at=AT, note="手机丢失")
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=account, type=kind, data={})
    other = create(username="other")
    Authenticator.objects.create(user=other, type="totp", data={})
    with pytest.raises(DomainError, match="请写明重设第二因素的原因"):
        actions.reset_second_factor(account=account, by=by, at=AT, note=" ")
    assert actions.reset_second_factor(account=account, by=by, at=AT, note="手机丢失") == 2
    assert list(Authenticator.objects.values_list("user__username", flat=True)) == ["other"]
    entry = AuditEvent.objects.latest("seq")
    assert (entry.verb, entry.note, json.loads(entry.details)) == ("重设第二因素", "手机丢失", {"count": 2})


def test_set_password_of_another_must_be_changed_and_of_oneself_not(rf):
    account = create()
    actions.set_password(account=account, password="hong-qi-2-mian", by=organisation.chief(), at=AT)
    assert account.must_change_password is True
    own = organisation.stranger().__class__(code="lihua", name="李华")
    actions.set_password(account=account, password="hong-qi-3-mian", by=own, at=AT)
    account.refresh_from_db()
    assert account.must_change_password is False
    assert authenticate(rf.get("/"), username="lihua", password="hong-qi-3-mian") == account


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("recipient_code", "title"))


def test_a_reset_is_told_to_the_account_and_to_the_auditors():
    organisation.account("shenji", roles=["audit-administrator"])
    organisation.account("office", roles=["office"])
    account, by = create(), organisation.clerk(Permission.ACCOUNTS)
    Authenticator.objects.create(user=account, type="totp", data={})
    actions.set_password(account=account, password="hong-qi-2-mian", by=by, at=AT)
    actions.reset_second_factor(account=account, by=by, at=AT, note="手机丢失")
    assert told() == [
        ("lihua", "小李重设了您的密码"), ("shenji", "小李重设了李华（lihua）的密码"),
        ("lihua", "小李重设了您的第二因素"), ("shenji", "小李重设了李华（lihua）的第二因素"),
    ]  # fmt: skip
    assert "hong-qi" not in str(list(Notice.objects.values()))
    Notice.objects.all().delete()
    own = organisation.clerk(code="lihua")
    actions.set_password(account=account, password="hong-qi-3-mian", by=own, at=AT)
    assert told() == []


@pytest.mark.parametrize("role", ["audit-administrator", "auditor", "security-administrator", "admin"])
@pytest.mark.parametrize("is_active", [True, False])
def test_who_oversees_is_reset_by_the_command_line_alone(role, *, is_active):
    account = organisation.account("shenji", name="审计管理员", roles=[role], is_active=is_active)
    Authenticator.objects.filter(user=account).delete()
    Authenticator.objects.create(user=account, type="totp", data={})

    def resets(by):
        yield lambda: actions.set_password(account=account, password="hong-qi-2-mian", by=by, at=AT)
        yield lambda: actions.reset_second_factor(account=account, by=by, at=AT, note="手机丢失")

    for refused in resets(organisation.clerk(Permission.ACCOUNTS)):
        with pytest.raises(DomainError, match="请在服务器上运行 chuangwei password shenji。"):
            refused()
    assert Authenticator.objects.count() == 1
    assert told() == []
    for done in resets(organisation.chief()):
        done()
    assert [title for code, title in told() if code == "shenji"] == ["主任重设了您的密码", "主任重设了您的第二因素"]


def test_who_oversees_chooses_her_own_password():
    account = organisation.account("anquan", roles=["security-administrator"])
    own = organisation.clerk(Permission.ACCOUNTS, code="anquan")
    actions.set_password(account=account, password="hong-qi-2-mian", by=own, at=AT)
    assert told() == []


def test_switch_account_off_and_on(rf):
    account, by = create(), organisation.chief()
    actions.switch_account(account=account, is_active=False, by=by, at=AT, note="调离")
    assert authenticate(rf.get("/"), username="lihua", password=PASSWORD) is None
    assert last_entry()[0] == "停用账号"
    actions.switch_account(account=account, is_active=True, by=by, at=AT)
    assert authenticate(rf.get("/"), username="lihua", password=PASSWORD) == account


def test_nobody_changes_their_own_rights():
    account = create()
    oneself = organisation.clerk(Permission.ACCOUNTS, code="lihua")
    for refused in (
        lambda: actions.set_roles(account=account, roles=["admin"], by=oneself, at=AT),
        lambda: actions.set_scope(account=account, is_everywhere=True, by=oneself, at=AT),
        lambda: actions.switch_account(account=account, is_active=False, by=oneself, at=AT),
        lambda: actions.set_rights(account=account, roles=["admin"], by=oneself, at=AT),
        lambda: actions.reset_second_factor(account=account, by=oneself, at=AT, note="手机丢失"),
    ):
        with pytest.raises(DomainError, match="须由另一位管理员更改"):
            refused()


@pytest.mark.parametrize(
    "move",
    [
        lambda _account, by: create(username="b", by=by),
        lambda account, by: actions.set_roles(account=account, roles=[], by=by, at=AT),
        lambda account, by: actions.set_scope(account=account, by=by, at=AT),
        lambda account, by: actions.set_password(account=account, password=PASSWORD, by=by, at=AT),
        lambda account, by: actions.switch_account(account=account, is_active=False, by=by, at=AT),
        lambda account, by: actions.set_rights(account=account, roles=[], by=by, at=AT),
        lambda account, by: actions.reset_second_factor(account=account, by=by, at=AT, note="手机丢失"),
    ],
    ids=["create", "roles", "scope", "password", "switch", "rights", "factor"],
)
def test_accounts_are_not_for_everybody_to_change(move):
    account = create()
    with pytest.raises(NotAllowed):
        move(account, organisation.stranger())


# --- Installing --------------------------------------------------------------------------------------------------------


def document(body: str = "") -> presets.PresetDocument:
    return presets.read_preset(f'[preset]\nslug = "t"\ntitle = "试"\n{body}', "t.toml")


def test_begin_installation_keeps_the_county_and_the_preset_since_ever():
    actions.begin_installation(county=" 云岭县 ", document=document(), by=organisation.chief(), at=AT)
    assert Installation.objects.get().county == "云岭县"
    use = PresetUse.objects.get()
    assert (use.area_code, use.from_on, use.version.slug) == ("", None, "t")


def test_an_installation_begins_once():
    actions.begin_installation(county="云岭县", document=document(), by=organisation.chief(), at=AT)
    with pytest.raises(DomainError, match="已经安装过了（云岭县）"):
        actions.begin_installation(county="别县", document=document(), by=organisation.chief(), at=AT)


def test_an_installation_has_a_name():
    with pytest.raises(DomainError, match="请写明县"):
        actions.begin_installation(county=" ", document=document(), by=organisation.chief(), at=AT)


def test_a_preset_that_does_not_fit_leaves_nothing_behind():
    unfit = document('[chains."游泳馆"]\nroles = [{name = "馆长"}]')
    with pytest.raises(Refused, match="未启用"):
        actions.begin_installation(county="云岭县", document=unfit, by=organisation.chief(), at=AT)
    assert not Installation.objects.exists()
    assert not PresetUse.objects.exists()
    assert not AuditEvent.objects.exists()


def test_adopt_preset_in_an_area_from_a_day_on(grid):
    narrow = organisation.clerk(Permission.PRESETS, area_paths=(grid.path,))
    use = actions.adopt_preset(document=document(), area=grid, from_on=DAY, by=narrow, at=AT)
    assert (use.area_code, use.from_on) == ("g1", DAY)
    with pytest.raises(DomainError, match="这个区划在这一天已经启用了一个预设"):
        actions.adopt_preset(document=document(), area=grid, from_on=DAY, by=narrow, at=AT)


def test_presets_are_not_for_everybody_to_adopt(grid):
    narrow = organisation.clerk(Permission.PRESETS, area_paths=(grid.path,))
    for by, area in ((organisation.stranger(), grid), (narrow, None), (narrow, places.area())):
        with pytest.raises(NotAllowed):
            actions.adopt_preset(document=document(), area=area, from_on=DAY, by=by, at=AT)
    with pytest.raises(NotAllowed):
        actions.begin_installation(county="云岭县", document=document(), by=narrow, at=AT)


NEVER = '[sign_in]\nsecond_factor = "never"'


def role(slug: str, *permissions: str, more: str = "") -> str:
    """A [roles.…] table."""
    return f'[roles.{slug}]\ntitle = "某角色"\npermissions = {json.dumps(permissions)}\n{more}\n'


def adopt(body: str, by, **values):
    return actions.adopt_preset(
        **{"document": document(body), "area": None, "from_on": DAY, "by": by, "at": AT, **values}
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (role("system-administrator", "audit.view"), "角色『某角色』（system-administrator）的权限、互斥"),
        (role("king", "problems.view"), "角色『某角色』（king）的权限"),
        (role("inspector", "problems.view"), "角色『某角色』（inspector）的权限"),
        (role("audit-administrator", "audit.view"), "角色『某角色』（audit-administrator）的互斥、第二因素"),
        (NEVER, "登录的第二因素要求"),
    ],
)
def test_who_keeps_presets_changes_no_rights_by_one(body, told):
    by = organisation.clerk(Permission.PRESETS)
    with pytest.raises(DomainError) as refusal:
        adopt(body, by)
    assert told in refusal.value.message
    assert "chuangwei preset use" in refusal.value.message
    assert not PresetUse.objects.exists()
    actions.keep_preset(document=document(body), by=by, at=AT)
    assert adopt(body, organisation.clerk(Permission.PRESETS, Permission.ACCOUNTS)).from_on == DAY


@pytest.mark.parametrize(
    ("body", "is_own"),
    [
        (role("office", "problems.file", "audit.view"), True),
        (role("inspector", "problems.view"), False),
        (role("inspector", "problems.view") + role("office"), True),
    ],
)
def test_who_manages_accounts_changes_no_role_of_her_own_by_a_preset(body, *, is_own):
    organisation.account("clerk", roles=["office"])
    by = organisation.clerk(Permission.PRESETS, Permission.ACCOUNTS)
    if is_own:
        with pytest.raises(DomainError, match=r"您自己的角色：角色『某角色』（office）的权限。.*chuangwei preset use"):
            adopt(body, by)
        assert adopt(body, organisation.chief(code="clerk"))
    else:
        assert adopt(body, by)


def test_ones_own_second_factor_is_a_right_of_ones_own():
    organisation.account("clerk", roles=["security-administrator"])
    by = organisation.clerk(Permission.PRESETS, Permission.ACCOUNTS)
    with pytest.raises(DomainError, match="security-administrator）的第二因素"):
        adopt(NEVER, by)


def test_a_preset_is_held_against_the_one_it_would_replace(grid):
    """What the command line took up in the area passes there, and not beside it; the default no longer passes."""
    by = organisation.clerk(Permission.PRESETS)
    body = role("king", "problems.view")
    adopt(body, organisation.chief(), area=grid, from_on=None)
    next_week = {"from_on": DAY + timedelta(days=7)}
    with pytest.raises(DomainError, match="king"):
        adopt(body, by, **next_week)
    with pytest.raises(DomainError, match="king"):
        adopt("", by, area=grid, **next_week)
    assert adopt(body, by, area=grid, **next_week)
    assert adopt("", by, **next_week)


@pytest.mark.parametrize("from_on", [None, DAY - timedelta(days=1)])
def test_only_the_command_line_begins_a_preset_in_the_past(from_on):
    with pytest.raises(DomainError, match="预设不能从过去的日子起启用"):
        adopt("", organisation.clerk(Permission.PRESETS, Permission.ACCOUNTS), from_on=from_on)
    assert adopt("", organisation.chief(), from_on=from_on).from_on == from_on
    assert adopt("", organisation.clerk(Permission.PRESETS), from_on=DAY).from_on == DAY
