"""Choices and permission names of inspections."""

from django.db.models import TextChoices


class RoundKind(TextChoices):
    """The kinds of round 轮次 (domain §7; the names are those of workbooks.md)."""

    REGULAR = "regular", "定期督导"
    DAILY = "daily", "日巡查"
    RANDOM = "random", "随机抽查"
    MUTUAL = "mutual", "互查"
    UNDERCOVER = "undercover", "暗访"
    LEADER = "leader", "带队检查"
    SELF_CHECK = "self_check", "自查"
    EXPERT = "expert", "专家问诊"
    RECHECK = "recheck", "回头看"
    MOCK = "mock", "模拟评审"
    RIVER = "river", "巡河"
    CONTEST = "contest", "比武"


class RoundState(TextChoices):
    """Where a day lies to the days of a round."""

    AHEAD = "ahead", "未开始"
    RUNNING = "running", "进行中"
    OVER = "over", "已结束"


class Choosing(TextChoices):
    """How the sites of a round are chosen."""

    LIST = "list", "指定点位"
    KINDS = "kinds", "整类点位"
    DRAW = "draw", "随机抽取"


class Result(TextChoices):
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"
    NOT_APPLICABLE = "na", "不适用"


class Permission(TextChoices):
    VIEW = "inspections.view", "查看督导检查"
    RECORD = "inspections.record", "录入检查"
    PLAN = "inspections.plan", "安排轮次、抽取点位"
    SEALED = "inspections.sealed", "查看未解封的暗访"
