"""Whom a consequence concerns and who carries it out, by name where whoever looks may open that person or unit."""

from dataclasses import dataclass

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal.models import Consequence
from chuangwei.domain.organisation import queries as organisation
from chuangwei.web.shared.links import page_of


@dataclass(frozen=True)
class Named:
    words: str
    address: str = ""


def whom(actor: Actor, one: Consequence) -> Named:
    """The person the record names; else the committee that answers for the subject, or the subject itself."""
    if one.person_name:
        return Named(one.person_name)
    if one.role:
        return Named(f"当日无人担任{one.role}")
    code = organisation.committee(one.subject_code) or one.subject_code
    unit = organisation.units(actor=actor).filter(code=code).first()
    return Named(unit.name, page_of("unit", unit.code)) if unit else Named(one.subject_name)


def carried_out_by(actor: Actor, one: Consequence) -> Named:
    """In the words of the preset; where those are a role of the subject's place, with who held it on the period's last day."""
    role = one.carried_out_by
    code = organisation.who_holds(role=role, area=one.subject_code, day=one.period.to_on) if role else None
    person = organisation.persons(actor=actor).filter(code=code).first() if code else None
    return Named(f"{role} {person.name}", page_of("person", person.code)) if person else Named(role)
