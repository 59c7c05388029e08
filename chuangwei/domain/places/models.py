"""Areas from the county down to the group, typed sites in them, and both as they stood on any day (domain §2)."""

from django.db import models
from django.db.models import Q

from chuangwei.domain.places.enums import Datum


class SiteKind(models.Model):
    """A kind of site 点位类型, from the standards data: 背街小巷, 农贸市场, 公厕 …"""

    code = models.CharField("编码", max_length=48, unique=True)
    name = models.CharField("名称", max_length=64)
    aliases = models.JSONField("别名", default=list)
    measure_unit = models.CharField("计量单位", max_length=8, blank=True)
    note = models.TextField("备注", blank=True)
    source = models.CharField("出处", max_length=64, blank=True)
    is_verified = models.BooleanField("已核", default=False)
    is_household = models.BooleanField("农户", default=False)
    attributes = models.JSONField("属性", default=dict, blank=True)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "点位类型"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A unit of the tree of areas 区划 as it stands now; what it was before is in its spells."""

    code = models.CharField("编码", max_length=64, unique=True)
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类型", max_length=16, db_index=True)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField("路径", max_length=512, unique=True)
    depth = models.PositiveSmallIntegerField("层级")
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    households = models.PositiveIntegerField("户数", null=True, blank=True)
    boundary = models.JSONField("边界", null=True, blank=True)
    built_up = models.JSONField("建成区", null=True, blank=True)
    west = models.FloatField(null=True, blank=True)
    south = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    attributes = models.JSONField("属性", default=dict, blank=True)
    starts_on = models.DateField("设立日期", null=True, blank=True)
    ends_on = models.DateField("撤销日期", null=True, blank=True)
    heir = models.ForeignKey(
        "self", verbose_name="并入", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    class Meta:
        verbose_name = "区划"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="area_days_in_order",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="撤销日期不能早于设立日期。",
            ),
            models.CheckConstraint(
                name="area_bbox_with_boundary",
                condition=Q(boundary__isnull=True, west__isnull=True)
                | Q(boundary__isnull=False, west__isnull=False, south__isnull=False, east__isnull=False, north__isnull=False),
                violation_error_message="有边界的区划须有外接矩形。",
            ),
            models.CheckConstraint(
                name="area_heir_only_when_ended",
                condition=Q(heir__isnull=True) | Q(ends_on__isnull=False),
                violation_error_message="只有已撤销的区划才有并入对象。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def path_codes(self) -> list[str]:
        """The codes from the top down to this area itself."""
        return self.path.rstrip("/").split("/")


class AreaSpell(models.Model):
    """What an area was called, what it was and whose it was from one day to another, both included (none: open)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="spells")
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类型", max_length=16)
    parent = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField("起", null=True, blank=True)
    to_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "区划沿革"
        ordering = ["area", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["area"], condition=Q(to_on__isnull=True), name="area_one_open_spell"),
            models.CheckConstraint(
                name="area_spell_days_in_order",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.from_on or ''}—{self.to_on or ''}）"


class Site(models.Model):
    """One typed thing in an area 点位 as it stands now; its kind and area on any day are in its spells."""

    code = models.CharField("编码", max_length=64, unique=True)
    name = models.CharField("名称", max_length=100)
    kind = models.ForeignKey(SiteKind, verbose_name="类型", on_delete=models.PROTECT, related_name="sites")
    area = models.ForeignKey(Area, verbose_name="区划", on_delete=models.PROTECT, related_name="sites")
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    datum = models.CharField("来源坐标系", max_length=8, choices=Datum, default=Datum.WGS84)
    given_longitude = models.FloatField("原经度", null=True, blank=True)
    given_latitude = models.FloatField("原纬度", null=True, blank=True)
    geometry = models.JSONField("线或面", null=True, blank=True)
    is_example = models.BooleanField("示范点位", default=False)
    note = models.TextField("备注", blank=True)
    starts_on = models.DateField("设立日期", null=True, blank=True)
    ends_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "点位"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="site_position_is_whole",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__isnull=False, latitude__isnull=False,
                    longitude__range=(73, 136), latitude__range=(3, 54),
                ),
                violation_error_message="经度须在 73–136、纬度须在 3–54 之间，两者同时有或同时无。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class SiteSpell(models.Model):
    """Of which kind and in which area a site was from one day to another, both included (none: open)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="spells")
    kind = models.ForeignKey(SiteKind, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField("起", null=True, blank=True)
    to_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "点位沿革"
        ordering = ["site", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site"], condition=Q(to_on__isnull=True), name="site_one_open_spell"),
            models.CheckConstraint(
                name="site_spell_days_in_order",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id}（{self.from_on or ''}—{self.to_on or ''}）"


class Designation(models.Model):
    """A site is an example 示范点位 (or what else) from a day on, by a paper."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="designations")
    title = models.CharField("称号", max_length=48)
    from_on = models.DateField("起", null=True, blank=True)
    to_on = models.DateField("止", null=True, blank=True)
    paper = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "示范认定"

    def __str__(self) -> str:
        return f"{self.site_id} {self.title}"
