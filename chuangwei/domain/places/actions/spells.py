"""Spells closed and opened for many places at once (docs/adr/0004)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from chuangwei.domain.places.models import AreaSpell, SiteSpell


def move_spells(
    model: type[AreaSpell] | type[SiteSpell], noun: str, moved: Mapping[int, Mapping[str, Any]], day: date
) -> None:
    """Let new values hold from a day on for the places named by key: the open spell ends the day before.

    A spell that began that very day is corrected instead: no place was two things on one day.
    """
    begun: list[Any] = []
    ended: list[Any] = []
    corrected: list[Any] = []
    spells = model._default_manager.filter(to_on__isnull=True, **{f"{noun}__in": list(moved)})
    for spell in spells:
        values = moved[getattr(spell, f"{noun}_id")]
        if spell.from_on is not None and spell.from_on >= day:
            for name, value in values.items():
                setattr(spell, name, value)
            corrected.append(spell)
        else:
            spell.to_on = day - timedelta(days=1)
            ended.append(spell)
            begun.append(model(**{f"{noun}_id": getattr(spell, f"{noun}_id"), "from_on": day}, **values))
    names = sorted({name for values in moved.values() for name in values})
    if names:
        model._default_manager.bulk_update(corrected, names, batch_size=200)
    model._default_manager.bulk_update(ended, ["to_on"], batch_size=200)
    model._default_manager.bulk_create(begun, batch_size=500)
