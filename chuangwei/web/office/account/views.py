"""Signing in and out, and one's own password. Accounts are made by the office; nobody can make one here."""

from typing import Any

from allauth.account import views as allauth
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.core.models import Installation
from chuangwei.domain.organisation import actions, queries
from chuangwei.web.office.account import outside

UNPROCESSABLE = 422


class SignIn(allauth.LoginView):
    template_name = "office/account/sign_in.html"

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """With the name of the county: people see at once whose door they stand at."""
        installation = Installation.objects.first()
        county = installation.county if installation else ""
        return super().get_context_data(**values) | {"county": county, "houses": outside.houses()}

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = UNPROCESSABLE
        return response


class SignOut(allauth.LogoutView):
    template_name = "office/account/sign_out.html"


class Inactive(allauth.AccountInactiveView):
    template_name = "office/account/inactive.html"


class ChangePassword(allauth.PasswordChangeView):
    """One's own password. Whoever was given one by the office must change it before anything else."""

    template_name = "office/account/password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = UNPROCESSABLE
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        account = form.user
        try:
            actions.set_password(
                account=account, password=form.cleaned_data["password1"], by=queries.actor_of(account), at=clock.now()
            )
        except DomainError as refusal:
            form.add_error("password1", refusal.message)
            return self.form_invalid(form)
        # The other sessions end with the old password; this one goes on under a new key.
        update_session_auth_hash(self.request, account)
        UserSession.objects.create_from_request(self.request)
        messages.success(self.request, "密码已修改。")
        return redirect("/")
