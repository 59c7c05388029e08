"""Choices and permission names of standards."""

from django.db.models import TextChoices

TO_CHECK_LABEL = "待核"
"""Printed beside every value nobody has yet compared with the original paper."""


class EditionStatus(TextChoices):
    CURRENT = "current", "现行"
    SUPERSEDED = "superseded", "已废止"
    CHECK = "check", "现行状态待核"
    PLACEHOLDER = "placeholder", "占位"


class Level(TextChoices):
    """What an edition or an item is meant for."""

    CITY = "city", "城市"
    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇"


class ItemKind(TextChoices):
    QUALITATIVE = "qualitative", "定性"
    QUANTITATIVE = "quantitative", "定量"


class Comparator(TextChoices):
    """How a value is held against the threshold of an item (domain §4)."""

    AT_LEAST = ">=", "不低于"
    AT_MOST = "<=", "不高于"
    ABOVE = ">", "高于"
    BELOW = "<", "低于"
    EXISTS = "exists", "有"
    MEETS = "meets", "符合"
    DECREASING = "decreasing", "逐年下降"
    DECLINING = "declining", "呈下降趋势"
    NOT_ABOVE_AVERAGE = "not_above_avg5", "不高于近5年平均"
    AT_LEAST_PLAN = ">=plan", "不低于规划值"
    AT_LEAST_REFERENCE = ">=ref", "不低于参照值"
    AT_LEAST_LEVEL = "level>=", "不低于等级"


WITH_THRESHOLD = frozenset({Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.ABOVE, Comparator.BELOW})


class Alternative(TextChoices):
    """What an item accepts instead of its threshold: “或……”."""

    RISING = "rising", "或逐年提高"
    FALLING = "falling", "或逐年降低"
    BY_PERSON = "by_person", "另有条件，由人判定"


class Outcome(TextChoices):
    """A verdict 达标判定. The rules give the first three or 待核; the others are a person's (domain §5)."""

    MET = "met", "达标"
    UNMET = "unmet", "未达标"
    TO_CHECK = "to_check", TO_CHECK_LABEL
    NEARLY = "nearly", "基本达标"
    NOT_CONCERNED = "not_concerned", "不涉及"


class AddsUp(TextChoices):
    """How an indicator adds up over areas and periods."""

    SUM = "sum", "合计"
    LATEST = "latest", "取最新"
    MEAN = "mean", "平均"
    RATIO = "ratio", "两数之比"


class TimeUnit(TextChoices):
    """The units of the time allowed; the first runs round the clock (domain §4, §6)."""

    EMERGENCY_HOUR = "emergency_hour", "紧急工作时"
    WORK_HOUR = "work_hour", "工作时"
    WORK_DAY = "work_day", "工作日"


class Matter(TextChoices):
    """What a category of problem is about."""

    EVENT = "event", "管理事项"
    PART = "part", "管理部件异常"
    EXTENSION = "extension", "创卫扩展"


class CheckRule(TextChoices):
    """How a check loses its points (domain §4)."""

    DEDUCT = "deduct", "按处扣分"
    PASS = "pass", "全有或全无"
    GRADE = "grade", "分档"


class Permission(TextChoices):
    VIEW = "standards.view", "查看标准库"
    LOAD = "standards.load", "载入标准库"
