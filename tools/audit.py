"""Known vulnerabilities of what we install: pip-audit for Python, npm audit for the pages.

    .venv/bin/python tools/audit.py

A finding fails, unless requirements/advisories.toml accepts it: with a reason, and until a day. Where nobody answers,
nothing is known, and that is what is said; it is never taken for a clean bill.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bootstrap import BIN, FRONTEND, REQUIREMENTS, node_folder

ACCEPTED = REQUIREMENTS / "advisories.toml"
LOCKS = ("runtime", "dev", "bootstrap")
SECONDS = 180
SERIOUS = frozenset({"moderate", "high", "critical"})


class NotAnswered(Exception):
    """The advisories could not be asked for; the message says why."""


@dataclass(frozen=True, order=True)
class Finding:
    """One advisory that concerns one package of ours."""

    package: str
    version: str
    id: str
    about: str = ""


@dataclass(frozen=True)
class Acceptance:
    """A finding somebody has looked at: why it does not concern us, and until when that is believed."""

    package: str
    id: str
    reason: str
    until: date


def of_python() -> list[Finding]:
    """Of every lock; the development tools count too, for they run on the machines that build."""
    found: set[Finding] = set()
    for lock in LOCKS:
        asked = _asked([
            str(BIN / "pip-audit"), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json",
            "--requirement", str(REQUIREMENTS / f"{lock}.lock"),
        ])  # fmt: skip
        found |= set(python_findings(asked.stdout, asked.stderr))
    return sorted(found)


def python_findings(answer: str, said: str = "") -> list[Finding]:
    """What pip-audit's JSON says; NotAnswered where it could not ask about every package."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise NotAnswered((said.strip().splitlines() or ["pip-audit 没有给出结果"])[-1][:200]) from None
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped:
        raise NotAnswered(f"{len(packages)} 个包中有 {len(skipped)} 个查不到：{'、'.join(skipped[:3])} …")
    return [
        Finding(package["name"], package["version"], each["id"], (each.get("description") or "")[:100])
        for package in packages
        for each in package["vulns"]
    ]


def of_pages() -> list[Finding]:
    folder = node_folder()
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"} if folder else {}
    asked = _asked(["npm", "audit", "--json", "--loglevel=error"], cwd=FRONTEND, env=env)
    return page_findings(asked.stdout)


def page_findings(answer: str) -> list[Finding]:
    """What npm's JSON says; NotAnswered where it is no report."""
    try:
        told = json.loads(answer)
        packages: dict[str, Any] = told["vulnerabilities"]
    except ValueError:
        raise NotAnswered("npm audit 没有给出结果") from None
    except KeyError:
        raise NotAnswered(str(told.get("message") or told.get("error") or "npm audit 没有给出结果")[:200]) from None
    return sorted(
        Finding(name, package.get("range", ""), str(each.get("source", "")), each.get("title", ""))
        for name, package in packages.items()
        for each in package["via"]
        # A name instead of a report: only because it needs another that is listed by itself.
        if isinstance(each, dict) and each.get("severity") in SERIOUS
    )


def acceptances(written: str) -> list[Acceptance]:
    return [Acceptance(**each) for each in tomllib.loads(written).get("accepted", [])]


def verdict(findings: Iterable[Finding], accepted: Iterable[Acceptance], *, today: date) -> tuple[bool, list[str]]:
    """Whether all is well, and what to say: an acceptance that has run out, or that nothing needs any more, is said."""
    lines, is_well, needed = [], True, set()
    known = {(one.package, one.id): one for one in accepted}
    for finding in findings:
        one = known.get((finding.package, finding.id))
        name = f"{finding.package} {finding.version} {finding.id}"
        if one is not None:
            needed.add(one)
        if one is not None and today <= one.until:
            lines.append(f"已接受至 {one.until}：{name}（{one.reason}）")
            continue
        is_well = False
        lines.append(f"{'接受已到期' if one else '有漏洞'}：{name} {finding.about}".rstrip())
    lines += [f"可以删去：{one.package} {one.id} 已不再出现" for one in known.values() if one not in needed]
    return is_well, lines


def audit(ask: Callable[[], list[Finding]]) -> bool | str:
    """True or False; a sentence where nothing could be asked, which does not stop the rest."""
    try:
        findings = ask()
    except NotAnswered as silence:
        return f"未能查询公告，不知道有没有已知漏洞（{silence}）"
    is_well, lines = verdict(
        findings, acceptances(ACCEPTED.read_text(encoding="utf-8")), today=datetime.now(UTC).date()
    )  # fmt: skip
    print("\n".join(lines) or "没有已知漏洞。")
    return is_well


def _asked(command: list[str], **where: Any) -> "subprocess.CompletedProcess[str]":
    env = os.environ | where.pop("env", {})
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS, env=env, **where)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotAnswered(str(error)[:200]) from None


PARTS = {"已知漏洞：Python（pip-audit）": of_python, "已知漏洞：页面（npm audit）": of_pages}


def main() -> int:
    answers = {title: audit(ask) for title, ask in PARTS.items()}
    for title, answer in answers.items():
        print(f"{title}：{answer if isinstance(answer, str) else '通过' if answer else '未通过'}")
    return 1 if False in answers.values() else 0


if __name__ == "__main__":
    sys.exit(main())
