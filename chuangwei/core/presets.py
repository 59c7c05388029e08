"""Presets: what differs from place to place is data. Read a file, check it, keep its versions, find the one that holds.

A noun tells which top-level tables of a preset it reads by a file `preset.py` in its app:

    @section("chains")
    class Chains(RootModel[dict[str, Chain]]): ...

Unknown keys are reported and ignored; a wrong or missing value refuses the file with the key's path and a sentence.
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Max
from pydantic import BaseModel, ConfigDict, ValidationError

from chuangwei.core import audit, preset_words
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, Refused
from chuangwei.core.mistakes import Mistake
from chuangwei.core.models import PresetUse, PresetVersion
from chuangwei.core.writes import action

FOLDER = Path(__file__).resolve().parent.parent / "presets"
REGIONS = FOLDER / "regions"


class Part(BaseModel):
    """A table of a preset. Keys it does not know are kept aside to be reported."""

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)


class Head(Part):
    slug: str
    title: str
    version: str = ""
    source: str = ""
    note: str = ""


Model = TypeVar("Model", bound=type[BaseModel])
_sections: dict[str, type[BaseModel]] = {"preset": Head}


def section(name: str) -> Callable[[Model], Model]:
    """Register the pydantic model that reads the top-level table `name`."""

    def register(model: Model) -> Model:
        _sections[name] = model
        return model

    return register


def discover() -> None:
    """Import `preset.py` of every installed app, so that all sections are known."""
    for config in apps.get_app_configs():
        if config.name.startswith("chuangwei.") and find_spec(f"{config.name}.preset"):
            import_module(f"{config.name}.preset")


@dataclass(frozen=True)
class PresetDocument:
    """A preset that was read and found right. `sections` holds one model for each table somebody reads."""

    slug: str
    title: str
    text: str
    raw: dict[str, Any]
    sections: dict[str, Any]
    notices: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_preset(text: str, origin: str) -> PresetDocument:
    """Parse and check a preset; Refused with every mistake at once. Numbers are exact decimals."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _refused(origin, [f"不是有效的 TOML：{preset_words.toml_error(str(error))}"]) from None
    sentences: list[str] = []
    sections: dict[str, Any] = {}
    if "preset" not in raw:
        sentences.append("缺少 [preset] 一节，其中须有 slug 和 title。")
    for name, model in _sections.items():
        if name not in raw and not _has_defaults(model):
            continue
        try:
            sections[name] = model.model_validate(raw.get(name, {}))
        except ValidationError as error:
            sentences += preset_words.sentences(name, error)
    if sentences:
        raise _refused(origin, sentences)
    notices = [f"预设中的『{key}』未被识别，已忽略。" for key in _unknown(raw, sections)]
    head: Head = sections["preset"]
    return PresetDocument(head.slug, head.title, text, raw, sections, notices)


def _has_defaults(model: type[BaseModel]) -> bool:
    return all(not info.is_required() for info in model.model_fields.values())


def _refused(origin: str, sentences: Sequence[str]) -> Refused:
    mistakes = [Mistake(origin, "", None, None, sentence) for sentence in sentences]
    return Refused(f"预设 {origin} 有 {len(mistakes)} 处错误，未启用。", mistakes)


def _unknown(raw: dict[str, Any], sections: dict[str, Any]) -> Iterator[str]:
    yield from (name for name in raw if name not in _sections)
    for name, value in sections.items():
        yield from _extras(name, value)


def _extras(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}.{key}" for key in value.model_extra or {})
        for key in type(value).model_fields:
            yield from _extras(path if key == "root" else f"{path}.{key}", getattr(value, key))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _extras(f"{path}.{key}", item)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value, 1):
            yield from _extras(f"{path}[{number}]", item)


def bundled() -> dict[str, Path]:
    """The presets that come with the program, by slug."""
    return {path.stem: path for path in sorted(REGIONS.glob("*.toml"))}


def open_preset(slug_or_file: str) -> PresetDocument:
    """A bundled preset by its slug, or any TOML file; DomainError where there is neither."""
    known = bundled()
    path = known.get(slug_or_file) or Path(slug_or_file)
    if not path.is_file():
        raise DomainError(f"没有名为 {slug_or_file} 的预设，也没有这个文件。随程序附带的有：{'、'.join(known)}。")
    try:
        return read_preset(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise _refused(path.name, ["不是 UTF-8 编码的文本。"]) from None


@action
def use_preset(*, document: PresetDocument, area_code: str, from_on: date | None, by: Actor, at: datetime) -> PresetUse:
    """Let a preset hold in an area and all below it from a day on (None: since ever)."""
    version = keep_version(document=document, by=by, at=at)
    if PresetUse.objects.filter(area_code=area_code, from_on=from_on).exists():
        raise DomainError("这个区划在这一天已经启用了一个预设，不能再启用一个；请换一天。")
    use = PresetUse.objects.create(
        version=version, area_code=area_code, from_on=from_on, recorded_at=at, by_name=by.name
    )
    audit.record(
        verb="启用预设", subject_kind="core.presetuse", subject_code=area_code or "全域", by=by, at=at,
        details={"slug": version.slug, "number": version.number, "digest": version.digest, "from": str(from_on or "")},
    )  # fmt: skip
    return use


@action
def keep_version(*, document: PresetDocument, by: Actor, at: datetime) -> PresetVersion:
    """The version row of this text: the one kept already, or the next number."""
    same = PresetVersion.objects.filter(slug=document.slug, digest=document.digest).first()
    if same:
        return same
    last = PresetVersion.objects.filter(slug=document.slug).aggregate(last=Max("number"))["last"] or 0
    return PresetVersion.objects.create(
        slug=document.slug, number=last + 1, title=document.title, body=document.text,
        digest=document.digest, loaded_at=at, loaded_by=by.name,
    )  # fmt: skip


@dataclass(frozen=True)
class Holding:
    """Which preset version holds where, since when."""

    area_code: str
    from_on: date | None
    version: PresetVersion
    document: PresetDocument


def holdings() -> list[Holding]:
    """Every use of a preset, read once."""
    uses = PresetUse.objects.select_related("version").order_by("area_code", "from_on")
    return [Holding(use.area_code, use.from_on, use.version, _kept(use.version.body, use.version.slug)) for use in uses]


@lru_cache(maxsize=64)
def _kept(body: str, slug: str) -> PresetDocument:
    """A version's text never changes, so it is read once a process; nobody changes a document."""
    return read_preset(body, slug)


def holding(uses: Sequence[Holding], codes: Sequence[str], day: date) -> Holding | None:
    """The use that holds on a day for a place with these area codes, from the top down: the nearest wins, then the latest."""
    for code in [*reversed(codes), ""]:
        begun = [use for use in uses if use.area_code == code and (use.from_on is None or use.from_on <= day)]
        if begun:
            return max(begun, key=lambda use: use.from_on or date.min)
    return None
