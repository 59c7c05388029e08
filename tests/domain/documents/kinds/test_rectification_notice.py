"""整改通知单: a dispatched problem, its unit, its deadline."""

import pytest

from chuangwei.core.errors import DomainError, NotFound
from chuangwei.domain.documents import queries
from chuangwei.domain.documents.blocks import Head, persons, plain, texts
from chuangwei.domain.documents.enums import Edition
from chuangwei.domain.documents.queries import Composition
from tests.domain.appraisal.world import date
from tests.domain.documents.office import NAMES, Office, drafter
from tests.factories import inspections


def composed(code: str = "WT-7", edition: str = Edition.INNER) -> Composition:
    return queries.compose(
        kind="rectification-notice", about={"problem": code}, actor=drafter(), day=date(2023, 10, 9), edition=edition
    )


def said(found: Composition) -> str:
    return "\n".join(plain(text) for text in texts(found.sheet))


def test_it_tells_the_unit_what_and_until_when(office: Office) -> None:
    found = composed()
    head = found.sheet.blocks[0]
    assert isinstance(head, Head)
    assert (head.recipients, found.composed.units, found.area) == ("D社区居委会", ["UD"], office.town.areas["D"])
    assert "经查，D社区SD巷存在以下问题。请按要求整改，并于2023年9月28日9时前将整改情况报青山镇创卫办公室。" in said(
        found
    )
    assert f"包社区领导王{NAMES}" in said(found)
    assert "张三丰" in said(found)


def test_the_public_edition_has_neither_description_nor_persons(office: Office) -> None:
    told = said(composed(edition=Edition.PUBLIC))
    assert "张三丰" not in told
    assert NAMES not in told
    assert "整改期限" in told


def test_a_problem_not_dispatched_has_no_notice(office: Office) -> None:
    office.town.problem("A", code="WT-8", state="filed", fixed_at=None, closed_at=None, due_at=None)
    with pytest.raises(DomainError, match="问题 WT-8 还没有派遣"):
        composed("WT-8")


def test_a_problem_nobody_may_see_has_none_either(office: Office) -> None:
    with pytest.raises(NotFound):
        composed("WT-404")
    sealed = inspections.round_("AF-1", kind="undercover", is_sealed=True)
    office.town.rounds["undercover"] = sealed
    office.problem.origin_code = office.town.visit("D", "10", kind="undercover").code
    office.problem.save()
    with pytest.raises(NotFound):
        composed()


def test_a_household_is_named_as_a_person_and_only_in_the_inner_edition(office: Office) -> None:
    office.at_home("张家院")
    inner = composed()
    assert "D社区张家院" in said(inner)
    assert "张家院" in persons(inner.sheet)
    public = said(composed(edition=Edition.PUBLIC))
    assert "张家院" not in public
    assert "经查，D社区农户庭院存在以下问题" in public
