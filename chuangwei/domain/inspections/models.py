"""Rounds, the visits made in them, their answers, and draws anyone can redo (domain §7)."""

from datetime import date

from django.db import models
from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, Q, Value, When

from chuangwei.core.exact import ScaledDecimalField
from chuangwei.core.secrets import SealedField
from chuangwei.domain.inspections.enums import Choosing, Result, RoundKind, RoundState
from chuangwei.domain.organisation.models import Person, Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Check, Checklist

NO_SCORE = -1
"""Stands for the score of a visit to which no check applied, where scores are put in order."""


class Round(models.Model):
    """A round of inspection 轮次: what kind, which days and hours, which team, how its sites are chosen.

    `area` is where it goes (none: where its team belongs, else everywhere). `checklists` fixes the version of the sheet
    by the code of the kind of site; a kind that is not in it is scored by the sheet in force. `site_kinds` are those
    that were chosen whole.
    """

    code = models.CharField("编码", max_length=64, unique=True)
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类型", max_length=16, choices=RoundKind)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    hours = models.CharField("时段", max_length=64, blank=True, default="")
    area = models.ForeignKey(
        Area, verbose_name="检查范围", null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    team = models.ForeignKey(
        Unit, verbose_name="督查组", null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    is_sealed = models.BooleanField("密封", default=False)
    released_at = models.DateTimeField("解封时间", null=True, blank=True)
    choosing = models.CharField("点位取法", max_length=8, choices=Choosing, default=Choosing.LIST)
    site_kinds = models.JSONField("整类点位", default=list, blank=True)
    checklists = models.JSONField("检查表版本", default=dict, blank=True)

    class Meta:
        verbose_name = "轮次"
        ordering = ["starts_on", "code"]
        indexes = [models.Index(fields=["ends_on", "starts_on"], name="round_by_days")]
        constraints = [
            models.CheckConstraint(
                name="round_days_in_order",
                condition=Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="轮次的结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                name="round_released_only_when_sealed",
                condition=Q(is_sealed=True) | Q(released_at__isnull=True),
                violation_error_message="只有暗访等密封的轮次才有解封时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_hidden(self) -> bool:
        """Sealed, and not released yet."""
        return self.is_sealed and self.released_at is None

    def state_on(self, day: date) -> RoundState:
        """Where a day lies: before, in or after the days of the round."""
        if day < self.starts_on:
            return RoundState.AHEAD
        return RoundState.OVER if day > self.ends_on else RoundState.RUNNING


class RoundMember(models.Model):
    """Somebody of the team of a round 检查组成员, beside those of its squad: a person, or a unit with all who serve in it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(
        Person, verbose_name="人员", null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="单位", null=True, blank=True, on_delete=models.PROTECT, related_name="joined_rounds"
    )

    class Meta:
        verbose_name = "检查组成员"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="round_member_is_one",
                condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
                violation_error_message="检查组成员须是一个人或一个单位。",
            ),
            models.UniqueConstraint(
                fields=["round", "person"], condition=Q(person__isnull=False), name="round_person_once"
            ),
            models.UniqueConstraint(fields=["round", "unit"], condition=Q(unit__isnull=False), name="round_unit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.person_id or self.unit_id}"


class RoundTarget(models.Model):
    """A site a round is to see 应查点位."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="targets", db_index=False)
    site = models.ForeignKey(Site, verbose_name="点位", on_delete=models.PROTECT, related_name="targeted")

    class Meta:
        verbose_name = "应查点位"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "site"], name="round_target_once")]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.site_id}"


# 100 × got / possible, half up, in whole hundredths: the kept points are whole numbers, so nothing is lost on the way.
SCORE_HUNDREDTHS = Case(
    When(possible=0, then=Value(NO_SCORE)),
    When(is_vetoed=True, then=Value(0)),
    default=ExpressionWrapper(
        (F("got") * Value(20_000) + F("possible")) / (F("possible") * Value(2)), output_field=BigIntegerField()
    ),
    output_field=models.IntegerField(),
)


