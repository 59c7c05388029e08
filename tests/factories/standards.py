"""Builders of categories and checklists."""

from decimal import Decimal
from typing import Any

from chuangwei.core import clock
from chuangwei.domain.standards.enums import TimeUnit
from chuangwei.domain.standards.models import Category, Check, Checklist
from tests.factories import places


def category(code: str = "09006", **values: Any) -> Category:
    defaults = {"name": "占道经营", "allowed_amount": 4, "allowed_unit": TimeUnit.WORK_HOUR, **values}
    return Category.objects.get_or_create(code=code, defaults=defaults)[0]


def checklist(kind: str = "back_lane", *, points: tuple[str, ...] = ("60", "40"), **values: Any) -> Checklist:
    """A checklist of a kind with one check per entry of `points`; codes are CK-KIND-01 and so on."""
    code = f"CK-{kind.upper()}"
    made = Checklist.objects.create(
        code=code, version=1, site_kind=places.site_kind(kind), title=f"{kind}检查表",
        full_points=sum(map(Decimal, points)), loaded_at=clock.now(), **values,
    )  # fmt: skip
    for order, amount in enumerate(points, 1):
        Check.objects.create(
            checklist=made, code=f"{code}-{order:02}", order=order, text=f"第 {order} 项",
            points=Decimal(amount), deduct_per=Decimal(1),
        )  # fmt: skip
    return made
