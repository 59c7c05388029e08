"""Where the pages of a ranking are. A series is named by its slug, and by the area of its preset where it has one."""

from dataclasses import dataclass

from django.urls import reverse

from chuangwei.domain.appraisal.models import Period, Settlement

JOINT = "@"


def series_key(series: str, area_code: str) -> str:
    """weekly, or weekly@6201 for the preset of one town."""
    return f"{series}{JOINT}{area_code}" if area_code else series


def series_and_area(key: str) -> tuple[str, str]:
    """The other way of series_key."""
    series, _, area = key.partition(JOINT)
    return series, area


def trend_address(series: str, area_code: str) -> str:
    return reverse("office:series_trend", args=[series_key(series, area_code)])


def settlement_address(one: Settlement) -> str:
    return reverse("office:settlement_detail", args=[series_key(one.series, one.area_code), one.month])


@dataclass(frozen=True)
class PeriodAddress:
    """The pages of one period."""

    key: str
    slug: str

    @classmethod
    def of(cls, period: Period) -> "PeriodAddress":
        return cls(series_key(period.series, period.area_code), period.slug)

    @property
    def ranking(self) -> str:
        return reverse("office:period_detail", args=[self.key, self.slug])

    def subject(self, code: str) -> str:
        return reverse("office:subject_detail", args=[self.key, self.slug, code])

    def part(self, code: str, part: str) -> str:
        return reverse("office:part_detail", args=[self.key, self.slug, code, part])

    def flag(self, code: str) -> str:
        return reverse("office:flag_detail", args=[self.key, self.slug, code])

    def step(self, move: str) -> str:
        return reverse("office:period_step", args=[self.key, self.slug, move])

    def command(self, move: str) -> str:
        return reverse("office:period_move", args=[self.key, self.slug, move])
