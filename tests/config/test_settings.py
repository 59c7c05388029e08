"""What the settings come to under an environment: a process of its own, because they are read once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SECURE_HSTS_SECONDS", "ALLAUTH_TRUSTED_PROXY_COUNT",
    "SESSION_COOKIE_AGE", "SESSION_IDLE_AGE", "SOCIALACCOUNT_PROVIDERS", "ALLOWED_HOSTS",
)  # fmt: skip
ASK = f"""
import json
from chuangwei.config import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}))
"""


def ask(home: Path, **said: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHUANGWEI_")}
    env = kept | {"CHUANGWEI_HOME": str(home)} | said
    return subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True, check=False)


def settings_under(home: Path, **said: str) -> dict:
    answer = ask(home, **said)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_cookies_are_kept_from_scripts_and_from_other_sites(tmp_path):
    found = settings_under(tmp_path)
    assert (found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SECURE"]) == (True, True)
    assert (found["SESSION_COOKIE_HTTPONLY"], found["CSRF_COOKIE_HTTPONLY"]) == (True, True)
    assert (found["SESSION_COOKIE_SAMESITE"], found["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert (found["SESSION_COOKIE_AGE"], found["SESSION_IDLE_AGE"]) == (12 * 3600, 30 * 60)
    assert (found["ALLAUTH_TRUSTED_PROXY_COUNT"], found["SOCIALACCOUNT_PROVIDERS"]) == (0, {})


def test_the_operator_says_how_long_a_session_lasts(tmp_path):
    found = settings_under(tmp_path, CHUANGWEI_SESSION_HOURS="8", CHUANGWEI_IDLE_MINUTES="15")
    assert (found["SESSION_COOKIE_AGE"], found["SESSION_IDLE_AGE"]) == (8 * 3600, 15 * 60)


def test_in_the_open_is_only_by_wish(tmp_path):
    found = settings_under(tmp_path, CHUANGWEI_INSECURE="1")
    assert (found["SESSION_COOKIE_SECURE"], found["SECURE_HSTS_SECONDS"]) == (False, 0)


@pytest.mark.parametrize(
    ("said", "proxies"),
    [
        ({"CHUANGWEI_ORIGIN": "https://cw.example.gov.cn"}, 1),
        ({"CHUANGWEI_ORIGIN": "https://cw.example.gov.cn", "CHUANGWEI_PROXIES": "2"}, 2),
        ({"CHUANGWEI_ORIGIN": "https://cw.example.gov.cn", "CHUANGWEI_PROXIES": "0"}, 0),
    ],
)
def test_behind_a_public_address_stands_one_proxy_unless_said(tmp_path, said, proxies):
    found = settings_under(tmp_path, **said)
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == proxies
    assert "cw.example.gov.cn" in found["ALLOWED_HOSTS"]


def test_other_houses_are_read_from_the_environment(tmp_path):
    found = settings_under(
        tmp_path, CHUANGWEI_OIDC_SERVER="https://id.example.cn", CHUANGWEI_OIDC_CLIENT="c", CHUANGWEI_OIDC_SECRET="s",
        CHUANGWEI_OIDC_NAME="省统一认证", CHUANGWEI_WEIXIN_ID="w", CHUANGWEI_WEIXIN_SECRET="x",
    )["SOCIALACCOUNT_PROVIDERS"]  # fmt: skip
    assert set(found) == {"openid_connect", "weixin"}
    assert found["openid_connect"]["APPS"][0]["name"] == "省统一认证"


def test_half_of_a_key_stops_the_start_with_a_sentence(tmp_path):
    answer = ask(tmp_path, CHUANGWEI_DINGTALK_ID="d")
    assert answer.returncode == 1
    assert "钉钉登录须同时设 CHUANGWEI_DINGTALK_ID 和 CHUANGWEI_DINGTALK_SECRET" in answer.stderr
