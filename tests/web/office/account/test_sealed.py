"""Second factors when the keys change: whoever had one signs in with it afterwards, and no key goes that one needs."""

import os
import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator

from chuangwei.core import resealing
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError
from chuangwei.core.keyring import SEALING
from chuangwei.web.office.account.sealed import FACTORS
from tests.web.office.account.conftest import code_of, sign_in

SYSTEM = system_actor("root")


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.CHUANGWEI_HOME = tmp_path


def now() -> datetime:
    return datetime.now(UTC)


def keys() -> list[str]:
    return [value.partition(":")[0] for _, value in FACTORS.values()]


def test_rotation_takes_second_factors_along(monkeypatch, client, li, totp, codes):
    monkeypatch.setattr(resealing, "BATCH", 1)
    SEALING.add()
    then = time.time() - 3600
    os.utime(SEALING.folder / f"2.{SEALING.suffix}", (then, then))
    assert (resealing.needed(SEALING), keys()) == ({1: 2}, ["1", "1"])
    with pytest.raises(DomainError, match="还有 2 个值要用密钥 1"):
        resealing.retire_key(ring=SEALING, number=1, by=SYSTEM, at=now())

    moved = resealing.rotate(ring=SEALING, by=SYSTEM, at=now())
    assert (moved.count, moved.closed, keys()) == (2, [], ["2", "2"])
    assert resealing.rotate(ring=SEALING, by=SYSTEM, at=now()).count == 0
    resealing.retire_key(ring=SEALING, number=1, by=SYSTEM, at=now())

    kept = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert kept.wrap().get_unused_codes() == codes
    sign_in(client)
    client.post("/account/login/second/", {"code": code_of(totp)})
    assert "_auth_user_id" in client.session


def test_a_factor_that_changed_meanwhile_is_left_alone(li, totp):
    [(pk, sealed)] = FACTORS.values()
    assert not FACTORS.replace(pk, "1:other", "2:new")
    assert not FACTORS.replace(pk + 1, sealed, "2:new")
    assert list(FACTORS.values()) == [(pk, sealed)]


def test_factors_whose_key_is_gone_are_told(li, totp, codes):
    assert list(resealing.faults()) == []
    (SEALING.folder / f"1.{SEALING.suffix}").unlink()
    SEALING._read = None
    assert list(resealing.faults()) == ["第二因素：2 个值无法解密：缺少密钥 1。"]
    SEALING.add()
    closed = resealing.rotate(ring=SEALING, by=SYSTEM, at=now()).closed
    assert [line.partition(" ")[0] for line in closed] == ["第二因素", "第二因素"]
