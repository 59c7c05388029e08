"""Going to another house to say who one is, and coming back. It opens only what was linked before."""

import functools
import logging
import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.connect import disconnect, validate_disconnect
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.dingtalk.views import oauth2_callback as dingtalk_back
from allauth.socialaccount.providers.feishu.views import oauth2_callback as feishu_back
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.weixin.views import oauth2_callback as weixin_back
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from chuangwei.web.office.account.oidc import OpenId
from chuangwei.web.office.account.outside import failed_page, houses, title_of
from chuangwei.web.shared.limits import limited

logger = logging.getLogger(__name__)

WORK_CHATS: dict[str, Callable[..., HttpResponseBase]] = {
    "weixin": weixin_back, "dingtalk": dingtalk_back, "feishu": feishu_back,
}  # fmt: skip


def known(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 for a house that is not configured, a page for one that answers nonsense."""

    @functools.wraps(view)
    def answer(request: HttpRequest, provider_id: str, **parts: Any) -> HttpResponseBase:
        if provider_id not in {house.slug for house in houses()}:
            raise Http404
        try:
            return view(request, provider_id, **parts)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        except (OAuth2Error, RequestException, KeyError, ValueError, TypeError, AttributeError):
            # What another machine says is not ours to trust: it may lack anything.
            logger.warning("identity provider %s gave no usable answer", provider_id, exc_info=True)
            return failed_page(request)

    return answer


@require_POST
@limited("identities")
@known
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send somebody to another house, to sign in by it or, signed in already, to link it.

    With a page, not a redirect: our policy lets no form lead away from this address.
    """
    provider = get_adapter().get_provider(request, provider_id)
    process = AuthProcess.LOGIN
    if request.user.is_authenticated:
        raise_if_reauthentication_required(request, app="allauth.socialaccount")
        process = AuthProcess.CONNECT
    onward = request.POST.get("next", "")
    nonce = secrets.token_urlsafe(24)
    response: HttpResponseBase = provider.redirect(
        request, process=process, data={"nonce": nonce} if provider_id == "oidc" else {},
        next_url=onward if account_adapter().is_safe_url(onward) else None,
        auth_params=provider.get_auth_params() | ({"nonce": nonce} if provider_id == "oidc" else {}),
    )  # fmt: skip
    if not isinstance(response, HttpResponseRedirect):
        return response
    return render(
        request, "office/account/onward.html", {"address": response.url, "house": title_of(provider_id)}
    )  # fmt: skip


@require_safe
@known
def openid_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    back: HttpResponseBase = OAuth2CallbackView.adapter_view(OpenId(request, provider_id))(request)
    return back


@require_safe
@known
def chat_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return WORK_CHATS[provider_id](request)


@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    messages.info(request, "您取消了登录。")
    return redirect("mfa_index" if request.user.is_authenticated else "account_login")


@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    linked = SocialAccount.objects.filter(user=request.user, pk=pk).first()
    if linked is None:
        raise Http404
    try:
        validate_disconnect(request, linked)
    except ValidationError:
        messages.error(request, "这个账号还没有密码，不能解绑唯一的登录方式。")
        return redirect("mfa_index")
    disconnect(request, linked)
    messages.success(request, "已解绑。")
    return redirect("mfa_index")
