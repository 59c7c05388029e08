"""The files of the demo: three workbooks and a preset."""

from datetime import date
from pathlib import Path

from chuangwei.core.calendar import Calendar
from chuangwei.demo.town import preset, workbooks
from chuangwei.demo.town.town import SEED, TODAY, Town, found

PRESET_FILE = "preset.toml"


def write_examples(folder: Path, chosen: Town) -> list[Path]:
    """Write all files of a town into a folder; the preset first, then the workbooks in the order of import."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / PRESET_FILE
    file.write_text(preset.text(), encoding="utf-8")
    return [file, *workbooks.write(chosen, folder)]


def town(*, days: Calendar, seed: int = SEED, today: date = TODAY) -> Town:
    """The town with the office hours of its own preset."""
    return found(seed=seed, today=today, calendar=preset.office_hours(days))
