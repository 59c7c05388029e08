"""花名册: who serves where today; numbers masked."""

from dataclasses import replace

import pytest

from chuangwei.core import clock
from chuangwei.core.errors import NotFound
from chuangwei.domain.documents import queries
from chuangwei.domain.documents.blocks import Paragraph, Sheet, Table, plain
from chuangwei.domain.documents.enums import Edition
from tests.domain.appraisal.world import date
from tests.domain.documents.office import NAMES, Office, drafter
from tests.factories import organisation

DAY = date(2023, 10, 9)
TODAY = clock.instant(DAY)


def sheet(edition: str = Edition.INNER, **about: str) -> Sheet:
    return queries.compose(kind="roster", about=about, actor=drafter(), day=DAY, edition=edition).sheet


def rows(found: Sheet) -> list[list[str]]:
    (table,) = [block for block in found.blocks if isinstance(block, Table)]
    return [[plain(cell) for cell in row] for row in table.rows]


def notes(found: Sheet) -> str:
    return " ".join(plain(block.text) for block in found.blocks if isinstance(block, Paragraph))


def test_it_lists_units_and_who_serves_in_them(office: Office) -> None:
    organisation.person("P2", of=office.units["A"], name="安平", title="网格员")
    gone = organisation.person("P3", of=office.units["A"], name="已离")
    gone.memberships.update(from_on=date(2022, 1, 1), to_on=date(2023, 1, 1))
    found = sheet(area="A")
    assert found.title == "A社区创卫工作人员花名册"
    assert rows(found) == [
        ["1", "A社区居委会", f"王{NAMES}", "副镇长", "138****5678"], ["2", "A社区居委会", "安平", "网格员", ""],
    ]  # fmt: skip


def test_the_public_edition_counts(office: Office) -> None:
    assert rows(sheet(Edition.PUBLIC, area="A")) == [["1", "A社区居委会", "社区", "1"]]


def test_without_an_area_it_is_about_all(office: Office) -> None:
    assert sheet().title == "青山镇创卫工作人员花名册"
    with pytest.raises(NotFound):
        sheet(area="404")


def test_a_past_day_lists_who_served_then_wherever_they_serve_today(office: Office, frozen_clock) -> None:
    """Her unit is hers on every day; of who has gone where she sees nobody, only the name."""
    frozen_clock(TODAY)
    own, far = office.units["A"], organisation.unit("U-far", area=office.town.areas["B"])
    gone = organisation.person("P3", of=own, name="已离", title="书记", phone="13900001111")
    gone.memberships.update(from_on=date(2022, 1, 1), to_on=date(2023, 1, 1))
    organisation.Membership.objects.create(person=gone, unit=far, from_on=date(2023, 1, 2))
    narrow = replace(drafter(), area_paths=(own.area.path,))

    def listed(day: date, edition: str = Edition.INNER) -> Sheet:
        return queries.compose(kind="roster", about={"area": "A"}, actor=narrow, day=day, edition=edition).sheet

    past = listed(date(2022, 6, 1))
    assert [row[2:] for row in rows(past)] == [[f"王{NAMES}", "副镇长", "138****5678"], ["已离", "", ""]]
    assert "职务和手机号为2023年10月9日的" in notes(past)
    assert rows(listed(date(2022, 6, 1), Edition.PUBLIC)) == [["1", "A社区居委会", "社区", "2"]]
    today = listed(DAY)
    assert [row[2] for row in rows(today)] == [f"王{NAMES}"]
    assert "职务和手机号为" not in notes(today)
