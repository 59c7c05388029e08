"""Setting up and using second factors: an authenticator, passkeys, recovery codes, and proving oneself once more."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

from chuangwei.web.office.account import factors, records
from chuangwei.web.office.account.guard import Refusing
from chuangwei.web.shared.surfaces import UNPROCESSABLE

GROUP = 4
"""A long secret is read out and typed in groups."""


class SecondStep(base.AuthenticateView):
    """Behind the right password: the code, or the passkey."""

    template_name = "office/account/second_step.html"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        user = self.stage.login.user
        return super().get_context_data(**values) | {"has": factors.of(user), "person": user}

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = UNPROCESSABLE
        return response


class SignInByKey(webauthn.LoginWebAuthnView):
    """Signing in with a passkey alone: it is two factors in one, what one has and a finger, face or PIN."""

    def form_invalid(self, form: Any) -> HttpResponse:
        records.failed(username="", request=self.request)
        messages.error(self.request, "这个通行密钥不能登录这里。请用账号和密码登录。")
        return HttpResponseRedirect(reverse("account_login"))


class AddTotp(Refusing, totp.ActivateTOTPView):
    template_name = "office/account/totp_add.html"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**values)
        secret = context["form"].secret
        groups = [secret[start : start + GROUP] for start in range(0, len(secret), GROUP)]
        return context | {"secret": " ".join(groups)}


class DropTotp(Refusing, totp.DeactivateTOTPView):
    template_name = "office/account/totp_drop.html"


class AddKey(Refusing, webauthn.AddWebAuthnView):
    """A passkey: it names the account itself, and asks for a finger, face or PIN."""

    template_name = "office/account/key_add.html"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**values)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, passwordless=True)}
        return context


class RenameKey(Refusing, webauthn.EditWebAuthnView):
    template_name = "office/account/key_rename.html"
    success_url = reverse_lazy("mfa_index")


class DropKey(webauthn.RemoveWebAuthnView):
    template_name = "office/account/key_drop.html"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        return super().get_context_data(**values) | {"may_drop": factors.may_drop(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        key: Authenticator = self.get_object()
        if not factors.may_drop(key):
            response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            response.status_code = UNPROCESSABLE
            return response
        dropped: HttpResponse = super().form_valid(form)
        return dropped


class Codes(codes.ViewRecoveryCodesView):
    template_name = "office/account/codes.html"


class NewCodes(Refusing, codes.GenerateRecoveryCodesView):
    template_name = "office/account/codes_new.html"


class CodesFile(codes.DownloadRecoveryCodesView):
    template_name = "office/account/codes.txt"


class _Again:
    """What the three ways of proving oneself once more have in common."""

    def get_context_data(self: Any, **values: Any) -> dict[str, Any]:
        has = factors.of(self.request.user)
        words = {
            "account_reauthenticate": "用密码", "mfa_reauthenticate": "用验证码或恢复代码",
            "mfa_reauthenticate_webauthn": "用通行密钥",
        }  # fmt: skip
        titles = {reverse(name): title for name, title in words.items()}
        context: dict[str, Any] = super().get_context_data(**values)  # type: ignore[misc]
        others = [
            {"title": titles[one["url"].partition("?")[0]], "url": one["url"]}
            for one in context["reauthentication_alternatives"]
        ]
        return context | {"has": has, "others": others}


class AgainByPassword(Refusing, _Again, ReauthenticateView):
    template_name = "office/account/again_password.html"


class AgainByCode(Refusing, _Again, base.ReauthenticateView):
    template_name = "office/account/again_code.html"


class AgainByKey(_Again, webauthn.ReauthenticateWebAuthnView):
    template_name = "office/account/again_key.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        get_adapter().add_message(self.request, messages.ERROR, message="没有认出这个通行密钥，请再试一次。")
        return HttpResponseRedirect(self.request.get_full_path())
