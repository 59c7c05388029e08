"""Who may load the standards."""

from chuangwei.core.actor import Actor
from chuangwei.domain.standards.enums import Permission


def may_load_standards(actor: Actor) -> bool:
    return actor.may(Permission.LOAD)
