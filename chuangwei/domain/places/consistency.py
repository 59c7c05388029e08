"""Data of places that no longer obeys its own rules."""

from collections.abc import Iterator

from chuangwei.domain.places.models import Area, AreaSpell, Site, SiteSpell


def checks() -> Iterator[str]:
    """A sentence for each area or site whose path or open spell does not say what the row says."""
    spells = {
        area: (name, kind, parent)
        for area, name, kind, parent in AreaSpell.objects.filter(to_on__isnull=True).values_list(
            "area_id", "name", "kind", "parent_id"
        )
    }
    for area in Area.objects.select_related("parent").iterator(chunk_size=2000):
        above = area.parent.path if area.parent else ""
        if area.path != f"{above}{area.code}/":
            yield f"区划 {area.code} {area.name} 的路径与上级不符。"
        if spells.get(area.pk) != (area.name, area.kind, area.parent_id):
            yield f"区划 {area.code} {area.name} 的现状与沿革不符。"
    held = {
        site: (kind, area)
        for site, kind, area in SiteSpell.objects.filter(to_on__isnull=True).values_list(
            "site_id", "kind_id", "area_id"
        )
    }
    for pk, code, kind, where in Site.objects.values_list("pk", "code", "kind_id", "area_id").iterator(chunk_size=5000):
        if held.get(pk) != (kind, where):
            yield f"点位 {code} 的现状与沿革不符。"
