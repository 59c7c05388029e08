"""What comes out goes in again and changes nothing."""

from pathlib import Path

import openpyxl
import pytest
from django.db import connection

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent
from chuangwei.core.rows import Tally
from chuangwei.core.workbook.writer import CELL_LIMIT
from chuangwei.domain.inspections.models import Round, Visit
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.queries import bundles
from chuangwei.domain.places.models import Area, Site, SiteSpell
from chuangwei.web.office.sheets import exporting, importing, visits
from chuangwei.web.office.sheets.importing import BOOKS, ImportFile
from tests.factories import organisation, places
from tests.web.office.sheets.books import AT, prepare, run

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()


@pytest.fixture(autouse=True)
def _town(tmp_path: Path) -> None:
    prepare()
    run(tmp_path)


def sheets(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def export(slug: str, path: Path, **options: object) -> list[str]:
    _, notices = exporting.export(
        book=exporting.book_of(slug), path=path, **{"by": CHIEF, "at": AT, **options}  # type: ignore[arg-type]
    )  # fmt: skip
    return list(notices)


def test_an_export_read_back_changes_nothing(tmp_path: Path) -> None:
    for book in BOOKS:
        assert export(book.slug, tmp_path / f"{book.slug}-out.xlsx") == []
    files = [ImportFile(tmp_path / f"{book.slug}-out.xlsx", book.title) for book in BOOKS]
    outcome = importing.run(files=files, by=CHIEF, at=AT)
    assert (outcome.mistakes, outcome.tally) == ([], Tally(unchanged=20))


def test_an_export_has_the_shape_that_is_read(tmp_path: Path) -> None:
    for book in BOOKS:
        export(book.slug, tmp_path / f"{book.slug}-out.xlsx", phones_because="系统迁移")
    first = {book.slug: sheets(tmp_path / f"{book.slug}-out.xlsx") for book in BOOKS}
    assert [len(rows) for rows in first["visits"].values()] == [2, 3, 4]
    assert first["ledger"]["问题"][2][9] == "2023-09-07 00:00"
    assert first["register"]["点位"][1][4:9] == (104.92, 33.38, "GCJ02", "是", "=备注")


def test_phones_are_masked_unless_there_is_a_reason(tmp_path: Path) -> None:
    export("register", tmp_path / "a.xlsx")
    assert sheets(tmp_path / "a.xlsx")["人员"][1][4] == "199****6220"
    export("register", tmp_path / "b.xlsx", phones_because="换届核对")
    assert sheets(tmp_path / "b.xlsx")["人员"][1][4] == "19900026220"
    entry = AuditEvent.objects.latest("seq")
    assert (entry.verb, entry.subject_code, entry.note) == ("导出工作簿", "register", "换届核对")
    assert "sha256" in entry.details


def test_a_masked_phone_read_back_stays(tmp_path: Path) -> None:
    export("register", tmp_path / "a.xlsx")
    importing.run(files=[ImportFile(tmp_path / "a.xlsx", "a.xlsx")], by=CHIEF, at=AT)
    assert Person.objects.get(code="P1").phone == "19900026220"


def test_a_masked_phone_that_is_not_the_kept_one_is_refused_by_its_cell(tmp_path: Path) -> None:
    export("register", tmp_path / "a.xlsx")
    Person.objects.filter(code="P1").update(phone="19900026221")
    outcome = importing.run(files=[ImportFile(tmp_path / "a.xlsx", "a.xlsx")], by=CHIEF, at=AT)
    [mistake] = outcome.mistakes
    assert (mistake.sheet, mistake.row, mistake.column) == ("人员", 2, "手机")
    assert mistake.message == "手机号打了码，无法还原。请填完整号码；不改就留原样。"
    assert Person.objects.get(code="P1").phone == "19900026221"


def test_what_does_not_open_is_told_in_the_cell_and_read_back_stays(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_person SET phone = '9:AAAA' WHERE code = 'P1'")
    export("register", tmp_path / "a.xlsx")
    assert sheets(tmp_path / "a.xlsx")["人员"][1][4] == "无法解密：缺少密钥 9"
    outcome = importing.run(files=[ImportFile(tmp_path / "a.xlsx", "a.xlsx")], by=CHIEF, at=AT)
    assert (outcome.mistakes, outcome.tally.changed) == ([], 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM organisation_person WHERE code = 'P1'")
        assert cursor.fetchone() == ("9:AAAA",)
    with pytest.raises(DomainError, match="人员 P1 的手机号无法解密：缺少密钥 9，没有导出。"):
        export("register", tmp_path / "b.xlsx", phones_because="换届核对")
    Person.objects.filter(code="P1").update(phone="19900026220")
    outcome = importing.run(files=[ImportFile(tmp_path / "a.xlsx", "a.xlsx")], by=CHIEF, at=AT)
    assert [(one.row, one.column) for one in outcome.mistakes] == [(2, "手机")]


def test_a_full_number_in_a_workbook_is_indexed(tmp_path: Path) -> None:
    field = Person._meta.get_field("phone_index")
    assert Person.objects.get(phone_index__in=field.indexes_of("+86 199 0002 6220")).code == "P1"
    export("register", tmp_path / "a.xlsx", phones_because="换届核对")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["人员"]["E2"] = "138-0000-1234"
    book.save(tmp_path / "a.xlsx")
    importing.run(files=[ImportFile(tmp_path / "a.xlsx", "a.xlsx")], by=CHIEF, at=AT)
    assert Person.objects.get(phone_index__in=field.indexes_of("13800001234")).code == "P1"
    assert not Person.objects.filter(phone_index__in=field.indexes_of("19900026220"))


def test_a_boundary_too_long_for_a_cell_is_noticed(tmp_path: Path) -> None:
    corners = [[104 + number / 1e6, 33.0] for number in range(CELL_LIMIT // 10)]
    shape = {"type": "Polygon", "coordinates": [[*corners, [104, 34], [104.0, 33.0]]]}
    Area.objects.filter(code="6201").update(boundary=shape)
    assert export("register", tmp_path / "a.xlsx") == ["区划 6201 青石镇 的边界太长，Excel 单元格放不下，没有导出。"]
    importing.run(files=[ImportFile(tmp_path / "a.xlsx", "a.xlsx")], by=CHIEF, at=AT)
    assert Area.objects.get(code="6201").boundary == shape


def test_a_position_without_its_source_is_written_as_it_is_stored(tmp_path: Path) -> None:
    places.site("BL-9", in_area=Area.objects.get(code="620101"), longitude=104.9, latitude=33.4)
    export("register", tmp_path / "a.xlsx")
    assert sheets(tmp_path / "a.xlsx")["点位"][2][4:7] == (104.9, 33.4, "WGS84")
    outcome = importing.run(files=[ImportFile(tmp_path / "a.xlsx", "a.xlsx")], by=CHIEF, at=AT)
    assert outcome.tally == Tally(unchanged=12)


def test_too_many_answers_go_into_several_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "ANSWERS_A_FILE", 2)
    Round.objects.create(code="R-9", name="空轮", kind="daily", starts_on="2023-09-09", ends_on="2023-09-09")
    written, _ = exporting.export(book=exporting.book_of("visits"), path=tmp_path / "v.xlsx", by=CHIEF, at=AT)
    assert [path.name for path in written] == ["v.xlsx", "v-2.xlsx"]
    assert [[len(rows) for rows in sheets(path).values()] for path in written] == [[2, 2, 3], [2, 2, 2]]
    outcome = importing.run(files=[ImportFile(path, path.name) for path in written], by=CHIEF, at=AT)
    assert (outcome.mistakes, outcome.tally.added, outcome.tally.changed) == ([], 0, 0)


def test_an_export_shows_no_more_than_its_reader_sees(tmp_path: Path) -> None:
    other = places.area("63", kind="县")
    places.site("X-1", in_area=other)
    Site.objects.filter(code="NM-1").update(area=other)
    SiteSpell.objects.filter(site__code="NM-1").update(area=other)
    permissions = bundles()["office"].permissions
    office = organisation.clerk(*permissions, area_paths=("62/",))
    for book in BOOKS:
        export(book.slug, tmp_path / f"{book.slug}.xlsx", by=office)
    register, ledger = sheets(tmp_path / "register.xlsx"), sheets(tmp_path / "ledger.xlsx")
    assert [row[0] for row in register["区划"][1:]] == ["62", "6201", "620101"]
    assert [row[0] for row in register["点位"][1:]] == ["BL-1"]
    assert [row[0] for row in sheets(tmp_path / "visits.xlsx")["检查"][1:]] == ["JC-1"]
    assert len(ledger["问题"]) == 4


def test_a_sealed_round_stays_sealed(tmp_path: Path) -> None:
    Round.objects.update(is_sealed=True)
    office = organisation.clerk(*bundles()["office"].permissions)
    export("visits", tmp_path / "a.xlsx", by=office)
    assert [len(rows) for rows in sheets(tmp_path / "a.xlsx").values()] == [1, 1, 1]
    Round.objects.update(released_at=clock.now())
    export("visits", tmp_path / "a.xlsx", by=office)
    assert [len(rows) for rows in sheets(tmp_path / "a.xlsx").values()] == [2, 3, 4]


def test_who_sees_no_visits_exports_none(tmp_path: Path) -> None:
    export("visits", tmp_path / "a.xlsx", by=organisation.clerk(Permission.EXPORT))
    assert [len(rows) for rows in sheets(tmp_path / "a.xlsx").values()] == [1, 1, 1]
    assert Visit.objects.count() == 2


def test_who_may_not_export_may_not(tmp_path: Path) -> None:
    for by, reason in ((organisation.stranger(), ""), (organisation.clerk(Permission.EXPORT), "想看")):
        with pytest.raises(NotAllowed):
            export("register", tmp_path / "a.xlsx", by=by, phones_because=reason)


def test_an_unknown_workbook_is_refused() -> None:
    with pytest.raises(DomainError, match="没有“工资”这种工作簿"):
        exporting.book_of("工资")
    assert exporting.book_of("底册").slug == "register"
