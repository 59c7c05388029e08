"""The town's preset is the bundled one with its names filled in, and is valid."""

import tomllib
from datetime import time
from pathlib import Path

from chuangwei.core.calendar import Calendar
from chuangwei.core.presets import discover, read_preset
from chuangwei.demo.town import preset

BUNDLED = Path(preset.__file__).parents[2] / "presets" / "regions" / f"{preset.BUNDLED}.toml"


def test_the_preset_is_valid():
    discover()
    document = read_preset(preset.text(), "preset.toml")
    assert (document.slug, document.notices) == ("yundu-weekly-flags", [])


def test_it_differs_from_the_bundled_one_in_names_the_paper_and_signing_in_only():
    ours, bundled = tomllib.loads(preset.text()), tomllib.loads(BUNDLED.read_text(encoding="utf-8"))
    assert ours["series"]["weekly"]["money"].pop("paper") != bundled["series"]["weekly"]["money"].pop("paper")
    assert ours.pop("preset") != bundled.pop("preset")
    for name in ("place", "code", "issuer", "banner"):
        assert ours["documents"].pop(name) != bundled["documents"].pop(name)
    assert ours.pop("sign_in") == {"second_factor": "never"}
    assert ours == bundled


def test_the_ledger_is_kept_in_the_office_hours_of_the_preset(days: Calendar):
    assert days.hours[0].shifts[0][0] == time(8)
    hours = preset.office_hours(days).hours
    assert [season.begins for season in hours] == [(5, 1), (10, 1)]
