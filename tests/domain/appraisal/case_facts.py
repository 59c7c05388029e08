"""Facts of a case read straight from its workbooks, by a reader of its own that knows nothing of the product's."""

import json
import os
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from chuangwei.domain.appraisal.facts import VETOED, ProblemFact, SubjectFact, VisitFact
from chuangwei.domain.inspections.enums import RoundKind
from chuangwei.domain.problems.enums import ProblemState, Source

CHECKOUT = Path(__file__).resolve().parents[3]
CASES = Path(os.environ.get("CHUANGWEI_CASES") or CHECKOUT.parent / "shared" / "cases")
STANDARDS = CHECKOUT / "chuangwei" / "presets" / "standards"


def code(value: Any) -> str:
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    return "".join(unicodedata.normalize("NFKC", str(value)).split())


def instant(value: Any, *, end_of_day: bool = False) -> str:
    """A cell's time as ISO text of Shanghai; empty where the cell is."""
    if value == "" or value is None:
        return ""
    if isinstance(value, str):
        text = value.strip()
        value = datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    bare = not isinstance(value, datetime)
    when = datetime.combine(value, time()) if bare else value
    if end_of_day and when.time() == time():
        when = when.replace(hour=23, minute=59, second=59)
    return when.isoformat(timespec="seconds")


@dataclass
class Case:
    """One case folder."""

    folder: Path

    def rows(self, book: str, sheet: str) -> Iterator[dict[str, Any]]:
        head, *rows = CalamineWorkbook.from_path(str(self.folder / book)).get_sheet_by_name(sheet).to_python()
        names = [str(name).strip() for name in head]
        yield from (dict(zip(names, row, strict=True)) for row in rows if any(cell != "" for cell in row))

    @cached_property
    def preset(self) -> str:
        return (self.folder / "preset.toml").read_text()

    @cached_property
    def asked(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "case.toml").read_text())

    @cached_property
    def expected(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "expected" / "appraisal.json").read_text())
        return found

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Every spelling of a kind of site → its code."""
        found: dict[str, str] = {}
        for kind in tomllib.loads((STANDARDS / "site-kinds.toml").read_text())["kind"]:
            name = code(kind["name"])
            plain = _without_brackets(name)
            for spelled in (kind["code"], name, plain, *plain.replace("、", "/").split("/"), *kind.get("aliases", ())):
                found.setdefault(code(spelled), kind["code"])
        return found

    @cached_property
    def checks(self) -> dict[str, list[dict[str, Any]]]:
        """The checks of each kind of site."""
        sheets = [tomllib.loads(path.read_text(), parse_float=Decimal) for path in STANDARDS.glob("checklists/*.toml")]
        return {sheet["checklist"]["kind"]: sheet["check"] for sheet in sheets}

    @cached_property
    def areas(self) -> dict[str, dict[str, Any]]:
        return {code(row["编码"]): row for row in self.rows("register.xlsx", "区划")}

    @cached_property
    def sites(self) -> dict[str, tuple[str, str]]:
        """Each site's kind and area."""
        return {
            code(row["编码"]): (self.kinds[code(row["类型"])], code(row["区划编码"]))
            for row in self.rows("register.xlsx", "点位")
        }

    def subject_of(self, area: str, kind: str) -> str:
        while area and code(self.areas[area]["类型"]) != kind:
            area = code(self.areas[area]["上级编码"])
        return area

    def subjects(self, kind: str) -> tuple[SubjectFact, ...]:
        return tuple(
            SubjectFact(area, str(row["名称"]).strip())
            for area, row in sorted(self.areas.items())
            if code(row["类型"]) == kind
        )

    def visits(self, kind: str) -> list[VisitFact]:
        rounds = {code(row["编码"]): code(row["类型"]) for row in self.rows("visits.xlsx", "轮次")}
        kinds = {label: value for value, label in RoundKind.choices}
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for row in self.rows("visits.xlsx", "评分"):
            found.setdefault(code(row["检查编号"]), {})[code(row["检查项"])] = row
        visits = []
        for row in self.rows("visits.xlsx", "检查"):
            visit, site = code(row["编号"]), code(row["点位编码"])
            site_kind, area = self.sites[site]
            got, possible, marks = self._points(site_kind, found.get(visit, {}))
            visits.append(
                VisitFact(
                    visit, instant(row["检查时间"]), self.subject_of(area, kind), site, site_kind,
                    kinds[rounds[code(row["轮次编码"])]], got, possible, 0, 0, marks,
                )
            )  # fmt: skip
        return visits

    def _points(self, site_kind: str, answers: dict[str, dict[str, Any]]) -> tuple[int, int, int]:
        got = possible = Decimal(0)
        marks = 0
        for check in self.checks[site_kind]:
            points, answer = Decimal(check["points"]), answers.get(check["code"], {})
            result = code(answer.get("结果", "合格"))
            if result == "不适用":
                continue
            kept = points - (_lost(check, answer, points) if result == "不合格" else 0)
            got, possible = got + kept, possible + points
            if "veto_below_rate" in check and kept < Decimal(check["veto_below_rate"]) * points:
                marks = VETOED
        return int(got * 10000), int(possible * 10000), marks

    def problems(self, kind: str) -> list[ProblemFact]:
        states = {label: value for value, label in ProblemState.choices}
        sources = {label: value for value, label in Source.choices}
        problems = []
        for row in self.rows("ledger.xlsx", "问题"):
            site = code(row["点位编码"])
            area = self.sites[site][1] if site else code(row["区划编码"])
            subject = self.subject_of(area, kind)
            problems.append(
                ProblemFact(
                    code(row["编号"]), sources[code(row["来源"])], states[code(row["状态"])], site or area,
                    code(row["类别"]), instant(row["发现时间"]), instant(row["整改期限"], end_of_day=True),
                    instant(row["整改时间"]), instant(row["销号时间"]), "", subject, subject, "",
                )
            )  # fmt: skip
        return problems


def _lost(check: dict[str, Any], answer: dict[str, Any], points: Decimal) -> Decimal:
    if answer["扣分"] != "":
        return Decimal(repr(answer["扣分"])) if isinstance(answer["扣分"], float) else Decimal(str(answer["扣分"]))
    times = 1 if answer["处数"] == "" else int(answer["处数"])
    return min(points, times * Decimal(check["deduct_per"]))


def _without_brackets(text: str) -> str:
    while "(" in text and ")" in text:
        first, _, rest = text.partition("(")
        text = first + rest.partition(")")[2]
    return text


def cases() -> list[Case]:
    return [Case(path.parent) for path in sorted(CASES.glob("*/case.toml"))]
