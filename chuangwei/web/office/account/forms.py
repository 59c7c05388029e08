"""Codes of a second factor: counted like passwords, and never taken twice."""

from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError

from chuangwei.web.office.account.adapter import locked
from chuangwei.web.shared import limits

LOCKED = "too_many_login_attempts"
HELD_SECONDS = 120
"""Longer than a code holds with the step to either side that settings allow."""


class _Once(BaseAuthenticateForm):
    """allauth forgets a used code after half a minute, when a clock that is behind would still take it."""

    user: Any

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == LOCKED:
                raise self._locked() from None
            raise
        place = f"chuangwei.code:{self.user.pk}:{normalize_user_code(code)}"
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(
            place, value=True, timeout=HELD_SECONDS
        ):
            raise ValidationError("这个代码已经用过，请等下一个。", code="used")
        return code

    def _locked(self) -> ValidationError:
        key = f"mfa-auth-user-{self.user.pk}"
        return locked(limits.wait(context.request, "login_failed", app=limits.SIGN_IN, key=key))


class Authenticate(_Once, AuthenticateForm):
    pass


class Reauthenticate(_Once, ReauthenticateForm):
    pass
