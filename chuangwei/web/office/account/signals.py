"""What allauth announces, written into the session and the audit chain."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as identity_signals
from django.contrib.auth import signals as django_signals
from django.http import HttpRequest

from chuangwei.domain.organisation.models import Account
from chuangwei.web.office.account import records, sessions
from chuangwei.web.office.account.outside import title_of

NAMES = {
    Authenticator.Type.TOTP: "身份验证器",
    Authenticator.Type.WEBAUTHN: "通行密钥",
    Authenticator.Type.RECOVERY_CODES: "恢复代码",
}


def connect() -> None:
    """Called once, when the program has started."""
    django_signals.user_logged_in.connect(begin_session)
    account_signals.user_logged_in.connect(signed_in)
    factor_signals.authenticator_added.connect(factor_added)
    factor_signals.authenticator_removed.connect(factor_removed)
    factor_signals.authenticator_reset.connect(factor_reset)
    factor_signals.authenticator_used.connect(factor_used)
    factor_signals.authentication_failed.connect(factor_failed)
    identity_signals.social_account_added.connect(identity_added)
    identity_signals.social_account_removed.connect(identity_removed)


def begin_session(sender: object, request: HttpRequest, user: Account, **_rest: Any) -> None:
    sessions.begin(request, user)


def signed_in(sender: object, request: HttpRequest, user: Account, **_rest: Any) -> None:
    ways = list(dict.fromkeys(_way(step) for step in get_authentication_records(request, user)))
    _record("登录", user, request, ways=ways)


def factor_added(
    sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **_rest: Any
) -> None:
    _record(f"添加{_name(authenticator)}", user, request)


def factor_removed(
    sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **_rest: Any
) -> None:
    _record(f"删除{_name(authenticator)}", user, request)


def factor_reset(
    sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **_rest: Any
) -> None:
    _record(f"重新生成{_name(authenticator)}", user, request)


def factor_used(
    sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **_rest: Any
) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        # The row at hand does not know yet that one of them is gone.
        left = len(Authenticator.objects.get(pk=authenticator.pk).wrap().get_unused_codes())
        _record("使用恢复代码", user, request, left=left)


def factor_failed(sender: object, request: HttpRequest, user: Account, **_rest: Any) -> None:
    records.record(verb="第二因素验证失败", account=user.code, by=records.NOBODY, request=request)


def identity_added(sender: object, request: HttpRequest, sociallogin: Any, **_rest: Any) -> None:
    linked = sociallogin.account
    _record("绑定外部身份", linked.user, request, provider=linked.provider, uid=linked.uid)


def identity_removed(sender: object, request: HttpRequest, socialaccount: Any, **_rest: Any) -> None:
    _record(
        "解绑外部身份", socialaccount.user, request, provider=socialaccount.provider, uid=socialaccount.uid
    )  # fmt: skip


def _record(verb: str, account: Account, request: HttpRequest, **details: Any) -> None:
    records.record(verb=verb, account=account.code, by=records.of(account), request=request, details=details)


def _name(authenticator: Authenticator) -> str:
    return NAMES[Authenticator.Type(authenticator.type)]


def _way(step: dict[str, Any]) -> str:
    """One step of signing in, in words."""
    if step["method"] == "mfa":
        return NAMES[Authenticator.Type(step["type"])]
    return title_of(step["provider"]) if step["method"] == "socialaccount" else "密码"
