"""Roles in words: which bundles there are where, what each allows, and where it comes from."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from chuangwei.core import clock, presets
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.permissions import may_manage_accounts
from chuangwei.domain.organisation.queries import Bundle
from chuangwei.web.shared.rendering import render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, page

NOUNS = {
    "places": "区划和点位", "standards": "标准", "organisation": "单位、人员、责任和账号", "problems": "问题台账",
    "inspections": "督导检查", "appraisal": "评比", "documents": "公文", "workbooks": "工作簿", "presets": "预设",
    "audit": "审计",
}  # fmt: skip
"""What comes before the dot of a permission, in the words of the office; one not named here is shown as it is."""


@dataclass(frozen=True)
class Noun:
    """The permissions of one noun in words: those held, and those not."""

    title: str
    held: Sequence[str]
    lacking: Sequence[str]


def in_words(permissions: Collection[str]) -> list[Noun]:
    """Every noun with what these permissions allow and what they do not, in the order of the nouns."""
    known = queries.permission_names()
    slugs = list(dict.fromkeys([*NOUNS, *(name.partition(".")[0] for name in known)]))
    found = []
    for slug in slugs:
        own = {name: words for name, words in known.items() if name.startswith(f"{slug}.")}
        if own:
            held = [words for name, words in own.items() if name in permissions]
            lacking = [words for name, words in own.items() if name not in permissions]
            found.append(Noun(NOUNS.get(slug, slug), held, lacking))
    return found


@dataclass(frozen=True)
class Role:
    """One bundle as the page tells it."""

    slug: str
    title: str
    description: str
    source: str
    excludes: str
    nouns: Sequence[Noun]
    needs_second_factor: bool
    holders: int


@dataclass(frozen=True)
class Place:
    """The roles that hold in an area, where a preset says more there than the one above."""

    title: str
    roles: Sequence[Role]


@page
def role_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(may_manage_accounts(request.actor))
    held = [role for roles in queries.accounts(actor=request.actor).values_list("roles", flat=True) for role in roles]
    return render_page(request, "office/accounts/role_list.html", places=list(_places(held)))


def _places(held: Sequence[str]) -> Iterator[Place]:
    """The whole installation, and every area whose preset has bundles of its own."""
    today = clock.today()
    yield Place("", _roles(queries.bundles(), held))
    begun = [one for one in presets.holdings() if one.area_code and (one.from_on is None or one.from_on <= today)]
    for code in sorted({one.area_code for one in begun}):
        found = queries.bundles(area_codes=[code])
        if found != queries.bundles():
            yield Place(queries.name_of_area(code), _roles(found, held))


def _roles(found: dict[str, Bundle], held: Sequence[str]) -> list[Role]:
    own = queries.default_bundles()
    titles = {slug: bundle.title for slug, bundle in found.items()}
    return [
        Role(
            slug, bundle.title, bundle.description,
            "随程序（roles.toml）" if own.get(slug) == bundle else "预设改写" if slug in own else "预设新增",
            "、".join(titles[one] for one in found if one != slug and queries.clashes([slug, one], found)),
            [noun for noun in in_words(bundle.permissions) if noun.held],
            bundle.needs_second_factor, held.count(slug),
        )
        for slug, bundle in found.items()
    ]  # fmt: skip
