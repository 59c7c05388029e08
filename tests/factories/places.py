"""Builders of areas and sites: plain functions, everything has a default."""

from itertools import count
from typing import Any

from chuangwei.domain.places.models import Area, AreaSpell, Site, SiteKind, SiteSpell

_numbers = count(1)


def area(code: str | None = None, *, parent: Area | None = None, kind: str = "社区", **values: Any) -> Area:
    """An area with its first, open spell, as an import makes it."""
    code = code or f"A{next(_numbers)}"
    path = f"{parent.path if parent else ''}{code}/"
    values = {"name": f"{code}{kind}", "path": path, "depth": path.count("/"), **values}
    made = Area.objects.create(code=code, kind=kind, parent=parent, **values)
    AreaSpell.objects.create(area=made, name=made.name, kind=kind, parent=parent, from_on=made.starts_on)
    return made


def site_kind(code: str = "back_lane", **values: Any) -> SiteKind:
    defaults = {"name": {"back_lane": "背街小巷", "market": "农(集)贸市场"}.get(code, code), **values}
    return SiteKind.objects.get_or_create(code=code, defaults=defaults)[0]


def site(code: str | None = None, *, in_area: Area, kind: str = "back_lane", **values: Any) -> Site:
    """A site with its first, open spell."""
    code = code or f"S{next(_numbers)}"
    made = Site.objects.create(
        code=code, area=in_area, kind=site_kind(kind), **{"name": f"{code}巷", **values}
    )  # fmt: skip
    SiteSpell.objects.create(site=made, kind=made.kind, area=in_area, from_on=made.starts_on)
    return made


def town(*, communities: int = 3) -> tuple[Area, list[Area]]:
    """A county, a town in it, and communities in that: the town and the communities."""
    county = area("62", kind="县", starts_on=None)
    made = area("6201", parent=county, kind="乡镇")
    return made, [area(f"6201{n:02}", parent=made) for n in range(1, communities + 1)]


__all__ = ["area", "site", "site_kind", "town"]
