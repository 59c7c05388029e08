"""The ledger 台账: one thing found wrong at one place, from the day it is found to the day it is closed (domain §6)."""

from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from chuangwei.core.models import Attachment
from chuangwei.core.search import SearchField, search_text
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.enums import (
    REPORT,
    WITH_A_UNIT,
    EscalationStep,
    ExtensionState,
    PhotoStage,
    ProblemState,
    Source,
)
from chuangwei.domain.standards.models import Category

NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where rows without a deadline stand when they are put in the order of deadlines."""
SEARCHED = frozenset({"code", "description", "site", "site_id", "area", "area_id", "category", "category_id"})


class Problem(models.Model):
    """One problem 问题. `area` is the smallest area known to hold it; with a site, the site decides (workbooks.md).

    What a visit of a sealed round found is held with it: `held_by_round` names that round until its release, and only
    those who may see sealed rounds see the problem (domain §7, Undercover). `first_closed_at` stays when it is reopened.
    """

    code = models.CharField("编号", max_length=64, unique=True)
    source = models.CharField("来源", max_length=16, choices=Source)
    site = models.ForeignKey(
        Site,
        verbose_name="点位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="problems",
        db_index=False,
    )
    area = models.ForeignKey(
        Area, verbose_name="区划", on_delete=models.PROTECT, related_name="problems", db_index=False
    )
    category = models.ForeignKey(
        Category, verbose_name="类别", on_delete=models.PROTECT, related_name="problems", db_index=False
    )
    description = models.TextField("描述")
    state = models.CharField("状态", max_length=16, choices=ProblemState, default=ProblemState.REPORTED)
    unit = models.ForeignKey(
        Unit,
        verbose_name="责任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="problems",
        db_index=False,
    )
    parent = models.ForeignKey(
        "self", verbose_name="总问题", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    merged_into = models.ForeignKey(
        "self", verbose_name="并入", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    comes_back_of = models.ForeignKey(
        "self", verbose_name="前次问题", null=True, blank=True, on_delete=models.PROTECT, related_name="comebacks"
    )
    origin_kind = models.CharField("发现方式", max_length=48, blank=True)
    origin_code = models.CharField("发现编号", max_length=64, blank=True)
    found_at = models.DateTimeField("发现时间")
    dispatched_at = models.DateTimeField("派遣时间", null=True, blank=True)
    due_at = models.DateTimeField("整改期限", null=True, blank=True)
    fixed_at = models.DateTimeField("整改时间", null=True, blank=True)
    verified_at = models.DateTimeField("核查时间", null=True, blank=True)
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)
    pending_since = models.DateTimeField("挂账时间", null=True, blank=True)
    pending_until = models.DateField("挂账至", null=True, blank=True)
    rework_count = models.PositiveSmallIntegerField("返工次数", default=0)
    first_closed_at = models.DateTimeField("首次销号时间", null=True, blank=True)
    held_by_round = models.CharField("所属密封轮次", max_length=64, blank=True, default="", db_default="")
    search_text = SearchField("检索文本")
    due_order = models.GeneratedField(
        verbose_name="期限次序",
        expression=Coalesce(F("due_at"), Value(NO_DEADLINE)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "问题"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due_at"], name="problem_by_due"),
            models.Index(fields=["found_at"], name="problem_by_found"),
            # Lists are told in the order of the key or of the deadline: each filter people use has an index that runs so.
            models.Index(fields=["state", "id"], name="problem_state_newest"),
            models.Index(fields=["state", "due_order", "id"], name="problem_state_deadline"),
            models.Index(fields=["due_order", "id"], name="problem_deadline"),
            models.Index(fields=["area", "state", "id"], name="problem_area_state"),
            models.Index(fields=["unit", "state", "due_order", "id"], name="problem_unit_deadline"),
            models.Index(fields=["category", "state", "id"], name="problem_category_state"),
            models.Index(fields=["site", "state", "id"], name="problem_site_state"),
            models.Index(fields=["source", "state", "id"], name="problem_source_state"),
            models.Index(fields=["id"], condition=Q(rework_count__gt=0), name="problem_reworked"),
            models.Index(fields=["held_by_round"], condition=~Q(held_by_round=""), name="problem_held"),
            models.Index(fields=["origin_kind", "origin_code"], condition=~Q(origin_code=""), name="problem_by_origin"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin_code"],
                condition=Q(origin_kind=REPORT),
                name="problem_report_sent_once",
                violation_error_message="这份上报已经登记过。",
            ),
            models.CheckConstraint(
                name="problem_unit_and_deadline_once_dispatched",
                condition=~Q(state__in=sorted(WITH_A_UNIT)) | Q(unit__isnull=False, due_at__isnull=False),
                violation_error_message="已派遣的问题必须有责任单位和整改期限。",
            ),
            models.CheckConstraint(
                name="problem_fixed_before_closed",
                condition=Q(closed_at__isnull=True) | Q(fixed_at__isnull=False),
                violation_error_message="已销号的问题必须有整改时间。",
            ),
            models.CheckConstraint(
                name="problem_closed_when_closed",
                condition=~Q(state=ProblemState.CLOSED) | Q(closed_at__isnull=False),
                violation_error_message="已销号的问题必须有销号时间。",
            ),
            models.CheckConstraint(
                name="problem_times_in_order",
                condition=(Q(dispatched_at__isnull=True) | Q(dispatched_at__gte=models.F("found_at")))
                & (Q(fixed_at__isnull=True) | Q(fixed_at__gte=models.F("found_at")))
                & (Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("fixed_at"))),
                violation_error_message="派遣、整改、销号时间须不早于前一步。",
            ),
            models.CheckConstraint(
                name="problem_first_closed_when_closed",
                condition=Q(closed_at__isnull=True) | Q(first_closed_at__isnull=False),
                violation_error_message="已销号的问题须有首次销号时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description[:20]}"

    def save(self, *args: Any, **values: Any) -> None:
        """Keeps what is worked out of other columns in step with them."""
        named = values.get("update_fields")
        if named is None or SEARCHED & set(named):
            self.search_text = self.words()
            values |= {} if named is None else {"update_fields": {*named, "search_text"}}
        if self.first_closed_at is None and self.closed_at is not None:
            self.first_closed_at = self.closed_at
            values |= {} if values.get("update_fields") is None else {
                "update_fields": {*values["update_fields"], "first_closed_at"}
            }  # fmt: skip
        super().save(*args, **values)

    def words(self) -> str:
        """What a search finds it by: number, description, and what its place and category are called.

        Households are called after people: their names are not searched.
        """
        site = self.site.name if self.site and not self.site.kind.is_household else ""
        return search_text(self.code, self.description, site, self.area.name, self.category.name)

    @property
    def is_held(self) -> bool:
        return bool(self.held_by_round)


class ProblemPhoto(models.Model):
    """A photo 问题照片 of a problem: as it was found, or as it looks put right."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="photos", db_index=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField("阶段", max_length=8, choices=PhotoStage)
    by_code = models.CharField("上传人编码", max_length=64)
    by_name = models.CharField("上传人", max_length=128)
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "问题照片"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "stage", "attachment"], name="problem_photo_once"),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.stage}"


