"""What inspections read of a preset: which checks open no problem when they fail."""

from pydantic import Field

from chuangwei.core.presets import Part, section


@section("inspections")
class InspectionRules(Part):
    """[inspections] no_problem = ["CK-…"]: a failure of these checks counts in the score and opens no problem."""

    no_problem: list[str] = Field(default_factory=list)
