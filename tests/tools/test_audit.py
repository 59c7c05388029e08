"""Advisories: a finding fails, an accepted one passes until its day, and silence is never a clean bill."""

import importlib
import json
from datetime import date
from types import ModuleType

import pytest

from tests.architecture.house import ROOT

TODAY = date(2026, 11, 22)


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("audit")


def pip_says(**packages: list[dict[str, str]] | None) -> str:
    return json.dumps({
        "dependencies": [
            {"name": name, "version": "1.0", "vulns": vulns} if vulns is not None else {"name": name, "skip_reason": "?"}
            for name, vulns in packages.items()
        ]
    })  # fmt: skip


def test_a_python_finding_is_named(audit: ModuleType) -> None:
    found = audit.python_findings(pip_says(a=[], b=[{"id": "CVE-1", "description": "bad"}]))
    assert found == [audit.Finding("b", "1.0", "CVE-1", "bad")]
    assert audit.python_findings(pip_says(a=[])) == []


@pytest.mark.parametrize("answer", ["", "no json", "[]", "{}", pip_says(a=None, b=[])])
def test_python_silence_is_not_a_clean_bill(audit: ModuleType, answer: str) -> None:
    with pytest.raises(audit.NotAnswered):
        audit.python_findings(answer, "Connection refused")


def test_a_page_finding_is_named_once_and_only_where_it_matters(audit: ModuleType) -> None:
    serious = {"source": 7, "title": "bad", "severity": "high"}
    answer = {"vulnerabilities": {
        "a": {"range": "<2", "via": [serious]}, "b": {"range": "*", "via": ["a"]},
        "c": {"range": "*", "via": [serious | {"severity": "low"}]},
    }}  # fmt: skip
    assert audit.page_findings(json.dumps(answer)) == [audit.Finding("a", "<2", "7", "bad")]
    assert audit.page_findings('{"vulnerabilities": {}}') == []


@pytest.mark.parametrize("answer", ["", "{}", '{"message": "405 Method Not Allowed"}', '{"error": {"code": "E"}}'])
def test_page_silence_is_not_a_clean_bill(audit: ModuleType, answer: str) -> None:
    with pytest.raises(audit.NotAnswered):
        audit.page_findings(answer)


@pytest.mark.parametrize(
    ("until", "is_well", "word"),
    [(None, False, "有漏洞"), (date(2026, 11, 22), True, "已接受至"), (date(2026, 11, 21), False, "接受已到期")],
)
def test_a_finding_passes_only_while_it_is_accepted(
    audit: ModuleType, until: date | None, is_well: bool, word: str
) -> None:
    accepted = [audit.Acceptance("b", "CVE-1", "不用这一部分", until)] if until else []
    answer, lines = audit.verdict([audit.Finding("b", "1.0", "CVE-1")], accepted, today=TODAY)
    assert (answer, len(lines), lines[0].startswith(word)) == (is_well, 1, True)


def test_an_acceptance_nothing_needs_is_said(audit: ModuleType) -> None:
    assert audit.verdict([], [audit.Acceptance("b", "CVE-1", "x", TODAY)], today=TODAY) == (
        True, ["可以删去：b CVE-1 已不再出现"],
    )  # fmt: skip


def test_what_is_accepted_has_a_reason_and_a_day(audit: ModuleType) -> None:
    for one in audit.acceptances(audit.ACCEPTED.read_text(encoding="utf-8")):
        assert one.reason.strip()
        assert isinstance(one.until, date)
    example = '[[accepted]]\npackage = "a"\nid = "X"\nreason = "r"\nuntil = 2027-01-31\n'
    assert audit.acceptances(example) == [audit.Acceptance("a", "X", "r", date(2027, 1, 31))]


def test_where_nobody_answers_the_step_says_so(audit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    def silent() -> list:
        raise audit.NotAnswered("没有网络")

    answer = audit.audit(silent)
    assert isinstance(answer, str)
    assert answer.startswith("未能查询公告")
    outcome = importlib.import_module("steps").Outcome.unknown("已知漏洞", answer, 1.0)
    assert importlib.import_module("steps").report([outcome]) == 0
    assert "? 已知漏洞：未能查询公告" in capsys.readouterr().out
    assert audit.audit(lambda: [audit.Finding("b", "1.0", "CVE-1")]) is False
    assert audit.audit(list) is True


def test_a_program_that_is_not_there_is_silence(audit: ModuleType) -> None:
    with pytest.raises(audit.NotAnswered):
        audit._asked(["/no/such/program"])
