"""The library on pages: editions and their items, indicators, checklists, categories, obsolete clauses.

Values nobody has compared with the original paper are marked 待核, and what a later edition replaced says so.
"""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from chuangwei.domain.organisation.permissions import may_export
from chuangwei.domain.places.models import SiteKind
from chuangwei.domain.standards import queries
from chuangwei.domain.standards.enums import Permission
from chuangwei.domain.standards.models import Category, Check, Checklist, Edition, Indicator, Item, ObsoletePattern
from chuangwei.web.office.standards import wording
from chuangwei.web.office.standards.listing import CATEGORIES, INDICATORS, items_of
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.listing import Choices
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

HOME = "标准"


def _home() -> Crumb:
    return Crumb(HOME, reverse("office:edition_list"))


def _may(request: OfficeRequest, *, export: bool = False) -> None:
    require_or_404(request.actor.may(Permission.VIEW) and (not export or may_export(request.actor)))


@page
def edition_list(request: OfficeRequest) -> HttpResponse:
    _may(request)
    counted = Edition.objects.annotate(
        item_count=Count("items", filter=Q(items__retired_on=None)),
        unsure_count=Count("items", filter=Q(items__retired_on=None, items__is_verified=False)),
    )
    editions = counted.select_related("superseded_by").order_by("retired_on", "-item_count", "code")
    return render_page(request, "office/standards/edition_list.html", editions=editions, levels=_levels())


def _levels() -> dict[str, str]:
    return {"city": "城市", "county": "县", "township": "乡镇"}


@page
def edition_detail(request: OfficeRequest, code: str) -> HttpResponse:
    _may(request)
    edition: Edition = get_or_404(Edition.objects.select_related("superseded_by"), code=code)
    shown = items_of(_sections(edition)).shown(_items(edition), request)
    rows: list[Any] = [(item, wording.demand(item)) for item in shown.page.rows]
    return render_page(
        request, "office/standards/edition_detail.html", part="list",
        edition=edition,
        list=shown,
        rows=rows,
        sources=queries.source_titles(),
        export_address=reverse("office:edition_export", args=[code]) if may_export(request.actor) else "",
        trail=[_home(), Crumb(edition.title)],
    )  # fmt: skip


@command
def edition_export(request: OfficeRequest, code: str) -> HttpResponseBase:
    _may(request, export=True)
    edition: Edition = get_or_404(Edition.objects.all(), code=code)
    return export_listing(items_of(_sections(edition)), _items(edition), request, title="标准条目", by=request.actor)


def _items(edition: Edition) -> QuerySet[Item]:
    return edition.items.filter(retired_on=None).select_related("indicator")


def _sections(edition: Edition) -> Choices:
    rows = edition.items.filter(retired_on=None).order_by("section_number").values_list("section_number", "section")
    return [(str(number), f"{number}. {name}") for number, name in dict.fromkeys(rows)]


@page
def item_detail(request: OfficeRequest, code: str) -> HttpResponse:
    _may(request)
    item: Item = get_or_404(Item.objects.select_related("edition", "indicator", "parent"), code=code)
    return render_page(
        request, "office/standards/item_detail.html",
        item=item,
        demand=wording.demand(item),
        certainty=wording.certainty(item),
        kinds=_kind_names(item.kinds),
        checks=_serving(item),
        categories=[one for one in Category.objects.filter(retired_on=None).order_by("code") if code in one.items],
        children=item.children.filter(retired_on=None).order_by("order"),
        source=queries.source_titles().get(item.source, item.source),
        threshold_source=queries.source_titles().get(item.threshold_source, item.threshold_source),
        trail=[
            _home(), Crumb(item.edition.title, reverse("office:edition_detail", args=[item.edition.code])), Crumb(item.title)
        ],
    )  # fmt: skip


def _serving(item: Item) -> list[Check]:
    """The checks of current checklists that serve an item. Their lists of items are read here: no engine can ask them."""
    current = (
        Check.objects.filter(checklist__is_current=True)
        .select_related("checklist")
        .order_by("checklist__code", "order")
    )
    return [check for check in current if item.code in check.items]


def _kind_names(codes: list[str]) -> list[str]:
    names = dict(SiteKind.objects.filter(code__in=codes).values_list("code", "name"))
    return [names.get(code, code) for code in codes]


