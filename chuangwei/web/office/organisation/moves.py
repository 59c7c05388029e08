"""What somebody may do with a unit, with a person and with a duty."""

from typing import Any

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import NotFound
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.models import Duty, Membership, Person
from chuangwei.domain.organisation.permissions import may_edit, may_edit_person, may_edit_unit
from chuangwei.web.office.organisation import forms
from chuangwei.web.office.places.moving import Move

# --- Units ------------------------------------------------------------------------------------------------------------

NEW_UNIT = Move(
    "new", "登记单位", forms.UnitNew, actions.create_unit, "", lambda actor, _: may_edit(actor),
    ("登记以后就可以给它人员和责任，派给它问题。",), icon="plus",
)  # fmt: skip

UNIT_MOVES = (
    Move(
        "edit", "改名称、类型、上级、区划", forms.UnitEdit, actions.edit_unit, "unit", may_edit_unit,
        ("人员、责任和派给它的问题都随它走；原来的名称、上级和区划留在变更里。",),
        lambda unit: {
            "name": unit.name, "kind": unit.kind, "parent": unit.parent.code if unit.parent else "",
            "area": unit.area.code if unit.area else "",
        },
    ),
)  # fmt: skip

# --- Persons ----------------------------------------------------------------------------------------------------------


def _serves(actor: Actor, person: Person) -> bool:
    return may_edit_person(actor, person) and person.memberships.filter(to_on__isnull=True).exists()


def _end_membership(*, person: Person, membership: Membership, **values: Any) -> Membership:
    """The form offers none but this person's."""
    if membership.person_id != person.pk:
        raise NotFound(f"{person.name}没有这项任职。")
    return actions.end_membership(membership=membership, **values)


NEW_PERSON = Move(
    "new", "登记人员", forms.PersonNew, actions.create_person, "", lambda actor, _: may_edit(actor), icon="user-plus"
)

PERSON_MOVES = (
    Move(
        "edit", "改姓名、职务、电话", forms.PersonEdit, actions.edit_person, "person", may_edit_person, (),
        lambda person: {
            "name": person.name, "title": person.title, "public_phone": person.public_phone,
            "public_phone_consent_on": person.public_phone_consent_on,
        },
    ),
    Move(
        "join", "登记任职", forms.MembershipBegin, actions.begin_membership, "person", may_edit_person,
        ("任职从这一天起算，这一天也算在内。",), icon="user-plus",
    ),
    Move(
        "leave", "结束任职", forms.MembershipEnd, _end_membership, "person", _serves,
        ("最后一天也算在职。责任不会因此结束，请另在责任里交接。",), icon="logout",
    ),
)  # fmt: skip

# --- Duties -----------------------------------------------------------------------------------------------------------


def _may_end(actor: Actor, duty: Duty) -> bool:
    place = duty.area or duty.site
    is_over = duty.ends_on is not None and duty.ends_on < clock.today()
    return may_edit(actor) and place is not None and not is_over and _covers(actor, duty)


def _covers(actor: Actor, duty: Duty) -> bool:
    if duty.site is not None:
        return actor.covers_site(duty.site.area.path, duty.site.code)
    return duty.area is not None and actor.covers(duty.area.path)


NEW_DUTY = Move(
    "new", "登记责任", forms.DutyBegin, actions.begin_duty, "", lambda actor, _: may_edit(actor),
    ("责任从开始那天起算，到结束那天为止，两天都算在内。", "登记以后不再改动：换人请用“交接”，到期请用“结束”。"),
    lambda given: given or {}, icon="plus",
)  # fmt: skip

DUTY_MOVES = (
    Move(
        "hand-over", "交接", forms.DutyHandOver, actions.hand_over_duty, "duty", _may_end,
        ("原责任人的责任于前一天结束，新责任人从这一天起；角色、对象和时段不变，两项责任都留存。",),
        icon="arrow-right",
    ),
    Move(
        "end", "结束责任", forms.DutyEnd, actions.end_duty, "duty", _may_end,
        ("最后一天也算在内。没有人接手的角色，从第二天起成为盲区。",), icon="circle-x",
    ),
)  # fmt: skip
