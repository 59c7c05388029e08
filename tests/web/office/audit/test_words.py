import json

import pytest

from chuangwei.core.models import AuditEvent
from chuangwei.web.office.audit.words import Fact, facts, kind_title, period_words, summary


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("problems.problem", "问题"),
        ("organisation.person", "人员"),
        ("office.import", "工作簿导入"),
        ("core.key", "密钥"),
        ("places.nothing", "places.nothing"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_kind_title(kind, title):
    assert kind_title(kind) == title


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ({}, []),
        ({"count": 3, "unheard": "x"}, [Fact("数量", "3"), Fact("其他（unheard）", "x")]),
        ({"roles": ["office", "leader"], "scope": ""}, [Fact("角色", "office、leader"), Fact("范围", "无")]),
        ({"is_main": True, "from": None}, [Fact("主要任职", "是"), Fact("起", "无")]),
        ({"files": [{"file": "a.xlsx", "sha256": "ab"}]}, [Fact("文件", "文件 a.xlsx，SHA-256 ab")]),
        ({"fields": list(range(201))}, [Fact("改动", "、".join(map(str, range(200))) + " … 共 201 项")]),
        ([1, 2], [Fact("其他", "1、2")]),
    ],
)
def test_facts(held, told):
    assert facts(json.dumps(held)) == told


def test_what_is_no_json_is_told_as_it_is():
    assert facts("坏的{") == [Fact("其他", "坏的{")]


def test_a_reason_goes_before_what_an_entry_holds():
    assert summary(AuditEvent(note="因为", details='{"count":1}')) == "因为"
    assert summary(AuditEvent(details='{"count":1,"rows":2}')) == "数量 1；行数 2"


def test_a_list_leaves_digests_out():
    held = {"digest": "a" * 64, "files": [{"file": "a.xlsx", "sha256": "b" * 64}], "number": 3}
    assert summary(AuditEvent(details=json.dumps(held))) == "文件 文件 a.xlsx；版本 3"


@pytest.mark.parametrize(
    ("held", "of", "told"),
    [
        ({"ways": ["密码", "身份验证器"]}, "organisation.account", "登录方式 密码、身份验证器"),
        ({"told": 0, "unit": "SQ07"}, "problems.problem", "告知人数 0；单位 <organisation.unit SQ07>"),
        ({"roles": ["office"], "before": ["leader"]}, "organisation.account", "角色 <role office>；原为 <role leader>"),
        (
            {"before": "全域", "scope": "6201，单位 U1，按责任"}, "organisation.account",
            "原为 全域；范围 <places.area 6201>，单位 <organisation.unit U1>，按责任",
        ),
        ({"units": ["U1", "U2"]}, "documents.paper", "单位 <organisation.unit U1>、<organisation.unit U2>"),
        ({"kind": "lane"}, "places.site", "类别 <places.sitekind lane>"),
        ({"kind": "roster"}, "documents.paper", "类别 <document roster>"),
        ({"kind": "x"}, "places.area", "类别 x"),
        ({"成员": "P1、U1", "时段": "08:00-12:00"}, "inspections.round", "成员 <holder P1>、<holder U1>；时段 08:00-12:00"),
        ({"state": "fixed"}, "problems.problem", "状态 <state fixed>"),
        ({"2026-W36": {"digest": "a" * 64, "version": 2}}, "appraisal.period", "2026年第36周 版本 2"),
        ({"place": ""}, "organisation.duty", "对象 无"),
    ],
)  # fmt: skip
def test_codes_are_told_by_name(held, of, told):
    event = AuditEvent(subject_kind=of, details=json.dumps(held))
    assert summary(event, lambda kind, code: f"<{kind} {code}>") == told


@pytest.mark.parametrize(
    ("slug", "told"),
    [("2026-W06", "2026年第6周"), ("2026-09", "2026年9月"), ("2026-Q3", "2026-Q3"), ("", "")],
)
def test_period_words(slug, told):
    assert period_words(slug) == told
