"""Where allauth asks us: its sentences in our words, addresses behind our proxies, and that nobody makes an account."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest
from django.urls import reverse

from chuangwei.core import secrets
from chuangwei.domain.organisation.models import Account
from chuangwei.web.office.account import factors, locks, records
from chuangwei.web.office.account.outside import failed_page, name_of, unknown_page
from chuangwei.web.shared import limits

TOLD = {
    "mfa/messages/totp_activated.txt": "身份验证器已启用。",
    "mfa/messages/totp_deactivated.txt": "身份验证器已停用。",
    "mfa/messages/webauthn_added.txt": "通行密钥已添加。",
    "mfa/messages/webauthn_removed.txt": "通行密钥已删除。",
    "mfa/messages/recovery_codes_generated.txt": "已生成新的恢复代码，请抄下或下载后妥善保管。",
    "socialaccount/messages/account_connected.txt": "已绑定，以后可以用它登录。",
    "socialaccount/messages/account_connected_updated.txt": "这个身份早已绑定在您的账号上。",
    "socialaccount/messages/account_connected_other.txt": "这个身份已绑定在另一个账号上，不能再绑定到这里。",
    "usersessions/messages/sessions_logged_out.txt": "已结束其他会话。",
}
"""allauth's templates of messages that we show, in our words; the others are not shown."""


def locked(seconds: int) -> ValidationError:
    """What somebody is told who tried too often, also with the right password."""
    return ValidationError(
        f"错误次数过多，暂时锁定，请过 {limits.in_words(seconds)}再试。", code="too_many_login_attempts"
    )


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "账号或密码不正确。",
        "enter_current_password": "现在的密码不正确。",
        "incorrect_password": "密码不正确。",
        "incorrect_code": "代码不正确或已过期。",
        "too_many_login_attempts": "错误次数过多，请过几分钟再试。",
        "rate_limited": "操作太频繁，请过几分钟再试。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(  # noqa: PLR0917  (allauth's own)
        self, request: HttpRequest, level: int, message_template: str | None = None,
        message_context: dict[str, Any] | None = None, extra_tags: str = "", message: str | None = None,
    ) -> None:  # fmt: skip
        told = message or TOLD.get(message_template or "")
        if told:
            messages.add_message(request, level, told, extra_tags=extra_tags)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account):
            account = request.user
            records.record(verb="退出登录", account=account.code, by=records.of(account), request=request)
        super().logout(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured as error:
            # Somebody reached us past one of the proxies the operator counted.
            raise PermissionDenied from error

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            seconds = limits.wait(request, "login_failed", app=limits.SIGN_IN, key=key)
            records.locked_out(username=credentials.get("username", ""), seconds=seconds, request=request)
            raise locked(seconds) from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        records.failed(username=credentials.get("username", ""), request=request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By the account alone: allauth adds the name of the host, of which an installation answers to several."""
        return locks.key_of(str(credentials.get("username", "")))


class FactorAdapter(DefaultMFAAdapter):
    """Second factors. Their secrets are encrypted with the key that lies outside the database."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "代码不正确或已过期。",
        "cannot_delete_authenticator": "您的角色须有第二因素，不能去掉最后一个。",
        "cannot_generate_recovery_codes": "先启用身份验证器或通行密钥，才能生成恢复代码。",
    }

    def encrypt(self, text: str) -> str:
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return factors.may_drop(authenticator)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  (allauth's name)
        return "通行密钥"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "创卫"}


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Identities of other houses. One that no account is linked with opens nothing."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("mfa_index")

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Account:
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        account, state = sociallogin.account, sociallogin.state
        # Whoever was sent away with a nonce must come back with a token that carries it.
        nonce = (state.get("data") or {}).get("nonce")
        if nonce and (account.extra_data.get("id_token") or {}).get("nonce") != nonce:
            raise ImmediateHttpResponse(failed_page(request))
        # Nothing of the other house's profile is kept but the name it shows.
        account.extra_data = {"name": name_of(account)}
        if sociallogin.is_existing:
            account.save(update_fields=["extra_data"])
        elif state.get("process") != "connect":
            raise ImmediateHttpResponse(unknown_page(request, account))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **what: Any) -> None:
        if what.get("error") != "cancelled":
            raise ImmediateHttpResponse(failed_page(request))
