import json
from dataclasses import replace
from io import BytesIO

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.test import RequestFactory
from openpyxl import load_workbook

from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError
from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Account, Unit
from chuangwei.web.shared import exporting, listing
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.listing import Choice, Column, Count, Filter, Listing, Sort, capped_count, day_of
from tests.factories import organisation

pytestmark = pytest.mark.django_db

KINDS = [("部门", "部门"), ("社区", "社区"), ("企业", "企业")]
UNITS = Listing[Unit](
    sorts=[Sort("code", "编码", ("code",)), Sort("back", "倒序", ("-code", "pk"))],
    filters=[
        Filter("kind", "类型", lambda value: Q(kind=value), choices=KINDS, is_tab=True),
        Filter("area", "区划", lambda value: Q(area__code=value)),
        Filter("since", "起", lambda value: Q(code__gte=value), is_day=True, last_day="until"),
        Filter("until", "止", lambda value: Q(code__gte=value), is_day=True),
        Filter("starts", "开头", lambda value: Q(code__startswith=value), choices=lambda: [("A", "甲"), ("B", "乙")]),
    ],
    columns=[Column("编码", lambda unit: unit.code), Column("名称", lambda unit: unit.name)],
    search=lambda found, words: found.filter(name__contains=words),
    size=2,
)


@pytest.fixture
def units() -> None:
    for code, name, kind in [
        ("A1", "城管局", "部门"),
        ("A2", "东关社区", "社区"),
        ("A3", "卫健局", "部门"),
        ("B1", "=1+1", "企业"),
    ]:
        Unit.objects.create(code=code, name=name, kind=kind)


def posting(query: str = ""):
    request = RequestFactory().post(f"/units/export{query}")
    request.user = organisation.account(f"op{Account.objects.count()}")
    return request


def asking(query: str = ""):
    return RequestFactory().get(f"/units/?{query}" if query else "/units/")


def shown(query: str = "") -> listing.Shown[Unit]:
    return UNITS.shown(Unit.objects.all(), asking(query))


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A1", "A2"]),
        ("sort=back", ["B1", "A3"]),
        ("sort=unheard", ["A1", "A2"]),
        ("kind=部门", ["A1", "A3"]),
        ("starts=B", ["B1"]),
        ("q=关", ["A2"]),
        ("q=%20关%20&kind=社区", ["A2"]),
        ("q=%00", ["A1", "A2"]),
        ("since=2026-01-01", ["A1", "A2"]),
        ("area=nowhere", []),
    ],
)
@pytest.mark.usefixtures("units")
def test_the_address_says_what_is_shown(query, codes):
    assert [unit.code for unit in shown(query).page.rows] == codes


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("since=2026-13-40", "since", "“起”不是有效日期：2026-13-40。请写成 2026-10-15 这样。"),
        ("until=9999-12-31", "until", "“止”不是有效日期：9999-12-31。请写成 2026-10-15 这样。"),
        ("since=2026-03-02&until=20260301", "since", "“起”晚于“止”，请改其中一个。"),
        ("starts=C&q=局", "starts", "“开头”里没有“C”，请重新选择。"),
        (f"starts={'长' * 65}", "starts", f"“开头”里没有“{'长' * 64}…”，请重新选择。"),
    ],
)
@pytest.mark.usefixtures("units")
def test_what_a_filter_cannot_take_is_told_at_it_and_nothing_is_shown(query, field, words):
    one = shown(query)
    assert [(each.name, each.fault) for each in one.fields if each.fault] == [(field, words)]
    assert (list(one.page.rows), one.count, one.is_narrowed, list(one.remarks)) == ([], Count(0), True, [])


@pytest.mark.usefixtures("units")
def test_an_unknown_tab_is_told_above_the_list_and_the_tabs_lead_out_of_it():
    one = shown("kind=车站")
    assert (list(one.page.rows), list(one.remarks)) == ([], ["“类型”里没有“车站”，请重新选择。"])
    assert [(tab.count, tab.address) for tab in one.tabs][:1] == [
        (Count(2), "/units/?sort=code&kind=%E9%83%A8%E9%97%A8")
    ]


@pytest.mark.usefixtures("units")
def test_words_a_search_leaves_out_are_told():
    one = replace(UNITS, remarks=lambda words: [f"没有查“{words}”"]).shown(Unit.objects.all(), asking("q=局"))
    assert list(one.remarks) == ["没有查“局”"]
    assert list(shown("q=局").remarks) == []


