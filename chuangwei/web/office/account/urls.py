"""Signing in. The names are allauth's own: its views look them up while they build their pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from chuangwei.web.office.account import factor_views as factor
from chuangwei.web.office.account import helping_views, security_views, views
from chuangwei.web.office.account import identity_views as identity
from chuangwei.web.office.account.guard import own
from chuangwei.web.shared.limits import limited


def no_such_page(request: HttpRequest, **_parts: str) -> HttpResponse:
    """Accounts are made by the office, passwords reset by it: what allauth offers beyond signing in does not exist."""
    raise Http404


OPEN = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("login/second/", factor.SecondStep.as_view(), name="mfa_authenticate"),
    path("login/passkey/", factor.SignInByKey.as_view(), name="mfa_login_webauthn"),
    path("logout/", views.SignOut.as_view(), name="account_logout"),
    path("inactive/", views.Inactive.as_view(), name="account_inactive"),
    path("password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("identity/cancelled/", identity.cancelled, name="socialaccount_login_cancelled"),
    path("identity/<slug:provider_id>/begin/", identity.begin, name="identity_begin"),
    path("identity/<slug:provider_id>/openid/", identity.openid_back, name="openid_connect_callback"),
    *(
        path(f"identity/{slug}/back/", identity.chat_back, {"provider_id": slug}, name=f"{slug}_callback")
        for slug in identity.WORK_CHATS
    ),
]  # fmt: skip
OWN = [
    path("security/", own(security_views.security), name="mfa_index"),
    path("security/sessions/end/", own(security_views.end_others), name="sessions_end"),
    path("security/totp/", own(factor.AddTotp.as_view()), name="mfa_activate_totp"),
    path("security/totp/drop/", own(factor.DropTotp.as_view()), name="mfa_deactivate_totp"),
    path("security/keys/", own(factor.AddKey.as_view()), name="mfa_add_webauthn"),
    path("security/keys/<int:pk>/name/", own(factor.RenameKey.as_view()), name="mfa_edit_webauthn"),
    path("security/keys/<int:pk>/drop/", own(factor.DropKey.as_view()), name="mfa_remove_webauthn"),
    path("security/codes/", own(factor.Codes.as_view()), name="mfa_view_recovery_codes"),
    path("security/codes/new/", limited("recovery")(own(factor.NewCodes.as_view())), name="mfa_generate_recovery_codes"),
    path("security/codes/file/", own(factor.CodesFile.as_view()), name="mfa_download_recovery_codes"),
    path("security/identity/<int:pk>/unlink/", own(identity.unlink), name="identity_unlink"),
    path("again/", own(factor.AgainByPassword.as_view()), name="account_reauthenticate"),
    path("again/code/", own(factor.AgainByCode.as_view()), name="mfa_reauthenticate"),
    path("again/key/", own(factor.AgainByKey.as_view()), name="mfa_reauthenticate_webauthn"),
]  # fmt: skip
OTHERS = [
    path("of/<str:code>/", helping_views.sign_in_of, name="sign_in_of"),
    path("of/<str:code>/help/", helping_views.sign_in_help, name="sign_in_help"),
]
# allauth looks these up where they do not apply to us.
NOWHERE: list[URLPattern] = [
    path("signup/", no_such_page, name="account_signup"),
    path("email/", no_such_page, name="account_email"),
    path("reset/", no_such_page, name="account_reset_password"),
    path("set/", no_such_page, name="account_set_password"),
    path("keys/", no_such_page, name="mfa_list_webauthn"),
    path("identity/", no_such_page, name="socialaccount_connections"),
    path("identity/signup/", no_such_page, name="socialaccount_signup"),
    path("identity/error/", no_such_page, name="socialaccount_login_error"),
    path("sessions/", no_such_page, name="usersessions_list"),
]
urlpatterns = [*OPEN, *OWN, *OTHERS, *NOWHERE]
