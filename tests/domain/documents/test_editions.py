"""The public edition names nobody: every person and number of the inner one is looked for in it."""

import pytest

from chuangwei.domain.documents import queries
from chuangwei.domain.documents.blocks import Head, Paragraph, Run, persons, text_of
from chuangwei.domain.documents.composing import NamesPersons
from chuangwei.domain.documents.enums import Edition, Form
from chuangwei.domain.documents.registry import KINDS, Asked, Composed, DocumentKind
from chuangwei.domain.organisation.models import Person
from tests.domain.appraisal.world import date
from tests.domain.documents.office import Office, drafter

DAY = date(2023, 10, 9)


def about_of(office: Office, kind: str) -> dict[str, str]:
    return {
        "weekly-bulletin": office.about(), "flag-certificate": office.about(subject="A"),
        "rectification-notice": {"problem": "WT-7"}, "roster": {"area": "6201"},
    }[kind]  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS.all()))
def test_no_person_of_the_inner_edition_is_in_the_public_one(office: Office, kind: str) -> None:
    told = {"kind": kind, "about": about_of(office, kind), "actor": drafter(), "day": DAY}
    inner = queries.compose(**told, edition=Edition.INNER)
    public = queries.drawn(queries.compose(**told, edition=Edition.PUBLIC).sheet, Form.HTML).content.decode()
    assert persons(inner.sheet) or kind == "flag-certificate"
    names = {person.name for person in Person.objects.all()} | persons(inner.sheet) | {"张三丰"}
    assert [name for name in names if name and name in public] == []
    assert "13812345678" not in public
    assert "5678" not in public


@pytest.mark.parametrize("kind", sorted(KINDS.all()))
def test_no_whole_telephone_number_is_in_any_edition(office: Office, kind: str) -> None:
    inner = queries.compose(kind=kind, about=about_of(office, kind), actor=drafter(), day=DAY, edition=Edition.INNER)
    assert "13812345678" not in queries.drawn(inner.sheet, Form.HTML).content.decode()


def test_a_kind_that_names_a_person_publicly_is_a_mistake_of_the_program(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def talks(asked: Asked) -> Composed:
        return Composed("册", asked.letterhead([]), [Paragraph(text_of(Run("张三", is_person=True)))])

    entry = DocumentKind("roster", "册", "", (), talks)
    monkeypatch.setattr(KINDS, "get", lambda _: entry)
    with pytest.raises(NamesPersons):
        queries.compose(kind="roster", about={}, actor=drafter(), day=DAY, edition=Edition.PUBLIC)
    inner = queries.compose(kind="roster", about={}, actor=drafter(), day=DAY, edition=Edition.INNER)
    assert isinstance(inner.sheet.blocks[0], Head)
