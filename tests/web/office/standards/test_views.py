"""The library on pages: as it was loaded, with 待核 beside what nobody checked."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chuangwei.core import clock
from chuangwei.domain.standards import actions
from chuangwei.domain.standards.models import Category, Checklist, Edition, Indicator, Item
from tests.factories import organisation, standards

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(db) -> None:
    actions.load_standards(by=organisation.chief(), at=clock.now())


def edition() -> Edition:
    return Edition.objects.filter(items__isnull=False).order_by("code").distinct()[0]


def addresses() -> list[str]:
    item, sheet = edition().items.first(), Checklist.objects.first()
    assert item
    assert sheet
    return [
        "/standards/", f"/standards/editions/{item.edition.code}/", f"/standards/items/{item.code}/",
        "/standards/indicators/", "/standards/categories/", f"/standards/categories/{Category.objects.first().code}/",
        "/standards/checklists/", f"/standards/checklists/{sheet.code}/{sheet.version}/", "/standards/obsolete/",
    ]  # fmt: skip


@pytest.mark.usefixtures("library")
def test_whoever_may_opens_every_page_and_others_find_none(office, signed_in, stranger):
    outsider = signed_in()
    for address in addresses():
        assert office.get(address).status_code == 200, address
        assert outsider.get(address).status_code == 404, address
        assert stranger.get(address).status_code == 404, address


@pytest.mark.usefixtures("library")
def test_every_row_of_the_library_has_its_page(office):
    for item in Item.objects.filter(retired_on=None)[::7]:
        assert item.title in office.get(f"/standards/items/{item.code}/").content.decode()
    for sheet in Checklist.objects.all():
        page = office.get(f"/standards/checklists/{sheet.code}/{sheet.version}/").content.decode()
        assert page.count('<th scope="row">') == sheet.checks.count()


@pytest.mark.usefixtures("library")
def test_what_nobody_checked_is_marked_and_can_be_found(office):
    chosen = Item.objects.filter(retired_on=None, is_verified=False).first()
    assert chosen
    assert "待核</span>" in office.get(f"/standards/items/{chosen.code}/").content.decode()
    only = office.get(f"/standards/editions/{chosen.edition.code}/?unsure=no").content.decode()
    assert only.count("待核</span>") == only.count('<th scope="row">') > 0


@pytest.mark.parametrize(("kept", "told"), [("high", "高"), ("mid", "中"), ("low", "低")])
@pytest.mark.usefixtures("library")
def test_how_sure_an_item_is_stands_there_in_chinese(office, kept, told):
    item = Item.objects.filter(certainty=kept).first()
    assert item
    page = office.get(f"/standards/items/{item.code}/").content.decode()
    assert (f"<dt>把握</dt><dd>{told}</dd>" in page, f"<dd>{kept}</dd>" in page) == (True, False)


@pytest.mark.usefixtures("library")
def test_a_missing_threshold_is_not_a_nought(office):
    item = Item.objects.filter(comparator=">=", threshold=None, threshold_level="", threshold_text="").first()
    if item is None:
        item = Item.objects.filter(comparator=">=").first()
        Item.objects.filter(pk=item.pk).update(threshold=None, threshold_level="", threshold_text="")
    assert "标准值待核" in office.get(f"/standards/items/{item.code}/").content.decode()


@pytest.mark.usefixtures("library")
def test_a_superseded_edition_says_what_to_use_instead(office):
    old = edition()
    new = Edition.objects.exclude(pk=old.pk).first()
    Edition.objects.filter(pk=old.pk).update(status="superseded", superseded_by=new)
    assert (
        f'《<a href="/standards/editions/{new.code}/">{new.title}</a>》'
        in office.get(f"/standards/editions/{old.code}/").content.decode()
    )


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("what", ["items/none/", "editions/none/", "categories/none/", "checklists/none/1/"])
def test_what_is_not_there_is_404(office, what):
    assert office.get(f"/standards/{what}").status_code == 404


@pytest.mark.usefixtures("library")
def test_the_lists_are_searched_and_exported_as_shown(office):
    one = Category.objects.exclude(parent=None).filter(retired_on=None).first()
    page = office.get(f"/standards/categories/?q={one.name}").content.decode()
    assert one.name in page
    answer = office.post(f"/standards/categories/export/?q={one.name}")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active]
    assert one.code in [row[0] for row in rows[1:]]
    assert len(rows) - 1 == page.count('<th scope="row">')


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("list_", ["categories", "indicators", "edition"])
def test_only_those_who_may_take_a_list_along(signed_in, list_):
    address = f"editions/{edition().code}" if list_ == "edition" else list_
    assert signed_in("community").post(f"/standards/{address}/export/").status_code == 404
    assert signed_in("office").post(f"/standards/{address}/export/").status_code == 200


def test_an_empty_library_says_what_to_do(office):
    assert "chuangwei standards load" in office.get("/standards/").content.decode()
    assert "chuangwei standards load" in office.get("/standards/checklists/").content.decode()


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("/standards/categories/", lambda n: standards.category(f"C{n}", name=f"类{n}")),
        ("/standards/indicators/", lambda n: Indicator.objects.create(code=f"I{n}", name=f"量{n}", adds_up="sum")),
        ("/standards/checklists/", lambda n: standards.checklist(f"kind{n}")),
        ("/standards/", lambda n: Edition.objects.create(code=f"E{n}", title=f"标准{n}")),
    ],
)
def test_one_row_and_three_ask_the_same(office, address, make):
    make(0)
    office.get(address)
    before = _asked(office, address)
    make(1)
    make(2)
    assert _asked(office, address) == before


def _asked(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
