"""Workbooks taken in together: told apart by their sheets, saved whole or not at all."""

import hashlib
import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest

from chuangwei.core import audit
from chuangwei.core.errors import NotAllowed
from chuangwei.core.models import AuditEvent
from chuangwei.core.rows import Tally
from chuangwei.domain.inspections.models import Answer, Visit
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.sheets import importing
from chuangwei.web.office.sheets.importing import ImportFile
from tests.factories import organisation
from tests.web.office.sheets.books import AT, BOOKS, LEDGER, REGISTER, VISITS, prepare, run, said, spoilt, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library() -> None:
    prepare()


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Area, Site, Visit, Answer, Problem))


@pytest.mark.parametrize("order", [["底册", "督查记录", "问题台账"], ["问题台账", "督查记录", "底册"]])
def test_the_files_may_come_in_any_order(tmp_path: Path, order: list[str]) -> None:
    outcome = run(tmp_path, {name: BOOKS[name] for name in order})
    assert outcome.as_json() == {
        "refused": False, "mistakes": [], "notices": [], "added": 20, "changed": 0, "unchanged": 0,
    }  # fmt: skip
    assert [(each.sheet, each.tally.added) for each in outcome.sheets] == [
        ("区划", 3), ("点位", 2), ("单位", 2), ("人员", 2), ("责任", 2), ("轮次", 1), ("检查", 2), ("评分", 3), ("问题", 3),
    ]  # fmt: skip
    assert counts() == (3, 2, 2, 3, 3)


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path)
    assert run(tmp_path).tally == Tally(unchanged=20)


def test_a_file_may_hold_several_books(tmp_path: Path) -> None:
    assert run(tmp_path, {"全部": {**VISITS, **REGISTER, **LEDGER}}).as_json()["added"] == 20


def test_a_preview_says_the_same_and_saves_nothing(tmp_path: Path) -> None:
    before = AuditEvent.objects.count()
    assert run(tmp_path, is_preview=True).as_json() == {
        "refused": False, "mistakes": [], "notices": [], "added": 20, "changed": 0, "unchanged": 0,
    }  # fmt: skip
    assert (counts(), AuditEvent.objects.count()) == ((0, 0, 0, 0, 0), before)


def test_one_import_is_one_entry_with_the_digests(tmp_path: Path) -> None:
    before = AuditEvent.objects.count()
    run(tmp_path)
    entry = AuditEvent.objects.latest("seq")
    assert (AuditEvent.objects.count() - before, entry.verb, entry.at) == (1, "导入工作簿", AT)
    found = {each["file"]: each["sha256"] for each in json.loads(entry.details)["files"]}
    assert found == {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in found}
    assert len(found) == 3
    assert audit.verify() == []


def test_changes_are_shown(tmp_path: Path) -> None:
    run(tmp_path)
    outcome = run(tmp_path, {"底册": spoilt(REGISTER, "区划", 4, "名称", "东关新社区")})
    assert [(move.code, move.what, move.old, move.new) for move in outcome.moves] == [
        ("620101", "变更名称", "东关社区", "东关新社区")
    ]
    assert outcome.tally == Tally(changed=1, unchanged=10)


def test_a_mistake_anywhere_saves_nothing_of_any_file(tmp_path: Path) -> None:
    before = AuditEvent.objects.count()
    outcome = run(tmp_path, {**BOOKS, "问题台账": spoilt(LEDGER, "问题", 3, "状态", "办结")})
    assert (outcome.is_refused, outcome.tally, outcome.sheets) == (True, Tally(), [])
    assert (counts(), AuditEvent.objects.count()) == ((0, 0, 0, 0, 0), before)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    register = spoilt(spoilt(REGISTER, "区划", 3, "人口", "很多"), "点位", 3, "区划编码", "99")
    visits = spoilt(spoilt(VISITS, "检查", 3, "点位编码", "X"), "评分", 2, "处数", 0)
    ledger = spoilt(spoilt(LEDGER, "问题", 2, "责任单位编码", "U9"), "问题", 4, "发现时间", "昨天")
    outcome = run(tmp_path, {"问题台账": ledger, "督查记录": visits, "底册": register})
    assert [each[:4] for each in said(outcome)] == [
        ("问题台账.xlsx", "问题", 2, "责任单位编码"), ("问题台账.xlsx", "问题", 4, "发现时间"),
        ("督查记录.xlsx", "检查", 3, "点位编码"),
        ("底册.xlsx", "区划", 3, "人口"), ("底册.xlsx", "点位", 3, "区划编码"),
    ]  # fmt: skip


