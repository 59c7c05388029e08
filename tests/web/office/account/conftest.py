"""Somebody with a password, and the ways she signs in."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from chuangwei.core import presets
from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Account
from tests.factories import organisation
from tests.factories.problems import MONDAY

PASSWORD = "demo-pass-1"
STEP = 30
STRICT = """
[preset]
slug = "strict"
title = "须有第二因素"

[roles.office]
title = "创卫办"
permissions = ["appraisal.view", "workbooks.import", "organisation.view"]
needs_second_factor = true
"""


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator shows now, or some steps from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def sign_in(client: Client, username: str = "li", password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/account/login/", {"login": username, "password": password}, **more)


def prove(client: Client, next_address: str, password: str = PASSWORD) -> Any:
    """Say the password once more, as changing the ways to sign in asks for."""
    return client.post(f"/account/again/?next={next_address}", {"password": password, "next": next_address})


def told(verb: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb=verb).order_by("seq"))


def secret_on(page: str) -> str:
    """The secret as the page writes it for typing."""
    found = re.search(r'cw-secret">([A-Z2-7 ]+)<', page)
    assert found, page
    return found.group(1).replace(" ", "")


@pytest.fixture
def li(db: None) -> Account:
    return organisation.account("li", name="小李", roles=["office"], password=PASSWORD)


@pytest.fixture
def member(client: Client, li: Account) -> Client:
    """小李 in her browser, signed in by the door."""
    assert sign_in(client).status_code == 302
    return client


@pytest.fixture
def totp(li: Account) -> str:
    """The secret of an authenticator 小李 has."""
    secret = generate_totp_secret()
    TOTP.activate(li, secret)
    return secret


@pytest.fixture
def codes(li: Account, totp: str) -> list[str]:
    return RecoveryCodes.activate(li).get_unused_codes()


@pytest.fixture
def use_preset(db: None) -> Callable[[str], None]:
    def use(text: str) -> None:
        document = presets.read_preset(text, "strict.toml")
        presets.use_preset(document=document, area_code="", from_on=None, by=organisation.chief(), at=MONDAY)

    return use


@pytest.fixture
def strict(use_preset: Callable[[str], None]) -> None:
    """Whoever works in the office must have a second factor."""
    use_preset(STRICT)


def factors_of(account: Account) -> list[str]:
    return sorted(Authenticator.objects.filter(user=account).values_list("type", flat=True))
