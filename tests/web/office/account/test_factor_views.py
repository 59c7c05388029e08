"""Second factors: set up, used, lost, refused; and who must have one."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from chuangwei.domain.organisation.models import Account
from tests.web.office.account.conftest import STRICT, code_of, factors_of, prove, secret_on, sign_in, told

pytestmark = pytest.mark.django_db
SECURITY, TOTP, CODES = "/account/security/", "/account/security/totp/", "/account/security/codes/"
SECOND = "/account/login/second/"


def opened(client: Client) -> bool:
    return client.get("/appraisal/").status_code == 200


def test_an_authenticator_is_set_up_after_saying_the_password_once_more(member, li, django_capture_on_commit_callbacks):
    assert member.get(TOTP)["Location"].startswith("/account/again/")
    assert prove(member, TOTP)["Location"] == TOTP
    page = member.get(TOTP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = secret_on(page)

    with django_capture_on_commit_callbacks(execute=True):
        answer = member.post(TOTP, {"code": code_of(secret)})

    assert answer["Location"] == CODES
    assert factors_of(li) == ["recovery_codes", "totp"]
    kept = Authenticator.objects.get(user=li, type="totp").data["secret"]
    assert secret not in kept, "the secret lies encrypted"
    assert len(re.findall(r'<li class="cw-code">\d{8}</li>', member.get(CODES).content.decode())) == 10
    assert told("添加身份验证器")[0].subject_code == "li"


def test_a_wrong_code_sets_nothing_up(member, li):
    prove(member, TOTP)
    member.get(TOTP)
    answer = member.post(TOTP, {"code": "000000"})
    assert (answer.status_code, factors_of(li)) == (422, [])
    assert "代码不正确或已过期" in answer.content.decode()


def test_a_wrong_password_opens_no_change(member, li):
    answer = prove(member, TOTP, password="wrong")
    assert (answer.status_code, member.get(TOTP).status_code) == (422, 302)


def test_the_password_alone_no_longer_opens(client, li, totp):
    assert sign_in(client)["Location"] == SECOND
    assert not opened(client)
    page = client.get(SECOND).content.decode()
    assert "小李" in page
    assert "使用通行密钥" not in page

    assert client.post(SECOND, {"code": code_of(totp)})["Location"] == "/"
    assert opened(client)
    assert json.loads(told("登录")[0].details)["ways"] == ["密码", "身份验证器"]


def test_the_second_step_is_nobodys_without_the_first(client, li, totp):
    assert client.get(SECOND)["Location"] == "/account/login/"
    assert client.post(SECOND, {"code": code_of(totp)})["Location"] == "/account/login/"
    assert not opened(client)


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_is_refused_and_written_down(client, li, totp, steps):
    sign_in(client)
    answer = client.post(SECOND, {"code": code_of(totp, steps=steps)})
    assert (answer.status_code, opened(client)) == (422, False)
    assert [event.subject_code for event in told("第二因素验证失败")] == ["li"]


def test_a_code_is_taken_once(client, li, totp):
    code = code_of(totp)
    for browser, taken in ((client, True), (Client(), False)):
        sign_in(browser)
        assert (browser.post(SECOND, {"code": code}).status_code == 302) is taken


def test_a_used_code_stays_used_when_allauth_has_forgotten_it(client, li, totp):
    from django.core.cache import cache

    code = code_of(totp)
    sign_in(client)
    client.post(SECOND, {"code": code})
    cache.delete(f"allauth.mfa.totp.used?user={li.pk}&code={code}")
    other = Client()
    sign_in(other)
    answer = other.post(SECOND, {"code": code})
    assert (answer.status_code, "已经用过" in answer.content.decode()) == (422, True)


def test_after_five_wrong_codes_the_right_one_must_wait(client, li, totp):
    sign_in(client)
    for _ in range(5):
        assert client.post(SECOND, {"code": "000000"}).status_code == 422
    answer = client.post(SECOND, {"code": code_of(totp)})
    assert answer.status_code == 422
    assert re.search(r"错误次数过多，暂时锁定，请过 \d+ 分钟再试", answer.content.decode())


def test_a_recovery_code_opens_once(client, li, codes):
    for browser, taken in ((client, True), (Client(), False)):
        sign_in(browser)
        assert (browser.post(SECOND, {"code": codes[0]}).status_code == 302) is taken
    assert opened(client)
    used = told("使用恢复代码")
    assert [json.loads(event.details)["left"] for event in used] == [9]
    assert codes[0] not in used[0].details


def test_recovery_codes_are_shown_saved_and_made_anew(client, li, totp, codes, django_capture_on_commit_callbacks):
    sign_in(client)
    client.post(SECOND, {"code": code_of(totp)})
    assert client.get(CODES)["Location"].startswith("/account/again/")
    prove(client, CODES)
    assert all(code in client.get(CODES).content.decode() for code in codes)
    file = client.get(f"{CODES}file/")
    assert file["Content-Disposition"].startswith("attachment")
    assert all(code in file.content.decode() for code in codes)
    assert "全部作废" in client.get(f"{CODES}new/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{CODES}new/")["Location"] == CODES
    assert not any(code in client.get(CODES).content.decode() for code in codes)
    assert len(told("重新生成恢复代码")) == 1


def test_codes_are_not_made_anew_all_day(client, li, totp, codes):
    sign_in(client)
    client.post(SECOND, {"code": code_of(totp)})
    prove(client, CODES)
    answers = [client.post(f"{CODES}new/").status_code for _ in range(6)]
    assert answers == [302, 302, 302, 302, 302, 429]


def test_without_a_factor_there_are_no_codes(member):
    prove(member, CODES)
    assert member.get(CODES).status_code == 404
    assert member.get(f"{CODES}file/").status_code == 404
    assert member.post(f"{CODES}new/").status_code == 422


def test_an_authenticator_goes_and_takes_the_codes_with_it(client, li, totp, codes):
    sign_in(client)
    client.post(SECOND, {"code": code_of(totp)})
    prove(client, "/account/security/totp/drop/")
    assert client.get("/account/security/totp/drop/").status_code == 200
    assert client.post("/account/security/totp/drop/")["Location"] == SECURITY
    assert factors_of(li) == []
    assert {event.verb for event in told("删除身份验证器") + told("删除恢复代码")} == {"删除身份验证器", "删除恢复代码"}


def test_oneself_is_proved_by_a_code_too(client, li, totp):
    sign_in(client)
    client.post(SECOND, {"code": code_of(totp)})
    page = client.get(f"/account/again/code/?next={CODES}").content.decode()
    assert "用密码" in page
    assert client.post(f"/account/again/code/?next={CODES}", {"code": "000000"}).status_code == 422
    answer = client.post("/account/again/code/", {"code": code_of(totp, steps=1), "next": CODES})
    assert answer["Location"] == CODES


@pytest.mark.usefixtures("strict")
class TestWhoMustHaveOne:
    def test_is_led_to_set_it_up_before_anything_else(self, member):
        for address in ("/", "/appraisal/", "/imports/", "/nothing/"):
            assert member.get(address)["Location"] == SECURITY
        assert member.post("/imports/upload/")["Location"] == SECURITY
        assert "须有第二因素" in member.get(SECURITY).content.decode()
        assert member.post("/account/logout/").status_code == 302

    def test_changes_a_first_password_before_that(self, client, li):
        Account.objects.filter(pk=li.pk).update(must_change_password=True)
        sign_in(client)
        assert client.get("/appraisal/")["Location"] == "/account/password/"
        assert client.get(SECURITY)["Location"] == "/account/password/"

    def test_works_once_it_is_there(self, member, li):
        prove(member, TOTP)
        secret = secret_on(member.get(TOTP).content.decode())
        member.post(TOTP, {"code": code_of(secret)})
        assert opened(member)

    def test_cannot_drop_the_last_one(self, client, li, totp, codes):
        sign_in(client)
        client.post(SECOND, {"code": code_of(totp)})
        prove(client, "/account/security/totp/drop/")
        assert "不能去掉最后一个" in client.get("/account/security/totp/drop/").content.decode()
        assert client.post("/account/security/totp/drop/").status_code == 422
        assert "totp" in factors_of(li)


@pytest.mark.parametrize(
    ("text", "needed"),
    [(STRICT, True), (STRICT.replace("= true", "= false"), False), (STRICT + '[sign_in]\nsecond_factor = "never"\n', False)],
)  # fmt: skip
def test_the_preset_says_who_must_have_one(client, li, use_preset, text, needed):
    use_preset(text)
    sign_in(client)
    assert (client.get("/appraisal/").status_code == 302) is needed


def test_a_passkey_that_nobody_knows_is_refused(client, li):
    client.get("/account/login/passkey/", headers={"accept": "application/json"})
    answer = client.post(
        "/account/login/passkey/", {"credential": json.dumps({"id": "AQ", "rawId": "AQ", "type": "public-key"})}
    )
    assert answer["Location"] == "/account/login/"
    assert "这个通行密钥不能登录这里" in client.get("/account/login/").content.decode()
    assert told("登录失败")[0].subject_code == "（没有这个账号）"


@pytest.mark.parametrize("sent", ["", "x", "[]", "1", '{"response": 1}', '{"response": {"userHandle": "%%"}}', "null"])
def test_rubbish_for_a_passkey_is_no_fault_of_ours(client, li, sent):
    client.get("/account/login/passkey/", headers={"accept": "application/json"})
    assert client.post("/account/login/passkey/", {"credential": sent}).status_code == 302


def test_the_options_for_a_passkey_name_nobody(client, li):
    options = client.get("/account/login/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    assert not options["publicKey"].get("allowCredentials")


def test_the_page_for_a_new_passkey_asks_for_one_that_knows_the_person(member, li):
    prove(member, "/account/security/keys/")
    page = member.get("/account/security/keys/").content.decode()
    options = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page).group(1))["publicKey"]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert (options["rp"]["name"], options["user"]["name"]) == ("创卫", "li")
    answer = member.post("/account/security/keys/", {"credential": "{}", "passwordless": "on", "name": "手机"})
    assert answer.status_code == 422
    assert factors_of(li) == []


@pytest.mark.parametrize("address", [
    SECURITY, TOTP, "/account/security/totp/drop/", "/account/security/keys/", "/account/security/keys/1/name/",
    "/account/security/keys/1/drop/", CODES, f"{CODES}new/", f"{CODES}file/", "/account/again/", "/account/again/code/",
    "/account/again/key/", "/account/security/sessions/end/", "/account/security/identity/1/unlink/",
])  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_none_of_it(client, db, address, method):
    assert getattr(client, method)(address).status_code == 404
