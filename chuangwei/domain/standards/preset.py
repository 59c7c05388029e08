"""What a preset says in the words of the standards: the shopfront contract, its trade groups, who usually answers.

None of these changes a score: contracts, campaigns and dispatching read them.
"""

from collections.abc import Iterator

from pydantic import Field, RootModel

from chuangwei.core.presets import Part, section
from chuangwei.domain.places.queries import KindNames


@section("frontage")
class Frontage(Part):
    """The 门前三包/四包/五包 in force here; `pack` is its code in the library (reference/packs.toml)."""

    title: str = ""
    pack: str = ""
    items: list[str] = []


class TradeGroup(Part):
    """五小, 八小 …: a named group of kinds of site."""

    kinds: list[str] = Field(min_length=1)
    members: list[str] = []


@section("trade_groups")
class TradeGroups(RootModel[dict[str, TradeGroup]]):
    root: dict[str, TradeGroup] = {}

    def faults(self, names: KindNames) -> Iterator[str]:
        """The kinds of site that are not in the library."""
        for name, group in self.root.items():
            for number, spelling in enumerate(group.kinds, 1):
                if names.resolve(spelling) is None:
                    yield f"『trade_groups.{name}.kinds[{number}]』标准库中没有点位类型“{spelling}”。"


@section("routes")
class Routes(RootModel[dict[str, str]]):
    """Code of a category of problem, or of a class of them → the department that usually answers."""

    root: dict[str, str] = {}
