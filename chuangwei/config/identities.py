"""Other houses whose identities may be used to sign in: what an operator sets, as allauth reads it.

Pure: settings.py reads the environment and hands the words over.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from chuangwei.config.env import BadSetting

OPENID = "openid_connect"
OPENID_SLUG = "oidc"
WORK_CHATS = {"weixin": "微信", "dingtalk": "钉钉", "feishu": "飞书"}
"""Slug of the provider in allauth → what people call it."""


class Keys(NamedTuple):
    """What a provider gave to this installation; both or neither."""

    client: str
    secret: str


def openid(*, server: str, keys: Keys, name: str) -> dict[str, Any]:
    """The one OpenID Connect provider, or nothing. BadSetting where it is set by halves or sent in the open."""
    if not server and not any(keys):
        return {}
    if not server or not keys.client:
        raise BadSetting("统一身份认证须同时设 CHUANGWEI_OIDC_SERVER 和 CHUANGWEI_OIDC_CLIENT。")
    parts = urlsplit(server)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) not in {("http", "127.0.0.1"), ("http", "localhost")}:
        raise BadSetting("环境变量 CHUANGWEI_OIDC_SERVER 应以 https:// 开头。")
    app = {
        "provider_id": OPENID_SLUG, "name": name, "client_id": keys.client, "secret": keys.secret,
        "settings": {"server_url": server.rstrip("/"), "oauth_pkce_enabled": True},
    }  # fmt: skip
    return {OPENID: {"APPS": [app]}}


def work_chats(keys: Mapping[str, Keys]) -> dict[str, Any]:
    """The providers of work chats that were given keys. BadSetting where one has only half of them."""
    found: dict[str, Any] = {}
    for slug, given in keys.items():
        if bool(given.client) != bool(given.secret):
            raise BadSetting(f"{WORK_CHATS[slug]}登录须同时设 {variable(slug, 'ID')} 和 {variable(slug, 'SECRET')}。")
        if given.client:
            app = {"name": WORK_CHATS[slug], "client_id": given.client, "secret": given.secret}
            found[slug] = {"APPS": [app]}
    return found


def variable(slug: str, part: str) -> str:
    """The environment variable of a work chat: CHUANGWEI_WEIXIN_ID, CHUANGWEI_WEIXIN_SECRET …"""
    return f"CHUANGWEI_{slug.upper()}_{part}"
