"""The workbooks read back as they were meant, and the committed examples are what the generator makes."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from chuangwei.demo.town.examples import write_examples
from chuangwei.demo.town.town import Town
from chuangwei.demo.town.workbooks import write

ROOT = Path(__file__).resolve().parents[3]
WORKBOOKS = ("register.xlsx", "visits.xlsx", "ledger.xlsx")
SHEETS = {
    "register.xlsx": ["区划", "点位", "单位", "人员", "责任"],
    "visits.xlsx": ["轮次", "检查", "评分"],
    "ledger.xlsx": ["问题"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    write_examples(folder, town)
    return folder


def cells(file: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(file)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_committed_example_holds_what_the_generator_makes(folder: Path, name: str):
    assert cells(ROOT / "examples" / name) == cells(folder / name)


def test_the_committed_preset_is_the_one_of_the_generator(folder: Path):
    committed = (ROOT / "examples" / "preset.toml").read_text(encoding="utf-8")
    assert committed == (folder / "preset.toml").read_text(encoding="utf-8")


def test_the_examples_are_small_enough_to_be_kept():
    assert sum(file.stat().st_size for file in (ROOT / "examples").iterdir()) < 1_500_000


def test_the_same_town_gives_the_same_bytes(town: Town, folder: Path, tmp_path: Path):
    for file in write(town, tmp_path):
        assert file.read_bytes() == (folder / file.name).read_bytes()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_sheet_is_there_with_its_head(folder: Path, name: str):
    read = cells(folder / name)
    assert list(read) == SHEETS[name]
    assert all(len(rows) > 1 for rows in read.values())


def test_codes_are_text_and_days_are_days(folder: Path):
    areas = cells(folder / "register.xlsx")["区划"]
    assert areas[1][:4] == ["629931000000", "岚川县", "县", ""]
    rounds = cells(folder / "visits.xlsx")["轮次"]
    assert rounds[1][3].isoformat() == "2026-08-31"


def test_every_row_of_the_town_is_in_the_sheets(town: Town, folder: Path):
    visits, ledger = cells(folder / "visits.xlsx"), cells(folder / "ledger.xlsx")
    assert [len(visits[name]) - 1 for name in SHEETS["visits.xlsx"]] == [
        len(town.rounds), len(town.visits), len(town.marks),
    ]  # fmt: skip
    assert [row[0] for row in ledger["问题"][1:]] == [problem.code for problem in town.problems]
