"""Which series hold where, and by which version of a preset a period is computed (domain §1, §8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from chuangwei.core import presets
from chuangwei.core.errors import DomainError
from chuangwei.core.models import PresetVersion
from chuangwei.core.presets import Holding
from chuangwei.domain.appraisal.enums import PeriodKind
from chuangwei.domain.appraisal.periods import Span, parse_span_of
from chuangwei.domain.appraisal.preset import SeriesTables
from chuangwei.domain.appraisal.series import Series
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.queries import KindNames


@dataclass(frozen=True, slots=True)
class SeriesInForce:
    """A series as one version of a preset says it, with its kinds of site by their codes."""

    series: Series
    version: PresetVersion


@dataclass
class Presets:
    """All uses of presets, read once."""

    uses: Sequence[Holding] = field(default_factory=presets.holdings)
    _resolved: dict[tuple[int, str], Series] = field(default_factory=dict)

    @cached_property
    def kind_names(self) -> KindNames:
        return places.kind_names()

    def areas_of(self, series: str) -> list[str]:
        """The areas whose preset has this series, on whatever day."""
        return sorted({use.area_code for use in self.uses if _series_tables(use).series(series)})

    def area_of(self, series: str, area: str | None) -> str:
        """The area meant: the one given, else the whole installation where its preset has the series, else the only
        one there is. DomainError where that cannot be told."""
        found = self.areas_of(series)
        if not found:
            known = sorted({slug for use in self.uses for slug in _series_tables(use).root})
            raise DomainError(f"启用的预设中没有名为『{series}』的评比。现有：{'、'.join(known) or '无'}。")
        if area is None and (len(found) == 1 or "" in found):
            return found[0]  # "" sorts first
        if area is None:
            raise DomainError(f"有几个区划的预设都有『{series}』，请用 --area 写明区划编码：{'、'.join(found)}。")
        if area not in found:
            raise DomainError(f"区划 {area} 的预设中没有名为『{series}』的评比。")
        return area

    def in_force(self, series: str, area: str, day: date) -> SeriesInForce:
        """The series by the version that held on a day; DomainError where none did."""
        begun = [use for use in self.uses if use.area_code == area and (use.from_on is None or use.from_on <= day)]
        if not begun:
            raise DomainError(f"{day} 时还没有启用有『{series}』的预设。")
        use = max(begun, key=lambda one: one.from_on or date.min)
        return SeriesInForce(self._series(use, series, day), use.version)

    def _series(self, use: Holding, slug: str, day: date) -> Series:
        key = (use.version.pk, slug)
        if key not in self._resolved:
            found = _series_tables(use).series(slug)
            if found is None:
                raise DomainError(f"{day} 起的预设中不再有名为『{slug}』的评比。")
            self._resolved[key] = found.with_kinds(self.kind_names.resolve)
        return self._resolved[key]

    def span_of(self, series: str, area: str, text: str) -> Span:
        """The period a text names, of the kind this series has then; DomainError in Chinese otherwise."""
        held = [_series_tables(use).series(series) for use in self.uses if use.area_code == area]
        kinds = {found.period for found in held if found}
        if len(kinds) == 1:
            return parse_span_of(text, PeriodKind(kinds.pop()))
        for kind in sorted(kinds):
            try:
                span = parse_span_of(text, PeriodKind(kind))
            except DomainError:
                continue
            if self.in_force(series, area, span.first).series.period == kind:
                return span
        raise DomainError(f"{text} 不是这个评比当时的周期。")

    def begun(self, day: date) -> tuple[int, ...]:
        """Which of the uses have begun by a day, by number: what holds where depends on nothing else."""
        return tuple(number for number, use in enumerate(self.uses) if use.from_on is None or use.from_on <= day)

    def is_nearest(self, area_path: Sequence[str], area: str, day: date) -> bool:
        """Whether the preset of `area` is the one that holds for a place with these area codes, top down, on a day."""
        held = presets.holding(self.uses, area_path, day)
        return held is not None and held.area_code == area


def _series_tables(use: Holding) -> SeriesTables:
    tables: SeriesTables = use.document.sections["series"]
    return tables


def area_title(code: str) -> str:
    """The name of the area of a preset; of the whole installation, nothing."""
    return Area.objects.filter(code=code).values_list("name", flat=True).first() or ""
