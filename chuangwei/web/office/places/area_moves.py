"""What somebody may do with an area."""

from typing import Any

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.places import actions
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.permissions import may_edit
from chuangwei.web.office.places import forms
from chuangwei.web.office.places.moving import Move

SPLIT_TEMPLATE = "office/places/area_split.html"


def _may(actor: Actor, area: Area) -> bool:
    return may_edit(actor) and actor.covers(area.path) and area.ends_on is None


def _may_beside(actor: Actor, area: Area) -> bool:
    """What puts new areas beside this one needs the area above."""
    return _may(actor, area) and actor.covers(area.parent.path if area.parent else EVERYWHERE)


def _change(**values: Any) -> Area:
    """Left empty, the area above stays the one it is."""
    return actions.change_area(**{name: value for name, value in values.items() if value is not None})


AREA_MOVES = (
    Move(
        "change", "变更名称、类型或上级", forms.AreaChange, _change, "area", _may,
        (
            "从这一天起按新的名称、类型和上级算；以前的留在沿革里，已经算出的评比不变。",
            "换了上级，下面的区划和点位一起跟着走。",
        ),
        lambda area: {"name": area.name, "kind": area.kind, "parent": area.parent.code if area.parent else ""},
    ),
    Move(
        "facts", "改人口、户数", forms.AreaFacts, actions.edit_area, "area", _may, (),
        lambda area: {"population": area.population, "households": area.households},
    ),
    Move(
        "split", "拆分", forms.AreaSplit, actions.split_area, "area", _may_beside,
        (
            "从这一天起，新区划与原区划同级；分过去的下级和点位归新区划，其余留下。",
            "以前的检查、问题和得分仍算原区划的；连续黄旗从拆分之日起重新数。",
        ),
        icon="sitemap", template=SPLIT_TEMPLATE,
    ),
    Move(
        "merge", "并入另一区划", forms.AreaMerge, actions.merge_area, "area", _may,
        (
            "从这一天起这个区划不再存在，它的责任、检查和问题归并入的区划。",
            "名称和沿革留存，仍可以查看。",
        ),
        icon="arrow-right",
    ),
)  # fmt: skip
