"""A list of things, told once: its search, filters, orders, counts and columns; read from the address, page by page.

The address holds the whole view, so it can be sent to a colleague. A value in it that a filter cannot take is told at
the filter, and the list shows nothing until it is mended: rows of another question would be read as the answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from chuangwei.core.actor import Actor
from chuangwei.web.shared.naming import name_of
from chuangwei.web.shared.paging import PAGE_SIZE, Page, keyset_page

M = TypeVar("M", bound=Model)

SEARCH, SORT, AFTER = "q", "sort", "after"
LONGEST_SEARCH = 64
MOST_COUNTED = 10_000
"""Beyond this nobody reads a count, and a database takes long to give it."""
FIRST_YEAR, LAST_YEAR = 1900, 2999

Choices = Sequence[tuple[str, str]]
"""(what stands in the address, what people read)."""


def day_of(value: str) -> date | None:
    """The day an address names; nothing where it names none, or one so far off that no instant of it can be told."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


@dataclass(frozen=True)
class Filter:
    """One question people narrow a list by. `condition` turns the value of the address into what rows must satisfy.

    With `choices` only those values count; `is_day` takes a date; without either any text does. `is_tab` shows the choices
    as a row of counted tabs above the list instead of a field; one filter of a list may be so.
    """

    name: str
    title: str
    condition: Callable[[str], Q]
    choices: Choices | Callable[[], Choices] | None = None
    is_day: bool = False
    is_tab: bool = False
    picker: str = ""
    """Which things the field lets people pick from by typing (sites, areas, units, persons, categories)."""
    last_day: str = ""
    """The filter that names the last day of the stretch of days this one begins."""

    def known(self) -> Choices:
        return self.choices() if callable(self.choices) else (self.choices or ())


@dataclass(frozen=True)
class Sort:
    """One order of a list: own columns, never null, the last of them unique."""

    name: str
    title: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column of the sheet a list is exported to."""

    title: str
    value: Callable[[M], Any]


@dataclass(frozen=True)
class Count:
    """How many rows a list has; `is_more` where there are more than anybody counts."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.is_more else ''}"


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    is_chosen: bool
    address: str
    count: Count | None = None


@dataclass(frozen=True)
class Field:
    """A filter as the page shows it."""

    name: str
    title: str
    value: str
    choices: Sequence[Choice]
    is_day: bool
    picker: str
    fault: str = ""
    """What is wrong with the value of the address."""
    words: str = ""
    """What the thing is called whose code is the value."""


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address without it."""

    title: str
    words: str
    address: str


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as far as the list knows it."""

    search: str
    values: Mapping[str, str]
    sort: Sort
    after: str
    path: str
    faults: Mapping[str, str] = field(default_factory=dict)
    """A sentence for each filter whose value cannot be taken."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the things are called whose codes stand in the values, by filter."""

    def address(self, **changes: str) -> str:
        """This list with some wishes changed (empty: taken out), from its first page."""
        wishes = {SEARCH: self.search, **self.values, SORT: self.sort.name, **changes}
        kept = {name: value for name, value in wishes.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def without(self, name: str) -> "Asked":
        values = {key: value for key, value in self.values.items() if key != name}
        faults = {key: fault for key, fault in self.faults.items() if key != name}
        return replace(self, values=values, faults=faults)


@dataclass(frozen=True)
class Shown(Generic[M]):
    """A list as a page shows it."""

    page: Page[M]
    count: Count
    asked: Asked
    tabs: Sequence[Choice]
    all_tab: Choice | None
    fields: Sequence[Field]
    chips: Sequence[Chip]
    sorts: Sequence[Choice]
    has_search: bool
    search_hint: str
    remarks: Sequence[str] = ()
    """What there is to say of the tab and the search of the address; of the fields, each field says it."""

    @property
    def is_faulty(self) -> bool:
        return bool(self.asked.faults)

    @property
    def set_count(self) -> int:
        """How many of the fields narrow the list."""
        return sum(bool(one.value) for one in self.fields)

    @property
    def query(self) -> str:
        """What follows the path of the export, so that it gives exactly these rows."""
        return self.asked.address().partition("?")[2]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked.search or self.asked.values or self.asked.faults)


