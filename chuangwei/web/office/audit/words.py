"""The audit chain in words: kinds of thing, what an entry holds, where the thing is shown."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps

from chuangwei.core.actor import Actor
from chuangwei.core.models import AuditEvent
from chuangwei.web.shared.links import page_of

KINDS = {
    "office.import": "工作簿导入",
    "office.export": "工作簿导出",
    "web.listing": "列表导出",
    "standards.library": "标准库",
    "core.key": "密钥",
    "demo.town": "示范镇",
    "inspections.answer": "检查照片",
    "installation.backup": "备份",
}
"""What stands in the chain and is no row of a table."""

NAMES = {
    "added": "新增", "address": "来自", "before": "原为", "candidates_hash": "名单摘要", "changed": "变更",
    "code": "编码", "column": "字段", "area": "区划", "computation": "计算版本", "ends": "止", "made_at": "备份时间", "position": "位置", "problems": "问题",
    "provider": "身份来源", "retired": "停用", "sessions": "会话", "uid": "外部账号", "count": "数量", "digest": "摘要", "drawn": "抽中",
    "got": "得分", "left": "还剩", "parent": "上级", "round": "轮次", "told": "告知人数", "units": "单位", "ways": "登录方式",
    "due_at": "整改期限", "fields": "改动", "file": "文件", "files": "文件", "from": "起", "held_on": "日期",
    "hours": "时段", "holder": "责任人", "into": "并入", "is_main": "主要任职", "kind": "类别", "masked": "号码",
    "method": "方式", "months": "保存月数", "name": "名称", "notices": "提示", "number": "版本", "on": "日期",
    "periods": "周期", "place": "对象", "query": "筛选", "reason": "理由", "role": "角色", "roles": "角色",
    "rows": "行数", "scope": "范围", "seconds": "秒数", "seed_hash": "种子摘要", "sha256": "SHA-256", "since": "自",
    "site": "点位", "slug": "代号", "state": "状态", "subject": "对象", "title": "名称", "to": "止",
    "taken_back": "收回消息数", "taken_from": "收回自", "unchanged": "不变", "unit": "单位", "version": "版本", "what": "内容", "word": "公开词",
}  # fmt: skip
CODED = {
    "area": "places.area", "into": "places.area", "检查范围": "places.area", "site": "places.site", "place": "place",
    "unit": "organisation.unit", "units": "organisation.unit", "督查组": "organisation.unit", "parent": "organisation.unit",
    "holder": "holder", "成员": "holder", "roles": "role", "round": "inspections.round", "state": "state",
    "整类点位": "places.sitekind", "taken_from": "organisation.account",
}  # fmt: skip
"""What kind of thing the codes under a name stand for."""
CODED_OF = {"places.site": {"kind": "places.sitekind"}, "documents.paper": {"kind": "document"}}
"""The same where it goes by what the entry is of."""
SCOPE, BEFORE = "scope", "before"
UNIT_WORD = "单位 "
HAN = re.compile("[\u4e00-\u9fff]")
Naming = Callable[[str, str], str]
"""What a code of some kind of thing is called; the code itself where nobody knows."""
LONG = re.compile("[0-9a-f]{32,}")
DIGEST_TOLD = re.compile("，(SHA-256|摘要) [0-9a-f]{64}|(SHA-256|摘要) [0-9a-f]{64}，?")
"""Digests belong to the page of an entry; in a list they only push aside what people read."""
OTHER = "其他"
UNHEARD = "其他（{name}）"
YES, NO, NONE = "是", "否", "无"
MOST_ITEMS = 200
"""A list longer than this is told by its beginning and its length."""


@dataclass(frozen=True)
class Fact:
    name: str
    value: str


def kind_title(kind: str) -> str:
    """What people call a kind of thing: the name of its table, or of what is no table."""
    if kind in KINDS:
        return KINDS[kind]
    app, _, model = kind.partition(".")
    try:
        return str(apps.get_model(app, model)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def address_of(event: AuditEvent, actor: Actor) -> str:
    """The page of the thing, for whoever may look at such things at all; empty where it has none."""
    app, _, noun = event.subject_kind.partition(".")
    return page_of(noun, event.subject_code) if actor.may(f"{app}.view") else ""


def as_written(_kind: str, code: str) -> str:
    return code


def facts(details: str, naming: Naming = as_written, *, of: str = "") -> list[Fact]:
    """What an entry of some kind of thing holds, fact by fact, with the names of what stands there by its code."""
    try:
        held = json.loads(details)
    except ValueError:
        return [Fact(OTHER, details)]
    if not isinstance(held, dict):
        return [Fact(OTHER, _told(held))]
    return [Fact(label_of(name), _told(value, _reader(name, value, naming, of))) for name, value in held.items()]


def label_of(name: str) -> str:
    """What a fact is called. Some name themselves in words; one that nobody gave words to yet says that it is such."""
    if name in NAMES:
        return NAMES[name]
    told = period_words(name)
    return told if HAN.search(told) else UNHEARD.format(name=name)


def period_words(slug: str) -> str:
    """2026-W36 is 2026年第36周, 2026-09 is 2026年9月; anything else is left as it is."""
    week = re.fullmatch(r"(\d{4})-W(\d\d)", slug)
    if week:
        return f"{week[1]}年第{int(week[2])}周"
    month = re.fullmatch(r"(\d{4})-(\d\d)", slug)
    return f"{month[1]}年{int(month[2])}月" if month else slug


def _reader(name: str, value: Any, naming: Naming, of: str) -> Callable[[str], str]:
    if name == SCOPE or (name == BEFORE and isinstance(value, str)):
        return partial(_scope, naming=naming)
    kind = "role" if name == BEFORE else (CODED | CODED_OF.get(of, {})).get(name)
    if kind is None:
        return str
    return lambda text: "、".join(naming(kind, code) for code in text.split("、"))


def _scope(text: str, naming: Naming) -> str:
    """The scope of an account as its history keeps it: words and codes, with commas between."""
    return "，".join(_scope_word(word, naming) for word in text.split("，"))


def _scope_word(word: str, naming: Naming) -> str:
    if word.startswith(UNIT_WORD):
        return UNIT_WORD + naming("organisation.unit", word.removeprefix(UNIT_WORD))
    return word if HAN.search(word) else naming("places.area", word)


def summary(event: AuditEvent, naming: Naming = as_written) -> str:
    """One line for a list: the reason where there is one, else what the entry holds."""
    if event.note:
        return event.note
    told = [
        f"{fact.name} {fact.value}"
        for fact in facts(event.details, naming, of=event.subject_kind)
        if not LONG.fullmatch(fact.value)
    ]
    return "；".join(DIGEST_TOLD.sub("", fact) for fact in told)


def _told(value: Any, read: Callable[[str], str] = str) -> str:
    if value is None or value in ("", [], {}):
        return NONE
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Mapping):
        return "，".join(f"{NAMES.get(name, name)} {_told(one, read)}" for name, one in _some(list(value.items())))
    if isinstance(value, list):
        return "、".join(_told(one, read) for one in value[:MOST_ITEMS]) + _rest(value)
    return read(str(value))


def _some(items: Sequence[Any]) -> Iterator[Any]:
    yield from items[:MOST_ITEMS]


def _rest(value: Sequence[Any]) -> str:
    return f" … 共 {len(value)} 项" if len(value) > MOST_ITEMS else ""
