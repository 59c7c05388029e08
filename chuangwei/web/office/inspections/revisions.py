"""The versions of a corrected visit, as what each correction changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.models import Visit, VisitRevision
from chuangwei.domain.standards.models import Check
from chuangwei.web.shared.templatetags.words import points

PASSED = "合格"


@dataclass(frozen=True)
class Change:
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One correction: from which version to which, by whom, why, and what it changed."""

    version: int
    at: datetime
    by: str
    reason: str
    changes: Sequence[Change]


def told(visit: Visit, revisions: Sequence[VisitRevision]) -> list[Told]:
    """The corrections in time; each compares what stood before it with what stood after."""
    if not revisions:
        return []
    contents: list[Mapping[str, Any]] = [*(one.content for one in revisions), _content_now(visit)]
    texts = _texts(visit, contents)
    return [
        Told(
            one.version, one.corrected_at, one.by_name, one.reason,
            _changes(contents[place], contents[place + 1], texts),
        )
        for place, one in enumerate(revisions)
    ]  # fmt: skip


def _content_now(visit: Visit) -> dict[str, Any]:
    """The visit as it stands, in the shape its earlier versions are kept in."""
    answers = visit.answers.select_related("check_item").order_by("check_item__order")
    return {
        "round": visit.round.code, "site": visit.site.code if visit.site else None, "at": visit.at.isoformat(),
        "got": str(visit.got), "possible": str(visit.possible), "is_vetoed": visit.is_vetoed,
        "inspectors": list(visit.inspectors.order_by("order").values_list("person__code", flat=True)),
        "answers": [
            {
                "check": one.check_item.code, "result": one.result, "occurrences": one.occurrences,
                "deduction": None if one.deduction is None else str(one.deduction), "note": one.note,
            }
            for one in answers
        ],
    }  # fmt: skip


def _texts(visit: Visit, contents: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What the checks say: in the version of the sheet the visit has, else in any that has them."""
    named = {answer["check"] for content in contents for answer in content.get("answers", ())}
    rows = Check.objects.filter(code__in=named).order_by("checklist__version")
    found = dict(rows.values_list("code", "text"))
    return found | dict(visit.checklist.checks.filter(code__in=named).values_list("code", "text"))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], texts: Mapping[str, str]) -> list[Change]:
    changes = [
        Change(name, str(before[key] or "—"), str(after[key] or "—"))
        for key, name in (("round", "轮次"), ("site", "点位"))
        if key in before and before[key] != after[key]
    ]
    if "inspectors" in before and before["inspectors"] != after["inspectors"]:
        changes.append(Change("检查人", "、".join(before["inspectors"]), "、".join(after["inspectors"])))
    old, new = _answers(before), _answers(after)
    for check in dict.fromkeys([*old, *new]):
        words = old.get(check, PASSED), new.get(check, PASSED)
        if words[0] != words[1]:
            changes.append(Change(texts.get(check, check), *words))
    if before.get("got") is not None and _sum(before) != _sum(after):
        changes.append(Change("得分 ÷ 应得分", _sum(before), _sum(after)))
    return changes


def _answers(content: Mapping[str, Any]) -> dict[str, str]:
    return {answer["check"]: _words(answer) for answer in content.get("answers", ())}


def _words(answer: Mapping[str, Any]) -> str:
    told = [str(Result(answer["result"]).label)]
    if answer["occurrences"]:
        told.append(f"{answer['occurrences']} 处")
    if answer["deduction"] is not None:
        told.append(f"扣 {points(answer['deduction'])} 分")
    if answer["note"]:
        told.append(answer["note"])
    return "，".join(told)


def _sum(content: Mapping[str, Any]) -> str:
    veto = "，一票否决" if content.get("is_vetoed") else ""
    return f"{points(content['got'])} ÷ {points(content['possible'])}{veto}"