def capped_count(found: QuerySet[Any]) -> Count:
    """Count, but no farther than people read."""
    number = found.order_by()[: MOST_COUNTED + 1].count()
    return Count(MOST_COUNTED, is_more=True) if number > MOST_COUNTED else Count(number)


Counter = Callable[[QuerySet[Any], Asked], Count]


@dataclass(frozen=True)
class Listing(Generic[M]):
    """What a list can do. `sorts[0]` is the order it has by itself.

    `search` narrows rows by typed words; `remarks` says which of them it leaves out. `count` and `tab_counts` may be given
    by who keeps totals; `tab_counts` maps the values of the tab filter to their counts under all the other filters (None:
    too many to count, nothing is said).
    """

    sorts: Sequence[Sort]
    filters: Sequence[Filter] = ()
    columns: Sequence[Column[M]] = ()
    search: Callable[[QuerySet[M], str], QuerySet[M]] | None = None
    search_hint: str = "编号、名称"
    remarks: Callable[[str], Sequence[str]] = lambda _words: ()
    size: int = PAGE_SIZE
    count: Counter = field(default=lambda found, _asked: capped_count(found))
    tab_counts: Callable[[QuerySet[M], Asked], Mapping[str, Count | None]] | None = None
    path: str = ""
    """Where the list is, for a view that shows it at another address."""
    by_key: bool = False
    """For very large tables: a page is found by its keys, and its rows come plain (paging.keyset_page)."""

    def asked(self, request: HttpRequest) -> Asked:
        sort = next((one for one in self.sorts if one.name == request.GET.get(SORT)), self.sorts[0])
        words = request.GET.get(SEARCH, "").replace("\0", "").strip()[:LONGEST_SEARCH] if self.search else ""
        given = {one.name: request.GET.get(one.name, "").replace("\0", "").strip() for one in self.filters}
        values = {one.name: value for one in self.filters if (value := _value(one, given[one.name]))}
        unread = [one for one in self.filters if given[one.name] and one.name not in values]
        faults = {one.name: _fault(one, given[one.name]) for one in unread} | _turned_round(self.filters, values)
        return Asked(words, values, sort, request.GET.get(AFTER, ""), self.path or request.path, faults)

    def narrowed(self, found: QuerySet[M], asked: Asked) -> QuerySet[M]:
        """The rows asked for, in no order yet; none where the address asks what cannot be answered."""
        if asked.faults:
            return found.none()
        for one in self.filters:
            if one.name in asked.values:
                found = found.filter(one.condition(asked.values[one.name]))
        return self.search(found, asked.search) if self.search and asked.search else found

    def rows(self, found: QuerySet[M], request: HttpRequest) -> QuerySet[M]:
        """All the rows a page with this address leads through, in its order: what an export writes."""
        asked = self.asked(request)
        return self.narrowed(found, asked).order_by(*asked.sort.order)

    def shown(self, found: QuerySet[M], request: HttpRequest) -> Shown[M]:
        asked = self._named(self.asked(request), getattr(request, "actor", None))
        narrowed = self.narrowed(found, asked)
        page = keyset_page(
            narrowed, order=asked.sort.order, after=asked.after, size=self.size, address=asked.address(),
            by_key=self.by_key,
        )  # fmt: skip
        tab = next((one for one in self.filters if one.is_tab), None)
        return Shown(
            page=page,
            count=self._count_of(page, narrowed, asked),
            asked=asked,
            tabs=self._tabs(tab, found, asked) if tab else (),
            all_tab=Choice("", "全部", tab.name not in asked.values, asked.address(**{tab.name: ""})) if tab else None,
            fields=[_field(one, asked) for one in self.filters if not one.is_tab],
            chips=list(_chips(self.filters, asked)),
            sorts=[
                Choice(one.name, one.title, one == asked.sort, asked.address(**{SORT: one.name})) for one in self.sorts
            ],
            has_search=self.search is not None,
            search_hint=self.search_hint,
            remarks=self._remarks(tab, asked),
        )

    def _named(self, asked: Asked, actor: Actor | None) -> Asked:
        picked = [(one, asked.values[one.name]) for one in self.filters if one.picker and one.name in asked.values]
        return replace(asked, names={one.name: name_of(one.picker, code, actor) for one, code in picked})

    def _remarks(self, tab: Filter | None, asked: Asked) -> Sequence[str]:
        of_tab = asked.faults.get(tab.name) if tab else None
        return [*([of_tab] if of_tab else []), *(self.remarks(asked.search) if asked.search else ())]

    def _count_of(self, page: Page[M], narrowed: QuerySet[M], asked: Asked) -> Count:
        """A first page that holds everything needs no counting."""
        if not asked.after and not page.after:
            return Count(len(page.rows))
        return self.count(narrowed, asked)

    def _tabs(self, tab: Filter, found: QuerySet[M], asked: Asked) -> Sequence[Choice]:
        others = asked.without(tab.name)
        under_others = self.narrowed(found, others)
        counts: Mapping[str, Count | None]
        if self.tab_counts:
            counts = self.tab_counts(under_others, others)
        else:
            counts = {value: capped_count(under_others.filter(tab.condition(value))) for value, _ in tab.known()}
        return [
            Choice(
                value, words, asked.values.get(tab.name) == value, asked.address(**{tab.name: value}),
                counts.get(value, Count(0)),
            )
            for value, words in tab.known()
        ]  # fmt: skip


