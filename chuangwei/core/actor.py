"""Who acts: a frozen value handed to every action and query. It knows permissions and places by code, no nouns."""

from dataclasses import dataclass

EVERYWHERE = ""
"""The path above every area: an actor who holds it covers all places."""

ALL = "*"
"""Stands for every permission; only the program itself carries it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the program) at work.

    `area_paths` are materialised paths such as "6299/629921/"; the actor covers every area below one of them. What lies
    at a single point of the map outside those may be the actor's too: `site_codes` names them. `unit_codes` are the units
    the actor speaks for.
    """

    code: str
    name: str
    permissions: frozenset[str] = frozenset()
    area_paths: tuple[str, ...] = ()
    unit_codes: tuple[str, ...] = ()
    site_codes: frozenset[str] = frozenset()
    person_code: str | None = None
    channel: str = "页面"

    def may(self, permission: str) -> bool:
        return ALL in self.permissions or permission in self.permissions

    def covers(self, path: str) -> bool:
        """Whether the area of this path lies in the actor's scope."""
        return any(path.startswith(own) for own in self.area_paths)

    def covers_site(self, path: str, code: str | None) -> bool:
        """Whether a point of this code, in the area of this path, lies in the actor's scope."""
        return code in self.site_codes or self.covers(path)


def system_actor(os_user: str) -> Actor:
    """The command line writes under the operating system's user, and says so."""
    return Actor(
        code="system",
        name=f"系统（{os_user}）",
        permissions=frozenset({ALL}),
        area_paths=(EVERYWHERE,),
        channel="命令行",
    )
