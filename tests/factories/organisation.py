"""Builders of units, persons, duties and actors."""

from datetime import date
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator

from chuangwei.core.actor import ALL, EVERYWHERE, Actor
from chuangwei.domain.organisation.models import Account, Duty, Membership, Person, Unit
from chuangwei.domain.places.models import Area, Site

_numbers = count(1)
WITH_A_FACTOR = frozenset({"security-administrator", "audit-administrator"})
"""The bundled roles that ask for more than a password (presets/roles.toml)."""


def unit(code: str | None = None, *, kind: str = "部门", **values: Any) -> Unit:
    code = code or f"U{next(_numbers)}"
    return Unit.objects.create(code=code, kind=kind, **{"name": f"{code}{kind}", **values})


def person(code: str | None = None, *, of: Unit | None = None, **values: Any) -> Person:
    code = code or f"P{next(_numbers)}"
    made = Person.objects.create(code=code, **{"name": f"张{code}", **values})
    if of:
        Membership.objects.create(person=made, unit=of)
    return made


def duty(
    holder: Person | Unit, role: str, at: Area | Site, *, starts_on: date = date(2023, 1, 1), **values: Any
) -> Duty:  # fmt: skip
    place = {"area": at} if isinstance(at, Area) else {"site": at}
    who = {"person": holder} if isinstance(holder, Person) else {"unit": holder}
    return Duty.objects.create(role=role, starts_on=starts_on, **place, **who, **values)


def chief(**values: Any) -> Actor:
    """Somebody who may everything everywhere."""
    return Actor(
        **{
            "code": "chief", "name": "主任", "permissions": frozenset({ALL}), "area_paths": (EVERYWHERE,), **values,
        }
    )  # fmt: skip


def clerk(*permissions: str, **values: Any) -> Actor:
    """Somebody with these permissions, everywhere unless `area_paths` says where."""
    return Actor(
        **{
            "code": "clerk", "name": "小李", "permissions": frozenset(permissions), "area_paths": (EVERYWHERE,),
            **values,
        }
    )  # fmt: skip


def stranger() -> Actor:
    """Somebody with no part in the work."""
    return Actor(code="stranger", name="外人")


def account(username: str = "office", *, roles: list[str] | None = None, **values: Any) -> Account:
    """Somebody to sign in; the administrators who need a second factor have one set up."""
    defaults = {"name": username, "is_everywhere": True, "password": "demo-pass-1", **values}
    made: Account = Account.objects.create_user(username=username, roles=roles or [], **defaults)
    if not WITH_A_FACTOR.isdisjoint(made.roles):
        Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={})
    return made
