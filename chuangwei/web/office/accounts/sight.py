"""此人能看到什么: what an account would meet, worked out by the very functions its pages ask. Nobody signs in for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from chuangwei.core.actor import ALL, Actor
from chuangwei.domain.appraisal import queries as appraisal
from chuangwei.domain.inspections import queries as inspections
from chuangwei.domain.organisation import permissions as organisation
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems import queries as problems
from chuangwei.web.office import navigation
from chuangwei.web.office.accounts.roles import Noun, in_words
from chuangwei.web.office.places import households
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.listing import Count, capped_count

SAMPLES = 5


@dataclass(frozen=True)
class Kind:
    """One kind of record: how an actor's own are found, and how one of them is told. `is_scope`: scopes are made of it, so
    whoever hands out scopes reads its names."""

    title: str
    measure: str
    found: Callable[[Actor], QuerySet[Any]]
    words: Callable[[Actor, Any], str]
    """As the one who asks may read it."""
    noun: str
    is_scope: bool = False


def _site(viewer: Actor, site: Site) -> str:
    return f"{site.area.name} {households.name_of(viewer, site)}"


KINDS = (
    Kind("区划", "个", lambda actor: places.areas(actor=actor), lambda _, one: one.name, "area", is_scope=True),
    Kind("点位", "个", lambda actor: places.sites(actor=actor), _site, "site", is_scope=True),
    Kind("单位", "个", organisation.visible_units, lambda _, one: one.name, "unit"),
    Kind("人员", "人", organisation.visible_persons, lambda _, one: one.name, "person"),
    Kind("责任", "项", organisation.visible_duties, lambda _, one: one.role, ""),
    Kind("问题", "件", lambda actor: problems.problems(actor=actor), lambda _, one: f"{one.code} {one.description}", "problem"),
    Kind("检查记录", "次", lambda actor: inspections.visits(actor=actor), lambda _, one: one.code, "visit"),
    Kind("评比周期", "期", lambda actor: appraisal.periods(actor=actor), lambda _, one: one.slug, ""),
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    words: str
    address: str


@dataclass(frozen=True)
class Shelf:
    """How much of one kind somebody sees, with a few examples; `rest` is how much there is beside it."""

    title: str
    measure: str
    count: Count
    rest: Count | None
    samples: Sequence[Sample]
    is_veiled: bool
    """There are examples, but the one who asks may not read them."""


@dataclass(frozen=True)
class Word:
    """A word of the menu with the pages behind it."""

    title: str
    parts: Sequence[str]


@dataclass(frozen=True)
class Sight:
    """What somebody sees and may do, and what not."""

    menu: Sequence[Word]
    shelves: Sequence[Shelf]
    nouns: Sequence[Noun]
    units: Sequence[str]
    duties: Sequence[str]

    @property
    def is_empty(self) -> bool:
        return not any(noun.held for noun in self.nouns)


def sight_of(account: Account, *, viewer: Actor) -> Sight:
    """Of an account as it stands, saved or drafted; one that is switched off is shown as if it were on."""
    actor = queries.actor_of(_switched_on(account))
    return Sight(
        menu=list(_menu(actor)),
        shelves=[_shelf(kind, actor, viewer) for kind in KINDS],
        nouns=in_words(actor.permissions),
        units=sorted(queries.names_of_holders(actor.unit_codes).values()),
        duties=_answered_for(account, actor, viewer),
    )


def _switched_on(account: Account) -> Account:
    if account.is_active:
        return account
    values = {name: getattr(account, name) for name in ("username", "name", "person", "roles", "is_everywhere", "area")}
    return Account(**values, unit=account.unit, by_duty=account.by_duty)


def _menu(actor: Actor) -> Iterator[Word]:
    for entry in navigation.MENU:
        parts = [part.title for part in entry.parts if part.is_open_to(actor)]
        if parts:
            yield Word(entry.title, [part for part in parts if part != entry.title])


def _shelf(kind: Kind, actor: Actor, viewer: Actor) -> Shelf:
    seen = kind.found(actor)
    everything = kind.found(replace(viewer, permissions=frozenset({ALL})))
    count, whole = capped_count(seen.order_by("pk")), capped_count(everything.order_by("pk"))
    readable = everything if kind.is_scope else kind.found(viewer)
    rows = list(seen.filter(pk__in=readable.order_by().values("pk")).order_by("pk")[:SAMPLES]) if count.number else []
    rest = None if whole.is_more else Count(max(whole.number - count.number, 0))
    samples = [
        Sample(kind.words(viewer, row), page_of(kind.noun, row.code) if _opens(kind, viewer, row) else "")
        for row in rows
    ]
    return Shelf(kind.title, kind.measure, count, rest, samples, bool(count.number and not rows))


def _opens(kind: Kind, viewer: Actor, row: Any) -> bool:
    """Whether the one who asks may follow the link herself."""
    return bool(kind.noun) and kind.found(viewer).filter(pk=row.pk).exists()


def _answered_for(account: Account, actor: Actor, viewer: Actor) -> list[str]:
    """The names of what is seen by duty, as the one who asks may read them."""
    if not account.by_duty:
        return []
    own = {account.area.path} if account.area else set()
    paths = [path for path in actor.area_paths if path and path not in own]
    areas = [queries.name_of_area(path.rstrip("/").split("/")[-1]) for path in paths]
    sites = Site.objects.filter(code__in=actor.site_codes).select_related("kind")
    return [*areas, *sorted(households.name_of(viewer, site) for site in sites)]


def address(account: Account) -> str:
    return reverse("office:account_sight", args=[account.code])
