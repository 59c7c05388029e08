"""Units, persons, who belongs where, who answers for which place, and the accounts they sign in with (domain §3)."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from chuangwei.core.secrets import BlindIndexField, SealedField
from chuangwei.core.text import phone_number
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.standards.models import Item


class Unit(models.Model):
    """A leading group, office, department, committee, inspection group, enterprise … 单位"""

    code = models.CharField("编码", max_length=64, unique=True)
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类型", max_length=16, db_index=True)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    area = models.ForeignKey(
        Area, verbose_name="区划", null=True, blank=True, on_delete=models.PROTECT, related_name="units"
    )

    class Meta:
        verbose_name = "单位"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody with a part in the work 人员. The private phone is encrypted at rest (domain §11)."""

    code = models.CharField("编码", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    title = models.CharField("职务", max_length=64, blank=True)
    phone = SealedField("手机", blank=True, default="")
    phone_index = BlindIndexField(
        "手机索引", of="phone", normal=phone_number, max_length=64, blank=True, default="", db_index=True
    )
    public_phone = models.CharField("公开电话", max_length=32, blank=True)
    public_phone_consent_on = models.DateField("同意公开日期", null=True, blank=True)

    class Meta:
        verbose_name = "人员"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="person_public_phone_with_consent",
                condition=Q(public_phone="") | Q(public_phone_consent_on__isnull=False),
                violation_error_message="公开电话须记下本人同意的日期。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person belongs to a unit from one day to another, both included; one unit at a time is the main one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    is_main = models.BooleanField("主要单位", default=True)
    from_on = models.DateField("起", null=True, blank=True)
    to_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_main=True, to_on__isnull=True), name="membership_one_main_open"
            ),
            models.CheckConstraint(
                name="membership_days_in_order",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
                violation_error_message="任职的止日不能早于起日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.unit_id}"


def _once(holder: str, place: str) -> models.UniqueConstraint:
    """One of four: SQLite knows no constraint over columns of which some are empty."""
    return models.UniqueConstraint(
        fields=[holder, "role", place, "starts_on", "hours"],
        condition=Q(**{f"{holder}__isnull": False, f"{place}__isnull": False}),
        name=f"duty_once_{holder}_{place}",
        violation_error_message="同一责任人、角色、对象、开始日期和时段的责任已经有了。",
    )


class Duty(models.Model):
    """Who answers as what for which place, from the first day to the last, both included 责任.

    Never overwritten: a duty ends and a new one begins.
    """

    person = models.ForeignKey(
        Person, verbose_name="责任人", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="责任单位", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    role = models.CharField("角色", max_length=32)
    area = models.ForeignKey(
        Area, verbose_name="区划", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    site = models.ForeignKey(
        Site, verbose_name="点位", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    hours = models.CharField("时段", max_length=64, blank=True)
    standard = models.ForeignKey(Item, verbose_name="标准", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name = "责任"
        ordering = ["pk"]
        indexes = [models.Index(fields=["role", "starts_on"], name="duty_by_role")]
        constraints = [
            models.CheckConstraint(
                name="duty_one_holder",
                condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
                violation_error_message="一项责任须有一个责任人或一个责任单位。",
            ),
            models.CheckConstraint(
                name="duty_one_place",
                condition=Q(area__isnull=False, site__isnull=True) | Q(area__isnull=True, site__isnull=False),
                violation_error_message="一项责任须对应一个区划或一个点位。",
            ),
            models.CheckConstraint(
                name="duty_days_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
            *(_once(holder, place) for holder in ("person", "unit") for place in ("area", "site")),
        ]

    def __str__(self) -> str:
        return f"{self.role}（{self.starts_on}—{self.ends_on or ''}）"


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **values: Any) -> "Account":
        account = self.model(username=self.model.normalize_username(username), **values)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """What somebody signs in with 账号. What it may do: bundles of permissions from the preset, in its scope.

    Three scopes, added up: an area and all below it (or everywhere); a unit and those below it; and, `by_duty`, the
    places the person or one of their units holds a duty for today.
    """

    username = models.CharField("账号", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    email = models.EmailField("邮箱", blank=True)
    person = models.OneToOneField(
        Person, verbose_name="人员", null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    roles = models.JSONField("角色", default=list, blank=True)
    is_everywhere = models.BooleanField("全域", default=False)
    area = models.ForeignKey(
        Area, verbose_name="管辖区划", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="代表单位", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    by_duty = models.BooleanField("按责任", default=False)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    created_at = models.DateTimeField("建立时间", null=True, blank=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def code(self) -> str:
        return self.username
