"""The shapes of the data files in presets/standards: one model per table. Unknown keys are mistakes."""

import re
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from chuangwei.domain.standards.enums import (
    WITH_THRESHOLD,
    AddsUp,
    Alternative,
    CheckRule,
    Comparator,
    EditionStatus,
    Level,
    Matter,
    TimeUnit,
)

Text = Annotated[str, Field(min_length=1)]
Positive = Annotated[Decimal, Field(gt=0)]


class Row(BaseModel):
    """A table of a data file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Row):
    """A row that says where it comes from and whether somebody compared it with the original."""

    source: Text
    verified: bool


class SourceRow(Row):
    key: Text
    title: Text
    address: str = ""


class EditionRow(Sourced):
    code: Text
    title: Text
    year: int | None = None
    paper: str = ""
    levels: list[Level]
    status: EditionStatus
    superseded_by: str | None = None
    articles: int | None = None
    indicators: int | None = None
    note: str = ""


class SectionRow(Row):
    number: int
    title: Text


class ItemRow(Sourced):
    """An article in words or, with `indicator`, a quantity held against a threshold."""

    code: Text
    section: int
    article: str = ""
    article_verified: bool = False
    parent: str | None = None
    title: Text
    text: str = ""
    indicator: str | None = None
    comparator: Comparator | None = None
    threshold: Decimal | None = None
    threshold_level: Annotated[str, Field(pattern="^[A-D]?$")] = ""
    threshold_text: str = ""
    threshold_source: str = ""
    alternative: Alternative | None = None
    alternative_text: str = ""
    table_number: int | None = None
    certainty: str = ""
    evidence: list[str] = []
    kinds: list[str] = []
    levels: list[Level] = []
    note: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.indicator is None) != (self.comparator is None):
            raise ValueError("指标（indicator）和比较方式（comparator）须同时有或同时无。")
        if self.threshold is not None and self.comparator not in WITH_THRESHOLD:
            raise ValueError("这种比较方式没有标准值（threshold）。")
        if self.threshold is None and self.comparator in WITH_THRESHOLD and self.verified:
            raise ValueError("没有标准值的条目须 verified = false。")
        return self


class IndicatorRow(Sourced):
    code: Text
    name: Text
    aliases: list[str] = []
    unit: str = ""
    adds_up: AddsUp
    series_years: Annotated[int, Field(ge=1)] = 1
    parts: list[str] = []
    note: str = ""


class UnitRow(Row):
    name: Text
    base: Text
    factor: str

    @field_validator("factor")
    @classmethod
    def _is_a_fraction(cls, value: str) -> str:
        if not re.fullmatch(r"0*[1-9]\d*(/0*[1-9]\d*)?", value):
            raise ValueError("换算率须为正整数或分数，如 1000、2000/3。")
        return value


class KindRow(Sourced):
    code: Text
    name: Text
    aliases: list[str] = []
    measure_unit: str = ""
    sections: list[str] = []
    standards: list[str] = []
    household: bool = False
    note: str = ""


class Time(Row):
    amount: Annotated[int, Field(ge=1)]
    unit: str

    @field_validator("unit")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in TimeUnit.labels:
            raise ValueError(f"时限单位只能是 {'、'.join(TimeUnit.labels)}。")
        return value

    @property
    def unit_slug(self) -> str:
        return next(unit.value for unit in TimeUnit if unit.label == self.unit)


class Allowed(Time, Sourced):
    """The time allowed to put a problem right."""


class StageRow(Time):
    name: Text


class ClassRow(Sourced):
    code: Text
    name: Text
    extension: bool = False


class CategoryRow(Sourced):
    code: Text
    name: Text
    matter: Matter
    legacy_code: str = ""
    legacy_verified: bool = False
    allowed: Allowed | None = None
    stages: list[StageRow] = []
    closes_when: str = ""
    kinds: list[str] = []
    items: list[str] = []


class ChecklistRow(Sourced):
    code: Text
    kind: Text
    title: Text
    full_points: Positive
    points_verified: bool = False


class Grade(Row):
    name: Text
    points: Annotated[Decimal, Field(ge=0)]


class CheckRow(Row):
    code: Annotated[str, Field(min_length=1, pattern=r"^[^|\s]+$")]
    text: Text
    points: Positive
    rule: CheckRule = CheckRule.DEDUCT
    deduct_per: Positive | None = None
    grades: list[Grade] = []
    veto: bool = False
    veto_below_rate: Annotated[Decimal, Field(gt=0, le=1)] | None = None
    line: str = ""
    categories: list[str] = []
    items: list[str] = []

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.rule is CheckRule.DEDUCT) != (self.deduct_per is not None):
            raise ValueError("每处扣分（deduct_per）只用于、也必须用于按处扣分的检查项。")
        if (self.rule is CheckRule.GRADE) != bool(self.grades):
            raise ValueError("分档（grades）只用于、也必须用于分档的检查项。")
        if any(grade.points > self.points for grade in self.grades):
            raise ValueError("各档得分不能超过分值。")
        if self.deduct_per is not None and self.deduct_per > self.points:
            raise ValueError("每处扣分不能超过分值。")
        return self


class PatternRow(Sourced):
    code: Text
    pattern: Text
    why: Text
    use_instead: Text

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error:
            raise ValueError("不是有效的正则表达式。") from None
        return value


class ListRow(Row):
    kind: Annotated[str, Field(pattern="^[a-z-]+$")]
    title: Text


class EntryRow(Sourced):
    """A fact that is only looked up; whatever else it says is kept as it is."""

    model_config = ConfigDict(extra="allow", frozen=True)

    code: Text
    name: Text

    @property
    def body(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class SourcesFile(Row):
    source: list[SourceRow]


class EditionFile(Row):
    edition: EditionRow
    section: list[SectionRow] = []
    item: list[ItemRow] = []


class CitedFile(Row):
    edition: list[EditionRow]


class IndicatorFile(Row):
    indicator: list[IndicatorRow]


class UnitFile(Row):
    unit: list[UnitRow]


class KindFile(Row):
    kind: list[KindRow]


class CategoryFile(Row):
    group: ClassRow = Field(alias="class")
    category: list[CategoryRow] = []


class ChecklistFile(Row):
    checklist: ChecklistRow
    check: list[CheckRow]


class PatternFile(Row):
    pattern: list[PatternRow]


class ReferenceFile(Row):
    head: ListRow = Field(alias="list")
    entry: list[EntryRow]
