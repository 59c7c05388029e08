"""What a preset says about who answers: `chains` by kind of site, `areas` levels, `roles` (bundles of permissions)."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Literal, Protocol, runtime_checkable

from django.apps import apps
from pydantic import AfterValidator, Field, RootModel, StringConstraints, field_validator

from chuangwei.core.errors import Refused
from chuangwei.core.mistakes import Mistake
from chuangwei.core.presets import FOLDER, Part, PresetDocument, section
from chuangwei.core.text import code_text
from chuangwei.domain.organisation.rules import Role
from chuangwei.domain.places.queries import KindNames

ROLES_FILE = FOLDER / "roles.toml"
GRID = "网格"
"""The level whose chain answers for a bare point (domain §3)."""


def _word(text: str) -> str:
    word = code_text(text)
    if not word:
        raise ValueError("不能为空。")
    return word


Word = Annotated[str, AfterValidator(_word)]
"""A choice word: read in NFKC without white space, like the roles and kinds in workbooks."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def _once(words: list[str]) -> list[str]:
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise ValueError(f"“{'、'.join(twice)}”出现了不止一次。")
    return words


@section("areas")
class Areas(Part):
    """The kinds of area, from the top down."""

    levels: Annotated[list[Word], AfterValidator(_once)] = []


class ChainRole(Part):
    name: Word
    single: bool = False


class Chain(Part):
    """Who must answer for a site of a kind, in order."""

    roles: list[ChainRole] = Field(min_length=1)

    @field_validator("roles")
    @classmethod
    def each_once(cls, roles: list[ChainRole]) -> list[ChainRole]:
        _once([role.name for role in roles])
        return roles

    def as_roles(self) -> tuple[Role, ...]:
        return tuple(Role(role.name, role.single) for role in self.roles)


@section("chains")
class Chains(RootModel[dict[str, Chain]]):
    """Spelling of a kind of site (or the name of a level, for bare points) → its chain."""

    root: dict[str, Chain] = {}


class Bundle(Part):
    """A role of accounts: a bundle of permissions with a title. Not to be confused with the roles of a chain.

    `excludes` are the bundles that no account may hold beside this one, whichever of the two says so.
    """

    title: str = Field(min_length=1)
    description: str = ""
    permissions: list[str] = []
    needs_second_factor: bool = False
    """Whoever has this role signs in with more than a password."""
    excludes: list[str] = []


@section("roles")
class Bundles(RootModel[dict[Slug, Bundle]]):
    """Bundles by slug; one of the same slug as a bundled one takes its place."""

    root: dict[Slug, Bundle] = {}


@section("retention")
class Retention(Part):
    """How many months personal data is kept once the work it was for is over (domain §11)."""

    phone_months: int = Field(24, ge=1, le=600)


@section("sign_in")
class SignIn(Part):
    """How people prove who they are. `never` is for demonstrations: no role need have a second factor."""

    second_factor: Literal["by-role", "never"] = "by-role"


FOR_SHOW = "本预设不要求第二因素登录，只适合演示。"
"""Told wherever such a preset is read or taken up."""


@cache
def default_bundles() -> Mapping[str, Bundle]:
    """The bundles that come with the program (presets/roles.toml)."""
    return Bundles.model_validate(tomllib.loads(ROLES_FILE.read_text(encoding="utf-8"))).root


def bundles_of(document: PresetDocument | None) -> dict[str, Bundle]:
    """Every bundle an account may be given under a preset, by slug."""
    own: Bundles | None = document.sections.get("roles") if document else None
    return {**default_bundles(), **(own.root if own else {})}


def clashes(slugs: Sequence[str], known: Mapping[str, Bundle]) -> list[tuple[str, str]]:
    """The pairs among these bundles that one account may not hold together, in the order given."""
    return [
        (one, other)
        for place, one in enumerate(slugs)
        for other in slugs[place + 1 :]
        if other in known[one].excludes or one in known[other].excludes
    ]


def is_for_show(document: PresetDocument | None) -> bool:
    """Whether people sign in by password alone under a preset, whatever their roles ask for."""
    return _second_factor(document) == "never"


def needing_second_factor(document: PresetDocument | None) -> frozenset[str]:
    """The slugs of the bundles whose holders must have a second factor under a preset."""
    if is_for_show(document):
        return frozenset()
    return frozenset(slug for slug, bundle in bundles_of(document).items() if bundle.needs_second_factor)


SIGN_IN = "[sign_in]"
"""Stands among the slugs for the policy of signing in; none can be spelt so."""


