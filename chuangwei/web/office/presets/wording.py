"""A preset as words, section by section, and what two versions of one say differently."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chuangwei.core.presets import PresetDocument
from chuangwei.domain.organisation.queries import FOR_SHOW, bundles_of, is_for_show, permission_names
from chuangwei.web.office.appraisal.wording import rule_sentences
from chuangwei.web.shared.templatetags.words import points


@dataclass(frozen=True)
class Chapter:
    """One section of a preset: a heading and its sentences."""

    title: str
    sentences: Sequence[str]


@dataclass(frozen=True)
class Change:
    """A chapter two versions tell differently."""

    title: str
    gone: Sequence[str]
    new: Sequence[str]


def chapters(document: PresetDocument) -> list[Chapter]:
    """Everything the preset says that the program reads, in words; sections that say nothing are left out."""
    found: list[Chapter] = []
    for title, tell in TOLD.items():
        sentences = list(tell(document))
        if sentences:
            found.append(Chapter(title, sentences))
    for slug, series in _section(document, "series").items():
        found.append(Chapter(f"评比：{series.title or slug}", [_series_head(series), *rule_sentences(series)]))
    return found


def changes(before: PresetDocument, after: PresetDocument) -> list[Change]:
    """What a later version says anew and what it no longer says; of what is not told in words, that it differs."""
    old = {chapter.title: list(chapter.sentences) for chapter in chapters(before)}
    new = {chapter.title: list(chapter.sentences) for chapter in chapters(after)}
    found = []
    for title in dict.fromkeys([*old, *new]):
        gone = [one for one in old.get(title, []) if one not in new.get(title, [])]
        come = [one for one in new.get(title, []) if one not in old.get(title, [])]
        if gone or come:
            found.append(Change(title, gone, come))
    told = {WHERE.get(change.title, "series") for change in found}
    return [*found, *(Change(f"[{name}]", [], [NOT_IN_WORDS]) for name in _changed(before, after) if name not in told)]


def _changed(before: PresetDocument, after: PresetDocument) -> list[str]:
    """The sections that say something else to the program, in the order of the file; what a preset is called aside."""
    names = dict.fromkeys([*before.sections, *after.sections])
    return [name for name in names if name != "preset" and before.sections.get(name) != after.sections.get(name)]


def _section(document: PresetDocument, name: str) -> dict[str, Any]:
    """A section that maps names to tables; empty where the preset has none."""
    model = document.sections.get(name)
    return dict(model.root) if model is not None else {}


def _areas(document: PresetDocument) -> Iterator[str]:
    areas = document.sections.get("areas")
    if areas is not None and areas.levels:
        yield "区划由大到小：" + "、".join(areas.levels) + "。"


def _chains(document: PresetDocument) -> Iterator[str]:
    for kind, chain in _section(document, "chains").items():
        roles = "、".join(f"{role.name}{'（一人）' if role.single else ''}" for role in chain.roles)
        yield f"{kind}：须有{roles}。"


def _hours(document: PresetDocument) -> Iterator[str]:
    seasons = document.sections.get("office_hours")
    for season in getattr(seasons, "root", None) or ():
        yield f"{season.begins} 起：{'，'.join(season.shifts)}。"


def _ledger(document: PresetDocument) -> Iterator[str]:
    ledger = document.sections.get("ledger")
    if ledger is not None:
        yield f"销号后 {ledger.recurrence_days} 天内同一地点、同一类别再发现，算反弹。"


def _frontage(document: PresetDocument) -> Iterator[str]:
    frontage = document.raw.get("frontage")
    if isinstance(frontage, dict):
        yield f"{frontage.get('title', '')}：{'、'.join(map(str, frontage.get('items', [])))}。"


def _roles(document: PresetDocument) -> Iterator[str]:
    names, known = permission_names(), bundles_of(document)
    for slug, bundle in _section(document, "roles").items():
        allowed = "、".join(names.get(one, one) for one in bundle.permissions)
        yield f"{bundle.title}（{slug}）：{allowed or '没有任何权限'}。"
        if bundle.excludes:
            yield f"{bundle.title}不能兼任{'、'.join(known[one].title if one in known else one for one in bundle.excludes)}。"
        yield f"{bundle.title}登录{'须有' if bundle.needs_second_factor else '不要求'}第二因素。"


def _sign_in(document: PresetDocument) -> Iterator[str]:
    if is_for_show(document):
        yield FOR_SHOW
    else:
        yield "角色要求第二因素的人，须有第二因素才能登录。"


def _retention(document: PresetDocument) -> Iterator[str]:
    retention = document.sections.get("retention")
    if retention is not None:
        yield f"离开全部单位和责任满 {retention.phone_months} 个月的人，手机号到期清除。"


TOLD: dict[str, Callable[[PresetDocument], Iterator[str]]] = {
    "区划": _areas,
    "责任链": _chains,
    "门前责任": _frontage,
    "作息": _hours,
    "问题台账": _ledger,
    "登录": _sign_in,
    "权限组": _roles,
    "个人信息": _retention,
}


WHERE = {
    "区划": "areas", "责任链": "chains", "门前责任": "frontage", "作息": "office_hours", "问题台账": "ledger",
    "登录": "sign_in", "权限组": "roles", "个人信息": "retention",
}  # fmt: skip
"""The section a chapter is told from; the others are of series."""
NOT_IN_WORDS = "这一节有改动，请看下面的逐行对比。"


def _series_head(series: Any) -> str:
    weights = "、".join(f"{kind} {points(weight)}" for kind, weight in series.kind_weights.items())
    by_kind = f"点位类型的权重：{weights}，其余为 1。" if weights else ""
    return f"给{series.subject}排名；公示 {series.objection_days} 个工作日。{by_kind}"
