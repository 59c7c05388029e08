"""The tables every noun shares. They name accounts, areas and things by code and name, never by foreign key."""

import hashlib
import json
from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.db.models import Q


class AuditEvent(models.Model):
    """One deed: who did what to which thing, when, from where. Chained to the one before; never changed."""

    GENESIS: ClassVar[str] = "0" * 64
    HASHED: ClassVar[tuple[str, ...]] = (
        "seq", "at", "recorded_at", "actor_code", "actor_name", "channel",
        "verb", "subject_kind", "subject_code", "note", "details", "previous_hash",
    )  # fmt: skip

    seq = models.BigIntegerField("序号", unique=True)
    at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    actor_code = models.CharField("操作人编码", max_length=64)
    actor_name = models.CharField("操作人", max_length=128)
    channel = models.CharField("渠道", max_length=16)
    verb = models.CharField("动作", max_length=64)
    subject_kind = models.CharField("对象类别", max_length=64)
    subject_code = models.CharField("对象编码", max_length=128)
    note = models.TextField("说明", blank=True)
    details = models.TextField("内容", default="{}")
    previous_hash = models.CharField("前一条摘要", max_length=64)
    hash = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        ordering = ["seq"]
        # One for each way the list is narrowed, all in the order of the list; a day is turned into numbers (audit_list).
        indexes = [
            models.Index(fields=["subject_kind", "subject_code", "seq"], name="audit_by_subject"),
            models.Index(fields=["subject_kind", "seq"], name="audit_by_kind"),
            models.Index(fields=["subject_code", "seq"], name="audit_by_code"),
            models.Index(fields=["actor_code", "seq"], name="audit_by_actor"),
            models.Index(fields=["actor_code", "verb", "seq"], name="audit_by_actor_verb"),
            models.Index(fields=["verb", "seq"], name="audit_by_verb"),
            models.Index(fields=["recorded_at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.actor_name} {self.verb} {self.subject_code}"

    def computed_hash(self) -> str:
        """SHA-256 of the canonical JSON of every field but the hash itself; instants as UTC microseconds."""
        values = {name: getattr(self, name) for name in self.HASHED}
        for name in ("at", "recorded_at"):
            values[name] = f"{values[name].timestamp():.6f}"
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def chain(cls, events: Sequence["AuditEvent"]) -> None:
        """Give each entry its number and hash behind the last one; call it inside a transaction, at its end."""
        if not events:
            return
        head = AuditHead.locked()
        for event in events:
            event.seq, event.previous_hash = head.seq + 1, head.hash
            event.hash = event.computed_hash()
            head.seq, head.hash = event.seq, event.hash
        AuditEvent.objects.bulk_create(events)
        head.save(update_fields=["seq", "hash"])


class AuditHead(models.Model):
    """The chain's last number and hash: one row, so that a cut-off tail shows."""

    ONLY: ClassVar[int] = 1

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=AuditEvent.GENESIS)

    class Meta:
        verbose_name = "审计链头"
        constraints = [models.CheckConstraint(name="audit_head_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"

    @classmethod
    def locked(cls) -> "AuditHead":
        """The head, held until the transaction ends. An UPDATE takes the row on both engines without row locks."""
        if not cls.objects.filter(pk=cls.ONLY).update(seq=models.F("seq")):
            AuditHead.objects.bulk_create([AuditHead(pk=cls.ONLY)], ignore_conflicts=True)
            cls.objects.filter(pk=cls.ONLY).update(seq=models.F("seq"))
        return AuditHead.objects.get(pk=cls.ONLY)


class AuditRoot(models.Model):
    """The chain as it stood when a day was over: printed and signed, it proves the day against the whole machine."""

    day = models.DateField("日期", unique=True)
    last_seq = models.BigIntegerField("末条序号")
    count = models.BigIntegerField("条数")
    hash = models.CharField("日根", max_length=64)
    made_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "审计日根"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"

    @property
    def first_seq(self) -> int:
        return self.last_seq - self.count + 1


class TransitionLog(models.Model):
    """One move of one thing from one state (or value) to another."""

    subject_kind = models.CharField("对象类别", max_length=64)
    subject_code = models.CharField("对象编码", max_length=128)
    move = models.CharField("动作", max_length=48)
    move_name = models.CharField("动作名称", max_length=48)
    source = models.CharField("原状态", max_length=255, blank=True)
    target = models.CharField("新状态", max_length=255, blank=True)
    by_code = models.CharField("操作人编码", max_length=64)
    by_name = models.CharField("操作人", max_length=128)
    at = models.DateTimeField("时间")
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "变动记录"
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_code", "id"], name="transition_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_code} {self.move_name}"


class Attachment(models.Model):
    """A photo or paper handed in, named by the digest of its bytes."""

    digest = models.CharField("摘要", max_length=64, db_index=True)
    name = models.CharField("文件名", max_length=255)
    content_type = models.CharField("类型", max_length=100)
    size = models.BigIntegerField("大小（字节）")
    width = models.PositiveIntegerField("宽（像素）", null=True, blank=True)
    height = models.PositiveIntegerField("高（像素）", null=True, blank=True)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    phash = models.CharField("感知摘要", max_length=16, blank=True, db_index=True)
    subject_kind = models.CharField("对象类别", max_length=64, blank=True)
    subject_code = models.CharField("对象编码", max_length=128, blank=True)
    stored_at = models.DateTimeField("存入时间")
    by_code = models.CharField("存入人编码", max_length=64)

    class Meta:
        verbose_name = "附件"
        indexes = [models.Index(fields=["subject_kind", "subject_code"], name="attachment_by_subject")]
        constraints = [
            models.CheckConstraint(
                name="attachment_position_is_whole",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                violation_error_message="经度和纬度须同时有或同时无。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """A message 消息 inside the program, to one account."""

    recipient_code = models.CharField("收件人编码", max_length=64)
    kind = models.CharField("类别", max_length=48)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True)
    subject_kind = models.CharField("对象类别", max_length=64, blank=True)
    subject_code = models.CharField("对象编码", max_length=128, blank=True)
    sent_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        indexes = [models.Index(fields=["recipient_code", "read_at", "-sent_at"], name="notice_by_recipient")]

    def __str__(self) -> str:
        return self.title


class JobRun(models.Model):
    """One due moment of one job: taken once, whoever ticks first."""

    slug = models.CharField("任务", max_length=100)
    due_at = models.DateTimeField("应运行时间")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    is_ok = models.BooleanField("成功", null=True)
    message = models.TextField("结果", blank=True)

    class Meta:
        verbose_name = "定时任务记录"
        constraints = [models.UniqueConstraint(fields=["slug", "due_at"], name="job_run_once")]

    def __str__(self) -> str:
        return f"{self.slug} {self.due_at:%F %T}"


class PresetVersion(models.Model):
    """One state of a preset file, kept whole: what held then can always be read and computed again."""

    slug = models.CharField("预设", max_length=64)
    number = models.PositiveIntegerField("版本")
    title = models.CharField("名称", max_length=100)
    body = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)
    loaded_at = models.DateTimeField("载入时间")
    loaded_by = models.CharField("载入人", max_length=128)

    class Meta:
        verbose_name = "预设版本"
        constraints = [
            models.UniqueConstraint(fields=["slug", "number"], name="preset_version_number"),
            models.UniqueConstraint(fields=["slug", "digest"], name="preset_version_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} 第 {self.number} 版"


class PresetUse(models.Model):
    """A preset version holds in an area and all below it, from a day on (none: since ever)."""

    version = models.ForeignKey(PresetVersion, on_delete=models.PROTECT, related_name="uses")
    area_code = models.CharField("区划编码", max_length=64, blank=True)
    from_on = models.DateField("起始日期", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    by_name = models.CharField("登记人", max_length=128)

    class Meta:
        verbose_name = "预设启用"
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "from_on"],
                name="preset_use_once_a_day",
                violation_error_message="这个区划在这一天已经启用了一个预设。",
            ),
            models.UniqueConstraint(
                fields=["area_code"],
                condition=Q(from_on__isnull=True),
                name="preset_use_once_since_ever",
                violation_error_message="这个区划已经有一个从一开始就启用的预设。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} @ {self.area_code or '全域'}"


class Installation(models.Model):
    """What this installation is: the county that owns it. One row."""

    ONLY: ClassVar[int] = 1

    county = models.CharField("县（市、区）", max_length=100)
    started_at = models.DateTimeField("启用时间")

    class Meta:
        verbose_name = "安装"
        constraints = [models.CheckConstraint(name="installation_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.county