def rights_changed(old: PresetDocument | None, new: PresetDocument) -> dict[str, str]:
    """What of the rights differs between two presets, in words: by slug of the bundle, and the policy of SIGN_IN.

    A bundle differs by its permissions, by what it excludes and by whether its holders need a second factor in the end.
    """
    before, after = bundles_of(old), bundles_of(new)
    found = {}
    for slug in sorted(before.keys() | after.keys()):
        one, other = before.get(slug), after.get(slug)
        known = other or one
        told = "、".join(_rights_told(slug, (one, old), (other, new)))
        if known and told:
            found[slug] = f"角色『{known.title}』（{slug}）的{told}"
    if _second_factor(old) != _second_factor(new):
        found[SIGN_IN] = "登录的第二因素要求"
    return found


def _rights_told(
    slug: str, *sides: tuple[Bundle | None, PresetDocument | None]
) -> Iterator[str]:  # fmt: skip
    facets = [
        (
            frozenset(bundle.permissions) if bundle else None,
            frozenset(bundle.excludes) if bundle else None,
            (bundle.needs_second_factor, slug in needing_second_factor(document)) if bundle else None,
        )
        for bundle, document in sides
    ]
    for name, one, other in zip(("权限", "互斥", "第二因素"), *facets, strict=True):
        if one != other:
            yield name


def _second_factor(document: PresetDocument | None) -> str:
    sign_in: SignIn | None = document.sections.get("sign_in") if document else None
    return (sign_in or SignIn()).second_factor


def warnings_of(document: PresetDocument) -> list[str]:
    """What somebody who takes up a preset is told first: what was not understood, and that it is for demonstrations."""
    return [*document.notices, *([FOR_SHOW] if is_for_show(document) else [])]


@cache
def permission_names() -> Mapping[str, str]:
    """Every permission the installed nouns know and what it allows: the `Permission` choices of their enums."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("chuangwei.domain.") and find_spec(f"{config.name}.enums"):
            found |= dict(import_module(f"{config.name}.enums").Permission.choices)
    return found


def chains_by_kind(document: PresetDocument, names: KindNames) -> dict[str, tuple[Role, ...]]:
    """Code of a kind of site (or name of a level) → its chain. A spelling of a kind no longer known is left out."""
    chains: Chains = document.sections["chains"]
    levels = document.sections["areas"].levels
    found = {}
    for spelling, chain in chains.root.items():
        key = _key(spelling, names, levels)
        if key is not None:
            found[key] = chain.as_roles()
    return found


def chain_roles(document: PresetDocument) -> set[str]:
    """The names of all roles its chains demand."""
    chains: Chains = document.sections["chains"]
    return {role.name for chain in chains.root.values() for role in chain.roles}


def _key(spelling: str, names: KindNames, levels: list[str]) -> str | None:
    return names.resolve(spelling) or (code_text(spelling) if code_text(spelling) in {GRID, *levels} else None)


@runtime_checkable
class NamesKinds(Protocol):
    """A section of a higher noun that names kinds of site and can say which of them it cannot find."""

    def faults(self, names: KindNames) -> Iterable[str]: ...


def checked_preset(document: PresetDocument, names: KindNames) -> PresetDocument:
    """The preset, found fit for this installation; Refused with every kind and permission that names nothing here.

    Reading a preset cannot tell: the kinds of site are in the database. A section of any noun takes part by a method
    `faults(names)`.
    """
    sentences = [*_chain_faults(document, names), *_bundle_faults(document)]
    for part in document.sections.values():
        if isinstance(part, NamesKinds):
            sentences += part.faults(names)
    if sentences:
        mistakes = [Mistake(document.slug, "", None, None, sentence) for sentence in sentences]
        raise Refused(f"预设 {document.slug} 有 {len(mistakes)} 处错误，未启用。", mistakes)
    return document


def _chain_faults(document: PresetDocument, names: KindNames) -> Iterator[str]:
    seen: dict[str, str] = {}
    chains: Chains = document.sections["chains"]
    for spelling in chains.root:
        key = _key(spelling, names, document.sections["areas"].levels)
        if key is None:
            meant = names.candidates(spelling)
            why = (
                f"可能是 {'、'.join(meant)}，请写明其中一个" if meant else "标准库中没有这种点位类型，也没有这一级区划"
            )
            yield f"『chains.{spelling}』{why}。"
        elif key in seen:
            yield f"『chains.{spelling}』与『chains.{seen[key]}』是同一种点位类型，只能留一个。"
        else:
            seen[key] = spelling


def _bundle_faults(document: PresetDocument) -> Iterator[str]:
    bundles: Bundles = document.sections["roles"]
    for slug, bundle in bundles.root.items():
        for name in bundle.permissions:
            if name not in permission_names():
                yield f"『roles.{slug}.permissions』没有名为 {name} 的权限。"
        for name in bundle.excludes:
            if name not in bundles_of(document):
                yield f"『roles.{slug}.excludes』没有名为 {name} 的角色。"
