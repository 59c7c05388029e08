"""Choices and permission names of the organisation."""

from django.db.models import TextChoices

UNIT_KINDS = (
    "领导小组", "办公室", "专班", "片区推进组", "部门", "社区", "村", "督查组", "成员单位", "企业",
)  # fmt: skip
"""The kinds of unit a register workbook may name (workbooks.md)."""

COMMITTEE_KINDS = ("社区", "村", "街道", "乡镇")
"""Units of these kinds are the committee of the area they belong to (domain §3)."""

KNOWN_UNIT_KINDS = tuple(dict.fromkeys((*UNIT_KINDS, *COMMITTEE_KINDS)))
"""Every kind a unit may be given."""


class Permission(TextChoices):
    VIEW = "organisation.view", "查看单位、人员和责任"
    EDIT = "organisation.edit", "维护单位、人员和责任"
    REVEAL = "organisation.reveal", "查看人员手机号"
    EXPORT_PERSONAL = "organisation.export-personal", "导出完整手机号"
    ACCOUNTS = "organisation.accounts", "管理账号"
    IMPORT = "workbooks.import", "导入工作簿"
    EXPORT = "workbooks.export", "导出工作簿"
    PRESETS = "presets.edit", "启用预设"
    AUDIT = "audit.view", "查看审计"


class ReadingReason(TextChoices):
    """Why somebody reads a private phone. Any of them may be said more exactly; "other" must be."""

    DUTY = "duty", "核对责任人"
    CONTACT = "contact", "联系整改或核查"
    MEETING = "meeting", "通知会议或任务"
    REPORT = "report", "核实举报或来电"
    REGISTER = "register", "核对底册"
    OTHER = "other", "其他（请写明）"


READ_PHONE, LOOKED_UP, EXPORTED_PHONES = "查阅手机号", "按号码查人", "导出手机号"
READINGS = (READ_PHONE, LOOKED_UP, EXPORTED_PHONES)
"""The verbs under which readings of personal data stand in the audit chain."""
PERSON_SUBJECT = "organisation.person"
EVERYBODY, NOBODY_FOUND = "全部人员", "没有找到"
"""What stands for a person's code where a reading is of the whole register, or found nobody."""
