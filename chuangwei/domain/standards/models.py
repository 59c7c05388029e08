"""The library the work is measured by: editions, items, indicators, categories of problem and checklists (domain §4).

Rows are loaded from data files and never deleted: what is no longer in the data is retired. Codes, not keys, are
kept where a row names many others (categories of a check, kinds of an item).
"""

from django.db import models
from django.db.models import Q

from chuangwei.core.exact import ScaledDecimalField
from chuangwei.domain.places.models import SiteKind
from chuangwei.domain.standards.enums import (
    AddsUp,
    Alternative,
    CheckRule,
    Comparator,
    EditionStatus,
    ItemKind,
    Matter,
    TimeUnit,
)


class Edition(models.Model):
    """One edition of one standard 标准版本: of hygienic cities, of townships, or a norm these lean on."""

    code = models.CharField("编码", max_length=48, unique=True)
    title = models.CharField("名称", max_length=200)
    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    paper = models.CharField("文号", max_length=200, blank=True)
    levels = models.JSONField("适用于", default=list)
    status = models.CharField("状态", max_length=16, choices=EditionStatus, default=EditionStatus.CURRENT)
    superseded_by = models.ForeignKey(
        "self", verbose_name="被替代于", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    article_count = models.PositiveSmallIntegerField("条数", null=True, blank=True)
    indicator_count = models.PositiveSmallIntegerField("指标数", null=True, blank=True)
    note = models.TextField("备注", blank=True)
    source = models.CharField("出处", max_length=48, blank=True)
    is_verified = models.BooleanField("已核", default=False)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "标准版本"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """One quantity with one name 指标. Items, targets, returns and figures all point here."""

    code = models.CharField("编码", max_length=64, unique=True)
    name = models.CharField("名称", max_length=100, unique=True)
    aliases = models.JSONField("别名", default=list)
    unit = models.CharField("单位", max_length=16, blank=True)
    adds_up = models.CharField("汇总方式", max_length=8, choices=AddsUp)
    parts = models.JSONField("分列", default=list)
    series_years = models.PositiveSmallIntegerField("填报年数", default=1)
    note = models.TextField("备注", blank=True)
    source = models.CharField("出处", max_length=48, blank=True)
    is_verified = models.BooleanField("已核", default=False)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "指标"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="indicator_has_a_year",
                condition=Q(series_years__gte=1),
                violation_error_message="指标至少填报一年。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One demand of an edition 标准条目: in words (an article), or an indicator held against a threshold.

    A missing threshold is unknown, never zero: `rules.judge` gives 待核 for it.
    """

    edition = models.ForeignKey(Edition, verbose_name="标准版本", on_delete=models.PROTECT, related_name="items")
    code = models.CharField("编码", max_length=48, unique=True)
    order = models.PositiveSmallIntegerField("次序")
    section_number = models.PositiveSmallIntegerField("部分序号")
    section = models.CharField("部分", max_length=64)
    article = models.CharField("条号", max_length=16, blank=True)
    is_article_verified = models.BooleanField("条号已核", default=False)
    parent = models.ForeignKey(
        "self", verbose_name="所属条目", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    title = models.CharField("名称", max_length=100)
    text = models.TextField("要求", blank=True)
    kind = models.CharField("性质", max_length=16, choices=ItemKind)
    indicator = models.ForeignKey(
        Indicator, verbose_name="指标", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    comparator = models.CharField("比较", max_length=16, choices=Comparator, blank=True)
    threshold = ScaledDecimalField("标准值", scale=4, null=True, blank=True)
    threshold_level = models.CharField("标准等级", max_length=1, blank=True)
    threshold_text = models.CharField("标准值说明", max_length=100, blank=True)
    threshold_source = models.CharField("标准值出处", max_length=48, blank=True)
    alternative = models.CharField("替代条件", max_length=16, choices=Alternative, blank=True)
    alternative_text = models.CharField("替代条件说明", max_length=100, blank=True)
    table_number = models.PositiveSmallIntegerField("附表序号", null=True, blank=True)
    certainty = models.CharField("把握", max_length=8, blank=True)
    evidence = models.JSONField("佐证", default=list)
    kinds = models.JSONField("点位类型", default=list)
    levels = models.JSONField("适用于", default=list)
    note = models.TextField("备注", blank=True)
    source = models.CharField("出处", max_length=48, blank=True)
    is_verified = models.BooleanField("已核", default=False)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "标准条目"
        ordering = ["edition", "order"]
        constraints = [
            models.CheckConstraint(
                name="item_indicator_when_quantitative",
                condition=Q(kind=ItemKind.QUALITATIVE, indicator__isnull=True, comparator="", threshold__isnull=True)
                | Q(kind=ItemKind.QUANTITATIVE, indicator__isnull=False) & ~Q(comparator=""),
                violation_error_message="定量条目须有指标和比较方式，定性条目不能有。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Category(models.Model):
    """A kind of problem 问题类别, with the time allowed to put it right and what counts as put right."""

    code = models.CharField("编码", max_length=16, unique=True)
    name = models.CharField("名称", max_length=64)
    parent = models.ForeignKey(
        "self", verbose_name="大类", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    matter = models.CharField("性质", max_length=16, choices=Matter, blank=True)
    is_extension = models.BooleanField("本地扩展", default=False)
    legacy_code = models.CharField("旧编码", max_length=16, blank=True)
    is_legacy_verified = models.BooleanField("旧编码已核", default=False)
    allowed_amount = models.PositiveSmallIntegerField("时限", null=True, blank=True)
    allowed_unit = models.CharField("时限单位", max_length=16, choices=TimeUnit, blank=True)
    stages = models.JSONField("分段时限", default=list)
    time_source = models.CharField("时限出处", max_length=48, blank=True)
    is_time_verified = models.BooleanField("时限已核", default=False)
    closes_when = models.CharField("结案条件", max_length=200, blank=True)
    kinds = models.JSONField("点位类型", default=list)
    items = models.JSONField("标准条目", default=list)
    source = models.CharField("出处", max_length=48, blank=True)
    is_verified = models.BooleanField("已核", default=False)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "问题类别"
        verbose_name_plural = "问题类别"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="category_time_is_whole",
                condition=Q(allowed_amount__isnull=True, allowed_unit="")
                | Q(allowed_amount__isnull=False, allowed_amount__gte=1) & ~Q(allowed_unit=""),
                violation_error_message="时限须同时有数和单位，且不小于 1。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Checklist(models.Model):
    """One version of the sheet 检查表 a kind of site is scored with. A visit keeps its version for ever."""

    code = models.CharField("编码", max_length=64)
    version = models.PositiveSmallIntegerField("版本")
    site_kind = models.ForeignKey(
        SiteKind, verbose_name="点位类型", on_delete=models.PROTECT, related_name="checklists"
    )
    title = models.CharField("名称", max_length=100)
    full_points = ScaledDecimalField("满分", scale=4)
    is_current = models.BooleanField("现行", default=True)
    loaded_at = models.DateTimeField("载入时间")
    source = models.CharField("出处", max_length=48, blank=True)
    is_verified = models.BooleanField("检查内容已核", default=False)
    are_points_verified = models.BooleanField("分值已核", default=False)

    class Meta:
        verbose_name = "检查表"
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["site_kind"], condition=Q(is_current=True), name="checklist_one_current_of_a_kind",
                violation_error_message="一类点位只有一张现行检查表。",
            ),
            models.CheckConstraint(name="checklist_points_positive", condition=Q(full_points__gt=0)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}（第 {self.version} 版）"


class Check(models.Model):
    """One line of a checklist 检查项: its points, how they are lost, which problem a failure opens."""

    checklist = models.ForeignKey(Checklist, verbose_name="检查表", on_delete=models.PROTECT, related_name="checks")
    code = models.CharField("编码", max_length=64)
    order = models.PositiveSmallIntegerField("次序")
    text = models.CharField("内容", max_length=200)
    points = ScaledDecimalField("分值", scale=4)
    rule = models.CharField("扣分方式", max_length=8, choices=CheckRule, default=CheckRule.DEDUCT)
    deduct_per = ScaledDecimalField("每处扣分", scale=4, null=True, blank=True)
    grades = models.JSONField("分档", default=list)
    is_veto = models.BooleanField("一票否决", default=False)
    veto_below_rate = ScaledDecimalField("得分率低于即否决", scale=4, null=True, blank=True)
    line = models.CharField("条线", max_length=32, blank=True)
    categories = models.JSONField("问题类别", default=list)
    items = models.JSONField("标准条目", default=list)

    class Meta:
        verbose_name = "检查项"
        ordering = ["checklist", "order"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "code"], name="check_code_once"),
            models.CheckConstraint(
                name="check_points_positive",
                condition=Q(points__gt=0),
                violation_error_message="分值须大于 0。",
            ),
            models.CheckConstraint(
                name="check_deduct_has_a_step",
                condition=~Q(rule=CheckRule.DEDUCT) | Q(deduct_per__isnull=False, deduct_per__gt=0),
                violation_error_message="按处扣分的检查项须写明每处扣几分。",
            ),
            models.CheckConstraint(
                name="check_veto_rate_is_a_share",
                condition=Q(veto_below_rate__isnull=True) | Q(veto_below_rate__gt=0, veto_below_rate__lte=1),
                violation_error_message="否决的得分率须在 0 与 1 之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class ObsoletePattern(models.Model):
    """A clause of a superseded edition, as people still write it 过期条款, and what to cite instead."""

    code = models.CharField("编码", max_length=48, unique=True)
    pattern = models.CharField("写法", max_length=200)
    why = models.CharField("原因", max_length=200)
    use_instead = models.CharField("应引用", max_length=200)
    source = models.CharField("出处", max_length=48, blank=True)
    is_verified = models.BooleanField("已核", default=False)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "过期条款"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class LibraryEntry(models.Model):
    """A small fact of the library that is only looked up 资料: a source, a unit, a density level, a sample size …"""

    kind = models.CharField("资料类别", max_length=32)
    code = models.CharField("编码", max_length=64)
    order = models.PositiveSmallIntegerField("次序")
    name = models.CharField("名称", max_length=200)
    body = models.JSONField("内容", default=dict)
    source = models.CharField("出处", max_length=48, blank=True)
    is_verified = models.BooleanField("已核", default=False)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "资料"
        ordering = ["kind", "order"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="library_entry_once")]

    def __str__(self) -> str:
        return self.name
