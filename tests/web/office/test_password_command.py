import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.core.management import call_command

from chuangwei.core.errors import DomainError, NotFound
from chuangwei.core.models import AuditEvent
from tests.factories import organisation

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("password", *arguments, stdout=out)
    return out.getvalue()


def test_it_gives_a_password_that_must_be_changed(rf):
    organisation.account("anquan")
    password = re.search(r"新密码：(\S+)（只显示这一次", run("anquan"))[1]
    assert authenticate(rf.get("/"), username="anquan", password=password).must_change_password is True
    entry = AuditEvent.objects.latest("seq")
    assert (entry.verb, entry.channel, entry.actor_name.startswith("系统（")) == ("更改密码", "命令行", True)


def test_it_takes_the_second_factor_away_with_a_reason():
    account = organisation.account("anquan")
    Authenticator.objects.create(user=account, type="totp", data={})
    run("anquan", "--second-factor", "手机丢失")
    assert not Authenticator.objects.exists()


def test_it_does_both_or_nothing():
    account = organisation.account("anquan")
    with pytest.raises(DomainError, match="没有设置第二因素"):
        run("anquan", "--second-factor", "手机丢失")
    before = account.password
    account.refresh_from_db()
    assert account.password == before


def test_an_account_that_is_not_there_is_named():
    with pytest.raises(NotFound, match="没有账号 nobody"):
        run("nobody")
