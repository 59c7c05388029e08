"""A series of a preset: who is ranked, how often, by which parts, and what follows (domain §8; workbooks `cases/`)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, create_model, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal.enums import PeriodKind
from chuangwei.domain.appraisal.options import (
    AdjustmentOptions,
    FlagOptions,
    Number,
    PartOptions,
    Slug,
    Table,
    TriggerOptions,
    Weight,
    Whole,
    at_least_one,
)
from chuangwei.domain.appraisal.registry import (
    ADJUSTMENTS,
    FLAGS,
    SCORING,
    TRIGGERS,
    AdjustmentRule,
    Asked,
    ScoringRule,
)
from chuangwei.domain.appraisal.rules import Weighing, whole_weights

ONE = Decimal(1)
UNIT = "unit:"


def _read_part(value: Any) -> Any:
    return _read_by_rule(value, SCORING.all(), "评分规则")


def _read_adjustment(value: Any) -> Any:
    return _read_by_rule(value, ADJUSTMENTS.all(), "加减分规则")


def _read_by_rule(value: Any, known: Mapping[str, ScoringRule] | Mapping[str, AdjustmentRule], noun: str) -> Any:
    """Read a table by the options of the rule it names; a rule nobody entered is told with those there are."""
    rule = value.get("rule") if isinstance(value, dict) else None
    if not isinstance(rule, str):
        return value
    if rule not in known:
        told = f"没有名为『{rule}』的{noun}；可用：{'、'.join(known)}。"
        fault = InitErrorDetails(
            type=PydanticCustomError("value_error", "{error}", {"error": told}), loc=("rule",), input=rule
        )
        raise ValidationError.from_exception_data(noun, [fault])
    return known[rule].options.model_validate(value)


class Money(Table):
    """What a flag moves in the award pool, in whole fen, and the paper it rests on."""

    month_red: Whole = 0
    month_yellow: Whole = 0
    pool: str = ""
    paper: str = ""
    payee: str = ""


class Series(Table):
    """One series. The tables of flags and consequences are added from their registries (see `series_model`)."""

    slug: Slug
    title: str = ""
    subject: Slug
    """A kind of area, such as 社区, or `unit:` and a kind of unit, such as unit:部门."""
    roles: tuple[Slug, ...] = ()
    """For a series of units: a visit counts for the unit that holds one of these roles for its place."""
    period: Literal["day", "week", "fortnight", "month", "quarter", "year"]
    missing: Literal["spread", "zero"] = "spread"
    tie_breakers: tuple[Slug, ...] = ()
    kind_weights: dict[str, Weight] = Field(default_factory=dict)
    parts: Annotated[tuple[Annotated[PartOptions, BeforeValidator(_read_part)], ...], AfterValidator(at_least_one)]
    adjustments: tuple[Annotated[AdjustmentOptions, BeforeValidator(_read_adjustment)], ...] = ()
    money: Money | None = None
    min_weight: Annotated[Number, Field(ge=0, le=1)] = Decimal(0)
    classes: str = ""
    """An attribute of the area; subjects with different values are ranked apart."""
    objection_days: Annotated[Whole, Field(ge=0, le=60)] = 3
    """Working days a published period stays open to objections."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        slugs = [part.slug for part in self.parts]
        named = slugs + [adjustment.slug for adjustment in self.adjustments]
        twice = sorted({slug for slug in named if named.count(slug) > 1})
        if twice:
            raise ValueError(f"parts 和 adjustments 的 slug 不能重复：{'、'.join(twice)}。")
        unknown = [slug for slug in self.tie_breakers if slug not in slugs]
        if unknown:
            raise ValueError(
                f"tie_breakers 中的『{'、'.join(unknown)}』不是 parts 中的 slug；可用：{'、'.join(slugs)}。"
            )
        if not any(part.weight for part in self.parts):
            raise ValueError("parts 的权重不能全为 0。")
        if self.unit_kind and self.round_kinds and not self.roles:
            raise ValueError("subject 为单位时，须用 roles 写明凭哪些角色认定受检的单位。")
        return self

    @property
    def unit_kind(self) -> str:
        """The kind of unit that is ranked; "" for a series of areas."""
        return self.subject.removeprefix(UNIT) if self.subject.startswith(UNIT) else ""

    @property
    def name(self) -> str:
        return self.title or self.slug

    @property
    def period_kind(self) -> PeriodKind:
        return PeriodKind(self.period)

    @cached_property
    def weighing(self) -> Weighing:
        weights = whole_weights(part.weight for part in self.parts)
        return Weighing(tuple(weights), self.missing == "zero", self.min_weight)

    @cached_property
    def whole_kind_weights(self) -> tuple[dict[str, int], int]:
        """The kinds' weights in whole numbers, and what a kind not named weighs in them."""
        *named, usual = whole_weights([*self.kind_weights.values(), ONE])
        return dict(zip(self.kind_weights, named, strict=True)), usual

    @property
    def flag_options(self) -> FlagOptions | None:
        options: FlagOptions | None = getattr(self, "flags", None)
        return options

    def trigger_options(self, slug: str) -> TriggerOptions | None:
        options: TriggerOptions | None = getattr(self, slug, None)
        return options

    @property
    def round_kinds(self) -> frozenset[str]:
        """The kinds of round some part looks at."""
        return frozenset(kind for part in self.parts for kind in getattr(part, "rounds", ()))

    @property
    def looks_at_lines(self) -> bool:
        """Whether some part tells the checks a community answers for from those of other departments."""
        return any(getattr(part, "checks", "all") != "all" for part in self.parts)

    @property
    def other_series(self) -> frozenset[str]:
        """The series whose totals some part takes the mean of."""
        return frozenset(part.series for part in self.parts if hasattr(part, "series"))

    @property
    def asked(self) -> list[Asked]:
        """Which problems its rules want to see."""
        found = [SCORING.get(part.rule).asks(part) for part in self.parts]
        return found + [ADJUSTMENTS.get(extra.rule).asks(extra) for extra in self.adjustments]

    def with_kinds(self, code_of: Callable[[str], str | None]) -> Self:
        """The series with the kinds of site in `kind_weights` by their codes; DomainError for an unknown one."""
        weights: dict[str, Decimal] = {}
        for spelled, weight in self.kind_weights.items():
            code, path = code_of(spelled), f"『series.{self.slug}.kind_weights.{spelled}』"
            if code is None:
                raise DomainError(f"{path}没有名为『{spelled}』的点位类型。")
            if code in weights:
                raise DomainError(f"{path}同一类点位写了两次权重。")
            weights[code] = weight
        return self.model_copy(update={"kind_weights": weights})


@cache
def series_model() -> type[Series]:
    """Series with a table `flags` that takes the options of every flag, and one table for every consequence."""
    every = {rule.options for rule in FLAGS.all().values()}
    bases = tuple(sorted((one for one in every if not _has_heir(one, every)), key=lambda model: model.__name__))
    flags: Any = create_model("Flags", __base__=bases)
    tables: dict[str, Any] = {slug: (rule.options | None, None) for slug, rule in TRIGGERS.all().items()}
    made: type[Series] = create_model("Series", __base__=Series, flags=(flags | None, None), **tables)
    return made


def _has_heir(model: type[BaseModel], among: set[type[FlagOptions]]) -> bool:
    return any(other is not model and issubclass(other, model) for other in among)


def read_series(value: dict[str, Any]) -> Series:
    """A series from kept JSON or a table that carries its slug."""
    return series_model().model_validate(value)