@pytest.mark.usefixtures("units")
def test_a_day_and_the_same_day_are_a_stretch():
    assert not shown("since=2026-03-01&until=2026-03-01").is_faulty


@pytest.mark.usefixtures("units")
def test_a_list_shown_at_another_address_leads_to_its_own():
    elsewhere = replace(UNITS, path="/units/").shown(Unit.objects.all(), RequestFactory().get("/elsewhere/?kind=部门"))
    assert elsewhere.tabs[0].address.startswith("/units/?")


@pytest.mark.usefixtures("units")
def test_the_next_page_keeps_every_wish():
    first = shown("sort=back&kind=部门&q=局")
    assert [unit.name for unit in first.page.rows] == ["卫健局", "城管局"]
    assert not first.page.next_address
    whole = shown("sort=back")
    query = whole.page.next_address.partition("?")[2]
    assert QueryDict(query)["sort"] == "back"
    assert [unit.name for unit in shown(query).page.rows] == ["东关社区", "城管局"]


@pytest.mark.usefixtures("units")
def test_counts_tabs_and_chips():
    one = shown("kind=部门&starts=A")
    assert one.count == Count(2)
    assert [(tab.words, tab.count, tab.is_chosen) for tab in one.tabs] == [
        ("部门", Count(2), True), ("社区", Count(1), False), ("企业", Count(0), False),
    ]  # fmt: skip
    assert one.all_tab == Choice("", "全部", is_chosen=False, address="/units/?starts=A&sort=code")
    assert [(chip.title, chip.words, chip.address) for chip in one.chips] == [
        ("开头", "甲", "/units/?kind=%E9%83%A8%E9%97%A8&sort=code")
    ]
    assert one.is_narrowed
    assert not shown().is_narrowed


@pytest.mark.usefixtures("units")
def test_nobody_counts_past_what_people_read(monkeypatch):
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    assert str(capped_count(Unit.objects.all())) == "3+"
    assert str(capped_count(Unit.objects.filter(kind="部门"))) == "2"


@pytest.mark.parametrize(
    ("value", "year"), [("2026-11-22", 2026), ("2026-13-01", None), ("0001-01-01", None), ("", None), ("x", None)]
)
def test_a_day_of_the_address(value, year):
    found = day_of(value)
    assert (found.year if found else None) == year


@pytest.mark.usefixtures("units")
def test_an_export_is_exactly_what_is_shown_and_is_recorded():
    request = posting("?kind=部门&sort=back")
    response = export_listing(UNITS, Unit.objects.all(), request, title="单位", by=system_actor("op"))
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content)))["单位"]
    assert [[cell.value for cell in row] for row in sheet] == [["编码", "名称"], ["A3", "卫健局"], ["A1", "城管局"]]
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject_code, json.loads(event.details)["rows"]) == ("导出列表", "单位", 2)


@pytest.mark.usefixtures("units")
def test_text_stays_text_in_the_sheet():
    request = posting("?kind=企业")
    response = export_listing(UNITS, Unit.objects.all(), request, title="单位", by=system_actor("op"))
    assert load_workbook(BytesIO(b"".join(response.streaming_content)))["单位"]["B2"].value == "=1+1"


@pytest.mark.usefixtures("units")
def test_too_many_rows_are_refused_before_anything_is_written(monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)
    with pytest.raises(DomainError, match="请先筛选"):
        export_listing(UNITS, Unit.objects.all(), posting(), title="单位", by=system_actor("op"))
    assert not AuditEvent.objects.exists()


@pytest.mark.usefixtures("units")
def test_somebody_who_exports_all_day_is_asked_to_wait(settings):
    settings.CHUANGWEI_RATE_LIMITS = {"exports": "1/m/user"}
    request = posting()
    one, two = (export_listing(UNITS, Unit.objects.all(), request, title="单位", by=system_actor("op")) for _ in "ab")
    assert (one.status_code, two.status_code) == (200, 429)


def test_a_picked_thing_is_told_by_its_name_to_who_may_see_it():
    organisation.unit("A1", name="城管局")
    picked = Listing[Unit](
        sorts=UNITS.sorts, filters=[Filter("unit", "单位", lambda value: Q(code=value), picker="units")]
    )
    told = []
    for actor in (organisation.chief(), organisation.clerk()):
        request = asking("unit=A1")
        request.actor = actor
        found = picked.shown(Unit.objects.all(), request)
        told.append((found.chips[0].words, found.fields[0].words, found.set_count))
    assert told == [("城管局", "城管局", 1), ("A1", "", 1)]
