"""What a preset may write, in the types its keys have: the base of every rule's options."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from chuangwei.core.text import code_text
from chuangwei.domain.inspections.enums import RoundKind
from chuangwei.domain.problems.enums import Source


def _number(value: Any) -> Any:
    """TOML's true is not the number 1, and quoted digits are text; kept options come back as text."""
    if isinstance(value, bool):
        raise ValueError("须为数，不能是 true 或 false。")  # noqa: TRY004 - pydantic reads ValueError only
    return value


def _one_of(choices: Any, noun: str) -> Callable[[Any], Any]:
    """Read a choice by its Chinese name, as the workbooks do, or by its code."""
    words = {code_text(label): value for value, label in choices.choices}

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            raise ValueError("须为文字。")  # noqa: TRY004 - pydantic reads ValueError only
        text = code_text(value)
        if text in choices.values:
            return text
        if text not in words:
            raise ValueError(f"没有名为『{value}』的{noun}；可用：{'、'.join(words)}。")
        return words[text]

    return read


def _count(value: Decimal) -> Decimal:
    """A whole number, or a share between 0 and 1."""
    if value >= 1 and value != value.to_integral_value():
        raise ValueError("须为整数，或小于 1 的比例。")
    return value


def _hundredths(value: Decimal) -> Decimal:
    if value.scaleb(2) != value.scaleb(2).to_integral_value():
        raise ValueError("最多 2 位小数。")
    return value


def _slug(value: str) -> str:
    text = code_text(value)
    if not text or "|" in text:
        raise ValueError("不能为空，也不能含有竖线。")
    return text


def at_least_one(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """Not pydantic's own minimum: that one also complains of a list whose only item is wrong."""
    if not value:
        raise ValueError("至少要有 1 项。")
    return value


Number = Annotated[Decimal, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_number)]
Count = Annotated[Number, Field(ge=0), AfterValidator(_count)]
Points = Annotated[Number, AfterValidator(_hundredths)]
Weight = Annotated[Number, Field(ge=0)]
Slug = Annotated[str, AfterValidator(_slug)]
RoundKinds = tuple[Annotated[str, BeforeValidator(_one_of(RoundKind, "轮次类型"))], ...]
Sources = tuple[Annotated[str, BeforeValidator(_one_of(Source, "问题来源"))], ...]


class Table(BaseModel):
    """A table of a preset. Unknown keys are kept aside to be reported, never obeyed."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def kept(self) -> dict[str, Any]:
        """The known keys as plain values for JSON: equal options give equal text."""
        return {name: _plain(getattr(self, name)) for name in type(self).model_fields}


def _plain(value: Any) -> Any:
    if isinstance(value, Table):
        return value.kept()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


class PartOptions(Table):
    """A part of a total; each rule adds its own keys."""

    slug: Slug
    title: str = ""
    rule: str
    weight: Weight

    @property
    def name(self) -> str:
        """How people call it: its title, else what its rule says of itself."""
        return self.title or self.usual_name

    @property
    def usual_name(self) -> str:
        return self.slug


class AdjustmentOptions(Table):
    """Points on top of the weighed parts; each rule adds its own keys."""

    slug: Slug
    title: str = ""
    rule: str

    @property
    def name(self) -> str:
        """How people call it: its title, else what its rule says of itself."""
        return self.title or self.usual_name

    @property
    def usual_name(self) -> str:
        return self.slug


class FlagOptions(Table):
    """What all flags share: a tie across the line takes all tied, or none of them."""

    ties: Literal["all", "none"] = "all"

    @property
    def ties_all(self) -> bool:
        return self.ties == "all"


class TriggerOptions(Table):
    """What all consequences share: who speaks or is spoken to, who carries it out, and where. All of it is words."""

    by: str = ""
    meeting: str = ""


def hundredths(value: Decimal | None) -> int | None:
    """Points of a preset in whole hundredths."""
    return None if value is None else int(value.scaleb(2))
