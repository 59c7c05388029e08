"""What the ledger reads from a preset: office hours by season, and the window in which a problem comes back."""

from pydantic import Field, RootModel, field_validator

from chuangwei.core.calendar import OfficeHours
from chuangwei.core.errors import DomainError
from chuangwei.core.presets import Part, section


class Season(Part):
    """The office hours from a day of the year on, until the next season begins."""

    begins: str
    shifts: list[str]

    def hours(self) -> OfficeHours:
        return OfficeHours.parse(self.begins, self.shifts)


@section("office_hours")
class Seasons(RootModel[list[Season]]):
    """[[office_hours]] begins = "05-01", shifts = ["08:30-12:00", "14:30-18:00"]"""

    @field_validator("root")
    @classmethod
    def _readable(cls, seasons: list[Season]) -> list[Season]:
        try:
            for season in seasons:
                season.hours()
        except DomainError as error:
            raise ValueError(error.message) from None
        return seasons

    def hours(self) -> list[OfficeHours]:
        return [season.hours() for season in self.root]


class Escalations(Part):
    """[ledger.escalation] the share of the time after which a unit is reminded, and the multiple of it at which the
    committee hears of it; `committee` is its unit's code. 0 leaves a step out (domain §6, Escalation)."""

    remind_at: float = Field(default=0.8, ge=0, lt=1)
    supervise: bool = True
    committee_at: float = Field(default=2, ge=0, le=100)
    committee: str = ""

    @field_validator("committee_at")
    @classmethod
    def _after_the_deadline(cls, multiple: float) -> float:
        if 0 < multiple <= 1:
            raise ValueError("须大于 1（期限的倍数），0 表示不提交。")
        return multiple


@section("ledger")
class Ledger(Part):
    """[ledger] recurrence_days: found again at the same place and category within so many days, it is a comeback.

    `after_photo`: codes of the categories (or of classes of them) that are closed only with a photo of how it looks now;
    "*" stands for all.
    """

    recurrence_days: int = Field(default=30, ge=1)
    after_photo: list[str] = []
    escalation: Escalations = Escalations()

    def needs_after_photo(self, *codes: str) -> bool:
        return "*" in self.after_photo or any(code in self.after_photo for code in codes)