class Visit(models.Model):
    """One place looked at once 检查记录. Points are kept as sums, so that a ranking reads no answers.

    `got` and `possible` are over all checks that apply; `line_got` and `line_possible` over those of them that
    another kind of department answers for (domain §4, line). `is_vetoed` is the veto of any check, `is_line_vetoed`
    of a check with a line, `is_own_vetoed` of one without. The checklist is the version it was scored with.
    """

    code = models.CharField("编号", max_length=64, unique=True)
    round = models.ForeignKey(
        Round, verbose_name="轮次", on_delete=models.PROTECT, related_name="visits", db_index=False
    )
    site = models.ForeignKey(
        Site, verbose_name="点位", null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    area = models.ForeignKey(
        Area, verbose_name="区划", null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    at = models.DateTimeField("检查时间")
    checklist = models.ForeignKey(Checklist, verbose_name="检查表", on_delete=models.PROTECT, related_name="visits")
    got = ScaledDecimalField("得分", scale=4)
    possible = ScaledDecimalField("应得分", scale=4)
    line_got = ScaledDecimalField("条线得分", scale=4, default=0)
    line_possible = ScaledDecimalField("条线应得分", scale=4, default=0)
    is_vetoed = models.BooleanField("一票否决", default=False)
    is_own_vetoed = models.BooleanField("属地项否决", default=False)
    is_line_vetoed = models.BooleanField("条线项否决", default=False)
    version = models.PositiveSmallIntegerField("版本", default=1)
    recorded_at = models.DateTimeField("录入时间")
    # Empty for what came in with a workbook.
    recorded_by = models.CharField("录入人", max_length=64, blank=True, default="")
    score_hundredths = models.GeneratedField(
        verbose_name="得分（百分之一分）",
        expression=SCORE_HUNDREDTHS,
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "检查记录"
        ordering = ["at", "code"]
        indexes = [
            models.Index(fields=["at"], name="visit_by_time"),
            models.Index(fields=["round", "at", "id"], name="visit_by_round"),
            models.Index(fields=["score_hundredths", "id"], name="visit_by_score"),
            models.Index(fields=["at", "id"], condition=Q(is_vetoed=True), name="visit_vetoed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_has_a_place",
                condition=Q(site__isnull=False) | Q(area__isnull=False),
                violation_error_message="检查记录须有点位或区划。",
            ),
            models.CheckConstraint(
                name="visit_points_within_possible",
                condition=Q(
                    got__gte=0, got__lte=models.F("possible"),
                    line_got__gte=0, line_got__lte=models.F("line_possible"), line_possible__lte=models.F("possible"),
                ),
                violation_error_message="得分不能超过应得分。",
            ),
            models.CheckConstraint(
                name="visit_veto_is_of_a_check",
                condition=Q(is_vetoed=False, is_own_vetoed=False, is_line_vetoed=False)
                | Q(is_vetoed=True) & (Q(is_own_vetoed=True) | Q(is_line_vetoed=True)),
                violation_error_message="一票否决须由某个检查项引起。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class VisitInspector(models.Model):
    """Who made a visit, in the order they were written down."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="inspectors", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inspected")
    order = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "检查人"
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="visit_inspector_once")]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.person_id}"


class Answer(models.Model):
    """What was found at one check 评分. A check without an answer kept all its points."""

    # The unique (visit, check) serves look-ups by visit; a second index would cost every import a third more.
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="answers", db_index=False)
    check_item = models.ForeignKey(
        Check, verbose_name="检查项", on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    result = models.CharField("结果", max_length=4, choices=Result)
    occurrences = models.PositiveIntegerField("处数", null=True, blank=True)
    deduction = ScaledDecimalField("扣分", scale=4, null=True, blank=True)
    lost = ScaledDecimalField("失分", scale=4, default=0)
    note = models.TextField("说明", blank=True)
    # What the failure opened, or what stood open at that site and category already.
    problem = models.ForeignKey(
        Problem, verbose_name="问题", null=True, blank=True, on_delete=models.PROTECT, related_name="answers",
        db_index=False,
    )  # fmt: skip

    class Meta:
        verbose_name = "评分"
        indexes = [models.Index(fields=["problem"], condition=Q(problem__isnull=False), name="answer_by_problem")]
        constraints = [
            models.UniqueConstraint(fields=["visit", "check_item"], name="answer_once"),
            models.CheckConstraint(
                name="answer_loses_only_when_failed",
                condition=Q(result=Result.FAIL) | Q(lost=0, deduction__isnull=True) & ~Q(occurrences__gt=0)
                | Q(lost=0, deduction=0) & ~Q(occurrences__gt=0),
                violation_error_message="只有不合格的检查项才有处数和扣分。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.check_item_id}"


class VisitRevision(models.Model):
    """What a visit said before it was corrected: both versions are kept (domain §8)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveSmallIntegerField("版本")
    content = models.JSONField("内容")
    reason = models.CharField("理由", max_length=200)
    corrected_at = models.DateTimeField("更正时间")
    by_code = models.CharField("更正人编码", max_length=64)
    by_name = models.CharField("更正人", max_length=128)

    class Meta:
        verbose_name = "检查记录更正"
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="visit_revision_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} 第 {self.version} 版"


class Draw(models.Model):
    """A random draw 随机抽取: frozen list → committed seed → drawn; each step with its time and hand. Never repeated."""

    round_code = models.CharField("轮次编码", max_length=64)
    strata = models.JSONField("分层及样本数", default=dict)
    exclusions = models.JSONField("排除及理由", default=dict)
    candidates = models.TextField("候选名单")
    candidates_hash = models.CharField("名单摘要", max_length=64)
    word_source = models.CharField("公开词出处", max_length=200, blank=True)
    # Nobody who reads the database may know it between commitment and draw.
    seed = SealedField("种子", blank=True, default="")
    seed_hash = models.CharField("种子摘要", max_length=64, blank=True)
    word = models.CharField("公开词", max_length=200, blank=True)
    drawn = models.JSONField("抽取结果", default=dict)
    shortfalls = models.JSONField("不足的层", default=dict)
    is_trial = models.BooleanField("试抽或重算", default=False)
    frozen_at = models.DateTimeField("名单冻结时间")
    frozen_by = models.CharField("名单冻结人", max_length=128)
    committed_at = models.DateTimeField("种子承诺时间", null=True, blank=True)
    committed_by = models.CharField("种子承诺人", max_length=128, blank=True)
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)
    drawn_by = models.CharField("抽取人", max_length=128, blank=True)
    void_reason = models.CharField("作废理由", max_length=200, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "随机抽取"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round_code"], condition=Q(is_trial=False, voided_at__isnull=True), name="draw_once_a_round",
                violation_error_message="这个轮次已经抽取过，不能重抽；原抽取作废后方可再抽。",
            ),
            models.CheckConstraint(
                name="draw_committed_before_drawn",
                condition=Q(drawn_at__isnull=True) | Q(committed_at__isnull=False, committed_at__lte=models.F("drawn_at")),
                violation_error_message="先承诺种子，后抽取。",
            ),
            models.CheckConstraint(
                name="draw_void_has_reason",
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""),
                violation_error_message="作废须写明理由。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.round_code} 抽取"


class SheetDraft(models.Model):
    """A sheet somebody is filling in 检查表草稿: nobody else sees it, and it counts nowhere until it is handed in."""

    owner_code = models.CharField("录入人", max_length=64)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="drafts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="drafts")
    content = models.JSONField("内容", default=dict)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "检查表草稿"
        constraints = [
            models.UniqueConstraint(fields=["owner_code", "round", "site"], name="sheet_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_code} {self.round_id}:{self.site_id}"