def _value(one: Filter, value: str) -> str:
    """The value of the address where it makes sense, else nothing."""
    if one.is_day:
        return value if day_of(value) else ""
    if one.choices is None:
        return value[:LONGEST_SEARCH]
    return value if value and value in {known for known, _ in one.known()} else ""


def _fault(one: Filter, value: str) -> str:
    """Why the value of the address makes no sense."""
    named = value if len(value) <= LONGEST_SEARCH else f"{value[:LONGEST_SEARCH]}…"
    if one.is_day:
        return f"“{one.title}”不是有效日期：{named}。请写成 2026-10-15 这样。"
    return f"“{one.title}”里没有“{named}”，请重新选择。"


def _turned_round(filters: Iterable[Filter], values: Mapping[str, str]) -> dict[str, str]:
    """A fault for each stretch of days that ends before it begins."""
    titles = {one.name: one.title for one in filters}
    return {
        one.name: f"“{one.title}”晚于“{titles[one.last_day]}”，请改其中一个。"
        for one in filters
        if (first := day_of(values.get(one.name, "")))
        and (last := day_of(values.get(one.last_day, "")))
        and first > last
    }


def _field(one: Filter, asked: Asked) -> Field:
    value = asked.values.get(one.name, "")
    choices = [
        Choice(known, words, known == value, asked.address(**{one.name: known})) for known, words in one.known()
    ]  # fmt: skip
    return Field(
        one.name, one.title, value, choices, one.is_day, one.picker, asked.faults.get(one.name, ""),
        asked.names.get(one.name, ""),
    )  # fmt: skip


def _chips(filters: Iterable[Filter], asked: Asked) -> Iterable[Chip]:
    if asked.search:
        yield Chip("搜索", asked.search, asked.address(**{SEARCH: ""}))
    for one in filters:
        value = asked.values.get(one.name)
        if value and not one.is_tab:
            words = next((words for known, words in one.known() if known == value), asked.names.get(one.name, ""))
            yield Chip(one.title, words or value, asked.address(**{one.name: ""}))
