"""What appraisal reads of a preset: the table `series`, each series under its slug (workbooks `cases/`)."""

from collections.abc import Iterator
from types import GenericAlias
from typing import Any, Self

from pydantic import RootModel, TypeAdapter, field_validator, model_validator

from chuangwei.core.presets import section
from chuangwei.domain.appraisal.series import Series, series_model
from chuangwei.domain.places.queries import KindNames


@section("series")
class SeriesTables(RootModel[dict[str, Any]]):
    """Slug → Series. Every rule, flag and consequence that is entered has its say in what a table may hold."""

    root: dict[str, Any] = {}

    @field_validator("root", mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        """Tell each series its own key, and read it by the tables that are entered."""
        if not isinstance(value, dict):
            return value
        named = {key: {**table, "slug": key} if isinstance(table, dict) else table for key, table in value.items()}
        tables: Any = GenericAlias(dict, (str, series_model()))
        return TypeAdapter(tables).validate_python(named)

    @model_validator(mode="after")
    def _means_of_known_series(self) -> Self:
        for slug, series in self.root.items():
            for other in sorted(series.other_series):
                if other == slug or other not in self.root:
                    raise ValueError(f"评比『{slug}』要取平均的『{other}』不是本预设中的另一个评比。")
        return self

    def series(self, slug: str) -> Series | None:
        found: Series | None = self.root.get(slug)
        return found

    def faults(self, names: KindNames) -> Iterator[str]:
        """The kinds of site in `kind_weights` that name nothing in this installation."""
        for slug, series in self.root.items():
            for spelled in series.kind_weights:
                if names.resolve(spelled) is None:
                    meant = names.candidates(spelled)
                    why = f"可能是 {'、'.join(meant)}，请写明其中一个" if meant else "标准库中没有这种点位类型"
                    yield f"『series.{slug}.kind_weights.{spelled}』{why}。"