class Turn(models.Model):
    """The time a unit has had a problem in its hands 经手: from being handed it until it was put right or handed on.

    A long-term stay ends a turn, for it stops the clock; being sent back begins another of the same unit.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="turns")
    unit = models.ForeignKey(Unit, verbose_name="责任单位", on_delete=models.PROTECT, related_name="turns")
    from_at = models.DateTimeField("起")
    to_at = models.DateTimeField("止", null=True, blank=True)
    due_at = models.DateTimeField("整改期限")

    class Meta:
        verbose_name = "经手"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem"], condition=Q(to_at__isnull=True), name="turn_one_open"),
            models.CheckConstraint(
                name="turn_times_in_order",
                condition=Q(to_at__isnull=True) | Q(to_at__gte=models.F("from_at")),
                violation_error_message="经手的止不能早于起。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id}@{self.unit_id}"


class Extension(models.Model):
    """A later deadline a unit asks for 延期, and what was decided (domain §6, Clock)."""

    code = models.CharField("编号", max_length=80, unique=True)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="extensions")
    state = models.CharField("状态", max_length=16, choices=ExtensionState, default=ExtensionState.ASKED)
    old_due_at = models.DateTimeField("原期限")
    new_due_at = models.DateTimeField("申请延至")
    reason = models.TextField("理由")
    by_code = models.CharField("申请人编码", max_length=64)
    by_name = models.CharField("申请人", max_length=128)
    asked_at = models.DateTimeField("申请时间")

    class Meta:
        verbose_name = "延期"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(state=ExtensionState.ASKED), name="extension_one_waiting",
                violation_error_message="这个问题已有一份延期申请在等批复。",
            ),
            models.CheckConstraint(
                name="extension_is_later",
                condition=Q(new_due_at__gt=models.F("old_due_at")),
                violation_error_message="延期后的期限须晚于原期限。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class Escalation(models.Model):
    """A step taken because a deadline comes near or has passed 催办督办; each once for a deadline (domain §6)."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="escalations", db_index=False)
    step = models.CharField("步骤", max_length=16, choices=EscalationStep)
    due_at = models.DateTimeField("整改期限")
    unit = models.ForeignKey(Unit, verbose_name="责任单位", on_delete=models.PROTECT, related_name="escalations")
    at = models.DateTimeField("时间")
    told_count = models.PositiveIntegerField("告知人数", default=0)

    class Meta:
        verbose_name = "催办督办"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "step", "due_at"], name="escalation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.step}"
