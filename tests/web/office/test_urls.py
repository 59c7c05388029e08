"""No address of the office is open by oversight."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Signing in must be open; the front door shows nothing; whether the server answers is no secret.
OPEN = frozenset({
    "healthz", "office:front", "account_login", "account_logout", "account_inactive", "account_change_password",
    "account_signup", "account_email", "account_reset_password", "account_set_password",
    # The second step of signing in, passkeys, and the way to another house and back: all before anybody is known.
    "mfa_authenticate", "mfa_login_webauthn", "identity_begin", "openid_connect_callback", "weixin_callback",
    "dingtalk_callback", "feishu_callback", "socialaccount_login_cancelled",
    # allauth looks these up; they answer 404 to everybody.
    "mfa_list_webauthn", "socialaccount_connections", "socialaccount_signup", "socialaccount_login_error",
    "usersessions_list",
})  # fmt: skip


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{one.namespace}:" if one.namespace else prefix)
        else:
            yield f"{prefix}{one.name}", one


def test_every_address_is_a_page_or_a_command():
    guarded = {name for name, one in patterns(get_resolver()) if getattr(one.callback, "is_surface", False)}
    every = {name for name, _ in patterns(get_resolver())}
    assert every - guarded == OPEN


def test_every_page_carries_the_policy_that_forbids_inline_code(stranger):
    policy = stranger.get("/account/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
