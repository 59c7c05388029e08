"""What somebody may do with a site."""

from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import actions as organisation
from chuangwei.domain.places import actions
from chuangwei.domain.places.models import Site
from chuangwei.domain.places.permissions import may_edit
from chuangwei.web.office.places import forms
from chuangwei.web.office.places.households import is_hidden
from chuangwei.web.office.places.moving import Move


def _may(actor: Actor, site: Site) -> bool:
    """Who may not read the name of a household cannot correct it."""
    covered = actor.covers_site(site.area.path, site.code)
    return may_edit(actor) and covered and site.ends_on is None and not is_hidden(actor, site)


def _may_designate(actor: Actor, site: Site) -> bool:
    return _may(actor, site) and not site.is_example


def _may_undesignate(actor: Actor, site: Site) -> bool:
    return _may(actor, site) and site.is_example


NEW = Move("new", "新建点位", forms.SiteNew, actions.create_site, "", lambda actor, _: may_edit(actor), icon="plus")

SITE_MOVES = (
    Move("edit", "改名称、坐标、备注", forms.SiteEdit, actions.edit_site, "site", _may, (), forms.begins_with_site),
    Move(
        "change", "变更类型或区划", forms.SiteChange, actions.change_site, "site", _may,
        (
            "从这一天起按新的类型和区划算责任链、检查表和得分；以前的检查仍算原来的。",
            "换了区划，点位不再由原区划的人负责。",
        ),
        forms.begins_with_site, icon="arrows-sort",
    ),
    Move("designate", "认定为示范点位", forms.SiteDesignate, actions.designate_site, "site", _may_designate, icon="star"),
    Move(
        "undesignate", "取消示范认定", forms.SiteUndesignate, actions.end_designation, "site", _may_undesignate,
        icon="star",
    ),
    Move(
        "close", "撤销", forms.SiteClose, organisation.close_site, "site", _may,
        (
            "最后一天以后，这个点位不再检查、不再算盲区；以前的检查、问题和责任都留存。",
            "这个点位上的责任也在最后一天结束。",
        ),
        icon="archive",
    ),
)  # fmt: skip
