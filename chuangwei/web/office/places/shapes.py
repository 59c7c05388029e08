"""What the small map of a record draws: the place itself, the boundary it lies in, the neighbours faintly."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import json_script

from chuangwei.core.actor import Actor
from chuangwei.domain.places.models import Area, Site
from chuangwei.web.office.places import households

MOST_NEIGHBOURS = 60
DEGREES = 5
"""Digits kept of a degree: about a metre, which no small map shows."""


@dataclass(frozen=True)
class Map:
    """`text` says in words where it is, for readers and printers; `json` is empty where there is nothing to draw."""

    text: str
    json: str
    label: str


def map_of_site(actor: Actor, site: Site) -> Map:
    """Empty for a site without a position, and for a household somebody may not see."""
    position = households.position_of(actor, site)
    if position is None and (site.geometry is None or households.is_hidden(actor, site)):
        return Map("", "", "")
    around, name = _bounded(site.area), households.name_of(actor, site)
    features = [*_outlines(around), _feature(_shape(site, position), name, "place")]
    text = (
        f"{site.area.name}，东经 {position[0]:.6f}°，北纬 {position[1]:.6f}°（WGS84）" if position else site.area.name
    )
    return Map(text, _json(features), f"{name}在{around.name if around else site.area.name}的位置")


def map_of_area(area: Area) -> Map:
    """Empty for an area without a boundary."""
    if area.boundary is None:
        return Map("", "", "")
    text = f"{area.name}：东经 {area.west:.4f}°—{area.east:.4f}°，北纬 {area.south:.4f}°—{area.north:.4f}°"
    return Map(text, _json(_outlines(area)), f"{area.name}的边界和相邻区划")


def _bounded(area: Area) -> Area | None:
    """The nearest area with a boundary, from the one given up. One query."""
    if area.boundary is not None:
        return area
    above = Area.objects.filter(code__in=area.path_codes, boundary__isnull=False)
    return above.order_by("-depth").first()


def _outlines(area: Area | None) -> list[dict[str, Any]]:
    if area is None:
        return []
    beside = Area.objects.filter(
        parent_id=area.parent_id, boundary__isnull=False, ends_on__isnull=True, kind=area.kind,
        west__lte=_wide(area.east, area), east__gte=_wide(area.west, area, -1),
        south__lte=_tall(area.north, area), north__gte=_tall(area.south, area, -1),
    ).exclude(pk=area.pk)  # fmt: skip
    names = beside.order_by("code").values_list("name", "boundary")[:MOST_NEIGHBOURS]
    return [
        *(_feature(boundary, name, "beside") for name, boundary in names),
        _feature(area.boundary, area.name, "area"),
    ]


def _wide(side: float | None, area: Area, sign: int = 1) -> float:
    """A side moved outward by the width of the area: what is farther away is not on the map."""
    return (side or 0.0) + sign * ((area.east or 0.0) - (area.west or 0.0))


def _tall(side: float | None, area: Area, sign: int = 1) -> float:
    return (side or 0.0) + sign * ((area.north or 0.0) - (area.south or 0.0))


def _shape(site: Site, position: tuple[float, float] | None) -> Any:
    return site.geometry or {"type": "Point", "coordinates": list(position or ())}


def _feature(geometry: Any, name: str, role: str) -> dict[str, Any]:
    shape = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}
    return {"type": "Feature", "geometry": shape, "properties": {"name": name, "role": role}}


def _rounded(value: Any) -> Any:
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else round(value, DEGREES)


def _json(features: Iterable[dict[str, Any]]) -> str:
    content = {"type": "FeatureCollection", "features": list(features)}
    return json_script({"tiles": getattr(settings, "TILES", ""), "places": content})