@page
def indicator_list(request: OfficeRequest) -> HttpResponse:
    _may(request)
    return render_page(
        request, "office/standards/indicator_list.html", part="list",
        list=INDICATORS.shown(_indicators(), request),
        export_address=reverse("office:indicator_export") if may_export(request.actor) else "",
    )  # fmt: skip


@command
def indicator_export(request: OfficeRequest) -> HttpResponseBase:
    _may(request, export=True)
    return export_listing(INDICATORS, _indicators(), request, title="指标", by=request.actor)


def _indicators() -> QuerySet[Indicator]:
    return Indicator.objects.filter(retired_on=None)


@page
def category_list(request: OfficeRequest) -> HttpResponse:
    _may(request)
    shown = CATEGORIES.shown(_categories(), request)
    return render_page(
        request, "office/standards/category_list.html", part="list",
        list=shown,
        rows=[(one, wording.time_allowed(one)) for one in shown.page.rows],
        export_address=reverse("office:category_export") if may_export(request.actor) else "",
    )  # fmt: skip


@command
def category_export(request: OfficeRequest) -> HttpResponseBase:
    _may(request, export=True)
    return export_listing(CATEGORIES, _categories(), request, title="问题类别", by=request.actor)


def _categories() -> QuerySet[Category]:
    return Category.objects.filter(retired_on=None).select_related("parent")


@page
def category_detail(request: OfficeRequest, code: str) -> HttpResponse:
    _may(request)
    category: Category = get_or_404(Category.objects.select_related("parent"), code=code)
    return render_page(
        request, "office/standards/category_detail.html",
        category=category,
        time_allowed=wording.time_allowed(category),
        kinds=_kind_names(category.kinds),
        children=category.children.filter(retired_on=None).order_by("code"),
        items=Item.objects.filter(code__in=category.items).order_by("order"),
        source=queries.source_titles().get(category.source, category.source),
        time_source=queries.source_titles().get(category.time_source, category.time_source),
        trail=[_home(), Crumb("问题类别", reverse("office:category_list")), Crumb(category.name)],
    )  # fmt: skip


@page
def checklist_list(request: OfficeRequest) -> HttpResponse:
    _may(request)
    sheets = Checklist.objects.filter(is_current=True).select_related("site_kind").annotate(check_count=Count("checks"))
    return render_page(request, "office/standards/checklist_list.html", sheets=sheets.order_by("site_kind__code"))


@page
def checklist_detail(request: OfficeRequest, code: str, version: int) -> HttpResponse:
    _may(request)
    sheet: Checklist = get_or_404(Checklist.objects.select_related("site_kind"), code=code, version=version)
    checks = list(sheet.checks.order_by("order"))
    names = dict(
        Category.objects.filter(code__in={one for check in checks for one in check.categories}).values_list(
            "code", "name"
        )
    )
    return render_page(
        request, "office/standards/checklist_detail.html",
        sheet=sheet,
        rows=[(check, wording.loses(check), [(one, names.get(one, one)) for one in check.categories]) for check in checks],
        versions=Checklist.objects.filter(code=code).order_by("-version"),
        source=queries.source_titles().get(sheet.source, sheet.source),
        trail=[_home(), Crumb("检查表", reverse("office:checklist_list")), Crumb(sheet.title)],
    )  # fmt: skip


@page
def obsolete_list(request: OfficeRequest) -> HttpResponse:
    _may(request)
    return render_page(
        request, "office/standards/obsolete_list.html",
        rows=_clauses(),
        editions=Edition.objects.filter(superseded_by__isnull=False).select_related("superseded_by").order_by("code"),
    )  # fmt: skip


def _clauses() -> list[tuple[ObsoletePattern, list[str], list[Item], str]]:
    """Each with what it is written like, the items it names, and the paper it was found in. Three queries."""
    clauses = list(ObsoletePattern.objects.filter(retired_on=None).order_by("code"))
    codes = {one.pk: wording.cited(one.use_instead) for one in clauses}
    items = Item.objects.filter(code__in={code for named in codes.values() for code in named}).in_bulk(
        field_name="code"
    )
    titles = queries.source_titles()
    return [
        (
            one, wording.spelled(one.pattern), [items[code] for code in codes[one.pk] if code in items],
            titles.get(one.source, one.source),
        )
        for one in clauses
    ]  # fmt: skip