def test_what_refers_to_an_unreadable_register_is_not_judged(tmp_path: Path) -> None:
    broken = tmp_path / "底册.xlsx"
    broken.write_text("编码", encoding="utf-8")
    files = [written(tmp_path, "督查记录", spoilt(VISITS, "评分", 2, "结果", "差")), ImportFile(broken, "底册.xlsx")]
    outcome = importing.run(files=files, by=organisation.chief(), at=AT)
    assert [each[:4] for each in said(outcome)] == [
        ("底册.xlsx", "", None, None), ("督查记录.xlsx", "评分", 2, "结果"),
    ]  # fmt: skip


def test_a_damaged_sheet_refuses_the_file_once(tmp_path: Path) -> None:
    import zipfile

    run(tmp_path, {"底册": REGISTER})
    good = written(tmp_path, "督查记录", VISITS)
    bad = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(good.path) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b"</row>", b"") if name.endswith("sheet3.xml") else data)
    outcome = importing.run(files=[ImportFile(bad, "坏.xlsx")], by=organisation.chief(), at=AT)
    assert said(outcome) == [
        ("坏.xlsx", "", None, None, "工作簿的内容已损坏，无法读取。请在 Excel 中打开并另存为 .xlsx 后再导入。")
    ]


def test_a_workbook_of_other_things_is_refused(tmp_path: Path) -> None:
    ((file, sheet, row, column, message),) = said(run(tmp_path, {"工资": {"工资": [["姓名"]]}}))
    assert (file, sheet, row, column) == ("工资.xlsx", "", None, None)
    assert message.startswith("看不出这是哪一种工作簿")
    assert "底册（区划、点位、单位、人员、责任）" in message


def test_a_missing_sheet_is_one_mistake_and_its_references_are_not_judged(tmp_path: Path) -> None:
    register = deepcopy(REGISTER)
    del register["区划"]
    assert said(run(tmp_path, {"底册": register})) == [
        ("底册.xlsx", "区划", None, None, "缺少这张工作表。没有内容也要留着表头。")
    ]


def test_strange_sheets_and_columns_are_noticed(tmp_path: Path) -> None:
    register = deepcopy(REGISTER)
    register["说明"] = [["x"]]
    register["区划"][0].append("电话")
    outcome = run(tmp_path, {"底册": register})
    assert outcome.notices == [
        "底册.xlsx：工作表『说明』不认识，没有读。", "底册.xlsx『区划』：列“电话”不认识，没有读。",
    ]  # fmt: skip
    assert not outcome.is_refused


def test_progress_is_heard(tmp_path: Path) -> None:
    heard: list[str] = []
    file = written(tmp_path, "底册", REGISTER)
    importing.run(files=[file], by=organisation.chief(), at=AT, progress=lambda what, _done, _total: heard.append(what))
    assert heard == [*(f"正在读取 底册.xlsx『{sheet}』" for sheet in REGISTER), "正在核对 底册.xlsx（底册）"]


def test_who_may_not_import_may_not(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        run(tmp_path, by=organisation.clerk(Permission.EDIT))


def test_an_office_in_one_town_imports_its_own(tmp_path: Path) -> None:
    from chuangwei.domain.organisation.queries import bundles

    run(tmp_path, {"底册": REGISTER})
    office = organisation.clerk(*bundles()["office"].permissions, area_paths=("62/6201/",))
    assert run(tmp_path, {"督查记录": VISITS, "问题台账": LEDGER}, by=office).tally == Tally(added=9)
    outcome = run(tmp_path, {"底册": spoilt(REGISTER, "区划", 2, "名称", "新县")}, by=office)
    assert said(outcome) == [("底册.xlsx", "区划", 2, "编码", "这个区划不在您的管辖范围内，不能添加或更改。")]


def test_the_order_of_rows_and_columns_does_not_matter(tmp_path: Path) -> None:
    turned = {
        sheet: [list(reversed(rows[0])), *[list(reversed(row)) for row in reversed(rows[1:])]]
        for sheet, rows in REGISTER.items()
    }
    assert run(tmp_path, {"底册": turned}).tally == Tally(added=11)
    assert run(tmp_path, {"底册": REGISTER}).tally == Tally(unchanged=11)


def test_an_import_a_day_later_is_dated_by_its_day(tmp_path: Path) -> None:
    run(tmp_path)
    file = written(tmp_path, "底册", spoilt(REGISTER, "点位", 2, "区划编码", "6201"))
    importing.run(files=[file], by=organisation.chief(), at=AT + timedelta(days=1))
    spells = Site.objects.get(code="BL-1").spells.order_by("pk")
    assert [(str(spell.from_on), str(spell.to_on)) for spell in spells] == [
        ("None", "2023-10-30"),
        ("2023-10-31", "None"),
    ]
