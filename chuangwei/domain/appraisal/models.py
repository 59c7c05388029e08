"""Periods of a series, each with its computations; what followed; what a month moves in the award pool (domain §8).

Subjects are kept by code and name, not by foreign key: a ranking says who was ranked then, whatever becomes of the area.
"""

from django.db import models
from django.db.models import F, Q

from chuangwei.core.exact import ScaledDecimalField
from chuangwei.core.models import PresetVersion
from chuangwei.domain.appraisal.enums import ConsequenceState, Flag, PeriodState, SettlementState

PERIOD_CLOSED = (PeriodState.PUBLISHED, PeriodState.FINAL)


class Period(models.Model):
    """One period of one series in the area of its preset 评比周期; its figures are in its latest computation."""

    code = models.CharField("编号", max_length=160, unique=True)
    series = models.CharField("评比", max_length=48)
    area_code = models.CharField("预设区划", max_length=64, blank=True)
    slug = models.CharField("周期", max_length=16)
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    state = models.CharField("状态", max_length=16, choices=PeriodState, default=PeriodState.OPEN)
    is_history = models.BooleanField("历史评比", default=False)
    paper = models.CharField("依据", max_length=200, blank=True)
    published_at = models.DateTimeField("公示时间", null=True, blank=True)
    objections_until = models.DateField("异议截止日期", null=True, blank=True)
    finalised_at = models.DateTimeField("定案时间", null=True, blank=True)

    class Meta:
        verbose_name = "评比周期"
        ordering = ["series", "area_code", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "area_code", "slug"], name="period_once",
                violation_error_message="这个评比的这个周期已经有了。",
            ),
            models.CheckConstraint(
                name="period_days_in_order",
                condition=Q(to_on__gte=F("from_on")),
                violation_error_message="周期的止日不能早于起日。",
            ),
            models.CheckConstraint(
                name="period_published_with_time",
                condition=Q(state__in=[PeriodState.OPEN, PeriodState.COMPUTED], published_at__isnull=True)
                | Q(state__in=PERIOD_CLOSED, published_at__isnull=False, objections_until__isnull=False)
                | Q(state=PeriodState.FINAL, is_history=True),
                violation_error_message="公示中或已定案的周期必须有公示时间和异议截止日期。",
            ),
            models.CheckConstraint(
                name="period_final_with_time",
                condition=Q(state=PeriodState.FINAL, finalised_at__isnull=False)
                | ~Q(state=PeriodState.FINAL) & Q(finalised_at__isnull=True),
                violation_error_message="已定案的周期必须有定案时间，未定案的不能有。",
            ),
            models.CheckConstraint(
                name="period_history_rests_on_a_paper",
                condition=Q(is_history=False) | ~Q(paper=""),
                violation_error_message="历史评比须写明所据的文件。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.series} {self.slug}"


class Computation(models.Model):
    """One version of a period's result, with all it was computed from: kept whole, never changed 计算版本.

    `inputs` and `result` are canonical JSON; `digest` is the SHA-256 of both. Computing the inputs again gives the same
    bytes. A period entered from paper has no inputs.
    """

    period = models.ForeignKey(Period, verbose_name="周期", on_delete=models.PROTECT, related_name="computations")
    version = models.PositiveSmallIntegerField("版本")
    preset_version = models.ForeignKey(
        PresetVersion, verbose_name="预设版本", on_delete=models.PROTECT, related_name="computations"
    )
    inputs = models.TextField("依据数据")
    result = models.TextField("结果")
    digest = models.CharField("摘要", max_length=64)
    computed_at = models.DateTimeField("计算时间")
    by_code = models.CharField("计算人编码", max_length=64)
    by_name = models.CharField("计算人", max_length=128)

    class Meta:
        verbose_name = "计算版本"
        ordering = ["period", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "version"], name="computation_version_once",
                violation_error_message="这个版本已经有了，请刷新后再试。",
            ),
            models.CheckConstraint(
                name="computation_version_from_one",
                condition=Q(version__gte=1),
                violation_error_message="版本从 1 起。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.period_id} 第 {self.version} 版"


class Standing(models.Model):
    """What a computation says of one subject 名次: kept beside the result to be listed, sorted and counted."""

    computation = models.ForeignKey(Computation, on_delete=models.PROTECT, related_name="standings")
    code = models.CharField("区划编码", max_length=64, db_index=True)
    name = models.CharField("名称", max_length=100)
    group = models.CharField("分类", max_length=64, blank=True)
    total = ScaledDecimalField("总分", scale=2, null=True, blank=True)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    flag = models.CharField("旗", max_length=16, choices=Flag, blank=True)
    reason = models.CharField("未排名的原因", max_length=100, blank=True)
    parts = models.JSONField("分项", default=dict)
    adjustments = models.JSONField("加减分", default=dict)

    class Meta:
        verbose_name = "名次"
        ordering = ["computation", F("rank").asc(nulls_last=True), "code"]
        constraints = [
            models.UniqueConstraint(fields=["computation", "code"], name="standing_once"),
            models.CheckConstraint(
                name="standing_total_and_rank_together",
                condition=Q(total__isnull=True, rank__isnull=True, flag="") & ~Q(reason="")
                | Q(total__isnull=False, rank__isnull=False, reason=""),
                violation_error_message="有名次的须有总分；没有名次的不得有旗，并须写明原因。",
            ),
            models.CheckConstraint(
                name="standing_total_within_scale",
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100),
                violation_error_message="总分须在 0 至 100 之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.rank or '未排名'}"


class Consequence(models.Model):
    """Something that follows from a published period for a subject: who speaks, who is spoken to 后续措施."""

    code = models.CharField("编号", max_length=255, unique=True)
    period = models.ForeignKey(Period, verbose_name="周期", on_delete=models.PROTECT, related_name="consequences")
    trigger = models.CharField("种类", max_length=48)
    subject_code = models.CharField("区划编码", max_length=64, db_index=True)
    subject_name = models.CharField("名称", max_length=100)
    role = models.CharField("对象角色", max_length=32, blank=True)
    person_code = models.CharField("对象编码", max_length=64, blank=True)
    person_name = models.CharField("对象", max_length=100, blank=True)
    reason = models.TextField("理由")
    carried_out_by = models.CharField("办理单位", max_length=100, blank=True)
    meeting = models.CharField("场合", max_length=100, blank=True)
    state = models.CharField("状态", max_length=16, choices=ConsequenceState, default=ConsequenceState.PROPOSED)
    held_on = models.DateField("办理日期", null=True, blank=True)
    minutes = models.TextField("纪要", blank=True)

    class Meta:
        verbose_name = "后续措施"
        ordering = ["period", "trigger", "subject_code"]
        constraints = [
            models.CheckConstraint(
                name="consequence_held_with_minutes",
                condition=Q(state=ConsequenceState.HELD, held_on__isnull=False) & ~Q(minutes="")
                | ~Q(state=ConsequenceState.HELD) & Q(held_on__isnull=True),
                violation_error_message="已办的须有办理日期和纪要。",
            ),
            models.CheckConstraint(
                name="consequence_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="后续措施须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name} {self.trigger}"


class Settlement(models.Model):
    """What the flags of a month move in the award pool 月度奖补核算; whole fen (domain §8, Money)."""

    code = models.CharField("编号", max_length=160, unique=True)
    series = models.CharField("评比", max_length=48)
    area_code = models.CharField("预设区划", max_length=64, blank=True)
    month = models.CharField("月份", max_length=7)
    state = models.CharField("状态", max_length=16, choices=SettlementState, default=SettlementState.COMPUTED)
    pool = models.CharField("资金", max_length=100, blank=True)
    paper = models.CharField("依据文件", max_length=200, blank=True)
    month_red = models.BigIntegerField("每面红旗（分）")
    month_yellow = models.BigIntegerField("每面黄旗（分）")
    settled_at = models.DateTimeField("核算时间")
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)

    class Meta:
        verbose_name = "月度奖补核算"
        ordering = ["series", "area_code", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "area_code", "month"], name="settlement_once",
                violation_error_message="这个月已经核算过。",
            ),
            models.CheckConstraint(
                name="settlement_month_written_as_year_and_month",
                condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
                violation_error_message="月份写作 2023-09。",
            ),
            models.CheckConstraint(
                name="settlement_approved_on_a_paper",
                condition=Q(state=SettlementState.COMPUTED, approved_at__isnull=True)
                | Q(state=SettlementState.APPROVED, approved_at__isnull=False) & ~Q(paper=""),
                violation_error_message="没有依据文件的核算不能批准。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.series} {self.month}"


class SettlementEntry(models.Model):
    """One subject's share of a settlement, also of a subject without flags. Negative is set off against later awards."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="entries")
    subject_code = models.CharField("区划编码", max_length=64)
    subject_name = models.CharField("名称", max_length=100)
    red_count = models.PositiveIntegerField("红旗")
    yellow_count = models.PositiveIntegerField("黄旗")
    amount = models.BigIntegerField("金额（分）")

    class Meta:
        verbose_name = "月度奖补明细"
        ordering = ["settlement", "subject_code"]
        constraints = [models.UniqueConstraint(fields=["settlement", "subject_code"], name="settlement_entry_once")]

    def __str__(self) -> str:
        return f"{self.subject_name} {self.amount}"
