"""Papers, their versions, the counters their numbers come from, and to whom they went (domain §10)."""

from typing import Any

from django.db import models
from django.db.models import Q

from chuangwei.domain.documents.enums import Layout, PaperState
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area

NUMBERED = (PaperState.SIGNED, PaperState.ISSUED)


class Paper(models.Model):
    """One paper 公文. Without an area it is about the whole installation.

    `about` is what its kind was told; its words are in its versions. A number, once taken, stays taken.
    """

    code = models.CharField("编号", max_length=32, unique=True)
    kind = models.CharField("种类", max_length=48)
    title = models.CharField("标题", max_length=200)
    state = models.CharField("状态", max_length=16, choices=PaperState, default=PaperState.DRAFT)
    layout = models.CharField("版式", max_length=16, choices=Layout, default=Layout.OFFICIAL)
    area = models.ForeignKey(
        Area, verbose_name="区划", null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    about: "models.JSONField[Any, Any]" = models.JSONField("事由", default=dict)
    subject_kind = models.CharField("对象类别", max_length=64, blank=True)
    subject_code = models.CharField("对象编码", max_length=160, blank=True)
    issuer_code = models.CharField("发文机关代字", max_length=32, blank=True)
    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    number = models.PositiveIntegerField("序号", null=True, blank=True)
    number_text = models.CharField("发文字号", max_length=64, blank=True)
    drafted_at = models.DateTimeField("起草时间")
    drafted_by_code = models.CharField("起草人编码", max_length=64)
    drafted_by_name = models.CharField("起草人", max_length=128)
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    signed_by_code = models.CharField("签发人编码", max_length=64, blank=True)
    signed_by_name = models.CharField("签发人", max_length=128, blank=True)
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "公文"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "-id"], name="paper_by_state"),
            models.Index(fields=["kind", "-id"], name="paper_by_kind"),
            models.Index(fields=["subject_kind", "subject_code"], name="paper_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer_code", "year", "number"],
                condition=Q(number__isnull=False),
                name="paper_number_once",
                violation_error_message="这个发文字号已经用过。",
            ),
            models.CheckConstraint(
                name="paper_number_is_whole",
                condition=Q(number__isnull=True, year__isnull=True, number_text="", issuer_code="")
                | Q(number__gte=1, year__isnull=False) & ~Q(number_text="") & ~Q(issuer_code=""),
                violation_error_message="发文字号须代字、年份、序号齐全。",
            ),
            models.CheckConstraint(
                name="paper_numbered_once_signed",
                condition=Q(state__in=[PaperState.DRAFT, PaperState.SENT], number__isnull=True, signed_at__isnull=True)
                | Q(state__in=NUMBERED, number__isnull=False, signed_at__isnull=False)
                | Q(state=PaperState.WITHDRAWN),
                violation_error_message="签发的公文须有发文字号，未签发的不能有。",
            ),
            models.CheckConstraint(
                name="paper_issued_with_time",
                condition=~Q(state=PaperState.ISSUED) | Q(issued_at__isnull=False),
                violation_error_message="已印发的公文须有印发时间。",
            ),
            models.CheckConstraint(
                name="paper_withdrawn_with_time",
                condition=Q(state=PaperState.WITHDRAWN, withdrawn_at__isnull=False)
                | ~Q(state=PaperState.WITHDRAWN) & Q(withdrawn_at__isnull=True),
                violation_error_message="已撤回的公文须有撤回时间，其余的不能有。",
            ),
        ]

    def __str__(self) -> str:
        return self.number_text or self.title


class PaperVersion(models.Model):
    """One state of a paper's words, kept whole, never changed 公文稿本: both editions as blocks in canonical JSON."""

    paper = models.ForeignKey(Paper, verbose_name="公文", on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField("稿次")
    inner = models.TextField("内部版")
    public = models.TextField("公开版")
    digest = models.CharField("摘要", max_length=64)
    note = models.CharField("说明", max_length=200, blank=True)
    made_at = models.DateTimeField("成稿时间")
    by_code = models.CharField("成稿人编码", max_length=64)
    by_name = models.CharField("成稿人", max_length=128)

    class Meta:
        verbose_name = "公文稿本"
        ordering = ["paper", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "version"], name="paper_version_once",
                violation_error_message="这一稿已经有了，请刷新后再试。",
            ),
            models.CheckConstraint(
                name="paper_version_from_one", condition=Q(version__gte=1), violation_error_message="稿次从 1 起。"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.paper_id} 第 {self.version} 稿"


class PaperCounter(models.Model):
    """The last number an issuer's code has given in a year 发文序号: one row, moved by one conditional UPDATE."""

    issuer_code = models.CharField("发文机关代字", max_length=32)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后序号", default=0)

    class Meta:
        verbose_name = "发文序号"
        constraints = [models.UniqueConstraint(fields=["issuer_code", "year"], name="paper_counter_once")]

    def __str__(self) -> str:
        return f"{self.issuer_code}〔{self.year}〕{self.last}"


class Delivery(models.Model):
    """An issued paper on its way to a unit 分送; signed for 签收 by somebody who speaks for that unit."""

    paper = models.ForeignKey(Paper, verbose_name="公文", on_delete=models.PROTECT, related_name="deliveries")
    unit = models.ForeignKey(Unit, verbose_name="收文单位", on_delete=models.PROTECT, related_name="deliveries")
    sent_at = models.DateTimeField("分送时间")
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    received_by_code = models.CharField("签收人编码", max_length=64, blank=True)
    received_by_name = models.CharField("签收人", max_length=128, blank=True)

    class Meta:
        verbose_name = "公文分送"
        ordering = ["paper", "unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "unit"], name="delivery_once", violation_error_message="这个单位已经分送过。"
            ),
            models.CheckConstraint(
                name="delivery_received_by_somebody",
                condition=Q(received_at__isnull=True, received_by_code="")
                | Q(received_at__isnull=False) & ~Q(received_by_code=""),
                violation_error_message="签收须有时间和签收人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}→{self.unit_id}"
