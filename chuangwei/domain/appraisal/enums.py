"""Choices and permission names of appraisal."""

from django.db.models import TextChoices


class PeriodKind(TextChoices):
    """How long a period of a series is (domain §8)."""

    DAY = "day", "日"
    WEEK = "week", "周"
    FORTNIGHT = "fortnight", "两周"
    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    YEAR = "year", "年"


class PeriodState(TextChoices):
    """The life of a period: a published one is open to objections, a final one is frozen (domain §8)."""

    OPEN = "open", "进行中"
    COMPUTED = "computed", "已计算"
    PUBLISHED = "published", "公示中"
    FINAL = "final", "已定案"


class Flag(TextChoices):
    RED = "red", "红旗"
    YELLOW = "yellow", "黄旗"


class ConsequenceKind(TextChoices):
    """What follows from a ranking, besides flags and money."""

    STATEMENT = "statement", "表态发言"
    LEAD = "lead", "先进发言"
    INTERVIEW = "interview", "约谈"


class ConsequenceState(TextChoices):
    """Proposed at publication, due at finality, held with minutes; withdrawn where the figures changed (domain §8)."""

    PROPOSED = "proposed", "拟办"
    DUE = "due", "待办"
    HELD = "held", "已办"
    WITHDRAWN = "withdrawn", "已撤销"


class SettlementState(TextChoices):
    COMPUTED = "computed", "已核算"
    APPROVED = "approved", "已批准"


class Permission(TextChoices):
    VIEW = "appraisal.view", "查看评比"
    COMPUTE = "appraisal.compute", "计算评比"
    PUBLISH = "appraisal.publish", "公示评比、定案"
    SETTLE = "appraisal.settle", "核算奖惩"
    APPROVE = "appraisal.approve", "批准奖补"
    CARRY_OUT = "appraisal.carry_out", "办理表态发言和约谈"
