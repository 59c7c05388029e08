"""Which other houses an operator may name, and what is refused at the start instead of at the first sign-in."""

import pytest

from chuangwei.config import identities
from chuangwei.config.env import BadSetting
from chuangwei.config.identities import Keys

NONE = Keys("", "")


def test_nothing_set_is_nothing_offered():
    assert identities.openid(server="", keys=NONE, name="认证") == {}
    assert identities.work_chats({"weixin": NONE, "feishu": NONE}) == {}


def test_one_openid_provider_with_its_proof_of_possession():
    found = identities.openid(server="https://id.example.cn/realm/", keys=Keys("c", "s"), name="认证")
    (app,) = found["openid_connect"]["APPS"]
    assert app == {
        "provider_id": "oidc", "name": "认证", "client_id": "c", "secret": "s",
        "settings": {"server_url": "https://id.example.cn/realm", "oauth_pkce_enabled": True},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("server", "keys"),
    [
        ("", Keys("c", "s")), ("", Keys("", "s")), ("https://id.example.cn", NONE), ("http://id.example.cn", Keys("c", "s")),
        ("id.example.cn", Keys("c", "s")), ("http://127.0.0.1.evil.example", Keys("c", "s")),
    ],
)  # fmt: skip
def test_an_openid_provider_set_by_halves_is_refused(server, keys):
    with pytest.raises(BadSetting, match="CHUANGWEI_OIDC"):
        identities.openid(server=server, keys=keys, name="认证")


@pytest.mark.parametrize("server", ["http://127.0.0.1:9000", "http://localhost:9000"])
def test_a_provider_on_this_machine_may_speak_in_the_open(server):
    assert identities.openid(server=server, keys=Keys("c", ""), name="认证")


@pytest.mark.parametrize("slug", identities.WORK_CHATS)
def test_a_work_chat_needs_both_its_keys(slug):
    found = identities.work_chats({slug: Keys("id", "secret")})
    assert found == {slug: {"APPS": [{"name": identities.WORK_CHATS[slug], "client_id": "id", "secret": "secret"}]}}
    for keys in (Keys("id", ""), Keys("", "secret")):
        with pytest.raises(BadSetting, match=f"CHUANGWEI_{slug.upper()}_ID"):
            identities.work_chats({slug: keys})
